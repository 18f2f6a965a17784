"""The public pages of verification."""

from __future__ import annotations

import hashlib
import io
import re
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.foundations.actor import SYSTEM
from chancery.kernel.access.services import open_guard
from chancery.kernel.publishing.services import mark_superseded, mark_withdrawn
from chancery.kernel.publishing.verification.tests.conftest import NOON
from chancery.kernel.records.seals.tests.office import TEXT, Place, paper
from chancery.kernel.records.services import affix, register_seal

OLD, NEW = "general_office.outgoingdocument:7", "general_office.outgoingdocument:8"


def _text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def sealed(cast: Any) -> bytes:
    """A paper of the General Office with its seal on it."""
    seal = register_seal(
        code="GO-1",
        name_en="Seal of the General Office",
        name_zh="办公厅印章",
        legal_name="办公厅",
        unit_id=cast.units["GO"],
        kind="OFFICIAL",
        diameter_mm=Decimal(42),
        keeper_post_id=cast.archivist.post_id,
        by=SYSTEM,
        at=NOON,
    )
    done = affix(
        seal_id=seal.pk,
        pdf=paper(),
        places=[Place()],
        subject=OLD,
        text_hash=TEXT,
        approved_hash=TEXT,
        approver_person_id=cast.leader.person_id,
        guard_id=open_guard(unit_id=cast.units["GO"], label=10, by=SYSTEM, at=NOON).pk,
        by=cast.archivist,
        at=NOON,
    )
    return bytes(done.pdf)


def _show(public: Any, content: bytes, name: str = "paper.pdf") -> Any:
    return public.post("/verify/file/", {"file": SimpleUploadedFile(name, content, "application/pdf")})


# --- Codes -----------------------------------------------------------------------------------------------------------


def test_a_code_typed_by_hand_leads_to_its_page(public: Any, cast: Any, issue: Any) -> None:
    code = issue("7")
    typed = code.lower().replace("-", "  ")
    answer = public.get("/verify/", {"code": f" {typed} "})
    assert (answer.status_code, answer["Location"]) == (302, f"/verify/{code}/")


def test_the_page_says_genuine_by_whom_and_when_and_nothing_of_the_content(public: Any, cast: Any, issue: Any) -> None:
    code = issue("7")
    answer = public.get(f"/verify/{code}/")
    said = _text(answer)
    assert "Genuine" in said
    assert "General Office" in said
    assert "2026-11-20" in said
    assert "outgoingdocument" not in answer.content.decode()


def test_the_page_says_superseded_and_leads_to_the_newer_one(public: Any, cast: Any, issue: Any) -> None:
    old, new = issue("7"), issue("8")
    mark_superseded(subject=OLD, successor_subject=NEW, by=cast.registrar, at=NOON)
    page = public.get(f"/verify/{old}/").content.decode()
    assert "Superseded" in page
    assert f'href="/verify/{new}/"' in page
    assert "Genuine" in public.get(f"/verify/{new}/").content.decode()


def test_the_page_says_withdrawn_but_not_why(public: Any, cast: Any, issue: Any) -> None:
    code = issue("7")
    mark_withdrawn(subject=OLD, reason="a mistake in the figures", by=cast.registrar, at=NOON)
    said = _text(public.get(f"/verify/{code}/"))
    assert "Withdrawn" in said
    assert "mistake" not in said


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "nonsense", "x" * 200, "' or '1'='1", "%00", "%3Cscript%3E"])
def test_an_unknown_code_gets_the_same_kind_of_answer_as_a_known_one(
    public: Any, cast: Any, issue: Any, code: str
) -> None:
    known = issue("7")
    public.get("/verify/0/")  # the first knock of a window sweeps old ones
    with CaptureQueriesContext(connection) as asked_known:
        good = public.get(f"/verify/{known}/")
    with CaptureQueriesContext(connection) as asked_unknown:
        bad = public.get(f"/verify/{code}/")
    assert (good.status_code, bad.status_code) == (200, 200)
    assert len(asked_known) == len(asked_unknown)
    assert dict(good.headers).keys() == dict(bad.headers).keys()
    said = _text(bad)
    assert "Unknown" in said
    assert "No document with this code was issued here" in said
    assert "<script>" not in bad.content.decode().replace("<script defer", "")


def test_what_cannot_be_a_code_is_said_at_the_field(public: Any, cast: Any) -> None:
    answer = public.get("/verify/", {"code": "7K3M-9QX2"})
    assert (answer.status_code, "A code has 16 letters and digits" in _text(answer)) == (422, True)
    assert "7K3M-9QX2" in answer.content.decode()


def test_no_search_engine_and_no_cache_keeps_the_pages(public: Any, cast: Any, issue: Any) -> None:
    code = issue("7")
    for answer in (public.get("/verify/"), public.get(f"/verify/{code}/"), _show(public, b"x")):
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex' in answer.content.decode()


def test_who_guesses_codes_is_stopped(public: Any, cast: Any, issue: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("time.time", lambda: 1_790_000_000.0)
    for turn in range(30):
        assert public.get(f"/verify/0000-0000-0000-{turn:04}/").status_code == 200
    answer = public.get(f"/verify/{issue('7')}/")
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)


# --- Files -----------------------------------------------------------------------------------------------------------


def test_a_file_that_was_issued_is_known_byte_for_byte(public: Any, cast: Any, issue: Any, sealed: bytes) -> None:
    issue("7", files=(sealed,))
    said = _text(_show(public, sealed))
    assert "byte for byte, a file that was issued here" in said
    assert "Genuine" in said
    assert "GO-1" in said
    assert hashlib.sha256(sealed).hexdigest() in said


def test_a_released_file_of_a_withdrawn_paper_says_withdrawn(public: Any, cast: Any, issue: Any, sealed: bytes) -> None:
    issue("7", files=(sealed,))
    mark_withdrawn(subject=OLD, reason="error", by=cast.registrar, at=NOON)
    assert "Withdrawn" in _text(_show(public, sealed))


def test_one_changed_byte_is_found_out(public: Any, cast: Any, issue: Any, sealed: bytes) -> None:
    issue("7", files=(sealed,))
    spot = sealed.index(b"stream") + 30
    broken = sealed[:spot] + bytes([sealed[spot] ^ 1]) + sealed[spot + 1 :]
    said = _text(_show(public, broken))
    assert "Changed" in said
    assert "Do not rely on it" in said
    assert "Genuine" not in said


def test_a_file_saved_again_by_another_program_is_not_taken_for_the_original(
    public: Any, cast: Any, issue: Any, sealed: bytes
) -> None:
    issue("7", files=(sealed,))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        opened.save(out)
    said = _text(_show(public, out.getvalue()))
    assert "Genuine" not in said
    assert "Changed" in said or "has lost its seal" in said


def test_a_sealed_paper_that_was_never_issued_is_not_called_genuine(public: Any, cast: Any, sealed: bytes) -> None:
    said = _text(_show(public, sealed))
    assert "Sealed here, but not in the register" in said
    assert "Genuine" not in said


def test_a_foreign_pdf_and_an_unsealed_one_are_told_apart(public: Any, cast: Any) -> None:
    from chancery.kernel.records.seals.tests.test_checking import _foreign
    from chancery.kernel.records.seals.tests.test_keys import authority, pair

    foreign = _text(_show(public, _foreign(paper(), *pair(authority()))))
    assert "Not ours" in foreign
    unsealed = _text(_show(public, paper()))
    assert "carries no seal" in unsealed


@pytest.mark.parametrize("content", [b"", b"plain text", b"%PDF-1.7 broken", b"\x00" * 5000])
def test_what_is_no_pdf_gets_a_clear_answer(public: Any, cast: Any, content: bytes) -> None:
    answer = _show(public, content)
    said = _text(answer)
    assert answer.status_code == 200
    assert "not a PDF" in said or "damaged" in said


def test_a_released_file_that_is_no_pdf_is_known_too(public: Any, cast: Any, issue: Any) -> None:
    issue("7", files=(b"PK an OFD package",))
    assert "byte for byte" in _text(_show(public, b"PK an OFD package", "paper.ofd"))


def test_no_file_and_too_large_a_file_are_said_at_the_field(public: Any, cast: Any, monkeypatch: Any) -> None:
    answer = public.post("/verify/file/", {})
    assert (answer.status_code, "This field is required" in _text(answer)) == (422, True)
    monkeypatch.setattr("chancery.kernel.publishing.verification.forms._MB", 10)
    answer = _show(public, b"%PDF-1.7" + b"x" * 1000)
    assert (answer.status_code, "the most that is checked here" in _text(answer)) == (422, True)


def test_nothing_of_an_uploaded_file_is_kept(public: Any, cast: Any, issue: Any, sealed: bytes, settings: Any) -> None:
    issue("7", files=(sealed,))

    def held() -> tuple[int, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "select (select count(*) from records_storedfile), (select count(*) from journal_entry),"
                " (select count(*) from publishing_issuedfile)"
            )
            counts = cursor.fetchone()
        return (*counts, len(list(settings.FILE_STORE.rglob("*"))))

    before = held()
    _show(public, paper("something private"))
    _show(public, sealed)
    assert held() == before


def test_who_has_many_files_checked_is_stopped(public: Any, cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("time.time", lambda: 1_790_000_000.0)
    for _turn in range(10):
        assert _show(public, b"x").status_code == 200
    assert _show(public, b"x").status_code == 429


def test_a_form_of_another_site_cannot_send_a_file(cast: Any) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert _show(strict, b"x").status_code == 403


def test_the_pages_speak_chinese(cast: Any, issue: Any, sealed: bytes) -> None:
    from django.test import Client

    code = issue("7", files=(sealed,))
    chinese = Client(headers={"accept-language": "zh-hans"})
    assert "公文核验" in chinese.get("/verify/").content.decode()
    page = chinese.get(f"/verify/{code}/").content.decode()
    assert "办公厅" in page
    assert "真实有效" in page
    assert "逐字节一致" in _show(chinese, sealed).content.decode()
