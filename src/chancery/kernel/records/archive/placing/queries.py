"""Proposals and choices from the file plan in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.records.archive import rules
from chancery.kernel.records.archive.terms import Hindrance
from chancery.kernel.records.fileplan import queries as plan
from chancery.kernel.records.fileplan.models import PlanClass, RetentionPeriod

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked about: its kind ("incoming"), its type ("REQUEST"), the unit, the day of filing."""

    kind: str
    type_code: str
    unit_id: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is filed."""

    plan_class_id: int
    period: str


def proposed(thing: Thing) -> tuple[str, str, str]:
    """(class, period, why), as the plan proposes; refused when no plan is in force."""
    found = plan.propose(kind=thing.kind, type_code=thing.type_code, unit_id=thing.unit_id, on=thing.on)
    return found.class_code, found.period, str(found.why)


def class_choices(thing: Thing) -> list[tuple[str, str]]:
    """The classes that take things, by their codes."""
    found = plan.propose(kind=thing.kind, type_code=thing.type_code, unit_id=thing.unit_id, on=thing.on)
    return [(code, f"{code} {named} ({period})") for _id, code, named, period in plan.leaves(found.plan_id)]


def period_choices(thing: Thing) -> list[tuple[str, str]]:
    """The periods of the plan, the longest first."""
    found = plan.propose(kind=thing.kind, type_code=thing.type_code, unit_id=thing.unit_id, on=thing.on)
    rows = RetentionPeriod.objects.filter(plan_id=found.plan_id)
    return [(row.code, f"{row.code} {words(row)}") for row in rows]


def placed(thing: Thing, *, file_class: str, retention: str) -> Place:
    """The class and the period that were chosen; refused at their fields when there is no such, or it is too short."""
    found = plan.propose(kind=thing.kind, type_code=thing.type_code, unit_id=thing.unit_id, on=thing.on)
    if not file_class:
        raise Refused(_("Choose the class it is filed under."), field="file_class")
    if not retention:
        raise Refused(_("Choose how long it is kept."), field="retention")
    chosen = PlanClass.objects.filter(plan_id=found.plan_id, code=file_class, is_open=True).exclude(period="").first()
    if chosen is None or PlanClass.objects.filter(parent=chosen).exists():
        raise Refused(_("Nothing is filed under this class. Choose one at the end of its branch."), field="file_class")
    years = dict(RetentionPeriod.objects.filter(plan_id=found.plan_id).values_list("code", "years"))
    if retention not in years:
        raise Refused(_("The file plan knows no such period."), field="retention")
    verdict = rules.is_long_enough(years[retention], years[chosen.period])
    if not verdict:
        raise Refused(verdict.reason, field="retention")
    return Place(chosen.pk, retention)


def period_words(code: str) -> str:
    """What a period is called in the latest plan that knows it."""
    row = RetentionPeriod.objects.filter(code=code).order_by("-plan_id").first() if code else None
    return words(row) if row is not None else code


def demand_none(hindrances: Iterable[Hindrance]) -> None:
    """Refuse while anything hinders, and say all of it."""
    found = list(hindrances)
    if found:
        raise Refused(
            _("This cannot be closed yet. %(what)s") % {"what": " ".join(str(one.text) for one in found)},
            field=next((one.field for one in found if one.field), None),
        )
