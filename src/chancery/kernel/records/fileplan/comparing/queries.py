"""What one version says that another does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.foundations.words import words
from chancery.kernel.records.fileplan.models import FilePlan, PlanClass

WORDS = {
    "new": _("New"),
    "gone": _("Taken out"),
    "closed": pgettext_lazy("class of the file plan", "Closed"),
    "reopened": _("Open again"),
    "renamed": _("Other name"),
    "moved": _("Moved"),
    "scope": _("Other scope"),
    "shorter": _("Shorter period"),
    "longer": _("Longer period"),
    "at_end": _("Other end"),
    "proposes": _("Proposes otherwise"),
}
TONES = {"new": "green", "gone": "red", "shorter": "red", "longer": "blue", "closed": "orange"}
FOR_GOOD = 10_000


@dataclass(slots=True)
class Line:
    """One class in both versions; `before` or `after` is None where it is missing."""

    code: str
    before: PlanClass | None
    after: PlanClass | None
    before_period: str = ""
    after_period: str = ""
    changes: list[str] = field(default_factory=list)

    @property
    def badges(self) -> list[tuple[object, str]]:
        """Words and tone of each change."""
        return [(WORDS[one], TONES.get(one, "neutral")) for one in self.changes]


def _length(years: Mapping[str, int | None], code: str) -> int:
    return (years[code] or FOR_GOOD) if code in years else 0


def compare(earlier: FilePlan, later: FilePlan) -> list[Line]:
    """Every class that either has, in the later version's order, with what changed."""
    was = {row.code: row for row in earlier.classes.select_related("parent")}
    now = {row.code: row for row in later.classes.select_related("parent")}
    was_years = {one.code: one.years for one in earlier.periods.all()}
    now_years = {one.code: one.years for one in later.periods.all()}
    lines = [_line(code, was.get(code), now.get(code), was_years, now_years) for code in {**now, **was}]
    return sorted(lines, key=lambda line: line.code)


def _line(
    code: str,
    before: PlanClass | None,
    after: PlanClass | None,
    was: Mapping[str, int | None],
    now: Mapping[str, int | None],
) -> Line:
    line = Line(code, before, after, before.period if before else "", after.period if after else "")
    if before is None or after is None:
        line.changes = ["new" if before is None else "gone"]
        return line
    if before.is_open != after.is_open:
        line.changes.append("reopened" if after.is_open else "closed")
    if (before.name_en, before.name_zh) != (after.name_en, after.name_zh):
        line.changes.append("renamed")
    if (before.parent and before.parent.code) != (after.parent and after.parent.code):
        line.changes.append("moved")
    if (before.scope_en, before.scope_zh) != (after.scope_en, after.scope_zh):
        line.changes.append("scope")
    held, kept = _length(was, before.period), _length(now, after.period)
    if held and kept and held != kept:
        line.changes.append("shorter" if kept < held else "longer")
    if before.at_end != after.at_end and after.period:
        line.changes.append("at_end")
    if (sorted(before.proposes), before.unit_id) != (sorted(after.proposes), after.unit_id):
        line.changes.append("proposes")
    return line


def shortened(earlier: FilePlan, later: FilePlan) -> list[str]:
    """Codes and names of classes whose period the later version makes shorter: for what is filed from its day on."""
    return [
        f"{line.code} {words(line.after)}: {line.before_period} → {line.after_period}"
        for line in compare(earlier, later)
        if "shorter" in line.changes
    ]
