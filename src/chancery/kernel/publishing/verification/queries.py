"""What the verification page answers. The public asks two functions of the database and sees no table."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse

from chancery.kernel.publishing.verification import rules
from chancery.kernel.publishing.verification.models import Issued
from chancery.kernel.publishing.verification.terms import Answer, FileAnswer, Finding
from chancery.kernel.records.seals.checking.queries import validate
from chancery.kernel.records.seals.terms import Validation


def address_of(code: str) -> str:
    """The absolute address of the page for a code, as the QR carries it."""
    grouped = rules.grouped(rules.read_code(code) or code)
    return settings.SITE_URL.rstrip("/") + reverse("publishing:verify_code", args=[grouped])


def issued_of(subject: str) -> Issued | None:
    """The entry of a paper ("label.model:pk"), if the actor sees it."""
    return Issued.objects.select_related("successor").filter(subject=subject).first()


def answer_to(code: str) -> Answer:
    """What the page says to a code as it was typed. A malformed code is asked for like any other."""
    rows = _ask("select * from publishing_verify(%s)", [rules.read_code(code) or "-"])
    return rows[0] if rows else Answer()


def answers_to_file(sha256: str) -> list[Answer]:
    """The papers of which a file with this hash was released, the newest first."""
    return _ask("select * from publishing_verify_file(%s)", [sha256])


def answer_to_file(content: bytes, at: dt.datetime) -> FileAnswer:
    """What the page says to an uploaded file."""
    sha256 = hashlib.sha256(content).hexdigest()
    answers = answers_to_file(sha256)
    validation = validate(content, at=at)
    return FileAnswer(_finding(answers, validation), sha256, validation, answers)


def _finding(answers: list[Answer], validation: Validation) -> Finding:
    if answers:
        return "released"
    if not validation.is_readable:
        return "unreadable"
    if not validation.is_signed:
        return "unsealed"
    if not any(signer.seal_code for signer in validation.signers):
        return "foreign"
    return "sealed" if validation.is_intact and validation.is_trusted else "changed"


def _ask(question: str, values: list[Any]) -> list[Answer]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        names = [column.name for column in cursor.description or ()]
        return [Answer(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
