"""Pages of storage: rooms, one place with what stands on it, one box with where it stood."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from chancery.departments.general_office.archives.storage import forms, queries, rules, services
from chancery.departments.general_office.archives.storage.labels import queries as labels
from chancery.departments.general_office.archives.storage.models import StoragePlace
from chancery.departments.general_office.archives.storage.terms import BELOW, PlaceKind
from chancery.foundations import clock
from chancery.foundations.journal import queries as journal
from chancery.foundations.verdict import Refused
from chancery.foundations.web.door import actor_of, door, undo
from chancery.foundations.web.forms import refuse
from chancery.foundations.web.tables import Column, ListPage
from chancery.kernel.records.archive.boxes import queries as boxes

TEMPLATES = "general_office/archives/storage"


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Where one is."""
    return [
        (reverse("general_office:archives"), _("Archives")),
        (reverse("general_office:storage"), _("Storage")),
        *more,
    ]


def found(code: str) -> StoragePlace:
    """The place, or 404."""
    place = queries.place_of(code)
    if place is None:
        raise Http404
    return place


def way_to(place: StoragePlace, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The places above one, and itself."""
    codes = place.path.strip("|").split("|")
    steps = [(reverse("general_office:storage_place", args=[code]), code) for code in codes]
    return trail(*steps, *more) if more else trail(*steps[:-1], ("", place.code))


@door(rules.may_enter, methods=("GET",))
def storage(request: HttpRequest) -> HttpResponseBase:
    """The rooms."""
    page = ListPage(
        request,
        name="general_office.storage",
        rows=queries.rooms(),
        columns=[
            Column(
                "code",
                gettext_lazy("Room"),
                sort="code",
                is_main=True,
                style="tight",
                link=lambda row: reverse("general_office:storage_place", args=[row["code"]]),
            ),
            Column("name", gettext_lazy("Name"), sort="name"),
            Column("shelves", gettext_lazy("Shelves"), kind="number", sort="shelves"),
            Column("boxes", gettext_lazy("Boxes"), kind="number", sort="boxes"),
            Column("note", gettext_lazy("Note"), style="cut"),
        ],
        search=("code", "name"),
        order="code",
        caption=_("Rooms of the archive"),
        empty={
            "symbol": "door",
            "title": _("No room yet"),
            "text": _("Open a room, racks in it and shelves on them; then boxes are placed and counted."),
        },
    )
    context = {
        "unplaced": queries.unplaced().count(),
        "running": queries.running(),
        "trail": [*trail()[:1], ("", _("Storage"))],
    }
    return page.respond(f"{TEMPLATES}/rooms.html", context)


@door(rules.may_enter)
def place(request: HttpRequest, code: str) -> HttpResponseBase:
    """A place: what stands in it; boxes are placed by their codes."""
    by = actor_of(request)
    one = found(code)
    form = forms.CodesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            n = services.place_boxes(
                box_ids=_boxes_of(given["codes"]),
                place_id=one.pk,
                reason=given["reason"],
                by=by,
                at=clock.now(),
            )
        except Refused as refusal:
            undo(request)
            form.add_error(refusal.field if refusal.field in form.fields else "codes", str(refusal))
        else:
            messages.success(request, ngettext("%(n)s box placed.", "%(n)s boxes placed.", n) % {"n": n})
            return redirect("general_office:storage_place", one.code)
    below = queries.inside(one)
    context = {
        "place": one,
        "below": below,
        "boxes": queries.boxes_at(one)[:500],
        "form": form,
        "may_keep": bool(rules.may_keep(by, one.keeper_unit_id)),
        "is_shelf": one.kind == PlaceKind.SHELF,
        "used_mm": queries.used_mm(one.pk) if one.kind == PlaceKind.SHELF else None,
        "inner": PlaceKind(BELOW[PlaceKind(one.kind)]).label if PlaceKind(one.kind) in BELOW else "",
        "kinds": dict(PlaceKind.choices),
        "entries": journal.timeline(one),
        "trail": way_to(one),
    }
    return render(request, f"{TEMPLATES}/place.html", context, status=422 if form.errors else 200)


def _boxes_of(codes: list[str]) -> list[int]:
    known, _places, _items = queries.by_codes(codes)
    if lost := [text for text in codes if text not in known]:
        raise Refused(_("No box has the code %(codes)s.") % {"codes": ", ".join(lost[:5])}, field="codes")
    return list(known.values())


def _form_page(request: HttpRequest, form: Any, title: str, back: str, where: list[tuple[str, str]]) -> HttpResponse:
    context = {"form": form, "title": title, "cancel": back, "trail": where}
    return render(request, f"{TEMPLATES}/form.html", context, status=422 if form.errors else 200)


@door(rules.may_enter)
def place_new(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """Open a room, or a rack or shelf in a place."""
    by = actor_of(request)
    above = found(code) if code else None
    kind = BELOW.get(PlaceKind(above.kind)) if above else PlaceKind.ROOM
    if kind is None:
        raise Http404
    form = forms.PlaceForm(
        request.POST or None,
        by=by,
        is_room=above is None,
        is_shelf=kind == PlaceKind.SHELF,
        initial={"code": f"{above.code}-" if above else ""},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = services.open_place(
                kind=kind,
                parent_id=above.pk if above else None,
                keeper_unit_id=given.pop("keeper_unit", None),
                **given,
                by=by,
                at=clock.now(),
            )
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            messages.success(request, _("%(code)s is open.") % {"code": made.code})
            return redirect("general_office:storage_place", (above or made).code)
    title = {
        PlaceKind.ROOM: _("New room"),
        PlaceKind.RACK: _("New rack"),
        PlaceKind.SHELF: _("New shelf"),
    }[kind]
    back = reverse("general_office:storage_place", args=[above.code]) if above else reverse("general_office:storage")
    return _form_page(request, form, title, back, way_to(above, ("", title)) if above else trail(("", title)))


@door(rules.may_enter)
def place_change(request: HttpRequest, code: str) -> HttpResponseBase:
    """Name, width and note of a place."""
    by = actor_of(request)
    one = found(code)
    first = {"name": one.name, "width_mm": one.width_mm, "note": one.note}
    form = forms.PlaceForm(
        request.POST or None,
        by=by,
        is_room=one.kind == PlaceKind.ROOM,
        is_shelf=one.kind == PlaceKind.SHELF,
        is_new=False,
        initial=first,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_place(place_id=one.pk, **form.cleaned_data, by=by, at=clock.now())
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            return redirect("general_office:storage_place", one.code)
    title = _("Change %(code)s") % {"code": one.code}
    back = reverse("general_office:storage_place", args=[one.code])
    return _form_page(request, form, title, back, way_to(one, ("", title)))


@door(rules.may_enter, methods=("POST",))
def place_close(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take an empty place out of use."""
    by = actor_of(request)
    one = found(code)
    services.close_place(place_id=one.pk, by=by, at=clock.now())
    messages.success(request, _("%(code)s is out of use.") % {"code": one.code})
    return redirect("general_office:storage")


@door(rules.may_enter, methods=("GET",))
def place_labels(request: HttpRequest, code: str) -> HttpResponse:
    """Labels of a place and all below it, as PDF."""
    one = found(code)
    content = labels.labels_pdf(queries.label_rows(one))
    disposition = content_disposition_header(False, f"{one.code}.pdf") or "inline"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@door(rules.may_enter, methods=("GET",))
def unplaced(request: HttpRequest) -> HttpResponseBase:
    """Boxes that stand nowhere."""
    page = ListPage(
        request,
        name="general_office.unplaced_boxes",
        rows=queries.unplaced().values("id", "code", "year", "period", "unit_code", "spine_mm"),
        columns=[
            Column(
                "code",
                gettext_lazy("Box"),
                sort="code",
                is_main=True,
                link=lambda row: reverse("general_office:storage_box", args=[row["id"]]),
            ),
            Column("year", gettext_lazy("Year"), sort="year", style="tight"),
            Column("period", gettext_lazy("Period"), style="tight"),
            Column("unit_code", pgettext_lazy("hand-over", "Department"), style="tight"),
            Column("spine_mm", gettext_lazy("Spine in mm"), kind="number"),
        ],
        search=("code",),
        order="code",
        caption=_("Boxes that stand nowhere"),
        empty={"symbol": "archive", "title": _("Every box has its place")},
    )
    context = {"title": _("Boxes that stand nowhere"), "trail": trail(("", _("Boxes that stand nowhere")))}
    return page.respond("general_office/archives/handover/plain.html", context)


@door(rules.may_enter)
def box(request: HttpRequest, box_id: int) -> HttpResponseBase:
    """A box: where it stands and stood; it is moved or taken away."""
    by = actor_of(request)
    one = boxes.box(box_id)
    if one is None:
        raise Http404
    form = forms.MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _move(one.pk, given["place"], given["reason"], by)
        except Refused as refusal:
            undo(request)
            refuse(form, refusal)
        else:
            return redirect("general_office:storage_box", one.pk)
    context = {
        "box": one,
        "standing": queries.standing(one.pk),
        "log": queries.log_of(one.pk),
        "form": form,
        "trail": trail(("", one.code)),
    }
    return render(request, f"{TEMPLATES}/box.html", context, status=422 if form.errors else 200)


def _move(box_id: int, code: str, reason: str, by: Any) -> None:
    if not code.strip():
        services.take_away(box_id=box_id, reason=reason, by=by, at=clock.now())
        return
    place = queries.place_of(code)
    if place is None:
        raise Refused(_("No shelf has the code %(code)s.") % {"code": code.strip()}, field="place")
    services.place_boxes(box_ids=[box_id], place_id=place.pk, reason=reason, by=by, at=clock.now())
