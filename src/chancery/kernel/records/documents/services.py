"""Registering, correcting, filing documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.records.documents import rules
from chancery.kernel.records.documents.models import Document, DocumentFile
from chancery.kernel.records.documents.terms import FileRole
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.services import give_file
from chancery.kernel.records.markings.rules import are_unmarked
from chancery.kernel.records.markings.services import demand_unmarked
from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.numbers.services import issue_number
from chancery.kernel.records.numbers.terms import NumberState

#: What may be set at registration and corrected until filing.
FIELDS = (
    "kind", "title", "sender", "sender_unit_id", "sender_number", "document_date", "urgency", "copy_number",
    "page_count", "addressees", "note", "received_on",
)  # fmt: skip
_TEXTS = ("title", "sender", "sender_number", "copy_number", "addressees", "note")


class DuplicateDocument(Refused):
    """This sender's number of this year is registered already."""


class NoSuchDocument(Refused):
    """The document does not exist for the actor."""


@service
def register_document(
    *,
    guard_id: int,
    unit_id: int,
    direction: str,
    label: int,
    series: str | None = None,
    number_id: int | None = None,
    by: Actor,
    at: dt.datetime,
    **facts: Any,
) -> Document:
    """Enter a document; with `series`, give it the next number of the year; `number_id` is a number it was issued
    before. `facts` are named as in `FIELDS`.

    Refused: a state-secret marking in any text, an empty title, a sender's number that is registered already, a void
    number.
    """
    _only_known(facts)
    _demand_unmarked(facts, by=by, at=at)
    document = Document(
        guard_id=guard_id,
        unit_id=unit_id,
        direction=direction,
        label=label,
        registered_at=at,
        registered_person_id=by.person_id,
        registered_post_id=by.post_id,
        **facts,
    )
    _fold(document)
    _save_once(document, force_insert=True)
    if number_id is not None:
        known = IssuedNumber.objects.filter(pk=number_id).first()
        if known is None or known.state == NumberState.VOID:
            raise Refused(_("The number is void, or there is none."), field="number")
        document.number_id, document.number_text = known.pk, known.text
        document.save(update_fields=["number", "number_text"])
    elif series is not None:
        number = issue_number(
            series=series,
            year=clock.date_of(at).year,
            guard_id=guard_id,
            subject=f"records.document:{document.pk}",
            by=by,
            at=at,
        )
        document.number_id, document.number_text = number.pk, number.text
        document.save(update_fields=["number", "number_text"])
    journal.write(
        by=by,
        at=at,
        act="document.registered",
        on=document,
        data={
            "number": document.number_text,
            "title": document.title,
            "sender": document.sender,
            "sender_number": document.sender_number,
        },
    )
    return document


@service
def correct_document(
    *, document_id: int, changes: Mapping[str, Any], reason: str, seen_version: int, by: Actor, at: dt.datetime
) -> Document:
    """Correct the entry of a document that is not filed; the journal keeps what it said before."""
    document = _locked(document_id)
    if document.version != seen_version:
        raise Stale(_("Somebody else changed this entry meanwhile. Look at it again; your text is kept below."))
    rules.may_change(document).demand()
    if not reason.strip():
        raise Refused(_("Say why the entry is corrected."), field="reason")
    _only_known(changes)
    _demand_unmarked(changes, by=by, at=at)
    before = {name: getattr(document, name) for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if not changed:
        return document
    for name, value in changed.items():
        setattr(document, name, value)
    _fold(document)
    document.version += 1
    _save_once(document)
    journal.write(
        by=by,
        at=at,
        act="document.corrected",
        on=document,
        data={
            "reason": reason,
            "was": {name: _plain(before[name]) for name in changed},
            "is": {name: _plain(value) for name, value in changed.items()},
        },
    )
    return document


@service
def attach_file(*, document_id: int, file_id: int, role: str, by: Actor, at: dt.datetime) -> DocumentFile:
    """Make a stored file part of a document. A new text (role MAIN) becomes the next version; the old one stays."""
    document = _locked(document_id)
    if role != FileRole.SLIP:  # the slip is made at filing
        rules.may_change(document).demand()
    if not StoredFile.objects.filter(pk=file_id).exists():
        raise NoSuchDocument(_("There is no such file."))
    earlier = DocumentFile.objects.filter(document=document, role=role)
    version = earlier.count() + 1
    if role == FileRole.MAIN:
        earlier.filter(replaced_at=None).update(replaced_at=at)
    part = DocumentFile.objects.create(document=document, file_id=file_id, role=role, version=version, attached_at=at)
    give_file(file_id=file_id, owner=f"records.document:{document.pk}", guard_id=document.guard_id, by=by, at=at)
    journal.write(
        by=by,
        at=at,
        act="document.file_attached",
        on=document,
        data={"file": file_id, "role": role, "version": version},
    )
    return part


@service
def file_document(*, document_id: int, filing_class: str, retention: str, by: Actor, at: dt.datetime) -> Document:
    """Close the entry: file the document under a class, for a period."""
    document = _locked(document_id)
    rules.may_file(document, filing_class, retention).demand()
    document.filing_class, document.retention = filing_class.strip(), retention
    document.filed_at, document.filed_post_id = at, by.post_id
    document.version += 1
    document.save(update_fields=["filing_class", "retention", "filed_at", "filed_post", "version"])
    journal.write(
        by=by,
        at=at,
        act="document.filed",
        on=document,
        data={"filing_class": document.filing_class, "retention": retention},
    )
    return document


def _locked(document_id: int) -> Document:
    document = Document.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
    if document is None:
        raise NoSuchDocument(_("There is no such document."))
    return document


def _only_known(facts: Mapping[str, Any]) -> None:
    if unknown := set(facts) - set(FIELDS):
        raise TypeError(f"not facts of a document: {', '.join(sorted(unknown))}")
    if "title" in facts and not str(facts["title"]).strip():
        raise Refused(_("A document needs a title."), field="title")


def _demand_unmarked(facts: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> None:
    texts = {name: str(facts.get(name) or "") for name in _TEXTS}
    if not are_unmarked(texts):
        demand_unmarked(texts=texts, by=by, at=at)


def _fold(document: Document) -> None:
    document.number_key = rules.folded(document.sender_number)
    document.sender_key = rules.folded(document.sender)[:200]
    document.number_year = rules.year_of(document.sender_number, document.document_date)


def _save_once(document: Document, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            document.save(force_insert=force_insert)
    except IntegrityError as error:
        if "records_document_once" not in str(error):
            raise
        # Said without a hint at what the other entry is: it may be one the actor may not see.
        raise DuplicateDocument(
            _("%(number)s of %(sender)s is registered already.")
            % {"number": document.sender_number, "sender": document.sender},
            field="sender_number",
        ) from None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
