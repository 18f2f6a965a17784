"""Each of the four checks, finding by finding; no database."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.departments.general_office.archives.handover.checks import rules
from chancery.departments.general_office.archives.handover.checks.terms import (
    ChainFacts,
    Check,
    ItemFacts,
    Law,
    PartFacts,
    worst,
)
from chancery.departments.general_office.archives.handover.queries import told
from chancery.departments.general_office.archives.handover.scanner.terms import Scan, ScanState
from chancery.departments.general_office.archives.handover.terms import FINDINGS, GRAVITY, CheckName, Result
from chancery.kernel.records.seals.terms import SignerFacts, Validation

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LAW = Law(("code", "title"), ("MAIN", "DRAFT", "SLIP"), frozenset({PDF}), frozenset({DOCX}))
CLEAN = Scan(ScanState.CLEAN)


def part(role="MAIN", **more):
    facts = {"media_type": PDF, "sha256": "a", "found_sha256": "a", "pages": 2, "scan": CLEAN, "name": "a.pdf"}
    return PartFacts(**{"id": 1, "role": role, **facts, **more})


WHOLE = (part(), part("DRAFT", id=2, media_type=DOCX, pages=None), part("SLIP", id=3, pages=1))
ITEM = ItemFacts("outgoing", "DIGITAL", 2, {"code": "X", "title": "T"}, None, ChainFacts(3))


def item(**more):
    return dataclasses.replace(ITEM, **more)


def seal(**more):
    signer = SignerFacts("General Office", "", None, True, True, False, "", "")
    facts = {"is_signed": True, "is_intact": True, "is_trusted": True, "covers_whole_file": True, "signers": [signer]}
    return Validation(**{**facts, **more})


def said(of=ITEM, parts=WHOLE, law=LAW):
    """(check, result, code) of what did not pass."""
    return [(one.name, one.result, one.code) for one in rules.checked(of, parts, law) if not one.passed]


def test_a_whole_item_passes_all_four() -> None:
    assert said() == []
    assert {one.name for one in rules.checked(ITEM, WHOLE, LAW)} == set(CheckName)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (({"found_sha256": "b"}), (CheckName.AUTHENTIC, Result.FAIL, "hash_differs")),
        (({"found_sha256": ""}), (CheckName.AUTHENTIC, Result.FAIL, "content_missing")),
        (({"seal": seal(is_intact=False)}), (CheckName.AUTHENTIC, Result.FAIL, "seal_broken")),
        (({"seal": seal(is_trusted=False)}), (CheckName.AUTHENTIC, Result.WARN, "seal_unknown")),
        (({"seal": seal(is_readable=False, is_signed=False)}), (CheckName.AUTHENTIC, Result.UNKNOWN, "seal_unread")),
        (({"fault": "ENCRYPTED"}), (CheckName.USABLE, Result.FAIL, "encrypted")),
        (({"fault": "DAMAGED"}), (CheckName.USABLE, Result.FAIL, "damaged")),
        (({"fault": "TOO_DEEP"}), (CheckName.USABLE, Result.FAIL, "unreadable")),
        (({"media_type": DOCX}), (CheckName.USABLE, Result.WARN, "format_passing")),
        (({"media_type": "application/x-odd"}), (CheckName.USABLE, Result.FAIL, "format_refused")),
        (({"scan": Scan(ScanState.FOUND, "Eicar")}), (CheckName.SAFE, Result.FAIL, "virus")),
        (({"scan": Scan(ScanState.NOT_SET_UP)}), (CheckName.SAFE, Result.WARN, "no_scanner")),
        (({"scan": Scan(ScanState.SILENT)}), (CheckName.SAFE, Result.UNKNOWN, "scanner_silent")),
        (({"scan": Scan(ScanState.TOO_LARGE)}), (CheckName.SAFE, Result.UNKNOWN, "too_large")),
    ],
)
def test_what_is_wrong_with_a_part_is_found_and_named(parts, found) -> None:
    assert found in said(parts=(part(**parts), *WHOLE[1:]))


def test_a_seal_that_holds_passes_and_names_its_owner() -> None:
    [one] = [c for c in rules.authentic(ITEM, [part(seal=seal())]) if c.code == "seal_intact"]
    assert one.passed and told(one.code, one.data) == "Sealed by General Office; unchanged since."


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"elements": {"code": "X", "title": ""}}, (CheckName.COMPLETE, Result.FAIL, "elements_missing")),
        ({"annexes_named": 1}, (CheckName.COMPLETE, Result.FAIL, "annexes_missing")),
        ({"page_count": 9}, (CheckName.COMPLETE, Result.FAIL, "pages_differ")),
        ({"page_count": 9, "carrier": "BOTH"}, (CheckName.COMPLETE, Result.WARN, "pages_differ")),
        ({"page_count": None}, (CheckName.COMPLETE, Result.WARN, "pages_unsaid")),
        ({"chain": ChainFacts(3, 2)}, (CheckName.AUTHENTIC, Result.FAIL, "journal_broken")),
        ({"chain": ChainFacts(0)}, (CheckName.AUTHENTIC, Result.WARN, "journal_none")),
    ],
)
def test_what_is_wrong_with_the_item_is_found_and_named(change, found) -> None:
    assert said(item(**change)) == [found]


def test_pages_that_a_format_does_not_have_are_not_held_against_it() -> None:
    parts = (part(media_type="text/plain", pages=None), *WHOLE[1:])
    assert (CheckName.COMPLETE, Result.WARN, "pages_uncountable") in said(parts=parts)


def test_slip_and_final_draft_travel_with_it() -> None:
    assert said(parts=(part(),)) == [(CheckName.COMPLETE, Result.FAIL, "parts_missing")]
    assert (CheckName.COMPLETE, Result.FAIL, "main_missing") in said(parts=WHOLE[1:])


def test_an_item_on_paper_needs_no_files() -> None:
    assert said(item(carrier="PAPER"), ()) == []
    assert (CheckName.COMPLETE, Result.FAIL, "main_missing") in said(ITEM, ())


def test_every_finding_has_words() -> None:
    for code in FINDINGS:
        data = dict.fromkeys(("names", "problems", "count", "seq", "said", "found", "fault", "name"), "1")
        assert "%(" not in told(code, {**data, "media_type": PDF, "elements": ["code"], "parts": ["SLIP"]})


@given(st.lists(st.sampled_from(Result), max_size=8))
def test_the_gravest_result_stands_for_the_item(results) -> None:
    checks = [Check(CheckName.SAFE, one, "clean") for one in results]
    assert worst(checks) == (max(results, key=GRAVITY.__getitem__) if results else Result.UNKNOWN)
