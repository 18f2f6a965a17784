"""How numbers are written, and where a matter may go back to; without a database."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.departments.general_office.outgoing_documents import rules as document_rules
from chancery.departments.general_office.outgoing_documents.issuing import rules, services
from chancery.departments.general_office.outgoing_documents.issuing.series import rules as series
from chancery.kernel.records.numbers.rules import form_of


@dataclass
class Paper:
    """What the rules read of a document."""

    state: str = "UNDER_WAY"
    number: str = ""
    signed_hash: str = ""
    drafter_person_id: int | None = 1
    signed_person_id: int | None = None


@pytest.mark.parametrize(
    "pattern",
    [
        "{code}[{year}]{n}号",
        "{code}（{year}）{n}号",
        "{code}【{year}】{n}号",
        "{code}〔{year}〕第{n}号",
        "{code}〔{year}〕{n:03}号",
        "{code}〔{year}〕{n}",
        "{code}{year}-{n}号",
        "{code}〔{year}〕号",
        "{code}〔{year}〕{n}{n}号",
        "{code}〔{year}〕({n}号",
    ],
)
def test_wrong_brackets_padding_and_di_are_refused(pattern):
    verdict = series.is_pattern(pattern, profile="cn")
    assert not verdict
    assert verdict.field == "pattern"


@pytest.mark.parametrize("pattern", ["{code}/{year}/{n:04}", "{code}/{n}", "{code}/{year}/{n}/{x}"])
def test_a_neutral_pattern_is_not_padded_either(pattern):
    assert not series.is_pattern(pattern, profile="neutral")


def test_the_patterns_of_both_profiles_hold():
    assert series.is_pattern("{code}〔{year}〕{n}号", profile="cn")
    assert series.is_pattern("{code}/{year}/{n}", profile="neutral")


@pytest.mark.parametrize("word", ["", "科协 办", "科协〔办", "GO-1", "第一", "号"])
def test_a_code_word_from_which_a_number_could_not_be_read_back_is_refused(word):
    assert not series.is_word(word)


@given(st.integers(1, 99_999), st.integers(2000, 2099))
def test_every_number_of_a_good_pattern_is_well_written(serial, year):
    form = form_of("科协办发〔{year}〕{n}号", year)
    number = f"{form.before}{serial}{form.after}"
    assert number == f"科协办发〔{year}〕{serial}号"
    if year <= 2026:
        assert document_rules.number_form(number, profile="cn")


@given(st.sampled_from(services.ORDER), st.sampled_from(["UNDER_WAY", "SIGNED", "NUMBERED", "SEALED", "RELEASED"]))
def test_nothing_numbered_goes_back_before_its_number_and_nothing_released_before_dispatch(step, state):
    number = "科协办发〔2026〕8号" if state in {"NUMBERED", "SEALED", "RELEASED"} else ""
    allowed = bool(rules.may_go_back(Paper(state=state, number=number), step, services.ORDER))
    place = services.ORDER.index(step)
    first = {"RELEASED": "dispatch", "NUMBERED": "number", "SEALED": "number"}.get(state, "draft")
    assert allowed == (place >= services.ORDER.index(first))


@given(st.booleans(), st.booleans(), st.sampled_from(["PASS", "PARALLEL", "SERIAL"]), st.sets(st.integers(1, 5)))
def test_countersigners_and_the_way_agree(has_joint, is_own, outcome, units):
    joint = [6] if has_joint else []
    verdict = rules.may_send_on(outcome, units, joint=joint, drafting_unit=min(units) if is_own and units else 99)
    fits = not joint and not (is_own and units) and (bool(units) == (outcome != "PASS"))
    assert bool(verdict) == fits
