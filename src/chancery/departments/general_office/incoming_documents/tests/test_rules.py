"""What is refused, and why: the refuse column of DOMAIN row 3, without a database."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from chancery.departments.general_office.incoming_documents import rules
from chancery.departments.general_office.incoming_documents.models import number_key, year_of
from chancery.departments.general_office.incoming_documents.terms import Urgency

TODAY = dt.date(2026, 11, 16)


def paper(**facts: object) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            "state": "DRAFT",
            "title": "A request",
            "sender": "Sample Society",
            "urgency": "ROUTINE",
            "limit_on": None,
            "received_on": TODAY,
            "dated_on": None,
            "is_important": False,
            "chaser_id": None,
            **facts,
        }
    )


def test_a_plain_paper_may_be_registered():
    assert rules.may_register(paper(), TODAY)


@pytest.mark.parametrize("urgency", [grade for grade in Urgency if grade != Urgency.ROUTINE])
def test_every_urgent_grade_needs_a_limit(urgency):
    verdict = rules.may_register(paper(urgency=urgency), TODAY)
    assert (verdict.allowed, verdict.field) == (False, "limit_on")
    assert rules.may_register(paper(urgency=urgency, limit_on=TODAY), TODAY)


def test_a_limit_is_not_over_before_the_paper_arrives():
    assert rules.may_register(paper(limit_on=TODAY - dt.timedelta(days=1)), TODAY).field == "limit_on"


def test_an_important_paper_needs_a_named_chaser():
    assert rules.may_register(paper(is_important=True), TODAY).field == "chaser"
    assert rules.may_register(paper(is_important=True, chaser_id=7), TODAY)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"sender": ""}, "sender"),
        ({"received_on": None}, "received_on"),
        ({"received_on": TODAY + dt.timedelta(days=1)}, "received_on"),
        ({"dated_on": TODAY + dt.timedelta(days=1)}, "dated_on"),
    ],
)
def test_what_registration_asks_for_is_named(facts, field):
    assert rules.may_register(paper(**facts), TODAY).field == field


def test_a_paper_is_registered_once():
    assert not rules.may_register(paper(state="REGISTERED"), TODAY)


def test_two_units_need_one_lead():
    verdict = rules.may_propose("DIRECT", {"lead_unit": None, "co_units": [1, 2]})
    assert (verdict.allowed, verdict.refusal) == (False, rules.NoLead)
    assert rules.may_propose("DIRECT", {"lead_unit": 1, "co_units": [2]})


def test_the_lead_is_not_its_own_co_unit():
    assert rules.may_propose("DIRECT", {"lead_unit": 1, "co_units": [1]}).field == "co_units"


def test_submitting_to_a_leader_names_the_leader():
    assert rules.may_propose("TO_LEADER", {"lead_unit": 1}).field == "leaders"


def test_reading_only_needs_readers_and_no_units():
    assert rules.may_propose("READ_ONLY", {}).field == "readers"
    assert rules.may_propose("READ_ONLY", {"readers": [3], "lead_unit": 1}).field == "lead_unit"
    assert rules.may_propose("READ_ONLY", {"readers": [3]})


def test_nothing_passes_by_the_first_check():
    assert rules.was_first_checked({"sign_for", "register"}).refusal is rules.FirstCheckSkipped
    assert rules.was_first_checked({"sign_for", "register", "first_check"})


def test_a_document_goes_only_to_posts_on_its_list():
    assert rules.may_circulate_to(5, {1, 5})
    assert rules.may_circulate_to(6, {1, 5}).refusal is rules.OutsideTheList


def test_papers_go_back_with_grounds():
    assert not rules.may_send_back([], "because")
    assert rules.may_send_back(["OTHER"], " ").field == "reason"
    assert rules.may_send_back(["NO_SEAL"], "")


def test_filing_names_class_and_retention():
    assert rules.may_file("", "Y").field == "file_class"
    assert rules.may_file("WS-1", "").field == "retention"


@pytest.mark.parametrize(
    "spelling", ["样天学字〔2026〕8号", "样天学字[2026]8号", "样天学字（2026）第8号", " 样天学字【２０２６】 8 号"]
)
def test_one_number_has_one_key_however_it_is_typed(spelling):
    assert number_key(spelling) == "样天学字(2026)8号"
    assert year_of(spelling, 1999) == 2026
