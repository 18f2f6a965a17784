"""Verdicts carry their reason; actors say who acts."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations import duties
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor, ActorKind, Clearance
from chancery.foundations.verdict import Refused, Stale, Verdict, first_refusal, no, yes


class NumberTaken(Refused):
    pass


verdicts = st.one_of(st.just(yes()), st.text(min_size=1).map(no))


def test_yes_is_true_and_demands_nothing() -> None:
    assert yes()
    yes().demand()


def test_no_is_false_and_raises_with_everything_it_knows() -> None:
    verdict = no("Taken.", field="number", basis="Rules 2022, art. 22", refusal=NumberTaken)
    assert not verdict
    with pytest.raises(NumberTaken) as refused:
        verdict.demand()
    assert (str(refused.value), refused.value.field, refused.value.basis) == ("Taken.", "number", "Rules 2022, art. 22")


def test_a_stale_refusal_is_a_refusal() -> None:
    with pytest.raises(Refused):
        no("Changed.", refusal=Stale).demand()


def test_a_lazy_reason_is_read_in_the_readers_language() -> None:
    from django.utils import translation
    from django.utils.translation import gettext_lazy

    refusal = Refused(gettext_lazy("No"))
    with translation.override("en"):
        assert str(refusal) == "No"


@given(st.lists(verdicts, max_size=8))
def test_the_first_refusal_decides(several: list[Verdict]) -> None:
    found = first_refusal(*several)
    refusing = [verdict for verdict in several if not verdict]
    assert found == (refusing[0] if refusing else yes())


def test_a_verdict_is_a_value() -> None:
    assert no("x") == no("x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        yes().allowed = False  # type: ignore[misc]  # the point of the test


def test_kinds_of_actor() -> None:
    assert (SYSTEM.is_system, SYSTEM.is_person) == (True, False)
    assert (PUBLIC.is_system, PUBLIC.is_person, PUBLIC.clearance) == (False, False, Clearance.PUBLIC)
    assert Actor().kind is ActorKind.PERSON
    assert Actor().is_person
    assert Actor(person_id=1) == Actor(person_id=1) != Actor(person_id=2)
    assert len({Actor(person_id=1), Actor(person_id=1)}) == 1


def test_clearances_rise() -> None:
    assert sorted(Clearance, reverse=True)[0] is Clearance.CONFIDENTIAL
    assert Clearance.PUBLIC < Clearance.INTERNAL < Clearance.RESTRICTED < Clearance.CONFIDENTIAL


def test_duties_are_asked_of_whoever_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def holds_role(by: Actor, role: str, unit_id: int | None = None) -> Verdict:
        asked.append((by.person_id, role, unit_id))
        return yes() if role == "auditor" else no("Not yours.")

    monkeypatch.setattr(duties, "_answer", duties._nobody)
    assert not duties.holds(Actor(person_id=1), "auditor")
    duties.answer_with(holds_role)
    assert duties.holds(Actor(person_id=1), "auditor", 4)
    assert duties.rule("auditor")(Actor(person_id=2))
    assert not duties.rule("clerk")(Actor(person_id=2))
    assert asked == [(1, "auditor", 4), (2, "auditor", None), (2, "clerk", None)]
