"""The archive's papers, handed out as PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff
from chancery.kernel.records.archive import queries, rules
from chancery.kernel.records.archive.boxes import queries as boxes
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.printing import queries as printing
from chancery.kernel.records.archive.views import FILTERS
from chancery.kernel.records.files.queries import file_of


@door(staff)
def list_pdf(request: HttpRequest) -> HttpResponse:
    """The catalogue as narrowed on its page, or the picked lines, in the order of the codes."""
    rows = queries.catalogue()
    if request.method == "POST":
        rows = rows.filter(pk__in=_picked(request))
    else:
        for one in FILTERS:
            rows = one.narrow(rows, request.GET)
    lines = printing.in_order(rows)[: printing.MOST_LINES]
    return _pdf("archive-catalogue.pdf", printing.catalogue_pdf(lines, at=clock.now()))


@door(rules.may_box)
def labels(request: HttpRequest) -> HttpResponse:
    """Labels of the picked items."""
    rows = queries.in_order(_picked(request))
    if not rows:
        raise Http404
    return _pdf("archive-labels.pdf", printing.item_labels_pdf(rows))


@door(rules.may_box, methods=("GET",))
def item_label(request: HttpRequest, item_id: int) -> HttpResponse:
    """The label of one item."""
    rows = queries.in_order([item_id])
    if not rows:
        raise Http404
    return _pdf("archive-label.pdf", printing.item_labels_pdf(rows))


@door(staff, methods=("GET",))
def box_pdf(request: HttpRequest, box_id: int, what: str) -> HttpResponse:
    """The list that lies in a box, the note at its back, or its label."""
    box = boxes.box(box_id)
    if box is None or what not in {"list", "note", "label"}:
        raise Http404
    by = actor_of(request)
    if what == "list":
        return _pdf("box-list.pdf", printing.catalogue_pdf(boxes.lying_in(box.pk), at=clock.now(), box=box))
    rules.may_box(by, box.fonds.keeper_unit_id).demand()
    if what == "note":
        return _pdf("box-note.pdf", printing.note_pdf(box, at=clock.now()))
    return _pdf("box-label.pdf", printing.box_labels_pdf([box]))


@door(rules.may_box, methods=("GET",))
def stamp(request: HttpRequest, item_id: int, file_id: int) -> HttpResponse:
    """A copy of a part's first page with the filing stamp on it."""
    item: ArchivalItem | None = queries.item(item_id)
    file = file_of(file_id)
    if item is None or file is None or not any(part["file_id"] == file_id for part in queries.parts(item_id)):
        raise Http404
    made = printing.stamped_pdf(item, file)
    if made is None:
        raise Http404
    return _pdf("stamped.pdf", made)


def _picked(request: HttpRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("pick") if one.isdecimal()]


def _pdf(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    response["Cache-Control"] = "no-store"
    return response
