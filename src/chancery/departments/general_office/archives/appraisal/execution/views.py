"""Pages: confirm a destruction, set periods, leave out what is held, the certificate, an item's period."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chancery.departments.general_office.archives.appraisal import queries, services
from chancery.departments.general_office.archives.appraisal.execution.forms import ConfirmForm, WithdrawForm
from chancery.departments.general_office.archives.appraisal.forms import PeriodForm, ShorterPeriodForm
from chancery.departments.general_office.archives.appraisal.views import refused, seen
from chancery.foundations import clock
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal import rules
from chancery.kernel.records.disposal.destruction import services as destruction
from chancery.kernel.records.disposal.models import AppraisalList, DestructionCertificate
from chancery.kernel.records.disposal.periods.services import lengthen_period
from chancery.kernel.records.disposal.terms import ActKind, Verdict
from chancery.kernel.records.files.queries import file_of, open_file

FOLDER = "general_office/archives/appraisal"


@door(rules.may_draw_up, methods=("POST",))
def set_periods(request: HttpRequest, list_id: int) -> HttpResponse:
    """Set the longer periods that were approved."""
    many = destruction.set_periods(list_id=list_id, by=actor_of(request), at=clock.now())
    messages.success(request, ngettext("%(n)d new period set.", "%(n)d new periods set.", many) % {"n": many})
    return redirect("general_office:appraisal", list_id=list_id)


@door(rules.may_draw_up, methods=("POST",))
def leave_out(request: HttpRequest, list_id: int) -> HttpResponse:
    """Leave out what is held since."""
    many = destruction.leave_out_held(list_id=list_id, by=actor_of(request), at=clock.now())
    messages.success(request, ngettext("%(n)d item left out.", "%(n)d items left out.", many) % {"n": many})
    return redirect("general_office:appraisal", list_id=list_id)


@door(rules.may_draw_up)
def withdraw(request: HttpRequest, list_id: int) -> HttpResponse:
    """Give a list up."""
    of = seen(list_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_up_list(
                list_id=list_id, reason=form.cleaned_data["reason"], by=actor_of(request), at=clock.now()
            )
        except Refused as refusal:
            refused(request, form, refusal)
        else:
            messages.success(request, _("The list is withdrawn; its items may be put on another one."))
            return redirect("general_office:appraisal", list_id=list_id)
    context = {"form": form, "title": _("Withdraw the list"), "tone": "danger", "cancel": _address(of)}
    context["trail"] = _trail(of, _("Withdraw the list"))
    return render(request, f"{FOLDER}/form.html", context, status=422 if form.errors else 200)


@door(rules.may_see_lists)
def confirm(request: HttpRequest, list_id: int) -> HttpResponse:
    """What is to be destroyed, and one's own name to it. With the second name it is destroyed."""
    of = seen(list_id)
    by = actor_of(request)
    standing = queries.standing_of(of, by)
    act = ActKind.DESTROYER if standing["may_destroy"] else ActKind.SUPERVISOR
    form = ConfirmForm(request.POST or None, initial={"act": act.value, "seen": standing["what"]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            certificate = destruction.confirm_destruction(
                list_id=list_id, act=given["act"], seen=given["seen"], by=by, at=clock.now()
            )
        except Refused as refusal:
            refused(request, form, refusal)
        else:
            if certificate is None:
                messages.success(request, _("Your name stands. The other person confirms in their own session."))
                return redirect("general_office:appraisal", list_id=list_id)
            messages.success(request, _("Destroyed. The certificate is %(code)s.") % {"code": certificate.code})
            return redirect("general_office:destruction_certificate", certificate_id=certificate.pk)
    context = {
        "of": of,
        "form": form,
        "standing": standing,
        "totals": [one for one in queries.totals_of(list_id) if one["verdict"] == Verdict.DESTROY],
        "names": [one for one in disposal.acts(list_id) if one["is_current"]],
        "may": standing["may_destroy"] or standing["may_stand_by"],
        "act_words": act.label,
        "trail": _trail(of, _("Destruction")),
    }
    return render(request, f"{FOLDER}/confirm.html", context, status=422 if form.errors else 200)


@door(staff, methods=("GET",))
def certificates(request: HttpRequest) -> HttpResponseBase:
    """Every certificate, to be found again: its figures are for all staff."""
    page = ListPage(
        request,
        name="general_office.certificates",
        rows=disposal.certificates(),
        columns=[
            Column(
                "code",
                gettext_lazy("Number"),
                is_main=True,
                sort="code",
                style="tight",
                link=lambda row: reverse("general_office:destruction_certificate", args=[row["id"]]),
            ),
            Column("destroyed_at", gettext_lazy("Destroyed at"), kind="datetime", sort="destroyed_at"),
            Column("item_count", gettext_lazy("Items"), kind="number", sort="item_count"),
            Column("file_count", gettext_lazy("Files"), kind="number"),
            Column("destroyer", gettext_lazy("Destroyed by"), kind="words"),
            Column("supervisor", gettext_lazy("Stood by"), kind="words"),
        ],
        filters=[Filter("destroyed_at", gettext_lazy("Destroyed at"), kind="date_range")],
        search=("code",),
        order="-destroyed_at",
        empty={"title": _("No certificate"), "text": _("With each destruction a certificate is kept here for good.")},
    )
    return page.respond(f"{FOLDER}/certificates.html", {"trail": [("", _("Certificates of destruction"))]})


@door(staff, methods=("GET",))
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """A certificate: its figures for all staff, its paper for those who may read the list."""
    found = _certificate(certificate_id)
    paper = file_of(found.file_id) if found.file_id else None
    facts: list[tuple[Any, ...]] = [
        (_("Destroyed at"), f"{timezone.localtime(found.destroyed_at):%Y-%m-%d %H:%M}"),
        (_("Destroyed by"), words(found.destroyer)),
        (_("Stood by"), words(found.supervisor)),
        (_("Items"), found.item_count),
        (_("Files"), found.file_count),
        (_("Hash of the approved list (SHA-256)"), found.list_hash),
        (_("Hash of the items and their files (SHA-256)"), found.items_hash),
    ]
    if paper is not None:
        facts.append((_("Hash of this certificate's paper (SHA-256)"), paper.sha256))
    context = {
        "certificate": found,
        "facts": facts,
        "paper": paper,
        "of": disposal.list_of(found.list_id),
        "trail": [(reverse("general_office:certificates"), _("Certificates of destruction")), ("", found.code)],
    }
    return render(request, f"{FOLDER}/certificate.html", context)


@door(staff, methods=("GET",))
def certificate_paper(request: HttpRequest, certificate_id: int) -> HttpResponseBase:
    """The certificate as PDF."""
    found = _certificate(certificate_id)
    file = file_of(found.file_id) if found.file_id else None
    if file is None:
        raise Http404
    response = FileResponse(open_file(file), filename=file.name, content_type="application/pdf")
    response["Cache-Control"] = "no-store"
    return response


@door(rules.may_draw_up)
def longer_period(request: HttpRequest, item_id: int) -> HttpResponse:
    """Keep an item longer."""
    return _period(request, item_id, shorter=False)


@door(rules.may_draw_up)
def shorter_period(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask for a shorter period."""
    return _period(request, item_id, shorter=True)


def _period(request: HttpRequest, item_id: int, *, shorter: bool) -> HttpResponse:
    item = queries.item_of(item_id)
    if item is None:
        raise Http404
    choices = disposal.shorter_periods(item) if shorter else disposal.longer_periods(item)
    made = ShorterPeriodForm if shorter else PeriodForm
    form = made(request.POST or None, choices=choices)
    address = reverse("records:archival_item", args=[item_id])
    if request.method == "POST" and form.is_valid():
        by, at = actor_of(request), clock.now()
        try:
            if shorter:
                services.ask_for_shorter_period(item_id=item_id, **form.cleaned_data, by=by, at=at)
                done = _("Asked for: the head of the archive and a leader decide.")
            else:
                lengthen_period(item_id=item_id, **form.cleaned_data, by=by, at=at)
                done = _("The item is kept longer.")
        except Refused as refusal:
            refused(request, form, refusal)
        else:
            messages.success(request, done)
            return redirect(address)
    title = _("Ask for a shorter period") if shorter else _("Keep it longer")
    note = _("Now: period %(period)s, until %(until)s.") % {
        "period": item.period,
        "until": item.retain_until.isoformat() if item.retain_until else _("for good"),
    }
    if not choices:
        none = _("The schedule allows no shorter period for its class.") if shorter else _("There is no longer period.")
        note = f"{note} {none}"
    context: dict[str, Any] = {"form": form if choices else None, "title": title, "note": note, "cancel": address}
    context["trail"] = [(reverse("records:archive"), _("Catalogue")), (address, item.code), ("", title)]
    return render(request, f"{FOLDER}/form.html", context, status=422 if form.errors else 200)


def _certificate(certificate_id: int) -> DestructionCertificate:
    found = disposal.certificate(certificate_id)
    if found is None:
        raise Http404
    return found


def _address(of: AppraisalList) -> str:
    return reverse("general_office:appraisal", args=[of.pk])


def _trail(of: AppraisalList, title: str) -> list[tuple[str, str]]:
    return [(reverse("general_office:appraisals"), _("Appraisal lists")), (_address(of), of.code), ("", title)]
