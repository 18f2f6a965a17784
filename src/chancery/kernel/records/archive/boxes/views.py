"""Pages of boxes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.records.archive import rules
from chancery.kernel.records.archive.boxes import queries, services
from chancery.kernel.records.archive.models import ArchiveBox
from chancery.kernel.records.archive.queries import fonds_to_choose, periods_to_choose, years_to_choose
from chancery.kernel.records.archive.terms import BoxState, box_pages
from chancery.kernel.records.archive.views import COLUMNS

BOX_TONES = {"OPEN": "green", "CLOSED": "neutral"}


@door(staff, methods=("GET",))
def boxes(request: HttpRequest) -> HttpResponseBase:
    """Every box: where it stands in the fonds, never what lies in it."""
    page = ListPage(
        request,
        name="records.archive_boxes",
        rows=queries.box_rows(),
        columns=[
            Column(
                "code",
                gettext_lazy("Box"),
                sort="code",
                is_main=True,
                link=lambda row: reverse("records:archive_box", args=[row["id"]]),
            ),
            Column("year", gettext_lazy("Year"), sort="year"),
            Column("period", gettext_lazy("Period")),
            Column("unit_code", gettext_lazy("Unit")),
            Column("items_seen", gettext_lazy("Items"), kind="number"),
            Column("state", gettext_lazy("State"), kind="badge", codes=dict(BoxState.choices), tones=BOX_TONES),
            Column("made_at", gettext_lazy("Made at"), kind="datetime", sort="made_at"),
        ],
        filters=[
            Filter("fonds", gettext_lazy("Fonds"), lookup="fonds_id", choices=fonds_to_choose),
            Filter("year", gettext_lazy("Year"), choices=years_to_choose),
            Filter("period", gettext_lazy("Period"), choices=periods_to_choose),
            Filter("state", gettext_lazy("State"), choices=BoxState.choices),
        ],
        search=("code", "unit_code"),
        order="-id",
        empty={
            "title": _("No boxes to show"),
            "text": _("Pick items on paper in the catalogue and put them into boxes."),
        },
    )
    return page.respond("records/archive/boxes.html", {"trail": [*_trail(), ("", _("Boxes"))]})


@door(staff, methods=("GET",))
def box_page(request: HttpRequest, box_id: int) -> HttpResponseBase:
    """One box and the items in it that one may know of."""
    box = _seen(box_id)
    by = actor_of(request)
    page = ListPage(
        request,
        name="records.archive_box",
        rows=queries.lying_in(box.pk),
        columns=[column for column in COLUMNS if column.key not in {"box__code", "filed_at"}],
        order="item_number",
        empty={"title": _("No items to show"), "text": _("What lies in this box you may not know of, or it is empty.")},
    )
    return page.respond(
        "records/archive/box.html",
        {
            "box": box,
            "tone": BOX_TONES[box.state],
            "is_archivist": bool(rules.may_box(by, box.fonds.keeper_unit_id)),
            "facts": [
                (_("Fonds"), f"{box.fonds.code} {words(box.fonds)}"),
                (_("Year"), box.year),
                (_("Period"), box.period),
                (_("Unit"), box.unit_code),
                (_("Spine"), _("%(width)s mm") % {"width": box.spine_mm}),
            ],
            "pages": box_pages(box.pk, by),
            "entries": journal.timeline(box),
            "trail": [*_trail(), (reverse("records:archive_boxes"), _("Boxes")), ("", box.code)],
        },
    )


@door(rules.may_box, methods=("POST",))
def box_up(request: HttpRequest) -> HttpResponse:
    """Put the picked items into boxes."""
    by = actor_of(request)
    picked = [int(one) for one in request.POST.getlist("pick") if one.isdecimal()]
    try:
        touched = services.box_up(item_ids=picked, by=by, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("records:archive")
    messages.success(
        request,
        ngettext("Put into box %(codes)s.", "Put into boxes %(codes)s.", len(touched))
        % {"codes": ", ".join(box.code for box in touched)},
    )
    if len(touched) == 1:
        return redirect("records:archive_box", box_id=touched[0].pk)
    return redirect("records:archive_boxes")


@door(rules.may_box, methods=("POST",))
def close(request: HttpRequest, box_id: int) -> HttpResponse:
    """Close a box."""
    by = actor_of(request)
    box = services.close_box(box_id=_seen(box_id).pk, by=by, at=clock.now())
    messages.success(request, _("The box %(code)s is closed.") % {"code": box.code})
    return redirect("records:archive_box", box_id=box.pk)


def _seen(box_id: int) -> ArchiveBox:
    box = queries.box(box_id)
    if box is None:
        raise Http404
    return box


def _trail() -> list[tuple[str, str]]:
    return [(reverse("records:archive"), _("Catalogue"))]
