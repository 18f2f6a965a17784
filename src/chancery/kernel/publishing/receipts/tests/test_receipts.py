"""Receipt codes: made, read back, kept as hashes, guessed at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.publishing.queries import alarm_is_on, code_of_form, must_wait, subject_of, was_sent
from chancery.kernel.publishing.receipts import rules
from chancery.kernel.publishing.receipts.services import issue_receipt, note_wrong_try
from chancery.kernel.publishing.receipts.terms import ALPHABET, LENGTH, RANDOM, watch

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
SUBJECT = "general_office.petition:17"
TOKEN = "0123456789abcdef" * 2
CODES = st.builds(lambda seed: rules.read_code(rules.made_code(seed)), st.binary(min_size=12, max_size=32))


def issued(subject: str = SUBJECT, token: str = "", at: dt.datetime = AT) -> str:
    return issue_receipt(subject=subject, token=token, by=SYSTEM, at=at)


# --- The code --------------------------------------------------------------------------------------------------------
def test_a_code_has_at_least_eighty_random_bits_and_stands_in_groups() -> None:
    codes = {rules.made_code() for _turn in range(500)}
    assert len(codes) == 500
    assert len(ALPHABET) ** RANDOM >= 2**80
    assert all([len(group) for group in code.split("-")] == [4, 4, 4, 4, 4] for code in codes)
    assert all(rules.read_code(code) for code in codes)


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_any_one_wrong_digit_is_told(code: str, place: int, digit: str) -> None:
    slipped = code[:place] + digit + code[place + 1 :]
    assert bool(rules.read_code(slipped)) is (slipped == code)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_any_two_digits_exchanged_are_told(code: str, one: int, other: int) -> None:
    digits = list(code)
    digits[one], digits[other] = digits[other], digits[one]
    slipped = "".join(digits)
    assert bool(rules.read_code(slipped)) is (slipped == code)


@given(CODES, st.lists(st.integers(0, 24), max_size=6), st.booleans())
def test_it_is_read_whatever_spaces_dashes_and_case_it_is_typed_with(code: str, gaps: list[int], lower: bool) -> None:
    typed = rules.grouped(code).lower() if lower else rules.grouped(code)
    for gap, mark in zip(sorted(gaps, reverse=True), " -–—－　", strict=False):
        typed = typed[:gap] + mark + typed[gap:]
    assert rules.read_code(typed) == code


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reader(typed: str) -> None:
    read = rules.read_code(typed)
    assert read == "" or rules.read_code(rules.grouped(read)) == read


# --- Kept and found --------------------------------------------------------------------------------------------------
def test_a_code_leads_to_its_subject_however_it_is_typed(cast: Any) -> None:
    code = issued()
    with acting_as(PUBLIC):
        assert subject_of(code) == SUBJECT
        assert subject_of(code.lower().replace("-", " ")) == SUBJECT
        assert subject_of(rules.made_code()) == ""


@pytest.mark.django_db(transaction=True)
def test_the_code_lies_nowhere_in_the_database(cast: Any, owner_connection: Any) -> None:
    code = issued(token=TOKEN)
    kept = [row[0] for row in owner_connection.execute("select row_to_json(r)::text from publishing_receipt r")]
    assert len(kept) == 1
    for secret in (code, rules.read_code(code), TOKEN, code.encode().hex(), TOKEN.encode().hex()):
        assert secret not in kept[0]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from publishing_receipt",
        "update publishing_receipt set subject = 'a.b:1'",
        "delete from publishing_receipt",
    ],
)
def test_raw_sql_as_the_web_role_reads_and_changes_no_receipt(cast: Any, statement: str) -> None:
    issued()
    for by in (cast.registrar, SYSTEM, PUBLIC):
        with acting_as(by), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_wrong_malformed_and_empty_codes_ask_the_database_the_same(cast: Any) -> None:
    code = issued()
    asked = []
    with acting_as(PUBLIC):
        for typed in (code, rules.made_code(), "x", "", "0" * 5000, "' or 1=1 --"):
            with CaptureQueriesContext(connection) as seen:
                subject_of(typed)
            asked.append(len(seen))
    assert set(asked) == {1}


def test_the_same_form_gets_the_same_code_for_a_while_and_no_second_receipt(cast: Any) -> None:
    code = issued(token=TOKEN)
    with pytest.raises(rules.AlreadySent):
        issued(subject="general_office.petition:18", token=TOKEN)
    with acting_as(PUBLIC):
        assert code_of_form(TOKEN, AT + dt.timedelta(minutes=5)) == code
        assert subject_of(code) == SUBJECT
        late = AT + dt.timedelta(hours=3)
        assert (code_of_form(TOKEN, late), was_sent(TOKEN)) == ("", True)
        assert (code_of_form("f" * 32, AT), was_sent("f" * 32), code_of_form("", AT)) == ("", False, "")


@pytest.mark.parametrize("subject", ["", "petition", "general_office.petition:", ":1", "a.b:" + "1" * 200])
def test_a_receipt_is_for_one_thing(cast: Any, subject: str) -> None:
    with pytest.raises(Refused):
        issued(subject=subject)


# --- Guessing --------------------------------------------------------------------------------------------------------
def wrong(place: str, times: int, at: dt.datetime = AT) -> None:
    for _turn in range(times):
        note_wrong_try(place=place, by=PUBLIC, at=at)


def test_the_wait_of_a_place_rises_and_no_other_place_waits(cast: Any) -> None:
    with acting_as(PUBLIC):
        wrong("here", 4)
        assert must_wait("here", AT) == 0
        waits = []
        for _turn in range(12):
            wrong("here", 1)
            waits.append(must_wait("here", AT))
        assert waits[:4] == [2, 4, 8, 16]
        assert waits == sorted(waits)
        assert waits[-1] == 15 * 60
        assert must_wait("there", AT) == 0
        assert must_wait("here", AT + dt.timedelta(minutes=16)) == 0


def test_after_an_hour_the_count_begins_anew(cast: Any) -> None:
    with acting_as(PUBLIC):
        wrong("here", 9)
        wrong("here", 1, AT + dt.timedelta(minutes=61))
        assert must_wait("here", AT + dt.timedelta(minutes=61)) == 0


def test_many_wrong_codes_from_everywhere_sound_one_alarm(cast: Any) -> None:
    from chancery.foundations.journal.models import Entry
    from chancery.kernel.procedures.models import Mail
    from chancery.kernel.publishing.receipts import terms

    kept, terms._watchers[:] = terms._watchers[:], []
    try:
        watch("head", lambda: [cast.units["GO"]])
        with acting_as(PUBLIC):
            wrong("a", 100)
            wrong("b", 99)
            assert not alarm_is_on(AT)
            wrong("c", 2)
            assert alarm_is_on(AT)
            assert not alarm_is_on(AT + dt.timedelta(minutes=61))
    finally:
        terms._watchers[:] = kept
    with acting_as(SYSTEM):
        assert Entry.objects.filter(act="receipt.guessed").count() == 1
        mails = Mail.objects.filter(text__contains="200 wrong codes")
        assert {mail.to_email for mail in mails} == {"shen.yi@example.org"}
