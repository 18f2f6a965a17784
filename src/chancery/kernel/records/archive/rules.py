"""How an archival code is written; who files, corrects, boxes; which period may be chosen."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.records.archive.terms import SERIES_PREFIX, Carrier, ItemState
from chancery.kernel.records.fileplan.terms import ARCHIVIST
from chancery.kernel.records.numbers.rules import BadPattern, NumberForm, form_of

if TYPE_CHECKING:
    from chancery.foundations.actor import Actor
    from chancery.kernel.records.archive.models import ArchivalItem

_PLACE = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"n(?::0\d{1,2})?")
_NAMED = ("fonds", "category", "period", "unit")
_VALUE = re.compile(r"[A-Z0-9]+")
_DOTS = str.maketrans(dict.fromkeys("ｷ･・•∙⋅‧", "·"))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where an item stands: what its code is made of."""

    fonds_id: int
    fonds: str
    category: str
    year: int
    period: str
    unit: str


def as_written(code: str) -> str:
    """A code as the register writes it, from what a scanner or a keyboard made of its middle dots."""
    return code.strip().translate(_DOTS)


def check_pattern(pattern: str) -> None:
    """A pattern names {fonds}, {year} and {n} once each, the other places at most once, and keeps them apart."""
    places = [found[1] for found in _PLACE.finditer(pattern)]
    numbers = [place for place in places if _NUMBER.fullmatch(place)]
    named = [place for place in places if place not in numbers]
    between = _PLACE.split(pattern)[2:-1:2]
    if (
        len(numbers) != 1
        or len(named) != len(set(named))
        or not {"fonds", "year"} <= set(named) <= {*_NAMED, "year"}
        or any(not piece or (piece.isascii() and piece.isalnum()) for piece in between)
        or re.search(r"[{}]", _PLACE.sub("", pattern))
    ):
        raise BadPattern(
            _(
                "The pattern of archival codes %(pattern)s needs {fonds}, {year} and {n} once each, may name "
                "{category}, {period} and {unit}, and keeps them apart by signs. Correct it in the rulebook."
            )
            % {"pattern": pattern}
        )


def series_of(pattern: str, shelf: Shelf, prefix: str = SERIES_PREFIX) -> tuple[str, NumberForm]:
    """The series in which the items of a shelf are numbered, and how its codes are written.

    Numbers run between the places that the pattern names: what a code does not show cannot tell two codes apart.
    """
    check_pattern(pattern)
    values = {"fonds": shelf.fonds, "category": shelf.category, "period": shelf.period, "unit": shelf.unit}
    text, key = pattern, []
    for name in _NAMED:
        place = "{" + name + "}"
        if place not in pattern:
            key.append("-")
            continue
        if not _VALUE.fullmatch(values[name]):
            raise BadPattern(
                _("“%(value)s” cannot stand in an archival code: capital letters and digits only.")
                % {"value": values[name]}
            )
        text = text.replace(place, values[name])
        key.append(str(shelf.fonds_id) if name == "fonds" else values[name])
    return prefix + ".".join(key), form_of(text, shelf.year)


def retained(year: int, years: int | None) -> tuple[dt.date, dt.date | None]:
    """The first day of a period, 1 January after the year, and its last; None is for good."""
    first = dt.date(year + 1, 1, 1)
    return first, None if years is None else dt.date(year + 1 + years, 1, 1) - dt.timedelta(days=1)


def is_long_enough(chosen: int | None, owed: int | None) -> Verdict:
    """An item is kept as long as its class says, or longer."""
    if chosen is None or (owed is not None and chosen >= owed):
        return yes()
    return no(_("This class is kept longer: the period of an item is not shorter than its class's."), field="period")


def may_correct(by: Actor, item: ArchivalItem, keeper_unit_id: int) -> Verdict:
    """While it is with the department: who filed it, and the archivist. Afterwards nobody."""
    if item.state != ItemState.FILED:
        return no(_("The item was handed over. Its description stands as it is."))
    if by.post_id is not None and by.post_id == item.filed_post_id:
        return yes()
    if access.holds_role(by, ARCHIVIST, keeper_unit_id):
        return yes()
    return no(_("The description is corrected by whoever filed the item, and by the archivist."))


def may_box(by: Actor, keeper_unit_id: int | None = None) -> Verdict:
    """Boxes are filled, labels printed and stamps set by the archivist; None: of any fonds."""
    return access.holds_role(by, ARCHIVIST, keeper_unit_id)


def goes_into_a_box(carrier: str, label: str) -> Verdict:
    """What is on paper lies in boxes; an electronic item lies in the store."""
    if carrier == Carrier.DIGITAL:
        return no(_("%(code)s is on no paper: there is nothing to put into a box.") % {"code": label})
    return yes()


def gives_a_reason(reason: str) -> Verdict:
    """A correction says why."""
    return yes() if reason.strip() else no(_("Say why the description is corrected."), field="reason")


def may_go(before: str, after: str) -> Verdict:
    """FILED and OFFERED change into one another until the archive accepts; the ends have procedures of their own."""
    steps = {
        (ItemState.FILED, ItemState.OFFERED),
        (ItemState.OFFERED, ItemState.FILED),
        (ItemState.OFFERED, ItemState.HELD),
    }
    if (before, after) in steps:
        return yes()
    return no(
        _("An item that stands at “%(before)s” does not go to “%(after)s”.")
        % {"before": ItemState(before).label, "after": ItemState(after).label}
    )


def never_voided(_by: Actor, _number: object) -> Verdict:
    """An archival code belongs to its item for good, even when nothing but the stub is left."""
    return no(_("An archival code is never given up: its item stays in the catalogue, as a stub at the least."))
