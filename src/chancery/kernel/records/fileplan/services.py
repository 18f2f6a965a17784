"""Bringing a fonds its plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.directory.models import Unit
from chancery.kernel.records.fileplan import queries, rules
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass, RetentionPeriod, UnitCode
from chancery.kernel.records.fileplan.queries import ShippedPlan
from chancery.kernel.records.fileplan.terms import PlanState


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """What a load did: the fonds, whether it was made now, and what differs where the site went its own way."""

    fonds_id: int
    is_new: bool
    kept: list[str] = field(default_factory=list)


@service
def load_plan(
    *,
    unit_id: int,
    by: Actor,
    at: dt.datetime,
    keeper_unit_id: int | None = None,
    code: str = "A001",
    begun_on: dt.date | None = None,
    profile: str = "",
    shipped: ShippedPlan | None = None,
) -> LoadedPlan:
    """Give a unit its fonds with the shipped plan, in force. Run again it changes nothing and says what differs.

    What is in force by no approval but the release's is the system's own act: for the demonstration, for tests, for a
    house with no authority above it. A site whose schedule needs approval opens its fonds on the page and takes the
    shipped plan as the draft that goes to approval.
    """
    rules.may_load(by).demand()
    wanted = shipped or queries.read_shipped(profile or settings.PROFILE)
    fonds = Fonds.objects.filter(unit_id=unit_id, closed_on=None).first()
    if fonds is not None and (latest := fonds.plans.order_by("-number").first()):
        return LoadedPlan(fonds.pk, False, _differing(latest, wanted))
    unit = Unit.objects.get(pk=unit_id)
    fonds = fonds or Fonds.objects.create(
        code=code,
        name_en=unit.name_en,
        name_zh=unit.name_zh,
        unit_id=unit_id,
        keeper_unit_id=keeper_unit_id or unit_id,
        begun_on=begun_on or wanted.valid_from,
    )
    plan = FilePlan.objects.create(
        fonds=fonds,
        number=1,
        profile=wanted.profile,
        state=PlanState.APPROVED,
        valid_from=wanted.valid_from,
        made_at=at,
        approved_at=at,
        **wanted.basis,
    )
    fill(plan, wanted)
    seed_unit_codes(fonds, wanted.unit_codes, wanted.valid_from)
    journal.write(by=by, at=at, act="fileplan.loaded", on=plan, data={"fonds": fonds.code, "profile": wanted.profile})
    return LoadedPlan(fonds.pk, True)


def fill(plan: FilePlan, wanted: ShippedPlan) -> None:
    """Put a shipped plan's periods and classes into an empty version."""
    RetentionPeriod.objects.bulk_create(RetentionPeriod(plan=plan, **one) for one in wanted.periods)
    units = dict(Unit.objects.filter(code__in={one["unit"] for one in wanted.classes}).values_list("code", "pk"))
    put_classes(
        plan,
        [
            {
                **{name: value for name, value in one.items() if name != "unit"},
                **wanted.basis,
                "unit_id": units.get(one["unit"]),
                # A class of a unit the site has not would else claim its kind for everybody.
                "proposes": one["proposes"] if not one["unit"] or one["unit"] in units else [],
            }
            for one in wanted.classes
        ],
    )


def put_classes(plan: FilePlan, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Store classes, each level in one statement; `parent` is the code of the class above. Returns code → id."""
    made: dict[str, int] = {}
    left = rows
    while left:
        ready = [row for row in left if not row["parent"] or row["parent"] in made]
        if not ready:
            raise queries.BadPlan([row["code"] for row in left])
        stored = PlanClass.objects.bulk_create(
            PlanClass(
                plan=plan,
                parent_id=made.get(row["parent"]),
                **{name: value for name, value in row.items() if name != "parent"},
            )
            for row in ready
        )
        left = [row for row in left if row not in ready]
        made |= {one.code: one.pk for one in stored}
    return made


def seed_unit_codes(fonds: Fonds, codes: Mapping[str, str], since: dt.date) -> None:
    """Unit codes a release knows, for the units the site has."""
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    UnitCode.objects.bulk_create(
        UnitCode(fonds=fonds, unit_id=units[unit], code=code, valid_from=since)
        for unit, code in codes.items()
        if unit in units
    )


_COMPARED = ("category", "name_en", "name_zh", "scope_en", "scope_zh", "period", "at_end")


def _differing(plan: FilePlan, wanted: ShippedPlan) -> list[str]:
    """Codes where the site's latest version and the release part."""
    held = {row.code: row for row in plan.classes.all()}
    shipped = {one["code"]: one for one in wanted.classes}
    parted = {
        code
        for code in held.keys() & shipped.keys()
        if any(getattr(held[code], name) != shipped[code][name] for name in _COMPARED)
    }
    return sorted(parted | (held.keys() ^ shipped.keys()))
