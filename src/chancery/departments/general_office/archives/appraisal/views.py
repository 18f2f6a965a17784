"""Pages of appraisal lists: what has run out, the lists, one list and its rows, its sheets."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from chancery.departments.general_office.archives.appraisal import forms, queries, services
from chancery.departments.general_office.archives.appraisal.terms import STATE_TONES, VERDICT_TONES
from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.exports import KINDS
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Bulk, Column, Filter, ListPage
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal import rules
from chancery.kernel.records.disposal.appraising import services as appraising
from chancery.kernel.records.disposal.models import AppraisalList
from chancery.kernel.records.disposal.sheets import queries as sheets
from chancery.kernel.records.disposal.terms import ListState, SheetState, Verdict
from chancery.kernel.records.files.queries import open_file

MOST_PICKED = 1000
_VERDICTS = (("NONE", pgettext_lazy("appraisal", "None yet")), *Verdict.choices)


@door(rules.may_see_lists, methods=("GET",))
def expired(request: HttpRequest) -> HttpResponseBase:
    """What has run out, item by item, with figures by class and year."""
    today = clock.today()
    page = ListPage(
        request,
        name="general_office.appraisal_expired",
        rows=disposal.expired_rows(today),
        columns=[
            Column(
                "code",
                gettext_lazy("Archival code"),
                is_main=True,
                sort="code",
                style="tight",
                link=lambda row: reverse("records:archival_item", args=[row["id"]]),
            ),
            Column("title", gettext_lazy("Title"), style="cut"),
            Column("class_code", gettext_lazy("Class"), sort="class_code", style="tight"),
            Column("year", gettext_lazy("Year"), kind="number", sort="year"),
            Column("period", gettext_lazy("Period"), style="tight"),
            Column("retain_until", gettext_lazy("Ran out on"), kind="date", sort="retain_until"),
            Column("is_held", pgettext_lazy("hold on archives", "Held"), kind="flag"),
            Column("is_listed", gettext_lazy("On a list"), kind="flag"),
        ],
        filters=[
            Filter("fonds", gettext_lazy("Fonds"), lookup="fonds_id", choices=_fonds),
            Filter("class_code", gettext_lazy("Class"), kind="text"),
            Filter("retain_until", gettext_lazy("Ran out on"), kind="date_range"),
        ],
        search=("code", "title"),
        order="retain_until",
        empty={"title": _("Nothing has run out"), "text": _("Items appear here when their period has ended.")},
    )
    context = {
        "counts": disposal.expired_counts(today),
        "may_draw_up": rules.may_draw_up(actor_of(request)),
        "trail": [(reverse("general_office:appraisals"), _("Appraisal lists")), ("", _("Run out"))],
    }
    return page.respond("general_office/archives/appraisal/expired.html", context)


@door(rules.may_see_lists, methods=("GET",))
def lists(request: HttpRequest) -> HttpResponseBase:
    """The appraisal lists one has a part in."""
    page = ListPage(
        request,
        name="general_office.appraisals",
        rows=disposal.lists(),
        columns=[
            Column(
                "code",
                gettext_lazy("Number"),
                is_main=True,
                sort="code",
                style="tight",
                link=lambda row: reverse("general_office:appraisal", args=[row["id"]]),
            ),
            Column("fonds_code", gettext_lazy("Fonds"), style="tight"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(ListState.choices), tones=STATE_TONES),
            Column("many", gettext_lazy("Items"), kind="number"),
            Column("judged", gettext_lazy("With a verdict"), kind="number"),
            Column("cut_off", gettext_lazy("Run out before"), kind="date"),
            Column("made", gettext_lazy("Drawn up by"), kind="words"),
            Column("made_at", gettext_lazy("Drawn up at"), kind="datetime", sort="made_at"),
        ],
        filters=[Filter("state", gettext_lazy("State"), choices=ListState.choices)],
        search=("code", "note"),
        order="-made_at",
        empty={"title": _("No appraisal list"), "text": _("An archivist draws one up from what has run out.")},
    )
    context = {
        "may_draw_up": rules.may_draw_up(actor_of(request)),
        "certificates": disposal.certificates().order_by("-id")[:5],
    }
    return page.respond("general_office/archives/appraisal/lists.html", context)


@door(rules.may_draw_up)
def draw_up(request: HttpRequest) -> HttpResponse:
    """Draw a list up; its matter waits in one's own inbox."""
    form = forms.ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["fonds_id"] = int(given.pop("fonds"))
        try:
            of = services.open_list(**given, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            refused(request, form, refusal)
        else:
            messages.success(request, _("List %(code)s is drawn up. Name its appraisers.") % {"code": of.code})
            return redirect("general_office:appraisal", list_id=of.pk)
    trail = [(reverse("general_office:appraisals"), _("Appraisal lists")), ("", _("Draw a list up"))]
    context = {
        "form": form,
        "title": _("Draw a list up"),
        "trail": trail,
        "cancel": reverse("general_office:appraisals"),
        "widths": {
            "fonds": "half",
            "cut_off": "half",
            **dict.fromkeys(("class_code", "from_year", "to_year"), "third"),
        },
    }
    return render(request, "general_office/archives/appraisal/form.html", context, status=422 if form.errors else 200)


@door(rules.may_see_lists, methods=("GET",))
def appraisal(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """One list: its rows, whose names stand on it, what can be done now."""
    of = seen(list_id)
    by = actor_of(request)
    may_edit = rules.may_edit(by, of)
    matter = queries.matter_of_list(list_id)
    page = ListPage(
        request,
        name="general_office.appraisal",
        rows=disposal.rows(list_id),
        columns=[
            Column("position", gettext_lazy("No."), kind="number", sort="position"),
            Column(
                "code",
                gettext_lazy("Archival code"),
                is_main=True,
                style="tight",
                sort="code",
                link=lambda row: reverse("records:archival_item", args=[row["item_id"]]),
            ),
            Column("title", gettext_lazy("Title"), style="cut"),
            Column("class_code", gettext_lazy("Class"), style="tight"),
            Column("year", gettext_lazy("Year"), kind="number"),
            Column("period", gettext_lazy("Period"), style="tight"),
            Column("retain_until", gettext_lazy("Ran out on"), kind="date"),
            Column("is_held", pgettext_lazy("hold on archives", "Held"), kind="flag"),
            Column("verdict", gettext_lazy("Verdict"), kind="badge", codes=dict(Verdict.choices), tones=VERDICT_TONES),
            Column("new_period", gettext_lazy("New period"), style="tight"),
            Column("reason", gettext_lazy("Reason"), style="cut"),
            Column("appraised", gettext_lazy("Appraiser"), kind="words", is_shown=False),
            Column("left_out_at", gettext_lazy("Left out"), kind="datetime", is_shown=False),
            Column("done_at", pgettext_lazy("disposal", "Done"), kind="datetime", is_shown=False),
        ],
        filters=[
            Filter("verdict", gettext_lazy("Verdict"), choices=_VERDICTS, apply=_with_verdict),
            Filter("class_code", gettext_lazy("Class"), kind="text"),
            Filter("year", gettext_lazy("Year"), kind="text", lookup="year"),
        ],
        search=("code", "title"),
        order="position",
        bulk=[Bulk(reverse("general_office:appraisal_verdict", args=[list_id]), _("Give a verdict"))]
        if may_edit
        else [],
    )
    context = {
        "of": of,
        "tone": STATE_TONES[of.state],
        "facts": queries.facts_of(of),
        "names": disposal.acts(list_id),
        "sheets": disposal.sheets(list_id),
        "sheet_words": dict(SheetState.choices),
        "may_edit": may_edit,
        "matter": matter,
        "may_withdraw": of.state in disposal.OPEN and rules.may_draw_up(by, of.fonds.keeper_unit_id),
        "standing": queries.standing_of(of, by),
        "entries": journal.timeline(of),
        "trail": [(reverse("general_office:appraisals"), _("Appraisal lists")), ("", of.code)],
    }
    return page.respond("general_office/archives/appraisal/list.html", context)


@door(rules.may_appraise)
def verdict(request: HttpRequest, list_id: int) -> HttpResponse:
    """Say the same of the chosen rows. The list's page sends the rows; this page asks what is said of them."""
    of = seen(list_id)
    picked = [int(one) for one in request.POST.getlist("pick") if one.isdecimal()][:MOST_PICKED]
    if request.method != "POST" or not picked:
        messages.warning(request, _("Choose at least one row."))
        return redirect("general_office:appraisal", list_id=list_id)
    answered = "reason" in request.POST
    form = forms.VerdictForm(
        request.POST if answered else None, list_id=list_id, initial={"version": of.version}
    )  # fmt: skip
    if answered and form.is_valid():
        given = form.cleaned_data
        try:
            many = appraising.set_verdicts(
                list_id=list_id,
                row_ids=picked,
                verdict=given["verdict"],
                new_period=given["new_period"],
                reason=given["reason"],
                seen_version=given["version"],
                by=actor_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            refused(request, form, refusal)
        else:
            messages.success(request, ngettext("%(n)d row changed.", "%(n)d rows changed.", many) % {"n": many})
            return redirect("general_office:appraisal", list_id=list_id)
    rows = disposal.rows(list_id).filter(pk__in=picked).order_by("position")
    title = ngettext("Verdict on %(n)d item", "Verdict on %(n)d items", len(rows)) % {"n": len(rows)}
    context = {"form": form, "title": title, "rows": rows, "picked": picked, "trail": _trail(of, title), "of": of}
    return render(
        request, "general_office/archives/appraisal/verdict.html", context, status=422 if form.errors else 200
    )


@door(rules.may_see_lists, methods=("GET",))
def sheet_out(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """The list as a workbook, to be filled in."""
    of = seen(list_id)
    periods = [code for code, _en, _zh in disposal.period_choices(disposal.plans_of(list_id))]
    rows = list(disposal.rows(list_id).order_by("position"))
    content = sheets.written(of, rows, periods, disposal.fingerprint(list_id))
    return _workbook(content, f"appraisal-{of.pk}-v{of.version}.xlsx")


@door(rules.may_appraise)
def sheet_in(request: HttpRequest, list_id: int) -> HttpResponse:
    """The workbook back: all of it, or its faults."""
    of = seen(list_id)
    form = forms.SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["sheet"]
        try:
            sheet, _reading = appraising.take_sheet(
                list_id=list_id, name=upload.name, content=upload.read(), by=actor_of(request), at=clock.now()
            )
        except Refused as refusal:
            refused(request, form, refusal)
        else:
            if sheet.state == SheetState.TAKEN:
                messages.success(request, _("Every row was right, and all were taken."))
                return redirect("general_office:appraisal", list_id=list_id)
            return redirect("general_office:appraisal_sheet", list_id=list_id, sheet_id=sheet.pk)
    context = {
        "form": form,
        "title": _("Take a filled-in sheet"),
        "trail": _trail(of, _("Take a filled-in sheet")),
        "cancel": reverse("general_office:appraisal", args=[list_id]),
    }
    return render(request, "general_office/archives/appraisal/form.html", context, status=422 if form.errors else 200)


@door(rules.may_see_lists)
def sheet(request: HttpRequest, list_id: int, sheet_id: int) -> HttpResponse:
    """A sheet that came back with faults: every one of them, the marked sheet, and the right rows for the taking."""
    of = seen(list_id)
    found = disposal.sheet(list_id, sheet_id)
    if found is None:
        raise Http404
    form = django_forms.Form(request.POST if request.method == "POST" else None)  # it has no field: POST may be empty
    if request.method == "POST" and form.is_valid():
        try:
            many = appraising.take_right_rows(list_id=list_id, sheet_id=sheet_id, by=actor_of(request), at=clock.now())
        except Refused as refusal:
            refused(request, form, refusal)
        else:
            messages.success(request, ngettext("%(n)d row changed.", "%(n)d rows changed.", many) % {"n": many})
            return redirect("general_office:appraisal", list_id=list_id)
    reading, stale = sheets.Reading(), ""
    try:
        reading = appraising.read_again(found, clock.today())
    except Refused as refusal:
        stale = str(refusal)
    context = {
        "of": of,
        "sheet": found,
        "form": form,
        "faults": reading.faults,
        "right": len(reading.said),
        "stale": stale,
        "may_take": found.state == SheetState.FAULTY and reading.said and rules.may_edit(actor_of(request), of),
        "trail": _trail(of, _("Faults of the sheet")),
    }
    return render(request, "general_office/archives/appraisal/sheet.html", context, status=422 if form.errors else 200)


@door(rules.may_see_lists, methods=("GET",))
def sheet_marked(request: HttpRequest, list_id: int, sheet_id: int) -> HttpResponseBase:
    """The sheet with its faults marked in their cells."""
    seen(list_id)
    found = disposal.sheet(list_id, sheet_id)
    if found is None:
        raise Http404
    reading = appraising.read_again(found, clock.today())
    with open_file(found.file) as content:
        marked = sheets.marked(sheets.opened(found.file.name, content), reading.faults)
    return _workbook(marked, f"appraisal-{list_id}-marked-{sheet_id}.xlsx")


def seen(list_id: int) -> AppraisalList:
    """The list, or 404."""
    of = disposal.list_of(list_id)
    if of is None:
        raise Http404
    return of


def refused(request: HttpRequest, form: django_forms.Form, refusal: Refused) -> None:
    """The refusal at its field; nothing of it stays."""
    undo(request)
    refuse(form, refusal)


def _trail(of: AppraisalList, title: str) -> list[tuple[str, str]]:
    return [
        (reverse("general_office:appraisals"), _("Appraisal lists")),
        (reverse("general_office:appraisal", args=[of.pk]), of.code),
        ("", title),
    ]


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=KINDS["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _fonds() -> list[tuple[str, str]]:
    return [(str(one.pk), one.code) for one in disposal.fonds_kept()]


def _with_verdict(rows: Any, said: str) -> Any:
    return rows.filter(verdict="" if said == "NONE" else said)
