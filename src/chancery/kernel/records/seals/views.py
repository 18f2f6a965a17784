"""Pages of the register of seals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.records.seals import queries, rules, services
from chancery.kernel.records.seals.forms import KeeperForm, PutAwayForm, RenewForm, SealForm
from chancery.kernel.records.seals.models import Seal
from chancery.kernel.records.seals.terms import KeyStore, SealKind, SealState

TONES = {SealState.ACTIVE: "green", SealState.RETIRED: "neutral", SealState.SEALED_UP: "red"}
_SHOWN_USES = 8


@door(staff, methods=("GET",))
def seals(request: HttpRequest) -> HttpResponseBase:
    """The register of seals: those of one's unit, and those one keeps."""
    page = ListPage(
        request,
        name="records.seals",
        rows=queries.seal_rows(),
        columns=[
            Column(
                "code",
                pgettext_lazy("seal", "Code"),
                sort="code",
                style="tight",
                is_main=True,
                link=lambda row: reverse("records:seal", args=[row["id"]]),
            ),
            Column("name", gettext_lazy("Name"), kind="words", style="cut"),
            Column("unit", gettext_lazy("Body"), kind="words", sort="unit_en"),
            Column("keeper", gettext_lazy("Keeper"), kind="words"),
            Column("kind", gettext_lazy("Kind"), codes=dict(SealKind.choices)),
            Column(
                "state", gettext_lazy("State"), kind="badge", codes=dict(SealState.choices), tones=dict(TONES.items())
            ),
            Column("valid_from", gettext_lazy("Valid from"), kind="date", sort="valid_from"),
            Column("valid_to", gettext_lazy("Valid to"), kind="date"),
        ],
        filters=[
            Filter("state", gettext_lazy("State"), choices=SealState.choices),
            Filter("kind", gettext_lazy("Kind"), choices=SealKind.choices),
        ],
        search=("code", "name_en", "name_zh", "legal_name"),
        order="code",
        empty={
            "title": _("No seals to show"),
            "text": _("Here stand the seals of your unit, and those your post keeps."),
        },
    )
    may_register = rules.may_enter_register(actor_of(request))
    return page.respond("records/seals/register.html", {"may_register": may_register})


@door(rules.may_enter_register)
def register(request: HttpRequest) -> HttpResponse:
    """Enter a new seal."""
    form = SealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        facts = {"unit_id": given.pop("unit"), "keeper_post_id": given.pop("keeper"), **given}
        by = actor_of(request)
        try:
            seal = services.register_seal(**facts, by=by, at=clock.now())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, _said(refusal))
        else:
            messages.success(request, _("The seal %(code)s is registered.") % {"code": seal.code})
            return redirect("records:seal", seal_id=seal.pk)
    trail = [(reverse("records:seals"), _("Seals")), ("", _("Register a seal"))]
    context = {"form": form, "trail": trail, "widths": _WIDTHS, "cancel": reverse("records:seals")}
    return render(request, "records/seals/form.html", context, status=422 if form.errors else 200)


_WIDTHS = dict.fromkeys(
    ("code", "kind", "name_en", "name_zh", "unit", "keeper", "legal_name", "diameter_mm", "valid_from", "valid_to"),
    "half",
)


@door(staff, methods=("GET",))
def seal_page(request: HttpRequest, seal_id: int) -> HttpResponse:
    """One seal: what it is, who keeps it, what was done with it."""
    seal = _seen(seal_id)
    may_change = rules.may_keep_register(actor_of(request), seal.unit_id)
    context = {
        "seal": seal,
        "tones": TONES,
        "facts": _facts(seal),
        "certificates": [(one, KeyStore(one.key_store).label) for one in queries.certificates_of(seal.pk)],
        "now": clock.now(),
        "uses": queries.uses(seal_id=seal.pk).order_by("-at", "-id")[:_SHOWN_USES],
        "may_change": may_change and rules.is_in_use(seal),
        "may_seal_up": may_change and seal.state != SealState.SEALED_UP,
        "entries": journal.timeline(seal),
        "refusals": journal.timeline(f"records.sealrefusal:{seal.pk}"),
        "trail": [(reverse("records:seals"), _("Seals")), ("", seal.code)],
    }
    return render(request, "records/seals/seal.html", context)


@door(staff, methods=("GET",))
def uses(request: HttpRequest, seal_id: int) -> HttpResponseBase:
    """The use log of a seal, whole."""
    seal = _seen(seal_id)
    page = ListPage(
        request,
        name="records.seal_uses",
        rows=queries.uses(seal_id=seal.pk),
        columns=[
            Column("at", pgettext_lazy("use of a seal", "At"), kind="datetime", sort="at", is_main=True),
            Column("paper", gettext_lazy("Document"), value=lambda row: row["subject_text"] or row["subject"]),
            Column("approver", gettext_lazy("Approved by"), kind="words"),
            Column("keeper", gettext_lazy("Sealed by"), value=_hand),
            Column("witness", gettext_lazy("Witness"), kind="words"),
            Column("copies", gettext_lazy("Copies"), kind="number", sort="copies"),
            Column("text_hash", gettext_lazy("Approved text (SHA-256)"), is_shown=False),
            Column("sha256_before", gettext_lazy("File before (SHA-256)"), is_shown=False),
            Column("sha256_after", gettext_lazy("File after (SHA-256)"), style="cut"),
        ],
        filters=[Filter("at", pgettext_lazy("use of a seal", "At"), kind="date_range", lookup="at__date")],
        search=("subject", "subject_text", "sha256_after"),
        order="-at",
        empty={"title": _("Not used yet"), "text": _("Every use of the seal is written here and stays.")},
    )
    trail = [
        (reverse("records:seals"), _("Seals")),
        (reverse("records:seal", args=[seal.pk]), seal.code),
        ("", _("Use log")),
    ]
    return page.respond("records/seals/uses.html", {"seal": seal, "trail": trail})


@door(rules.may_enter_register)
def change_keeper(request: HttpRequest, seal_id: int) -> HttpResponse:
    """Hand a seal to another keeper."""

    def act(seal: Seal, given: dict[str, Any], **who: Any) -> str:
        services.change_keeper(seal_id=seal.pk, keeper_post_id=given["keeper"], reason=given["reason"], **who)
        return _("The seal has a new keeper.")

    return _act(request, seal_id, KeeperForm, _("Change the keeper"), act)


@door(rules.may_enter_register)
def retire(request: HttpRequest, seal_id: int) -> HttpResponse:
    """Take a seal out of use."""

    def act(seal: Seal, given: dict[str, Any], **who: Any) -> str:
        services.retire_seal(seal_id=seal.pk, **given, **who)
        return _("The seal is retired.")

    note = _("A retired seal is never used again; its log stays.")
    return _act(request, seal_id, PutAwayForm, _("Retire the seal"), act, note=note, tone="danger")


@door(rules.may_enter_register)
def seal_up(request: HttpRequest, seal_id: int) -> HttpResponse:
    """Put away the seal of a body that is no more, or has another name."""

    def act(seal: Seal, given: dict[str, Any], **who: Any) -> str:
        services.seal_up(seal_id=seal.pk, **given, **who)
        return _("The seal is sealed up.")

    note = _("The seal of a body that was dissolved or renamed is returned and sealed up; it is never used again.")
    return _act(request, seal_id, PutAwayForm, _("Seal it up"), act, note=note, tone="danger")


@door(rules.may_enter_register)
def renew(request: HttpRequest, seal_id: int) -> HttpResponse:
    """Give a seal a new certificate."""

    def act(seal: Seal, given: dict[str, Any], **who: Any) -> str:
        services.renew_certificate(seal_id=seal.pk, key_store=given["key_store"], **who)
        return _("The seal has a new certificate.")

    note = _("From now on the seal signs with a new key. What was sealed before still checks.")
    return _act(request, seal_id, RenewForm, _("Renew the certificate"), act, note=note)


def _act(
    request: HttpRequest,
    seal_id: int,
    form_class: type[forms.Form],
    title: str,
    act: Callable[..., str],
    *,
    note: str = "",
    tone: str = "",
) -> HttpResponse:
    """One act on a seal: its form, its service, its refusal at the field."""
    seal = _seen(seal_id)
    form = form_class(request.POST or None)
    address = reverse("records:seal", args=[seal.pk])
    if request.method == "POST" and form.is_valid():
        try:
            done = act(seal, form.cleaned_data, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, _said(refusal))
        else:
            messages.success(request, done)
            # Who hands a seal on may see it no longer.
            return redirect(address if queries.seal(seal.pk) else "records:seals")
    trail = [(reverse("records:seals"), _("Seals")), (address, seal.code), ("", title)]
    context = {"form": form, "seal": seal, "title": title, "note": note, "tone": tone, "trail": trail}
    return render(request, "records/seals/act.html", {**context, "cancel": address}, status=422 if form.errors else 200)


def _seen(seal_id: int) -> Seal:
    seal = queries.seal(seal_id)
    if seal is None:
        raise Http404
    return seal


def _said(refusal: Refused) -> str:
    return f"{refusal} ({refusal.basis})" if refusal.basis else str(refusal)


def _facts(seal: Seal) -> list[tuple[str, str]]:
    until = seal.valid_to.isoformat() if seal.valid_to else _("no end")
    facts = [
        (_("Body"), words(seal.unit)),
        (_("Kind"), SealKind(seal.kind).label),
        (_("Name in the impression"), seal.legal_name),
        (_("Diameter (mm)"), f"{float(seal.diameter_mm):g}"),
        (_("Keeper"), f"{words(seal.keeper_post, 'title')}, {words(seal.keeper_post.unit)}"),
        (_("Valid"), f"{seal.valid_from.isoformat()} – {until}"),
        (_("Registered at"), timezone.localtime(seal.registered_at).strftime("%Y-%m-%d %H:%M")),
    ]
    if seal.state_on:
        facts += [(_("Put away on"), seal.state_on.isoformat()), (_("Because"), seal.state_reason)]
    return [(str(name), str(value)) for name, value in facts]


def _hand(row: Any) -> str:
    """The keeper, and the deputy's own post when somebody stood in."""
    told = words(row, "keeper")
    if row["acting_post_id"] == row["keeper_post_id"]:
        return told
    return _("%(person)s (%(post)s, as deputy)") % {"person": told, "post": words(row, "acting_post")}
