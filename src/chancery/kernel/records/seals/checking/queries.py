"""What a sealed PDF says: whose seals are on it, whether it is as it was sealed."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives import serialization
from django.db import connection
from django.utils.translation import gettext as _

import chancery
from chancery.foundations import clock
from chancery.foundations.words import words
from chancery.kernel.records.seals.checking.terms import Findings, Signature
from chancery.kernel.records.seals.keys.queries import trusted_roots
from chancery.kernel.records.seals.terms import SealState, SignerFacts, Validation

LARGEST = 60 * 1024 * 1024
_PATIENCE = 30.0
#: As many at once in one web process; others wait a little, then are told to come again.
_AT_ONCE, _QUEUE = threading.BoundedSemaphore(2), 20.0
_MODULE = "chancery.kernel.records.seals.checking.rules"


def validate(pdf: bytes, *, at: dt.datetime | None = None) -> Validation:
    """Whether a PDF is sealed, unchanged since, and sealed by somebody whom this house believes.

    Never raises for what is in the file. `at` is the instant of asking, now unless told.
    """
    return told(findings_of(pdf, at or clock.now()))


def findings_of(pdf: bytes, at: dt.datetime) -> Findings:
    """The bare findings, made in a process of its own."""
    if len(pdf) > LARGEST:
        return Findings(fault="too_large", signatures=[])
    if b"%PDF-" not in pdf[:1024]:
        return Findings(fault="not_pdf", signatures=[])
    if not _AT_ONCE.acquire(timeout=_QUEUE):
        return Findings(fault="busy", signatures=[])
    try:
        return _asked_apart(pdf, at)
    finally:
        _AT_ONCE.release()


def findings_of_our_own(pdf: bytes, at: dt.datetime) -> Findings:
    """The same in this process, for a PDF that this house made itself."""
    from chancery.kernel.records.seals.checking.rules import examined  # pyHanko takes a second to import

    return examined(pdf, _roots(), at)


def _roots() -> list[bytes]:
    return [root.public_bytes(serialization.Encoding.DER) for root in trusted_roots()]


def _asked_apart(pdf: bytes, at: dt.datetime) -> Findings:
    request = {"now": at.isoformat(), "roots": [base64.b64encode(root).decode() for root in _roots()]}
    source = str(Path(chancery.__file__).resolve().parents[1])
    paths = [source, *[path for path in sys.path if path.endswith("site-packages")]]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module; the file goes in through standard input
            [sys.executable, "-P", "-m", _MODULE],
            input=json.dumps(request).encode() + b"\n" + pdf,
            capture_output=True,
            timeout=_PATIENCE,
            env={"PYTHONPATH": os.pathsep.join(paths), "LANG": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Findings(fault="too_slow", signatures=[])
    try:
        return cast("Findings", json.loads(done.stdout))
    except ValueError:
        # Killed for its time or memory.
        return Findings(fault="too_slow" if done.returncode < 0 else "broken", signatures=[])


def told(findings: Findings) -> Validation:
    """Findings in words, with the register's knowledge of the certificates."""
    if findings["fault"]:
        return Validation(False, False, False, False, problems=[_fault(findings["fault"])], is_readable=False)
    if not findings["signatures"]:
        return Validation(False, False, False, False, problems=[_("This PDF carries no electronic seal.")])
    signers, problems = [], []
    for place, one in enumerate(findings["signatures"]):
        signer, said = _signer(one, findings["signatures"][place:])
        signers.append(signer)
        problems += said
    covers = any(one["covers_whole_file"] for one in findings["signatures"])
    is_intact = covers and all(signer.is_intact for signer in signers)
    if not covers:
        problems.append(_("Something was added to the file after the last seal."))
    return Validation(
        is_signed=True,
        is_intact=is_intact,
        is_trusted=is_intact and all(signer.is_trusted for signer in signers),
        covers_whole_file=covers,
        signers=signers,
        problems=problems,
    )


def _signer(one: Signature, later: list[Signature]) -> tuple[SignerFacts, list[str]]:
    """One signature with what the register knows. `later`: itself and those after it."""
    known = seal_behind(one["certificate"]) if one["certificate"] else None
    signed_at = dt.datetime.fromisoformat(one["signed_at"]) if one["signed_at"] else None
    logged_at = _logged_at(one, later) if known else None
    name = words(known) if known else one["name"] or _("unknown")
    is_trusted, problem = one["is_trusted"], ""
    if not one["is_intact"]:
        problem = _("The seal of %(name)s is broken: the file was changed after it was sealed.")
    elif not is_trusted:
        problem = _("No authority that this house believes vouches for the seal of %(name)s.")
    elif known and logged_at is None:
        problem = _(
            "The use log of the seal of %(name)s does not know this file: it was altered where no signature reaches, or"
            " the seal was misused."
        )
    elif known:
        problem = _out_of_its_days(known, logged_at)
    facts = SignerFacts(
        name=name,
        seal_code=known["code"] if known else "",
        signed_at=logged_at or signed_at,
        is_intact=one["is_intact"],
        is_trusted=is_trusted and not problem,
        has_timestamp=one["has_timestamp"],
        unit_en=known["unit_en"] if known else "",
        unit_zh=known["unit_zh"] if known else "",
    )
    return facts, [problem % {"name": name}] if problem else []


def _logged_at(one: Signature, later: list[Signature]) -> dt.datetime | None:
    """When the use log says that this file, or one that continues it, left the keeper. A use at several places makes
    several signatures, of which the last is logged: it has the others under it."""
    files = [other["revision"] for other in later if other["certificate"] == one["certificate"] and other["is_intact"]]
    with connection.cursor() as cursor:
        cursor.execute("select min(at) from records_seal_uses_behind(%s, %s)", [one["certificate"], files])
        row = cursor.fetchone()
    return row[0] if row else None


def _out_of_its_days(known: dict[str, Any], used_at: dt.datetime | None) -> str:
    """Why the seal could not have been used then; empty when it could."""
    if used_at is None:
        return ""
    day = clock.date_of(used_at)
    if day < known["valid_from"] or (known["valid_to"] and day > known["valid_to"]):
        return _("The seal of %(name)s was not valid on the day of the signature.")
    if known["state"] != SealState.ACTIVE and day > known["state_on"]:
        return _("The seal of %(name)s had been retired before the day of the signature.")
    return ""


def seal_behind(fingerprint: str) -> dict[str, Any] | None:
    """The seal of this register that a certificate belongs to, in names; anybody may ask."""
    with connection.cursor() as cursor:
        cursor.execute("select * from records_seal_behind(%s)", [fingerprint])
        row = cursor.fetchone()
        return dict(zip([column.name for column in cursor.description], row, strict=True)) if row else None


def _fault(fault: str) -> str:
    return {
        "not_pdf": _("This is not a PDF."),
        "encrypted": _("This PDF is encrypted; it cannot be checked."),
        "broken": _("This PDF is damaged and cannot be read."),
        "too_many": _("This PDF carries more signatures than any paper does."),
        "too_slow": _("This PDF takes too long to read; it was given up."),
        "too_large": _("This file is too large to be checked."),
        "busy": _("Many files are being checked just now. Try again in a minute."),
    }[fault]
