"""What a sealed PDF is worth after somebody had it in hand."""

from __future__ import annotations

import datetime as dt
import io
import zlib
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.seals import services
from chancery.kernel.records.seals.checking import queries as checking
from chancery.kernel.records.seals.checking.queries import findings_of_our_own, told, validate
from chancery.kernel.records.seals.keys.queries import certificate_in, opened
from chancery.kernel.records.seals.models import SealCertificate
from chancery.kernel.records.seals.sealing.queries import _Writer
from chancery.kernel.records.seals.tests.office import NOON, affix, paper, register
from chancery.kernel.records.seals.tests.test_keys import authority, pair


@pytest.fixture
def sealed(cast: Any, seal: Any) -> bytes:
    return affix(cast, seal, paper()).pdf


def judged(pdf: bytes) -> Any:
    """`validate` without its process: the same code, quick enough to ask a hundred times."""
    return told(findings_of_our_own(pdf, NOON))


def holds(pdf: bytes) -> bool:
    found = judged(pdf)
    return found.is_signed and found.is_intact and found.is_trusted and found.covers_whole_file


def test_anybody_may_have_a_sealed_paper_checked(sealed: bytes) -> None:
    with acting_as(PUBLIC):
        found = validate(sealed)
    assert (found.is_trusted, found.signers[0].seal_code, found.problems) == (True, "GO-1", [])


def test_one_changed_byte_anywhere_breaks_the_seal(sealed: bytes) -> None:
    assert holds(sealed)
    hole = sealed.index(b"/Contents <") + len("/Contents ")
    spots = {
        "the header": 6,
        "the content": sealed.index(b"stream") + 40,
        "the metadata": sealed.index(b"<x:xmpmeta") + 30,
        "the signature itself": hole + 2000,
        "the head of the signature": hole + 3,
        "the zeros after the signature": sealed.index(b"0>", hole) - 5,
        "the byte range": sealed.index(b"/ByteRange") + 13,
        "the impression": sealed.rindex(b"/Subtype /Form") + 12,
        "the reason": sealed.index(b"/Reason") + 12,
        "the last cross-reference": sealed.rindex(b"xref") + 8,
        "the end": len(sealed) - 4,
    }
    for name, spot in spots.items():
        for mask in (0x01, 0x20):
            broken = sealed[:spot] + bytes([sealed[spot] ^ mask]) + sealed[spot + 1 :]
            assert not holds(broken), f"{name} ({mask})"
    for spot in range(11, len(sealed), max(1, len(sealed) // 300)):
        broken = sealed[:spot] + bytes([sealed[spot] ^ 0x01]) + sealed[spot + 1 :]
        assert not holds(broken), f"byte {spot}"


def test_anything_added_or_cut_off_breaks_the_seal(sealed: bytes) -> None:
    for broken in (sealed + b" ", sealed + b"\n%%EOF\n", sealed[:-1], b" " + sealed, sealed[: len(sealed) // 2]):
        assert not holds(broken)


def test_a_revision_that_changes_content_breaks_the_seal(sealed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0]
    stream = generic.StreamObject(stream_data=b"BT ET")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    found = judged(out.getvalue())
    assert (found.is_signed, found.is_intact, found.is_trusted, found.covers_whole_file) == (True, False, False, False)
    assert "changed after it was sealed" in found.problems[0]


def test_a_revision_of_the_metadata_alone_breaks_it_too(sealed: bytes) -> None:
    writer = _Writer(io.BytesIO(sealed))
    changed = generic.StreamObject(stream_data=writer.root["/Metadata"].data.replace(b"Typst", b"Tapst"))
    writer.root["/Metadata"] = writer.add_object(changed)
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert not judged(out.getvalue()).is_intact


def test_a_paper_saved_again_by_another_program_has_no_whole_seal(sealed: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as opened_pdf:
        opened_pdf.save(out)
    assert not holds(out.getvalue())


def _foreign(pdf: bytes, key: Any, certificate: Any) -> bytes:
    der = serialization.Encoding.DER
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(der)),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        ),
        cert_registry=SimpleCertificateStore(),
    )
    out = sign_pdf(
        _Writer(io.BytesIO(pdf)),
        PdfSignatureMetadata(field_name="Foreign", subfilter=fields.SigSeedSubFilter.PADES),
        signer=signer,
    )
    return bytes(out.getbuffer())


def test_the_signature_of_another_authority_is_whole_but_not_believed() -> None:
    found = judged(_foreign(paper(), *pair(authority())))
    assert (found.is_signed, found.is_intact, found.is_trusted) == (True, True, False)
    assert [(one.name, one.seal_code) for one in found.signers] == [("GO-1", "")]


def test_a_stranger_who_signs_a_sealed_paper_makes_the_whole_of_it_untrusted(sealed: bytes) -> None:
    found = judged(_foreign(sealed, *pair(authority())))
    assert [one.is_trusted for one in found.signers] == [True, False]
    assert not found.is_trusted


def test_a_seal_used_behind_the_registers_back_is_not_believed(cast: Any, seal: Any) -> None:
    with acting_as(cast.archivist):
        certificate = SealCertificate.objects.get(seal=seal)
    with opened("LOCAL", certificate.key_ref, registered=certificate.sha256, at=NOON) as signer:
        out = sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(paper())),
            PdfSignatureMetadata(field_name="Stolen", subfilter=fields.SigSeedSubFilter.PADES),
            signer=signer,
        )
    found = judged(bytes(out.getbuffer()))
    assert (found.is_intact, found.is_trusted) == (True, False)
    assert "use log" in found.problems[0]


def test_what_was_sealed_before_the_seal_was_retired_still_holds(cast: Any, seal: Any, sealed: bytes) -> None:
    services.retire_seal(seal_id=seal.pk, reason="worn out", by=cast.registrar, at=NOON)
    assert holds(sealed)


def test_what_claims_a_day_after_the_seal_was_retired_does_not_hold(cast: Any, seal: Any, sealed: bytes) -> None:
    known = checking.seal_behind(judged_certificate(cast, seal))
    assert known is not None
    later = {**known, "state": "RETIRED", "state_on": NOON.date() - dt.timedelta(days=1)}
    assert "retired before the day" in checking._out_of_its_days(later, NOON)
    over = {**known, "valid_to": NOON.date() - dt.timedelta(days=1)}
    assert "not valid on the day" in checking._out_of_its_days(over, NOON)
    early = {**known, "valid_from": NOON.date() + dt.timedelta(days=1)}
    assert "not valid on the day" in checking._out_of_its_days(early, NOON)


def judged_certificate(cast: Any, seal: Any) -> str:
    with acting_as(cast.archivist):
        certificate = SealCertificate.objects.get(seal=seal)
    return certificate_in("LOCAL", certificate.key_ref).sha256


def test_a_paper_checks_years_after_its_certificate_ended(sealed: bytes) -> None:
    late = NOON + dt.timedelta(days=366 * 8)
    with clock.fixed_at(late):
        assert validate(sealed, at=late).is_trusted


def test_a_paper_without_a_seal_says_so() -> None:
    found = judged(paper())
    assert (found.is_signed, found.is_readable) == (False, True)
    assert found.problems == ["This PDF carries no electronic seal."]


# --- Files that mean harm ---------------------------------------------------------------------------------------------


def _encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as opened_pdf:
        opened_pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def _bomb() -> bytes:
    """An object stream that unpacks to 600 MB."""
    packed = zlib.compress(b"0 0 " + b" " * (600 * 1024 * 1024), 9)
    body = b"%%PDF-1.7\n1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    body += packed + b"\nendstream endobj\n"
    start = len(body)
    rows = b"\x02\x00\x01\x00" + b"\x01\x00\x09\x00"
    table = b"2 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Index[0 2]/Root 0 0 R/Length %d>>stream\n" % len(rows)
    return body + table + rows + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % start


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty", b"", "not a PDF"),
        ("text", b"Dear Sir", "not a PDF"),
        ("header alone", b"%PDF-1.7", "damaged"),
        ("no table", b"%PDF-1.7\n" + b"x" * 100_000 + b"\nstartxref\n99999999\n%%EOF", "damaged"),
        (
            "a table that calls itself",
            b"%PDF-1.7\nxref\n0 0\ntrailer<</Prev 9/Size 1>>\nstartxref\n9\n%%EOF",
            "damaged",
        ),
        ("deep", b"%PDF-1.7\nxref\n0 0\ntrailer" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF", "damaged|too long"),
        ("encrypted", _encrypted(), "encrypted|damaged"),
        ("bomb", _bomb(), "damaged|too long|no electronic seal"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_a_hostile_file_gets_a_clear_answer(db: None, name: str, content: bytes, says: str) -> None:
    import re

    found = validate(content)
    assert not found.is_trusted
    assert re.search(says, found.problems[0]), found.problems


def test_a_file_larger_than_is_checked_is_not_read(db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "LARGEST", 1000)
    assert "too large" in validate(paper()).problems[0]


def test_a_check_that_takes_too_long_is_given_up(sealed: bytes, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "_PATIENCE", 0.01)
    assert "too long" in validate(sealed).problems[0]


def test_when_many_check_at_once_the_next_is_told_to_come_again(sealed: bytes, monkeypatch: Any) -> None:
    import threading

    monkeypatch.setattr(checking, "_AT_ONCE", threading.BoundedSemaphore(1))
    monkeypatch.setattr(checking, "_QUEUE", 0.01)
    assert checking._AT_ONCE.acquire()
    assert "Try again" in validate(sealed).problems[0]


def test_the_checking_process_knows_nothing_of_the_site(sealed: bytes, monkeypatch: Any) -> None:
    import subprocess

    seen: dict[str, Any] = {}
    run = subprocess.run

    def watched(*args: Any, **kwargs: Any) -> Any:
        seen.update(kwargs)
        return run(*args, **kwargs)

    monkeypatch.setattr(subprocess, "run", watched)
    assert validate(sealed).is_trusted
    assert set(seen["env"]) == {"PYTHONPATH", "LANG"}


def test_a_key_registered_for_another_seal_does_not_speak_for_this_one(cast: Any, seal: Any) -> None:
    other = register(cast, code="GO-2")
    done = affix(cast, other, paper())
    assert [one.seal_code for one in judged(done.pdf).signers] == ["GO-2"]
