"""Whether a package may be made or taken in, and whether its descriptions agree with one another. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.verdict import Verdict, first_refusal, no, yes
from chancery.kernel.access.rules import holds_role
from chancery.kernel.records.archive.terms import Carrier
from chancery.kernel.records.packages.bags.rules import Bag, PackageRefused
from chancery.kernel.records.packages.terms import (
    AID,
    PRESERVATION,
    ClassFact,
    Contents,
    EventFact,
    ItemFact,
    PartFact,
)

if TYPE_CHECKING:
    from chancery.kernel.records.archive.models import ArchivalItem

_CATEGORY = re.compile(r"[A-Z]{1,8}")


def may_make(by: Actor, items: Sequence[ArchivalItem], wanted: int) -> Verdict:
    """An archivist packs whole items of one fonds, those he may read."""
    if not items or len(items) != wanted:
        return no(_("There is no such item."))
    if len({item.fonds_id for item in items}) > 1:
        return no(_("A package holds items of one fonds."))
    return holds_role(by, "archivist", items[0].fonds.keeper_unit_id)


def may_take_in(by: Actor) -> Verdict:
    """Archivists take packages in, for the archive of their own unit."""
    return holds_role(by, "archivist", by.body_id)


def joined(
    said: Contents,
    files: Mapping[str, PartFact],
    belongs: Mapping[str, str],
    events: Sequence[EventFact],
    bag: Bag,
) -> Contents:
    """The finding aid with what PREMIS says of the files. Each file is in the bag, in both descriptions, once, and the
    same in all three; `PackageRefused` otherwise."""
    payload = set(bag.entries) - {AID, PRESERVATION}
    listed = Counter(part.path for item in said.items for part in item.parts)
    for path in sorted({*payload, *listed, *files}):
        if listed[path] != 1 or path not in files or path not in payload:
            raise PackageRefused(
                _("Package and descriptions do not name the same files: %(name)s.") % {"name": path}, part=path
            )
    items = []
    for item in said.items:
        of_a_class_known(item, said)
        parts = []
        for part in item.parts:
            known = files[part.path]
            is_same = part.sha256 == known.sha256 == bag.hashes[part.path] and known.size == bag.sizes[part.path]
            if not is_same or belongs[part.path] != item.code:
                raise PackageRefused(
                    _("A part of the package is not the one its description means: %(name)s.") % {"name": part.path},
                    part=part.path,
                )
            parts.append(dataclasses.replace(known, role=part.role, title=part.title))
        items.append(dataclasses.replace(item, parts=parts))
    codes = {item.code for item in items}
    strange = next((event.about for event in events if event.about not in codes and event.about not in payload), "")
    if strange:
        raise PackageRefused(
            _("An event is about something that is not in the package: %(name)s.") % {"name": strange[:100]},
            part=PRESERVATION,
        )
    if not items:
        raise PackageRefused(_("The package holds no item."), part=AID)
    return dataclasses.replace(said, items=items, events=events)


def of_a_class_known(item: ItemFact, said: Contents) -> None:
    """What an item says of itself can be kept here: class, period, label, carrier, year, code."""
    periods = {one.code: one.period for one in said.classes}
    shown = {"code": item.code}
    own, owed = said.periods.get(item.period, 0), said.periods.get(periods.get(item.class_code, ""), 0)
    faults = {
        _("Item %(code)s lies in a class without a period."): owed == 0,
        _("Item %(code)s has a period that the package does not explain."): own == 0,
        _("Item %(code)s has a shorter period than its class."): bool(own)
        and (owed is None or (owed or 0) > (own or 0)),
        _("Item %(code)s has a label that is not known here."): item.label not in Clearance.__members__,
        _("Item %(code)s has a carrier that is not known here."): item.carrier not in Carrier.values,
        _("Item %(code)s has a category that is not known here."): _CATEGORY.fullmatch(item.category) is None,
        _("Item %(code)s is of a year that cannot be."): not 1900 <= item.year <= 2200,
        _("Item %(code)s does not end in its number."): not re.search(rf"(?<!\d)0*{item.number}$", item.code)
        or item.number < 1,
        _("Item %(code)s is not a code of this fonds."): not item.code.startswith(said.fonds.code),
        _("Item %(code)s has a code, a title or a unit that is too long."): len(item.code) > 120
        or len(item.title) > 300
        or len(item.unit_code) > 20,
    }
    for reason, is_so in faults.items():
        if is_so:
            raise PackageRefused(reason % shown, part=AID)


def may_be_taken(by: Actor, said: Contents, here: Sequence[str], on: dt.date) -> Verdict:
    """Not what is here already, not what is above the taker's clearance, not what is dated in the future."""
    highest = max(Clearance[item.label] for item in said.items)
    future = next((item.code for item in said.items if item.dated_on > on), "")
    return first_refusal(
        no(
            _("Codes of the package are here already: %(codes)s.") % {"codes": ", ".join(here[:5])},
            field="package",
            refusal=PackageTaken,
        )
        if here
        else yes(),
        no(_("The package holds items labelled above your own clearance."), field="package")
        if highest > by.clearance
        else yes(),
        no(_("Item %(code)s is dated in the future.") % {"code": future}, field="package") if future else yes(),
    )


class PackageTaken(PackageRefused):
    """What the package holds is here already."""

    def __init__(self, reason: str, *, field: str | None = None, basis: str = "", part: str = "") -> None:
        super().__init__(reason, part=part)


def path_to(code: str, classes: Sequence[ClassFact]) -> list[ClassFact]:
    """The classes from the top down to one."""
    known = {one.code: one for one in classes}
    way: list[ClassFact] = []
    while code in known and known[code] not in way:
        way.insert(0, known[code])
        code = known[code].parent
    return way
