"""Who keeps the places and counts; what stands in what; what a stocktake found. Pure but for the question of roles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chancery.departments.general_office.archives.storage.terms import (
    KEEPERS,
    WITHIN,
    Finding,
    PlaceKind,
    StocktakeState,
)
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Stale, Verdict, no, yes
from chancery.kernel.access import rules as access

if TYPE_CHECKING:
    from chancery.departments.general_office.archives.storage.models import Stocktake, StoragePlace

CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")


def may_keep(by: Actor, keeper_unit_id: int | None = None) -> Verdict:
    """Archivists and the head of the archive, over the unit that keeps the rooms."""
    verdicts = [access.holds_role(by, role, keeper_unit_id) for role in KEEPERS]
    return next((verdict for verdict in verdicts if verdict), verdicts[0])


def may_enter(by: Actor) -> Verdict:
    """The door of the pages: a keeper of whatever unit."""
    return may_keep(by)


def is_code(code: str) -> Verdict:
    """Capital letters, digits, dashes between them."""
    if CODE.fullmatch(code) and len(code) <= 40:
        return yes()
    return no(_("A code has capital letters, digits and dashes, for example A-01-3."), field="code")


def stands_in(kind: str, parent: StoragePlace | None) -> Verdict:
    """A rack stands in a room, a shelf in a rack, a room nowhere."""
    wanted = WITHIN.get(PlaceKind(kind))
    if (parent.kind if parent else None) != wanted:
        words = PlaceKind(wanted).label if wanted else ""
        if not words:
            return no(_("A room stands in no other place."), field="parent")
        return no(_("This kind of place stands in a place of the kind “%(kind)s”.") % {"kind": words}, field="parent")
    if parent is not None and parent.closed_at is not None:
        return no(_("That place was closed."), field="parent")
    return yes()


def may_close(boxes: int, below: int) -> Verdict:
    """A place is closed when nothing stands there."""
    if below:
        return no(_("Close what stands in it first: %(n)s places.") % {"n": below})
    if boxes:
        return no(_("%(n)s boxes still stand there; place them elsewhere first.") % {"n": boxes})
    return yes()


def may_place(place: StoragePlace, *, used_mm: int, spine_mm: int) -> Verdict:
    """On an open shelf that has the room for it."""
    if place.kind != PlaceKind.SHELF:
        return no(_("A box is placed on a shelf."), field="place")
    if place.closed_at is not None:
        return no(_("That shelf was closed."), field="place")
    if place.width_mm is not None and used_mm + spine_mm > place.width_mm:
        return no(
            _("The shelf %(code)s is full: %(left)s mm are left, the boxes need %(need)s mm.")
            % {"code": place.code, "left": max(0, place.width_mm - used_mm), "need": spine_mm},
            field="place",
        )
    return yes()


def may_count(one: Stocktake) -> Verdict:
    """While the counting goes on."""
    if one.state != StocktakeState.OPEN:
        return no(_("The counting of this stocktake has ended."), refusal=Stale)
    return yes()


def may_sign_off(by: Actor, one: Stocktake, *, differences: int, note: str) -> Verdict:
    """By another person than the one who ended the counting; differences are explained."""
    if one.state != StocktakeState.COUNTED:
        return no(_("A stocktake is signed off once, after its counting has ended."), refusal=Stale)
    if by.person_id is not None and by.person_id == one.counted_person_id:
        return no(_("Whoever ended the counting does not sign it off as well, under any hat."))
    if differences and not note.strip():
        return no(
            ngettext(
                "Say what was found out about the %(n)s difference.",
                "Say what was found out about the %(n)s differences.",
                differences,
            )
            % {"n": differences},
            field="note",
        )
    return yes()


@dataclass(frozen=True, slots=True)
class Counted:
    """A box as a stocktake knows it: where it should stand, at which shelf it was read (None: at none, or not read)."""

    box_id: int
    expected_id: int | None
    seen_id: int | None
    was_seen: bool


def finding_of(box: Counted) -> Finding:
    """In its place, misplaced, missing or surplus. Read while no shelf was chosen, it counts as in its place."""
    if box.expected_id is None:
        return Finding.SURPLUS
    if not box.was_seen:
        return Finding.MISSING
    if box.seen_id is None or box.seen_id == box.expected_id:
        return Finding.RIGHT
    return Finding.MISPLACED


def found(expected: Mapping[int, int], seen: Mapping[int, int | None]) -> dict[int, Finding]:
    """What the stocktake says of each box: expected (box → place) and read (box → shelf, None when none was chosen)."""
    return {
        box_id: finding_of(Counted(box_id, expected.get(box_id), seen.get(box_id), box_id in seen))
        for box_id in {*expected, *seen}
    }
