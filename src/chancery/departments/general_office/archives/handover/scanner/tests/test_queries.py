"""The scanner's answers, and its silences."""

from __future__ import annotations

import io
import socket

import pytest

from chancery.departments.general_office.archives.handover.scanner import queries
from chancery.departments.general_office.archives.handover.scanner.terms import BadAddress, Scan, ScanState
from chancery.departments.general_office.archives.handover.scanner.tests.daemon import EICAR, daemon


def scanned(content: bytes = b"A harmless text") -> Scan:
    return queries.scan(io.BytesIO(content), patience=2)


@pytest.fixture(params=["network", "socket"])
def where(request, tmp_path):
    return "" if request.param == "network" else str(tmp_path / "clamd.sock")


def test_it_is_given_the_content_whole_and_says_clean(settings, where) -> None:
    with daemon(where) as (settings.CLAMD, heard):
        assert scanned(b"x" * 5000) == Scan(ScanState.CLEAN)
    assert heard == [b"x" * 5000]


def test_it_finds_the_test_virus_by_name(settings, where) -> None:
    with daemon(where) as (settings.CLAMD, _heard):
        assert scanned(EICAR) == Scan(ScanState.FOUND, "Eicar-Test-Signature")


def test_none_set_up_is_said(settings) -> None:
    settings.CLAMD = ""
    assert scanned() == Scan(ScanState.NOT_SET_UP)


def test_a_silent_scanner_is_no_pass(settings) -> None:
    with daemon(is_silent=True) as (settings.CLAMD, _heard):
        assert scanned().state in (ScanState.SILENT, ScanState.ODD)
    with socket.socket() as free:  # nobody listens there
        free.bind(("127.0.0.1", 0))
        settings.CLAMD = f"127.0.0.1:{free.getsockname()[1]}"
        assert scanned() == Scan(ScanState.SILENT)


@pytest.mark.parametrize(
    "answer", [b"stream: what\n", b"nonsense\n", b"\n", b"stream: lstat() failed: ERROR\n", b"\xff\xfe\n"]
)
def test_an_odd_answer_is_no_pass(settings, answer) -> None:
    with daemon(answer=answer) as (settings.CLAMD, _heard):
        assert scanned().state in (ScanState.ODD, ScanState.SILENT)


def test_too_large_for_the_scanner_is_no_pass(settings) -> None:
    with daemon(answer=b"INSTREAM size limit exceeded. ERROR\n") as (settings.CLAMD, _heard):
        assert scanned() == Scan(ScanState.TOO_LARGE)


@pytest.mark.parametrize("address", ["nowhere", ":3310", "host:port", "host:0", "host:99999"])
def test_a_wrong_address_is_named(settings, address) -> None:
    settings.CLAMD = address
    with pytest.raises(BadAddress):
        queries.daemon(address)
    assert scanned() == Scan(ScanState.SILENT)
