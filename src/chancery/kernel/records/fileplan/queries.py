"""What a thing is filed under and for how long; the versions of a plan; the plan a release ships."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.foundations.verdict import Refused
from chancery.foundations.words import is_chinese, words
from chancery.kernel.directory.models import Unit
from chancery.kernel.directory.queries import ancestors
from chancery.kernel.records.archive.terms import sources
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass, RetentionPeriod, UnitCode
from chancery.kernel.records.fileplan.terms import PlanState
from chancery.kernel.records.papertypes.queries import holding as papers_holding

if TYPE_CHECKING:
    from django.db.models import QuerySet

SHIPPED = Path(__file__).parent / "file_plan.toml"


class NoPlan(Refused):
    """No fonds, or no version of its plan that holds on the day."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the plan says of a thing: where it goes and how long it is kept. `why` is for the person who files it."""

    fonds_id: int
    plan_id: int
    class_id: int
    class_code: str
    category: str
    period: str
    years: int | None  # None: for good
    why: str


# --- Fonds and the plan in force -----------------------------------------------------------------------------------
def fonds_of_unit(unit_id: int, on: dt.date) -> Fonds | None:
    """The fonds of the unit itself or of the nearest unit above it that has one open on the day."""
    above = ancestors(unit_id)
    held = {
        fonds.unit_id: fonds
        for fonds in Fonds.objects.filter(
            Q(closed_on=None) | Q(closed_on__gte=on), unit_id__in=above, begun_on__lte=on
        ).order_by("-begun_on", "-pk")
    }
    return next((held[unit] for unit in above if unit in held), None)


def plan_on(fonds_id: int, on: dt.date) -> FilePlan | None:
    """The approved version that holds on a day."""
    return (
        FilePlan.objects.select_related("fonds")
        .filter(Q(valid_to=None) | Q(valid_to__gte=on), fonds_id=fonds_id, state=PlanState.APPROVED, valid_from__lte=on)
        .first()
    )


def demanded_plan(fonds_id: int, on: dt.date) -> FilePlan:
    """The same, or `NoPlan`."""
    found = plan_on(fonds_id, on)
    if found is None:
        raise NoPlan(_("No file plan of this fonds is in force on that day. Ask the head of the archive."))
    return found


def open_leaves(plan_id: int) -> QuerySet[PlanClass]:
    """The classes that take something, in the plan's order."""
    nodes = PlanClass.objects.filter(plan_id=plan_id, parent__isnull=False).values("parent_id")
    return (
        PlanClass.objects.filter(plan_id=plan_id, is_open=True)
        .exclude(pk__in=nodes)
        .exclude(period="")
        .order_by("position", "code")
    )


def leaves(plan_id: int, kind: str | None = None) -> list[tuple[int, str, str, str]]:
    """(class, code, words with the branch before them, period) of what can be filed under.

    With a `kind`, classes that propose it come first.
    """
    rows = list(open_leaves(plan_id).select_related("parent"))
    if kind:
        rows.sort(key=lambda row: not any(said.split("/")[0] == kind for said in row.proposes))
    return [
        (row.pk, row.code, f"{words(row.parent)} · {words(row)}" if row.parent else words(row), row.period)
        for row in rows
    ]


def periods(plan_id: int) -> list[RetentionPeriod]:
    """The periods a version knows, the longest first."""
    return list(RetentionPeriod.objects.filter(plan_id=plan_id))


def unit_code(fonds_id: int, unit_id: int, on: dt.date) -> str:
    """机构代码: of the unit or the nearest above it that has one; else the unit's own code without signs."""
    above = ancestors(unit_id)
    held = dict(
        UnitCode.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=on), fonds_id=fonds_id, unit_id__in=above, valid_from__lte=on
        ).values_list("unit_id", "code")
    )
    found = next((held[unit] for unit in above if unit in held), "")
    return found or _plain(Unit.objects.values_list("code", flat=True).get(pk=unit_id))


def _plain(code: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", code.upper())[:12] or "X"


# --- What a thing is filed under -----------------------------------------------------------------------------------
def propose(*, kind: str, type_code: str, unit_id: int, on: dt.date) -> Proposal:
    """The class that speaks most particularly of this kind, type and unit; `NoPlan` when there is no plan.

    The type weighs more than the unit, and a near unit more than a far one. Where no class speaks of the kind, the
    first open class with the shortest period is proposed, and the reason says that nothing fits.
    """
    fonds = fonds_of_unit(unit_id, on)
    if fonds is None:
        raise NoPlan(_("This unit belongs to no fonds. Ask the head of the archive to open one."))
    plan = demanded_plan(fonds.pk, on)
    rows = list(open_leaves(plan.pk))
    years = {period.code: period.years for period in periods(plan.pk)}
    if not rows:
        raise NoPlan(_("The file plan has no open class."))
    near = {unit: distance for distance, unit in enumerate(ancestors(unit_id))}
    exact = f"{kind}/{type_code}" if type_code else ""

    def weight(row: PlanClass) -> tuple[int, int] | None:
        said = 2 if exact and exact in row.proposes else 1 if kind in row.proposes else 0
        if not said or (row.unit_id is not None and row.unit_id not in near):
            return None
        return said, 1000 - near[row.unit_id] if row.unit_id is not None else 0

    fitting = [(found, row) for row in rows if (found := weight(row)) is not None]
    if fitting:
        (said, closeness), row = max(fitting, key=lambda one: one[0])
        why = _why(row, typed=said == 2, local=bool(closeness))
    else:
        row = min(rows, key=lambda one: years.get(one.period) or 10_000)
        why = _("No class speaks of this kind. Choose the right one.")
    return Proposal(fonds.pk, plan.pk, row.pk, row.code, row.category, row.period, years.get(row.period), why)


def _why(row: PlanClass, *, typed: bool, local: bool) -> str:
    said = {"code": row.code, "name": words(row)}
    if typed and local:
        return _("The plan puts this type of this unit under %(code)s %(name)s.") % said
    if typed:
        return _("The plan puts this type under %(code)s %(name)s.") % said
    if local:
        return _("The plan puts what this unit leads under %(code)s %(name)s.") % said
    return _("The plan puts this kind under %(code)s %(name)s.") % said


# --- The shipped plan ----------------------------------------------------------------------------------------------
class BadPlan(Refused):
    """The shipped plan, or one read from a file, cannot be taken; `faults` has one line each."""

    def __init__(self, faults: Sequence[str], *, field: str | None = None) -> None:
        super().__init__("\n".join(faults) or gettext_lazy("The file plan is empty."), field=field)
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class ShippedPlan:
    """A profile's plan as the file says it."""

    profile: str
    valid_from: dt.date
    basis: dict[str, str]
    periods: list[dict[str, Any]]
    unit_codes: dict[str, str]
    classes: list[dict[str, Any]]  # a class comes after the one it stands under


def read_shipped(profile: str, path: Path = SHIPPED) -> ShippedPlan:
    """Read and check one profile's plan; `BadPlan` lists every fault."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))[profile]
    known = {period["code"]: period for period in told["period"]}
    codes = [one["code"] for one in told["class"]]
    faults = [f"{code}: twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    faults += [
        f"{one['code']}: no period “{one['period']}”"
        for one in told["class"]
        if one.get("period") and one["period"] not in known
    ]
    classes = []
    for place, one in enumerate(told["class"], start=1):
        above = parent_code(one["code"])
        if above and above not in codes[: place - 1]:
            faults.append(f"{one['code']}: “{above}” does not stand before it")
        classes.append(
            {
                "code": one["code"],
                "parent": above,
                "category": told["category"],
                "position": place,
                "name_en": one["en"],
                "name_zh": one["zh"],
                "scope_en": one.get("scope_en", ""),
                "scope_zh": one.get("scope_zh", ""),
                "unit": one.get("unit", ""),
                "period": one.get("period", ""),
                "at_end": known[one["period"]]["at_end"] if one.get("period") in known else "APPRAISE",
                "proposes": one.get("proposes", []),
            }
        )
    if faults:
        raise BadPlan(faults)
    basis = {"basis_en": told["basis_en"], "basis_zh": told["basis_zh"]}
    return ShippedPlan(
        profile,
        told["valid_from"],
        basis,
        [
            {"code": one["code"], "name_en": one["en"], "name_zh": one["zh"], "years": one.get("years"), **basis}
            for one in told["period"]
        ],
        told["unit_code"],
        classes,
    )


def parent_code(code: str) -> str:
    """The code of the class a class stands under, as its own code says it: "01.2" stands under "01"."""
    cut = max(code.rfind("."), code.rfind("-"))
    return code[:cut] if cut > 0 else ""


# --- A version as a tree -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Branch:
    """A class in its place: how deep it stands, and whether others stand under it."""

    row: PlanClass
    depth: int
    is_node: bool
    period: RetentionPeriod | None


def tree(plan: FilePlan) -> list[Branch]:
    """The classes from the top down, each before what stands under it."""
    rows = list(plan.classes.select_related("unit"))
    kept = {one.code: one for one in plan.periods.all()}
    under: dict[int | None, list[PlanClass]] = {}
    for row in rows:
        under.setdefault(row.parent_id, []).append(row)
    found: list[Branch] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for row in under.get(parent_id, []):
            found.append(Branch(row, depth, row.pk in under, kept.get(row.period)))
            walk(row.pk, depth + 1)

    walk(None, 0)
    return found


def proposals_in_words(plan: FilePlan, on: dt.date) -> dict[int, list[str]]:
    """What each class is proposed for, as people call it: "Incoming document: Request, Report", by class."""
    kinds = {kind: source.name_zh if is_chinese() else source.name_en for kind, source in sources().items()}
    papers = {row.code: words(row) for row in papers_holding(on, profile=plan.profile)}
    types = {
        kind: {**papers, **(source.types() if source.types is not None else {})} for kind, source in sources().items()
    }
    told: dict[int, list[str]] = {}
    for class_id, proposes in plan.classes.values_list("id", "proposes"):
        of_kind: dict[str, list[str]] = {}
        for said in proposes:
            kind, _slash, code = said.partition("/")
            of_kind.setdefault(kind, []).extend([str(types.get(kind, papers).get(code, code))] if code else [])
        comma, colon = ("、", "：") if is_chinese() else (", ", ": ")
        told[class_id] = [
            f"{kinds.get(kind, kind)}{colon}{comma.join(found)}" if found else kinds.get(kind, kind)
            for kind, found in of_kind.items()
        ]
    return told
