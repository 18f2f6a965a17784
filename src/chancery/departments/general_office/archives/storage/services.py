"""Verbs: open and close places, place boxes, take stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.storage import queries, rules
from chancery.departments.general_office.archives.storage.models import (
    BoxPlacing,
    Stocktake,
    StocktakeCount,
    StocktakeExpected,
    StoragePlace,
)
from chancery.departments.general_office.archives.storage.terms import (
    KEEPERS,
    Heard,
    PlaceKind,
    Source,
    StocktakeState,
)
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access import services as access
from chancery.kernel.records.archive.models import ArchiveBox
from chancery.kernel.records.archive.rules import as_written


class CodeTaken(Refused):
    """Another place has this code."""


def _locked_place(place_id: int) -> StoragePlace:
    found = StoragePlace.objects.select_for_update(of=("self",)).filter(pk=place_id).first()
    if found is None:
        raise Refused(_("There is no such place for you."), field="place")
    return found


# --- Places -----------------------------------------------------------------------------------------------------------
@service
def open_place(
    *,
    kind: str,
    code: str,
    name: str = "",
    parent_id: int | None = None,
    keeper_unit_id: int | None = None,
    width_mm: int | None = None,
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> StoragePlace:
    """A room of a unit's archive, a rack in a room, a shelf in a rack."""
    code = code.strip().upper()
    parent = _locked_place(parent_id) if parent_id else None
    unit_id = parent.keeper_unit_id if parent else keeper_unit_id
    if unit_id is None:
        raise Refused(_("Say whose archive the room belongs to."), field="keeper_unit")
    rules.may_keep(by, unit_id).demand()
    rules.is_code(code).demand()
    rules.stands_in(kind, parent).demand()
    guard_id = parent.guard_id if parent else _guard(unit_id, by, at)
    try:
        with transaction.atomic():
            made = StoragePlace.objects.create(
                guard_id=guard_id,
                keeper_unit_id=unit_id,
                kind=kind,
                parent=parent,
                code=code,
                name=name.strip(),
                path=f"{parent.path if parent else ''}{code}|",
                width_mm=width_mm if kind == PlaceKind.SHELF else None,
                note=note.strip(),
                opened_at=at,
            )
    except IntegrityError as error:
        if "code" not in str(error):
            raise
        raise CodeTaken(_("The code %(code)s is taken.") % {"code": code}, field="code") from None
    journal.write(by=by, at=at, act="storage.place_opened", on=made, data={"code": code, "kind": kind})
    return made


def _guard(unit_id: int, by: Actor, at: dt.datetime) -> int:
    guard = access.open_guard(unit_id=unit_id, label=Clearance.INTERNAL, by=by, at=at)
    access.add_readers(
        guard_id=guard.pk, readers=[(None, role, unit_id) for role in KEEPERS], how="keeps", by=by, at=at
    )
    return guard.pk


@service
def change_place(
    *, place_id: int, name: str, width_mm: int | None = None, note: str = "", by: Actor, at: dt.datetime
) -> StoragePlace:
    """Name, width and note of a place; its code stays on its label."""
    place = _locked_place(place_id)
    rules.may_keep(by, place.keeper_unit_id).demand()
    place.name, place.note = name.strip(), note.strip()
    if place.kind == PlaceKind.SHELF:
        place.width_mm = width_mm
    place.save(update_fields=["name", "note", "width_mm"])
    journal.write(by=by, at=at, act="storage.place_changed", on=place, data={"name": place.name})
    return place


@service
def close_place(*, place_id: int, by: Actor, at: dt.datetime) -> StoragePlace:
    """Take an empty place out of use."""
    place = _locked_place(place_id)
    rules.may_keep(by, place.keeper_unit_id).demand()
    if place.closed_at is not None:
        raise Stale(_("That place was closed."))
    below = StoragePlace.objects.filter(parent=place, closed_at=None).count()
    rules.may_close(BoxPlacing.objects.filter(place=place, until=None).count(), below).demand()
    place.closed_at = at
    place.save(update_fields=["closed_at"])
    journal.write(by=by, at=at, act="storage.place_closed", on=place, data={"code": place.code})
    return place


# --- Boxes ------------------------------------------------------------------------------------------------------------
@service
def place_boxes(
    *,
    box_ids: Collection[int],
    place_id: int,
    reason: str = "",
    stocktake_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Put boxes on a shelf, from wherever they stood; how many were moved. The log keeps both places."""
    place = _locked_place(place_id)
    rules.may_keep(by, place.keeper_unit_id).demand()
    boxes = list(ArchiveBox.objects.filter(pk__in=box_ids).order_by("pk"))
    if not boxes or len(boxes) != len(set(box_ids)):
        raise Refused(_("There is no such box."), field="boxes")
    _lock_boxes(box.pk for box in boxes)
    standing = {
        one.box_id: one
        for one in BoxPlacing.objects.select_related("place").filter(box__in=boxes, until=None).order_by("pk")
    }
    moving = [box for box in boxes if box.pk not in standing or standing[box.pk].place_id != place.pk]
    need = sum(box.spine_mm for box in moving)
    rules.may_place(place, used_mm=queries.used_mm(place.pk), spine_mm=need).demand()
    for box in moving:
        before = standing.get(box.pk)
        if before is not None:
            rules.may_keep(by, before.place.keeper_unit_id).demand()
            before.until = at
            before.save(update_fields=["until"])
        try:
            with transaction.atomic():
                BoxPlacing.objects.create(
                    box=box,
                    place=place,
                    since=at,
                    person_id=by.person_id,
                    post_id=by.post_id,
                    reason=reason.strip()[:300],
                    stocktake_id=stocktake_id,
                )
        except IntegrityError as error:
            if "storage_box_one_place" not in str(error):
                raise
            raise Refused(
                _("The box %(code)s stands in a room that others keep.") % {"code": box.code}, field="boxes"
            ) from None
        said = {
            "to": place.code,
            "from": before.place.code if before else "",
            "reason": reason.strip(),
            "stocktake": stocktake_id,
        }
        journal.write(by=by, at=at, act="storage.box_placed", on=box, guard_id=place.guard_id, data=said)
    return len(moving)


def _lock_boxes(box_ids: Iterable[int]) -> None:
    """Of two who move the same box at once the second waits. Boxes are no keeper's to update, so by advisory lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, id) from (select unnest(%s::int[]) as id order by 1) b",
            [_BOXES, sorted(box_ids)],
        )


_BOXES = 0x53544F52  # the advisory locks of boxes; the other half is the box


@service
def take_away(*, box_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """A box leaves its shelf for no other: lent as a whole, sent away, lost. With the reason."""
    if not reason.strip():
        raise Refused(_("Say why the box leaves its shelf."), field="reason")
    _lock_boxes([box_id])
    standing = BoxPlacing.objects.select_related("place", "box").filter(box_id=box_id, until=None).first()
    if standing is None:
        raise Stale(_("The box stands on no shelf."))
    rules.may_keep(by, standing.place.keeper_unit_id).demand()
    standing.until = at
    standing.save(update_fields=["until"])
    said = {"from": standing.place.code, "reason": reason.strip()}
    journal.write(
        by=by, at=at, act="storage.box_taken_away", on=standing.box, guard_id=standing.place.guard_id, data=said
    )


# --- Stocktakes -------------------------------------------------------------------------------------------------------
def _locked(stocktake_id: int, *, share: bool = False) -> Stocktake:
    """Locked; shared by those who count, alone for who ends it."""
    if share:
        with connection.cursor() as cursor:
            cursor.execute("select id from general_office_stocktake where id = %s for share", [stocktake_id])
        found = Stocktake.objects.select_related("place").filter(pk=stocktake_id).first()
    else:
        found = (
            Stocktake.objects.select_for_update(of=("self",)).select_related("place").filter(pk=stocktake_id).first()
        )
    if found is None:
        raise Refused(_("There is no such stocktake for you."))
    return found


@service
def open_stocktake(*, place_id: int, by: Actor, at: dt.datetime) -> Stocktake:
    """Begin to count a place with all below it; what should stand there is written down now."""
    place = _locked_place(place_id)
    rules.may_keep(by, place.keeper_unit_id).demand()
    try:
        with transaction.atomic():
            made = Stocktake.objects.create(
                guard_id=place.guard_id, place=place, opened_at=at, opened_person_id=by.person_id
            )
    except IntegrityError as error:
        if "storage_stocktake_one_open" not in str(error):
            raise
        raise Refused(_("A stocktake of this place is running already."), field="place") from None
    rows = BoxPlacing.objects.filter(until=None, place__path__startswith=place.path).values_list("box_id", "place_id")
    StocktakeExpected.objects.bulk_create(
        [StocktakeExpected(stocktake=made, box_id=box_id, place_id=shelf) for box_id, shelf in rows]
    )
    said = {"place": place.code, "boxes": len(rows)}
    journal.write(by=by, at=at, act="storage.stocktake_opened", on=made, data=said)
    return made


@service
def count(
    *,
    stocktake_id: int,
    text: str,
    place_id: int | None = None,
    source: str = Source.TYPED,
    by: Actor,
    at: dt.datetime,
) -> StocktakeCount:
    """One code as it was read. A shelf's own code chooses the shelf; whoever counts beside one goes on undisturbed."""
    one = _locked(stocktake_id, share=True)
    rules.may_keep(by, one.place.keeper_unit_id).demand()
    rules.may_count(one).demand()
    code = as_written(text)[:200]
    if not code:
        raise Refused(_("No code was read."), field="code")
    shelf = None
    if place_id is not None:
        shelf = StoragePlace.objects.filter(pk=place_id, kind=PlaceKind.SHELF, path__startswith=one.place.path).first()
        if shelf is None:
            raise Refused(_("That shelf is not part of this stocktake."), field="place")
    boxes, places, items = queries.by_codes({code, code.upper()})
    box_id = boxes.get(code) or boxes.get(code.upper())
    found_place = places.get(code) or places.get(code.upper())
    item_id = items.get(code)
    made = StocktakeCount(
        stocktake=one,
        text=code,
        heard=Heard.UNKNOWN,
        place=shelf,
        source=Source(source),
        at=at,
        person_id=by.person_id,
    )
    if box_id is not None:
        made.heard, made.box_id = Heard.BOX, box_id
        return _counted_box(made)
    if found_place is not None:
        made.heard = Heard.PLACE
        made.place = StoragePlace.objects.filter(pk=found_place, path__startswith=one.place.path).first()
        if made.place is None:
            raise Refused(_("The shelf %(code)s is not part of this stocktake.") % {"code": code}, field="code")
    elif item_id is not None:
        made.heard, made.item_id = Heard.ITEM, item_id
    made.save(force_insert=True)
    return made


def _counted_box(made: StocktakeCount) -> StocktakeCount:
    """The first reading counts; of two people who read it at once, one is the second."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "storage_count_once" not in str(error):
            raise
        made.pk, made.is_again = None, True
        made.save(force_insert=True)
    return made


@service
def end_counting(*, stocktake_id: int, by: Actor, at: dt.datetime) -> Stocktake:
    """The counting is over; the lists stand."""
    one = _locked(stocktake_id)
    rules.may_keep(by, one.place.keeper_unit_id).demand()
    rules.may_count(one).demand()
    one.state, one.counted_at, one.counted_person_id = StocktakeState.COUNTED, at, by.person_id
    one.version += 1
    one.save()
    lists = queries.result(one)
    said = {kind: len(rows) for kind, rows in lists.items()}
    journal.write(by=by, at=at, act="storage.stocktake_counted", on=one, data=said)
    return one


@service
def count_on(*, stocktake_id: int, by: Actor, at: dt.datetime) -> Stocktake:
    """Take the counting up again: something was overlooked."""
    one = _locked(stocktake_id)
    rules.may_keep(by, one.place.keeper_unit_id).demand()
    if one.state != StocktakeState.COUNTED:
        raise Stale(_("Only a stocktake that waits to be signed off is taken up again."))
    one.state, one.counted_at, one.counted_person_id = StocktakeState.OPEN, None, None
    one.version += 1
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as error:
        if "storage_stocktake_one_open" not in str(error):
            raise
        raise Refused(_("A stocktake of this place is running already."), field="place") from None
    journal.write(by=by, at=at, act="storage.stocktake_reopened", on=one, data={})
    return one


@service
def sign_off(*, stocktake_id: int, note: str = "", by: Actor, at: dt.datetime) -> Stocktake:
    """Confirm the result, by another person than the one who ended the counting."""
    one = _locked(stocktake_id)
    rules.may_keep(by, one.place.keeper_unit_id).demand()
    different = queries.differences(queries.result(one))
    rules.may_sign_off(by, one, differences=different, note=note).demand()
    one.state, one.signed_at, one.signed_person_id = StocktakeState.SIGNED, at, by.person_id
    one.signed_post_id, one.note = by.post_id, note.strip()
    one.version += 1
    one.save()
    said = {"differences": different, "note": one.note}
    journal.write(by=by, at=at, act="storage.stocktake_signed", on=one, data=said)
    return one


@service
def give_up(*, stocktake_id: int, reason: str, by: Actor, at: dt.datetime) -> Stocktake:
    """End a stocktake without a result."""
    one = _locked(stocktake_id)
    rules.may_keep(by, one.place.keeper_unit_id).demand()
    if one.state not in (StocktakeState.OPEN, StocktakeState.COUNTED):
        raise Stale(_("This stocktake has ended."))
    if not reason.strip():
        raise Refused(_("Say why it is given up."), field="note")
    one.state, one.note = StocktakeState.CANCELLED, reason.strip()
    one.version += 1
    one.save()
    journal.write(by=by, at=at, act="storage.stocktake_cancelled", on=one, data={"reason": one.note})
    return one


@service
def correct_places(*, stocktake_id: int, box_ids: Collection[int], by: Actor, at: dt.datetime) -> int:
    """Write down that boxes stand where the stocktake read them; each with the stocktake as its reason."""
    one = _locked(stocktake_id)
    rules.may_keep(by, one.place.keeper_unit_id).demand()
    if one.state == StocktakeState.CANCELLED:
        raise Stale(_("This stocktake has ended."))
    seen = dict(
        StocktakeCount.objects.filter(
            stocktake=one, heard=Heard.BOX, is_again=False, box_id__in=box_ids, place__isnull=False
        ).values_list("box_id", "place_id")
    )
    if not seen or len(seen) != len(set(box_ids)):
        raise Refused(_("Pick boxes that were read at a shelf."), field="boxes")
    by_shelf: dict[int, list[int]] = {}
    for box_id, shelf_id in seen.items():
        by_shelf.setdefault(shelf_id, []).append(box_id)
    moved = 0
    for shelf_id in sorted(by_shelf):
        moved += place_boxes(
            box_ids=by_shelf[shelf_id],
            place_id=shelf_id,
            reason=_("Stocktake of %(day)s") % {"day": one.opened_at.date().isoformat()},
            stocktake_id=one.pk,
            by=by,
            at=at,
        )
    return moved
