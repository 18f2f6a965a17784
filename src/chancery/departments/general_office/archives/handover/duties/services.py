"""Verbs: count what is owed, ask the department, remind it, be done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.handover import queries, rules
from chancery.departments.general_office.archives.handover.models import HandoverDuty
from chancery.departments.general_office.archives.handover.terms import DELEGATES, DUTY_PROCEDURE, TAKERS
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.access import services as access
from chancery.kernel.directory.models import Unit, UnitClosure
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.matters.terms import MatterState
from chancery.kernel.records.fileplan.models import Fonds


@service
def count_duties(*, by: Actor, at: dt.datetime) -> int:
    """Count what each department owes for each year; ask it in time, close what is settled. How many are open.

    Idempotent; the night's job calls it as the system, which sees everything.
    """
    if not by.is_system:
        raise PermissionError("only the system sees everything that is owed")
    today = clock.date_of(at)
    unfiled, unhanded = queries.unfiled(), queries.unhanded()
    known = {
        (duty.unit_id, duty.year): duty
        for duty in HandoverDuty.objects.select_for_update(of=("self",)).select_related("unit", "matter")
    }
    keepers = _keepers({unit for unit, _year in {*unfiled, *unhanded}})
    open_ones = 0
    for unit_id, year in sorted({*unfiled, *unhanded, *known}):
        owed = (unfiled.get((unit_id, year), 0), unhanded.get((unit_id, year), 0))
        duty = known.get((unit_id, year))
        if duty is None:
            if not any(owed) or unit_id not in keepers:
                continue
            duty = _open(unit_id, year, keepers[unit_id], today, at)
        _note(duty, owed, today, at)
        open_ones += duty.settled_at is None
    return open_ones


def _keepers(unit_ids: Collection[int]) -> dict[int, int]:
    """The keeper of the fonds that each unit's papers belong to: of the nearest fonds at or above it."""
    above: dict[int, list[tuple[int, int]]] = {}
    for row in UnitClosure.objects.filter(descendant_id__in=unit_ids).values("ancestor_id", "descendant_id", "depth"):
        above.setdefault(row["descendant_id"], []).append((row["depth"], row["ancestor_id"]))
    fonds = dict(Fonds.objects.filter(closed_on=None).values_list("unit_id", "keeper_unit_id"))
    found = {}
    for unit_id, chain in above.items():
        keeper = next((fonds[unit] for _depth, unit in sorted(chain) if unit in fonds), None)
        if keeper is not None:
            found[unit_id] = keeper
    return found


def _open(unit_id: int, year: int, keeper_id: int, today: dt.date, at: dt.datetime) -> HandoverDuty:
    guard = access.open_guard(unit_id=unit_id, label=Clearance.INTERNAL, scope=DUTY_PROCEDURE, by=SYSTEM, at=at)
    readers: list[tuple[int | None, str | None, int | None]] = [(None, role, unit_id) for role in DELEGATES]
    readers += [(None, role, keeper_id) for role in TAKERS]
    access.add_readers(guard_id=guard.pk, readers=readers, how="duty", by=SYSTEM, at=at)
    duty = HandoverDuty.objects.create(
        guard=guard,
        unit=Unit.objects.get(pk=unit_id),
        keeper_unit_id=keeper_id,
        year=year,
        due_on=queries.due_day(year, today),
        counted_at=at,
    )
    journal.write(by=SYSTEM, at=at, act="handover.duty_opened", on=duty, data={"year": year, "unit": unit_id})
    return duty


def _note(duty: HandoverDuty, owed: tuple[int, int], today: dt.date, at: dt.datetime) -> None:
    before = (duty.unfiled, duty.unhanded, duty.settled_at)
    duty.unfiled, duty.unhanded = owed
    duty.counted_at = at
    # A year that still runs is never settled: more of it may come.
    is_settled = not any(owed) and duty.year < today.year
    if is_settled and duty.settled_at is None:
        duty.settled_at = at
        _close_matter(duty, at)
        journal.write(by=SYSTEM, at=at, act="handover.duty_settled", on=duty, data={"year": duty.year})
    elif not is_settled:
        duty.settled_at = None
        if any(owed) and duty.due_on - dt.timedelta(days=queries.remind_days(today)) <= today:
            _ask(duty, at)
    duty.save()
    if before[:2] != owed:
        said = {"unfiled": owed[0], "unhanded": owed[1]}
        journal.write(by=SYSTEM, at=at, act="handover.duty_counted", on=duty, data=said)


def _ask(duty: HandoverDuty, at: dt.datetime) -> None:
    """Put the duty into the department's inbox, once; the house's own round urges from then on."""
    if duty.matter is not None and duty.matter.state == MatterState.OPEN:
        return
    duty.matter = procedures.open_matter(
        procedure=DUTY_PROCEDURE,
        title=_("File and hand over the papers of %(year)s: %(unit)s") % {"year": duty.year, "unit": words(duty.unit)},
        unit_id=duty.unit_id,
        subject=f"general_office.handoverduty:{duty.pk}",
        guard_id=duty.guard_id,
        due_on=duty.due_on,
        data={"keeper_unit": duty.keeper_unit_id},
        by=SYSTEM,
        at=at,
    )


def _close_matter(duty: HandoverDuty, at: dt.datetime) -> None:
    if duty.matter is not None and duty.matter.state == MatterState.OPEN:
        procedures.close(
            matter_id=duty.matter.pk, reason=_("Everything of the year was handed over."), by=SYSTEM, at=at
        )


@service
def remind(*, duty_ids: Collection[int], note: str = "", by: Actor, at: dt.datetime) -> int:
    """Remind departments by a notice at the desk of whoever answers; counted. How many were reminded."""
    duties = list(HandoverDuty.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=duty_ids))
    if not duties or len(duties) != len(set(duty_ids)):
        raise Refused(_("Pick departments to be reminded."), field="duties")
    for duty in sorted(duties, key=lambda one: one.pk):
        rules.may_take_over(by, duty.keeper_unit_id).demand()
        if duty.settled_at is not None or not (duty.unfiled or duty.unhanded):
            raise Refused(_("%(unit)s owes nothing for %(year)s.") % {"unit": words(duty.unit), "year": duty.year})
        with acting_as(SYSTEM):
            _ask(duty, at)
        procedures.urge(matter_id=duty.matter_id or 0, note=note, by=by, at=at)
        duty.reminded_at, duty.reminded_count = at, duty.reminded_count + 1
        duty.save(update_fields=["reminded_at", "reminded_count", "matter"])
        journal.write(by=by, at=at, act="handover.reminded", on=duty, data={"note": note.strip()})
    return len(duties)
