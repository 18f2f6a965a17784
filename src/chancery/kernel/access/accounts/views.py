"""Pages of accounts: the list, one account, inviting; and the page an invitation leads to."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused
from chancery.foundations.web.columns import Column, Filter
from chancery.foundations.web.door import actor_of, anyone, door
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import ListPage
from chancery.foundations.words import words
from chancery.kernel.access.accounts import queries, rules, services
from chancery.kernel.access.accounts.forms import AcceptForm, ClearanceForm, InviteForm
from chancery.kernel.access.accounts.models import CLEARANCES, Account


@door(rules.may_keep_accounts, methods=("GET",))
def accounts(request: HttpRequest) -> HttpResponseBase:
    """Every account, and the invitations that are open."""
    page = ListPage(
        request,
        name="access.accounts",
        rows=queries.account_rows(),
        columns=[
            Column(
                "person",
                gettext_lazy("Person"),
                kind="words",
                is_main=True,
                value=lambda row: words(row, "person") or row["email"],
                link=lambda row: reverse("access:account_page", args=[row["id"]]),
            ),
            Column("email", gettext_lazy("E-mail"), sort=("email", "id")),
            Column("clearance", gettext_lazy("Clearance"), codes=dict(CLEARANCES), sort=("clearance", "id")),
            Column("has_second_factor", gettext_lazy("Second factor"), kind="flag"),
            Column(
                "is_active",
                gettext_lazy("State"),
                kind="badge",
                codes={True: _("open"), False: _("closed")},
                tones={True: "green", False: "neutral"},
            ),
            Column("last_login", gettext_lazy("Last signed in"), kind="datetime", sort=("last_login", "id")),
        ],
        filters=[
            Filter("clearance", gettext_lazy("Clearance"), choices=[(str(code), name) for code, name in CLEARANCES]),
            Filter(
                "closed",
                pgettext_lazy("account", "Closed"),
                kind="flag",
                apply=lambda rows, _v: rows.filter(is_active=False),
            ),
        ],
        search=("email", "person__name_en", "person__name_zh"),
        order=("email", "id"),
        caption=gettext_lazy("Accounts"),
    )
    return page.respond("access/accounts.html", {"invitations": queries.open_invitations(clock.now())})


@door(rules.may_keep_accounts)
def account_page(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: clearance, sessions, closing. Each button is its own POST."""
    by = actor_of(request)
    account = Account.objects.select_related("person").filter(pk=account_id).first()
    if account is None:
        raise Http404
    form = ClearanceForm(request.POST if request.POST.get("act") == "clearance" else None,
                         initial={"clearance": account.clearance})  # fmt: skip
    at = clock.now()
    match request.POST.get("act") if request.method == "POST" else None:
        case "clearance" if form.is_valid() and _is_cleared(form, account_id, by, at):
            messages.success(request, _("The clearance is changed."))
        case "close":
            services.close_account(account_id=account_id, by=by, at=at)
            messages.success(request, _("The account is closed and signed out everywhere."))
        case "reopen":
            services.reopen_account(account_id=account_id, by=by, at=at)
            messages.success(request, _("The account is open again."))
        case "sign_out":
            services.end_all_sessions(account_id=account_id, by=by, at=at)
            messages.success(request, _("The account is signed out everywhere."))
        case _other:
            row = queries.account_rows().get(pk=account_id)
            return render(request, "access/account_page.html", {
                "held": account, "row": row, "form": form, "sessions": queries.session_count(account_id),
                "is_own": by.account_id == account_id,
                "trail": [(reverse("access:accounts"), _("Accounts")), ("", words(row, "person") or account.email)],
            })  # fmt: skip
    return redirect("access:account_page", account_id)


def _is_cleared(form: ClearanceForm, account_id: int, by: Actor, at: dt.datetime) -> bool:
    """Change the clearance; a refusal goes to its field."""
    try:
        services.change_clearance(account_id=account_id, clearance=form.cleaned_data["clearance"], by=by, at=at)
    except Refused as refusal:
        refuse(form, refusal)
        return False
    return True


@door(rules.may_keep_accounts)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person; the link goes by e-mail and nowhere else."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            invitation, secret = services.invite(
                email=said["email"],
                person_id=said["person"],
                clearance=said["clearance"],
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            link = request.build_absolute_uri(reverse("access:accept", args=[secret]))
            text = render_to_string("access/invitation_mail.txt", {"invitation": invitation, "link": link})
            mail = EmailMessage(_("Your account"), text, to=[invitation.email])
            transaction.on_commit(mail.send)
            messages.success(request, _("The invitation goes to %(email)s.") % {"email": invitation.email})
            return redirect("access:accounts")
    trail = [(reverse("access:accounts"), _("Accounts")), ("", _("Invite somebody"))]
    return render(request, "access/invite.html", {"form": form, "trail": trail})


@door(rules.may_keep_accounts, methods=("POST",))
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Make an unused invitation worthless."""
    services.withdraw_invitation(
        invitation_id=invitation_id,
        by=actor_of(request),
        at=clock.now(),
    )
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("access:accounts")


@door(anyone, rate="30/m")
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Where an invitation leads: choose a password, then sign in with it."""
    at = clock.now()
    invitation = queries.open_invitation(secret, at=at)
    form = AcceptForm(request.POST or None)
    if invitation is not None and request.method == "POST" and form.is_valid():
        try:
            services.accept_invitation(
                secret=secret,
                password=form.cleaned_data["password1"],
                by=actor_of(request),
                at=at,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your account is ready. Sign in with your e-mail and the new password."))
            return redirect("account_login")
    response = render(
        request, "access/accept.html", {"invitation": invitation, "form": form}, status=200 if invitation else 410
    )
    # The address is a secret: it must not travel on in a Referer header, nor stay in a cache.
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
