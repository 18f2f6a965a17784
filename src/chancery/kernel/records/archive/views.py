"""Pages of the catalogue and of an item."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.columns import Rows
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Bulk, Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.access.readings.views import was_read
from chancery.kernel.records.archive import queries, rules, services
from chancery.kernel.records.archive.forms import CorrectForm
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import LABEL_WORDS, Carrier, ItemState, PartRole, sections, source

TONES = {"FILED": "neutral", "OFFERED": "yellow", "HELD": "green", "TRANSFERRED": "blue", "DESTROYED": "red"}
LABEL_TONES = {Clearance.RESTRICTED.value: "yellow", Clearance.CONFIDENTIAL.value: "red"}


def _of_unit(rows: Rows, said: str) -> Rows:
    return rows.filter(Q(unit_code__iexact=said) | Q(unit__name_en__icontains=said) | Q(unit__name_zh__icontains=said))


def _of_class(rows: Rows, said: str) -> Rows:
    return rows.filter(class_code__istartswith=said)


COLUMNS = (
    Column(
        "code",
        gettext_lazy("Archival code"),
        sort=("fonds__code", "category", "year", "period", "unit_code", "item_number"),
        style="tight",
        is_main=True,
        link=lambda row: reverse("records:archival_item", args=[row["id"]]),
    ),
    Column("title", gettext_lazy("Title"), style="cut"),
    Column("author", pgettext_lazy("archival item", "Author"), style="cut"),
    Column("document_number", gettext_lazy("Document number"), style="tight"),
    Column("dated_on", gettext_lazy("Dated"), kind="date", sort="dated_on"),
    Column("class_code", gettext_lazy("Class"), style="tight"),
    Column("period", gettext_lazy("Period"), style="tight"),
    Column("page_count", pgettext_lazy("archival item", "Pages"), kind="number", sort="page_count"),
    Column("state", gettext_lazy("State"), kind="badge", codes=dict(ItemState.choices), tones=TONES),
    Column("label", gettext_lazy("Label"), kind="badge", codes=LABEL_WORDS, tones=LABEL_TONES, is_shown=False),
    Column("unit__name", gettext_lazy("Unit"), kind="words", style="cut", is_shown=False),
    Column("retain_until", gettext_lazy("Kept until"), kind="date", sort="retain_until", is_shown=False),
    Column("carrier", gettext_lazy("Carrier"), codes=dict(Carrier.choices), is_shown=False),
    Column("box__code", gettext_lazy("Box"), style="tight", is_shown=False),
    Column("filed_at", gettext_lazy("Filed at"), kind="datetime", sort="filed_at", is_shown=False),
    Column("note", gettext_lazy("Note"), style="cut", is_shown=False),
)
FILTERS = (
    Filter("fonds", gettext_lazy("Fonds"), lookup="fonds_id", choices=queries.fonds_to_choose),
    Filter("class", gettext_lazy("Class"), kind="text", apply=_of_class),
    Filter("year", gettext_lazy("Year"), choices=queries.years_to_choose),
    Filter("period", gettext_lazy("Period"), choices=queries.periods_to_choose),
    Filter("unit", gettext_lazy("Unit"), kind="text", apply=_of_unit),
    Filter("state", gettext_lazy("State"), choices=ItemState.choices),
    Filter("label", gettext_lazy("Label"), choices=[(str(code), name) for code, name in LABEL_WORDS.items()]),
)


@door(staff, methods=("GET",))
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """The catalogue: every item one may know of, narrowed, sorted, exported."""
    by = actor_of(request)
    is_archivist = bool(rules.may_box(by))
    page = ListPage(
        request,
        name="records.archive",
        rows=queries.catalogue(),
        columns=COLUMNS,
        filters=FILTERS,
        search=("code", "title", "author", "document_number"),
        order=("-filed_at", "-id"),
        bulk=[
            Bulk(reverse("records:archive_list_pdf"), _("Catalogue as PDF")),
            *([Bulk(reverse("records:archive_labels"), _("Labels"))] if is_archivist else []),
            *([Bulk(reverse("records:archive_box_up"), _("Put into boxes"))] if is_archivist else []),
        ],
        empty={
            "title": _("No items to show"),
            "text": _("Here stands what was filed: its line for all staff, its files for those who had the matter."),
        },
    )
    return page.respond("records/archive/catalogue.html", {"is_archivist": is_archivist})


@door(staff, methods=("GET",))
def item_page(request: HttpRequest, item_id: int) -> HttpResponse:
    """One item: what it is, its files for who may read them, what stands around it, what happened."""
    item = _seen(item_id)
    by = actor_of(request)
    may_read = queries.may_read(item)
    if may_read:
        was_read(request, guard_id=item.content_guard_id, label=item.label, subject=f"records.archivalitem:{item.pk}")
    context = {
        "item": item,
        "tones": TONES,
        "label_words": LABEL_WORDS[item.label],
        "label_tone": LABEL_TONES.get(item.label, "neutral"),
        "facts": _facts(item),
        "may_read": may_read,
        "parts": [
            {
                **part,
                "role_words": PartRole(part["role"]).label,
                "is_readable": part["is_readable"] and item.state != ItemState.DESTROYED,
            }
            for part in queries.parts(item.pk)
        ],
        "sections": _sections(request, item, by),
        "entries": _happened(item),
        "may_correct": rules.may_correct(by, item, item.fonds.keeper_unit_id),
        "may_stamp": may_read and item.state != ItemState.DESTROYED and rules.may_box(by, item.fonds.keeper_unit_id),
        "trail": [(reverse("records:archive"), _("Catalogue")), ("", item.code)],
    }
    return render(request, "records/archive/item.html", context)


@door(staff)
def correct(request: HttpRequest, item_id: int) -> HttpResponse:
    """Correct the description of an item that is still with its department."""
    item = _seen(item_id)
    by = actor_of(request)
    rules.may_correct(by, item, item.fonds.keeper_unit_id).demand()
    begun = {name: getattr(item, name) for name in services.DESCRIPTION} | {"seen_version": item.version}
    form = CorrectForm(request.POST or None, initial=begun)
    address = reverse("records:archival_item", args=[item.pk])
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        reason, seen = given.pop("reason"), given.pop("seen_version")
        try:
            services.correct_item(
                item_id=item.pk, changes=given, reason=reason, seen_version=seen, by=by, at=clock.now()
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The description is corrected."))
            return redirect(address)
    context = {
        "form": form,
        "widths": {"author": "half", "document_number": "half", "dated_on": "half", "page_count": "half"},
        "cancel": address,
        "trail": [
            (reverse("records:archive"), _("Catalogue")),
            (address, item.code),
            ("", _("Correct the description")),
        ],
    }
    return render(request, "records/archive/correct.html", context, status=422 if form.errors else 200)


def _seen(item_id: int) -> ArchivalItem:
    item = queries.item(item_id)
    if item is None:
        raise Http404
    return item


def _happened(item: ArchivalItem) -> list[dict[str, Any]]:
    """The history; a change of state says which state came."""
    told = journal.timeline(item)
    states = dict(ItemState.choices)
    for entry, line in zip(told, journal.history(item), strict=True):
        if line["act"] == "item.state_changed":
            entry["title"] = _("State: %(state)s") % {"state": states.get(line["data"].get("state"), "—")}
    return told


def _sections(request: HttpRequest, item: ArchivalItem, by: Actor) -> list[SafeString]:
    found = []
    for one in sections():
        context = one.context(item, by)
        if context is not None:
            found.append(render_to_string(one.template, {**context, "section": context, "item": item}, request))
    return found


def _facts(item: ArchivalItem) -> list[tuple[Any, ...]]:
    of = source(item.kind)
    origin = of.url(item.subject) if of is not None and of.url is not None and item.subject else ""
    kept = item.retain_until.isoformat() if item.retain_until else _("for good")
    return [
        (_("Title"), item.title),
        (pgettext_lazy("archival item", "Author"), item.author),
        (_("Document number"), item.document_number),
        (_("Dated"), item.dated_on.isoformat()),
        (pgettext_lazy("archival item", "Pages"), item.page_count),
        (_("Fonds"), f"{item.fonds.code} {words(item.fonds)}"),
        (_("Class"), f"{item.class_code} {words(item.plan_class)}"),
        (_("Period"), _("%(period)s (kept until: %(day)s)") % {"period": item.period, "day": kept}),
        (_("Unit"), words(item.unit)),
        (_("Carrier"), Carrier(item.carrier).label),
        *([(_("Box"), item.box.code, reverse("records:archive_box", args=[item.box.pk]))] if item.box else []),
        *([(_("Matter"), item.matter_number, origin)] if item.matter_number or origin else []),
        *([(_("Open from"), item.opens_on.isoformat())] if item.opens_on else []),
        *([(_("Note"), item.note)] if item.note else []),
        (
            _("Filed"),
            f"{timezone.localtime(item.filed_at):%Y-%m-%d %H:%M} "
            + (words(item.filed_person) if item.filed_person else ""),
        ),
    ]
