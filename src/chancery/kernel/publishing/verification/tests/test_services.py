"""Codes, and what becomes of issued papers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.services import open_guard
from chancery.kernel.publishing.models import Issued, IssuedFile
from chancery.kernel.publishing.queries import address_of, issued_of
from chancery.kernel.publishing.services import (
    mark_superseded,
    mark_withdrawn,
    new_code,
    publish_issued,
    release_file,
)
from chancery.kernel.publishing.verification.queries import answer_to
from chancery.kernel.publishing.verification.rules import grouped, read_code
from chancery.kernel.publishing.verification.terms import ALPHABET, LENGTH
from chancery.kernel.publishing.verification.tests.conftest import NOON

OLD, NEW = "general_office.outgoingdocument:7", "general_office.outgoingdocument:8"


def test_a_code_has_eighty_random_bits_and_is_printed_in_groups_of_four() -> None:
    codes = {new_code() for _turn in range(500)}
    assert len(codes) == 500
    assert len(ALPHABET) ** LENGTH == 2**80
    assert all([len(group) for group in code.split("-")] == [4, 4, 4, 4] for code in codes)


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), st.lists(st.integers(0, 16), max_size=6), st.booleans())
def test_a_code_is_read_whatever_spaces_dashes_and_case_it_is_typed_with(
    code: str, gaps: list[int], lower: bool
) -> None:
    typed = code.lower() if lower else code
    for gap, mark in zip(sorted(gaps, reverse=True), " -–—－　", strict=False):
        typed = typed[:gap] + mark + typed[gap:]
    assert read_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("o1il-0000-0000-0000", "0111000000000000"),
        ("７Ｋ３Ｍ－９ＱＸ２－４ＴＢＷ－０ＨＶＥ", "7K3M9QX24TBW0HVE"),  # as an input method writes it
        ("7K3M 9QX2 4TBW 0HV", ""),
        ("7K3M-9QX2-4TBW-0HVEE", ""),
        ("U000-0000-0000-0000", ""),
        ("", ""),
        ("' or 1=1 -- 000000", ""),
        ("0" * 10_000, ""),
    ],
)
def test_what_looks_alike_is_read_alike_and_what_is_no_code_is_none(typed: str, read: str) -> None:
    assert read_code(typed) == read


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reader(typed: str) -> None:
    read = read_code(typed)
    assert read == "" or (len(read) == LENGTH and read_code(grouped(read)) == read)


def test_the_address_is_absolute_and_carries_the_code_in_groups(settings: Any) -> None:
    assert address_of("7k3m9qx24tbw0hve") == "https://office.example.org/verify/7K3M-9QX2-4TBW-0HVE/"


def test_a_published_paper_is_genuine_until_a_newer_one_takes_its_place_or_it_is_withdrawn(
    cast: Any, issue: Any
) -> None:
    old, new = issue("7"), issue("8")
    with acting_as(PUBLIC):
        assert (answer_to(old).state, answer_to(old).unit_en) == ("GENUINE", "General Office")
    mark_superseded(subject=OLD, successor_subject=NEW, by=cast.registrar, at=NOON)
    with acting_as(PUBLIC):
        assert (answer_to(old).state, answer_to(old).successor) == ("SUPERSEDED", new)
        assert answer_to(new).state == "GENUINE"
    mark_withdrawn(subject=NEW, reason="issued in error", by=cast.registrar, at=NOON)
    with acting_as(PUBLIC):
        assert answer_to(new).state == "WITHDRAWN"


def test_the_body_bears_the_name_it_had_on_the_day_of_issue(cast: Any, issue: Any) -> None:
    from chancery.kernel.directory.services import rename_unit

    code = issue("7")
    rename_unit(
        unit_id=cast.units["GO"], name_en="General Affairs", name_zh="综合部", on=NOON.date(), by=SYSTEM, at=NOON
    )
    with acting_as(PUBLIC):
        assert (answer_to(code).unit_en, answer_to(code).unit_zh) == ("General Office", "办公厅")


def test_what_was_withdrawn_stays_so_and_withdrawing_takes_a_reason(cast: Any, issue: Any) -> None:
    issue("7"), issue("8")
    with pytest.raises(Refused, match="Say why"):
        mark_withdrawn(subject=OLD, reason=" ", by=cast.registrar, at=NOON)
    mark_withdrawn(subject=OLD, reason="error", by=cast.registrar, at=NOON)
    with pytest.raises(Refused, match="already"):
        mark_withdrawn(subject=OLD, reason="again", by=cast.registrar, at=NOON)
    with pytest.raises(Refused, match="stays so"):
        mark_superseded(subject=OLD, successor_subject=NEW, by=cast.registrar, at=NOON)
    with pytest.raises(Refused, match="newer paper is itself"):
        mark_superseded(subject=NEW, successor_subject=OLD, by=cast.registrar, at=NOON)
    with pytest.raises(Refused, match="does not supersede itself"):
        mark_superseded(subject=NEW, successor_subject=NEW, by=cast.registrar, at=NOON)


def test_a_paper_and_a_code_are_entered_once(cast: Any, issue: Any) -> None:
    code = issue("7")
    for subject, other in ((OLD, new_code()), (NEW, code)):
        with pytest.raises(Refused, match="already"):
            publish_issued(
                code=other,
                subject=subject,
                unit_id=cast.units["GO"],
                issued_on=NOON.date(),
                sha256s=["0" * 64],
                by=cast.registrar,
                at=NOON,
            )


@pytest.mark.parametrize(("code", "sha256s"), [("short", ["0" * 64]), (None, []), (None, ["not a hash"])])
def test_a_paper_without_a_code_or_a_released_file_is_not_entered(
    cast: Any, code: str | None, sha256s: list[str]
) -> None:
    with pytest.raises(Refused):
        publish_issued(
            code=code or new_code(),
            subject=OLD,
            unit_id=cast.units["GO"],
            issued_on=NOON.date(),
            sha256s=sha256s,
            by=cast.registrar,
            at=NOON,
        )


def test_a_further_file_is_released_once(cast: Any, issue: Any) -> None:
    issue("7")
    for _turn in range(2):
        release_file(subject=OLD, sha256="a" * 64, by=cast.registrar, at=NOON)
    with acting_as(cast.registrar):
        assert IssuedFile.objects.filter(sha256="a" * 64).count() == 1


def test_the_public_sees_no_row_and_staff_only_those_of_papers_they_see(cast: Any, issue: Any) -> None:
    guard = open_guard(unit_id=cast.units["GO"], label=10, by=cast.registrar, at=NOON)
    public_guard = open_guard(unit_id=cast.units["GO"], label=0, is_public=True, by=cast.registrar, at=NOON)
    issue("7", guard_id=guard.pk)
    issue("8", guard_id=public_guard.pk)
    with acting_as(PUBLIC):
        assert (Issued.objects.count(), IssuedFile.objects.count()) == (0, 0)
    with acting_as(cast.outsider):
        assert issued_of(OLD) is None
        assert IssuedFile.objects.filter(issued__subject=OLD).count() == 0
    with acting_as(cast.registrar):
        assert issued_of(OLD) is not None
    with pytest.raises(Refused, match="not entered"):
        mark_withdrawn(subject=OLD, reason="mischief", by=cast.outsider, at=NOON)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from publishing_issued",
        "update publishing_issued set code = '0000000000000000'",
        "update publishing_issued set issued_on = now()",
        "update publishing_issuedfile set sha256 = 'x'",
        "delete from publishing_issuedfile",
        "truncate publishing_issued cascade",
    ],
)
def test_raw_sql_as_the_web_role_cannot_rewrite_what_was_issued(cast: Any, issue: Any, statement: str) -> None:
    issue("7")
    for by in (cast.registrar, SYSTEM):
        with acting_as(by), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_raw_sql_cannot_make_a_withdrawn_paper_genuine_again(cast: Any, issue: Any) -> None:
    issue("7")
    mark_withdrawn(subject=OLD, reason="error", by=cast.registrar, at=NOON)
    statement = "update publishing_issued set state = 'GENUINE', state_on = null, reason = ''"
    with acting_as(SYSTEM), pytest.raises(DatabaseError, match="does not go back"), transaction.atomic():
        connection.cursor().execute(statement)
