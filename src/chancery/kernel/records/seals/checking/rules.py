"""What the signatures of a PDF are worth, by pyHanko's validator. Run as a program, this is the checking process.

Nothing here knows Django or the database. Nothing is fetched: whoever made the file would choose the address.

A signature counts as intact when what it signs is unchanged, the whole paper up to it is under it, and nothing but
further signatures came after it. That is stricter than the validator's habit, which forgives new metadata.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import logging
import resource
import sys
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DSSCompareRule,
    FormUpdatingRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from chancery.kernel.records.seals.checking.terms import Findings, Signature

#: A joint paper has a handful; a file with more is a burden, not a paper.
MOST_SIGNATURES = 50
MEMORY, SECONDS = 1024 * 1024 * 1024, 20
#: The clock of a signer may be a little ahead of ours.
_AHEAD = dt.timedelta(hours=1)

_LTA = ModificationLevel.LTA_UPDATES
ONLY_SIGNATURES = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ignored_keys={"/AcroForm", "/DSS", "/Extensions"}),
        XrefStreamRule().as_qualified(_LTA),
        ObjectStreamRule().as_qualified(_LTA),
        DSSCompareRule().as_qualified(_LTA),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[SigFieldCreationRule(allow_new_visible_after_certify=True), SigFieldModificationRule()]
    ),
)


def examined(pdf: bytes, roots: list[bytes], now: dt.datetime) -> Findings:
    """The signatures of a PDF, judged against authorities given in DER."""
    if b"%PDF-" not in pdf[:1024]:
        return Findings(fault="not_pdf", signatures=[])
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            return Findings(fault="encrypted", signatures=[])
        found = list(reader.embedded_regular_signatures)
    except Exception:  # whatever a hostile file makes a parser do, it is a broken file
        return Findings(fault="broken", signatures=[])
    if len(found) > MOST_SIGNATURES:
        return Findings(fault="too_many", signatures=[])
    trusted = [x509.Certificate.load(der) for der in roots]
    return Findings(fault="", signatures=[_judged(one, pdf, trusted, now) for one in found])


def _judged(signature: EmbeddedPdfSignature, pdf: bytes, roots: list[x509.Certificate], now: dt.datetime) -> Signature:
    told = Signature(
        field=str(signature.field_name or "")[:200],
        name="",
        certificate="",
        signed_at=None,
        has_timestamp=False,
        is_intact=False,
        is_trusted=False,
        covers_whole_file=False,
        revision="",
    )
    try:
        certificate = signature.signer_cert
        told["name"] = _name_of(certificate)
        told["certificate"] = hashlib.sha256(certificate.dump()).hexdigest()
        told["revision"] = _revision(signature, pdf)
        said = signature.self_reported_timestamp
        moment = said if said is not None and said.tzinfo is not None and said <= now + _AHEAD else now
        told["signed_at"] = said.isoformat() if said is not None and said.tzinfo is not None else None
        status = validate_pdf_signature(
            signature,
            signer_validation_context=_believing(roots, moment),
            ts_validation_context=_believing(roots, now),
            diff_policy=ONLY_SIGNATURES,
        )
        level = status.modification_level
        told["covers_whole_file"] = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        told["is_intact"] = (
            status.intact
            and status.valid
            and status.coverage in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
            and level is not None
            and level <= ModificationLevel.FORM_FILLING
            and bool(status.docmdp_ok)
            and _is_clean(signature, pdf)
        )
        told["is_trusted"] = bool(told["is_intact"] and status.trusted)
        stamp = status.timestamp_validity
        if stamp is not None and stamp.valid and stamp.intact and stamp.trusted:
            told["has_timestamp"] = True
            told["signed_at"] = stamp.timestamp.isoformat()
    except Exception:  # a signature that cannot be judged is not intact: that is the answer
        told["is_intact"] = told["is_trusted"] = False
    return told


def _believing(roots: list[x509.Certificate], moment: dt.datetime) -> ValidationContext:
    """A context that knows the authorities and the instant, and never goes to the network."""
    return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)


def _revision(signature: EmbeddedPdfSignature, pdf: bytes) -> str:
    _start, _length, second, rest = (int(part) for part in signature.byte_range)
    return hashlib.sha256(pdf[: second + rest]).hexdigest()


def _is_clean(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Nothing is hidden in the only place that no signature covers, its own: hexadecimal of one case, then zeros."""
    _start, length, second, _rest = (int(part) for part in signature.byte_range)
    hole = pdf[length:second]
    digits = hole[1:-1]
    if hole[:1] != b"<" or hole[-1:] != b">" or digits not in (digits.lower(), digits.upper()):
        return False
    raw = bytes.fromhex(digits.decode("ascii"))
    if len(raw) < 4 or raw[0] != 0x30 or not 0x81 <= raw[1] <= 0x84:
        return False
    size = 2 + (raw[1] & 0x7F)
    size += int.from_bytes(raw[2:size], "big")
    return not raw[size:].strip(b"\0")


def _name_of(certificate: x509.Certificate) -> str:
    names = certificate.subject.native
    for part in ("organization_name", "common_name"):
        if value := names.get(part):
            return str(value if isinstance(value, str) else value[0])[:200]
    return str(certificate.subject.human_friendly)[:200]


def main() -> None:
    """Read the request and the PDF from standard input, print the findings."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    asked: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    roots = [base64.b64decode(root) for root in asked["roots"]]
    try:
        findings = examined(sys.stdin.buffer.read(), roots, dt.datetime.fromisoformat(asked["now"]))
    except (MemoryError, RecursionError, PdfError):
        findings = Findings(fault="broken", signatures=[])
    sys.stdout.write(json.dumps(findings))


if __name__ == "__main__":
    main()
