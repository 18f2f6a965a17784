"""What a thing is filed under: the shipped plan answers by kind, type and unit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook.terms import Profile
from chancery.foundations.verdict import Refused
from chancery.kernel.directory.services import create_unit
from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.records.fileplan import queries, services
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def asked(cast: Cast, db: None) -> Cast:
    """The cast, asking as the least of them."""
    with acting_as(cast.outsider):
        yield cast  # type: ignore[misc]  # a fixture that yields is what its user gets


def test_a_site_begins_with_one_fonds_and_a_plan_in_force(asked: Cast) -> None:
    fonds = queries.fonds_of_unit(asked.units["PF"], TODAY)
    assert fonds is not None
    assert fonds.unit_id == asked.units["CAST"]
    plan = queries.demanded_plan(fonds.pk, TODAY)
    assert (plan.number, plan.profile) == (1, settings.PROFILE)
    shipped = queries.read_shipped(settings.PROFILE)
    assert {row.code for row in plan.classes.all()} == {one["code"] for one in shipped.classes}
    kept = {code: one["period"] for one in shipped.classes if one["period"] for code in [one["code"]]}
    assert {code: period for _id, code, _words, period in queries.leaves(plan.pk)} == kept


def test_the_type_weighs_more_than_the_unit_and_the_unit_more_than_nothing(asked: Cast) -> None:
    def code(kind: str, type_code: str, unit: str) -> str:
        return queries.propose(kind=kind, type_code=type_code, unit_id=asked.units[unit], on=TODAY).class_code

    plan = queries.read_shipped(settings.PROFILE).classes
    by_type = next(one["code"] for one in plan if "incoming/REQUEST" in one["proposes"])
    by_unit = next(one["code"] for one in plan if one["unit"] == "PF")
    by_kind = next(one["code"] for one in plan if "incoming" in one["proposes"] and not one["unit"])
    assert code("incoming", "REQUEST", "PF") == by_type
    assert code("incoming", "NOTICE", "PF") == by_unit
    assert code("incoming", "NOTICE", "GO") == by_kind


def test_a_unit_below_is_filed_as_the_unit_above(asked: Cast) -> None:
    with acting_as(SYSTEM):
        below = create_unit(
            code="PF-B",
            name_en="Budget Division",
            name_zh="预算处",
            kind=UnitKind.DIVISION,
            parent_id=asked.units["PF"],
            position=1,
            on=dt.date(2026, 1, 1),
            decision="Sample / 样例",
            by=SYSTEM,
            at=clock.now(),
        ).pk
    here = queries.propose(kind="outgoing", type_code="", unit_id=asked.units["PF"], on=TODAY)
    assert queries.propose(kind="outgoing", type_code="", unit_id=below, on=TODAY) == here
    # The plan of cn gives its units codes, and a unit below goes by the one above; neutral units go by their own.
    above = queries.unit_code(here.fonds_id, asked.units["PF"], TODAY)
    assert queries.unit_code(here.fonds_id, below, TODAY) == {"cn": above, "neutral": "PFB"}[settings.PROFILE]


def test_what_no_class_speaks_of_gets_the_shortest_period_and_a_reason(asked: Cast) -> None:
    found = queries.propose(kind="postcard", type_code="", unit_id=asked.units["GO"], on=TODAY)
    assert found.years == min(one["years"] or 99 for one in queries.read_shipped(settings.PROFILE).periods)
    assert "No class speaks" in found.why


def test_a_day_before_the_plan_has_no_plan(asked: Cast) -> None:
    with pytest.raises(queries.NoPlan):
        queries.propose(kind="incoming", type_code="", unit_id=asked.units["GO"], on=dt.date(1950, 1, 1))


@pytest.mark.cn
def test_the_general_office_has_its_letters(asked: Cast) -> None:
    fonds = Fonds.objects.get()
    assert queries.unit_code(fonds.pk, asked.units["GO"], TODAY) == "BGT"


@pytest.mark.parametrize("profile", Profile.values)
def test_a_load_is_done_once_and_leaves_alone_what_is_there(asked: Cast, profile: str) -> None:
    with acting_as(SYSTEM):
        report = services.load_plan(unit_id=asked.units["CAST"], by=SYSTEM, at=clock.now(), profile=profile)
    assert not report.is_new
    assert bool(report.kept) == (profile != settings.PROFILE)
    assert (Fonds.objects.count(), FilePlan.objects.count()) == (1, 1)


def test_nobody_but_the_system_loads_a_plan_in_force(asked: Cast) -> None:
    with acting_as(asked.archive_head), pytest.raises(Refused):
        services.load_plan(unit_id=asked.units["GO"], by=asked.archive_head, at=clock.now())


def test_the_plan_loads_in_few_statements(asked: Cast, django_assert_max_num_queries: object) -> None:
    with acting_as(SYSTEM), django_assert_max_num_queries(25):  # type: ignore[operator]  # pytest-django's own type
        services.load_plan(unit_id=asked.units["IA"], code="B002", by=SYSTEM, at=clock.now())
    assert PlanClass.objects.filter(plan__fonds__code="B002").exists()
