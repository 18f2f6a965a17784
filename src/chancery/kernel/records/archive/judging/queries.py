"""Judging a batch of facts: each gets its place, its period, its guards, or the refusal that names its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive import queries, rules
from chancery.kernel.records.archive.terms import ItemFacts
from chancery.kernel.records.fileplan import queries as plan
from chancery.kernel.records.fileplan.terms import PlanState
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.numbers.rules import NumberForm


@dataclass(frozen=True, slots=True)
class Judged:
    """Facts that may be filed, and all that follows from them."""

    facts: ItemFacts
    place: queries.Class
    year: int
    period: str
    retain_from: dt.date
    retain_until: dt.date | None
    unit_code: str
    label: int
    guard_id: int
    series: str
    form: NumberForm


class Judges:
    """Judges batch after batch; what it learned of classes, unit codes and guards it does not ask again."""

    def __init__(self) -> None:
        self._classes: dict[int, queries.Class] = {}
        self._units: dict[tuple[int, int, int], str] = {}
        self._shared: dict[tuple[int, int], int] = {}
        self._series: dict[rules.Shelf, tuple[str, NumberForm]] = {}

    def judge(self, some: Sequence[ItemFacts], by: Actor, at: dt.datetime) -> list[Judged]:
        """The batch, judged; refused at the first fault."""
        new = {facts.plan_class_id for facts in some} - self._classes.keys()
        if new:
            self._classes.update(queries.classes(new))
        labels = queries.labels_of_guards({facts.content_guard_id for facts in some})
        self._once(some)
        self._readable(some)
        on = clock.date_of(at)
        pattern = rulebook.text("archive.code", on=on)
        return [self._one(facts, labels, pattern, on, by) for facts in some]

    def _one(self, facts: ItemFacts, labels: dict[int, int], pattern: str, on: dt.date, by: Actor) -> Judged:
        place = self._classes.get(facts.plan_class_id)
        if place is None or not place.is_leaf or not place.is_open or place.plan_state != PlanState.APPROVED:
            raise Refused(
                _("Nothing is filed under this class. Choose one at the end of its branch."), field="plan_class"
            )
        if facts.dated_on is None:
            raise Refused(_("An item without a day cannot be filed."), field="dated_on")
        if not facts.title.strip():
            raise Refused(_("An item needs a title."), field="title")
        if facts.content_guard_id not in labels:
            raise Refused(_("There is nothing here that you may see."))
        period = facts.period or place.period
        if period not in place.years or place.period not in place.years:
            raise Refused(_("The file plan knows no such period."), field="period")
        rules.is_long_enough(place.years[period], place.years[place.period]).demand()
        label = max(int(facts.label), labels[facts.content_guard_id])
        if label > by.clearance:
            raise Refused(_("The label is above your own clearance."), field="label")
        year = facts.year or facts.dated_on.year
        first, last = rules.retained(year, place.years[period])
        unit_code = self._unit_code(place.fonds_id, facts.unit_id, on)
        shelf = rules.Shelf(place.fonds_id, place.fonds_code, place.category, year, period, unit_code)
        if shelf not in self._series:
            self._series[shelf] = rules.series_of(pattern, shelf)
        series, form = self._series[shelf]
        return Judged(
            facts=facts,
            place=place,
            year=year,
            period=period,
            retain_from=first,
            retain_until=last,
            unit_code=unit_code,
            label=label,
            guard_id=self._guard(place.fonds_id, label, facts.content_guard_id),
            series=series,
            form=form,
        )

    @staticmethod
    def _once(some: Sequence[ItemFacts]) -> None:
        subjects = [facts.subject for facts in some if facts.subject]
        if len(subjects) != len(set(subjects)):
            raise Refused(_("The same thing stands twice among what is to be filed."))
        for code in queries.filed_already(subjects).values():
            raise Refused(_("This was filed already, as %(code)s.") % {"code": code})

    @staticmethod
    def _readable(some: Sequence[ItemFacts]) -> None:
        wanted = {part.file_id for facts in some for part in facts.parts}
        if wanted and StoredFile.objects.filter(pk__in=wanted).count() != len(wanted):
            raise Refused(_("There is no such file."))

    def _unit_code(self, fonds_id: int, unit_id: int, on: dt.date) -> str:
        key = (fonds_id, unit_id, on.toordinal())
        if key not in self._units:
            self._units[key] = plan.unit_code(fonds_id, unit_id, on)
        return self._units[key]

    def _guard(self, fonds_id: int, label: int, content_guard_id: int) -> int:
        if label > Clearance.INTERNAL:
            return content_guard_id
        if (fonds_id, label) not in self._shared:
            self._shared[fonds_id, label] = queries.catalogue_guard(fonds_id, label)
        return self._shared[fonds_id, label]
