"""Verbs of intake: open a draft, keep what is typed and dropped, take files off, discard."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Mapping
from typing import IO, Any

from django.db.models import Max
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries, rules
from chancery.departments.general_office.incoming_documents.intake import queries as reading
from chancery.departments.general_office.incoming_documents.models import (
    IncomingDocument,
    IncomingFile,
    number_key,
    year_of,
)
from chancery.departments.general_office.incoming_documents.terms import (
    PROCEDURE,
    REGISTRAR,
    FilePart,
    State,
    Step,
)
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access import services as access
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.records import services as records

MOST_FILES = 60
TEXT_FACTS = ("title", "sender", "sender_number", "copy_no", "addressees", "delivered_by", "summary")


class NotThere(Refused):
    """No such document for this actor."""


def locked(document_id: int) -> IncomingDocument:
    """The document, held for this transaction."""
    found = IncomingDocument.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
    if found is None:
        raise NotThere(_("There is no such document."))
    return found


def subject_of(document: IncomingDocument) -> str:
    """How a matter, a number and the journal name it."""
    return f"general_office.IncomingDocument:{document.pk}"


def demand_registrar(by: Actor, unit_id: int) -> None:
    """Only the registry works on what has no number yet."""
    access_rules.holds_role(by, REGISTRAR, unit_id).demand()


def demand_fresh(document: IncomingDocument, seen_version: int | None) -> None:
    """Nobody else changed it since it was looked at."""
    if seen_version is not None and seen_version != document.version:
        raise Stale(
            _(
                "Someone changed this document while you were typing."
                " Compare what you typed with what stands now, then save again."
            )
        )


@service
def open_draft(*, act_token: uuid.UUID | None = None, by: Actor, at: dt.datetime) -> IncomingDocument:
    """Begin a draft, seen by the registry. The same token gives the same draft: a double click opens one."""
    office = queries.office_id()
    demand_registrar(by, office)
    if act_token is not None:
        begun = IncomingDocument.objects.filter(act_token=act_token).first()
        if begun is not None:
            return begun
    guard = access.open_guard(unit_id=office, label=10, scope=PROCEDURE, by=by, at=at)
    document = IncomingDocument(
        guard_id=guard.pk,
        unit_id=office,
        opened_at=at,
        opened_by_id=by.post_id,
        received_on=clock.date_of(at),
        act_token=act_token,
    )
    document.save(force_insert=True)
    journal.write(by=by, at=at, act="incoming.opened", on=document)
    return document


def apply_facts(document: IncomingDocument, facts: Mapping[str, Any]) -> dict[str, list[str]]:
    """Put readable facts on the document; returns field → [before, after] of what changed."""
    changed: dict[str, list[str]] = {}
    for name, value in facts.items():
        column = f"{name}_id" if name == "chaser" else name
        value = getattr(value, "pk", value) if name == "chaser" else value
        before = getattr(document, column)
        if before != value:
            changed[name] = ["" if before is None else str(before), "" if value is None else str(value)]
            setattr(document, column, value)
    document.sender_key = number_key(document.sender)
    document.sender_number_key = number_key(document.sender_number)
    fallback = document.dated_on or document.received_on
    document.sender_year = year_of(document.sender_number, fallback.year) if fallback else None
    return changed


@service
def refuse_marked(*, facts: Mapping[str, Any], by: Actor, at: dt.datetime) -> None:
    """A state-secret marking in any typed field is refused before anything is kept."""
    texts = {name: str(facts[name]) for name in TEXT_FACTS if facts.get(name)}
    if texts:
        records.demand_unmarked(texts=texts, where="incoming", by=by, at=at)


@service
def save_draft(
    *, document_id: int, facts: Mapping[str, Any], seen_version: int | None = None, by: Actor, at: dt.datetime
) -> IncomingDocument:
    """Keep what is typed so far."""
    refuse_marked(facts=facts, by=by, at=at)
    document = locked(document_id)
    demand_registrar(by, document.unit_id)
    _demand_editable(document)
    demand_fresh(document, seen_version)
    changed = apply_facts(document, facts)
    if changed:
        document.version += 1
        document.save()
        journal.write(by=by, at=at, act="incoming.edited", on=document, data={"changed": changed})
    return document


def is_editable(document: IncomingDocument) -> bool:
    """Whether its facts may be typed now: before registration, or when registration was returned for correction."""
    return bool(rules.may_edit(document)) or (document.state == State.REGISTERED and at_registration(document))


def _demand_editable(document: IncomingDocument) -> None:
    if not is_editable(document):
        rules.may_edit(document).demand()


def at_registration(document: IncomingDocument) -> bool:
    """Whether its matter stands at the registration step, for example because the first check returned it there."""
    return document.matter_id is not None and open_task(document.matter_id, Step.REGISTER) is not None


def open_task(matter_id: int, step: str) -> Any:
    """The open task of a step of a matter, or None."""
    return next((task for task in procedure_queries.open_tasks(matter_id) if task["step"] == step), None)


@service
def add_file(
    *, document_id: int, name: str, content: IO[bytes], part: str = FilePart.MAIN, by: Actor, at: dt.datetime
) -> reading.Proposal:
    """Store a file with a draft and say what it proposes. An e-mail brings its attachments along."""
    document = locked(document_id)
    demand_registrar(by, document.unit_id)
    _demand_editable(document)
    if name.lower().endswith(".eml"):
        return _add_email(document, name, content, by, at)
    text = _store(document, name, content, part, by, at)
    return reading.read_text(text) if text else reading.Proposal()


def _store(document: IncomingDocument, name: str, content: IO[bytes], part: str, by: Actor, at: dt.datetime) -> str:
    """Store one file; returns its text, "" where it has none or it was attached already."""
    count = IncomingFile.objects.filter(document=document).count()
    if count >= MOST_FILES:
        raise Refused(_("A document has at most %(number)d files.") % {"number": MOST_FILES}, field="uploads")
    stored = records.store_file(guard_id=document.guard_id, name=name, content=content, by=by, at=at)
    if IncomingFile.objects.filter(document=document, stored__sha256=stored.sha256).exists():
        return ""
    last = IncomingFile.objects.filter(document=document).aggregate(last=Max("position"))["last"]
    IncomingFile.objects.create(
        document=document,
        stored_id=stored.pk,
        part=part,
        name=name[:200],
        position=0 if last is None else last + 1,
        added_at=at,
    )
    journal.write(
        by=by,
        at=at,
        act="incoming.file_added",
        on=document,
        data={"name": name[:200], "sha256": stored.sha256, "part": part},
    )
    return stored.text or ""


def _add_email(
    document: IncomingDocument, name: str, content: IO[bytes], by: Actor, at: dt.datetime
) -> reading.Proposal:
    raw = content.read()
    try:
        letter = reading.read_email(raw)
    except reading.NotAnEmail:
        raise Refused(_("“%(name)s” is not an e-mail file.") % {"name": name}, field="uploads") from None
    _store(document, name, io.BytesIO(raw), FilePart.ENVELOPE, by, at)
    proposal = letter.proposal
    for attachment in letter.attachments:
        text = _store(document, attachment.name, io.BytesIO(attachment.content), FilePart.MAIN, by, at)
        if text and not proposal.sender_number:
            found = reading.read_text(text)
            if found.sender_number:
                proposal = reading.merged(proposal, found)
    return proposal


@service
def remove_file(*, document_id: int, file_id: int, by: Actor, at: dt.datetime) -> None:
    """Take a file off a draft. After registration a file stays."""
    document = locked(document_id)
    demand_registrar(by, document.unit_id)
    rules.may_edit(document).demand()
    row = IncomingFile.objects.filter(document=document, pk=file_id).select_related("stored").first()
    if row is None:
        return
    journal.write(
        by=by, at=at, act="incoming.file_removed", on=document, data={"name": row.name, "sha256": row.stored.sha256}
    )
    row.delete()


@service
def discard_draft(*, document_id: int, by: Actor, at: dt.datetime) -> None:
    """Throw a draft away: it was never signed for."""
    document = locked(document_id)
    demand_registrar(by, document.unit_id)
    rules.may_discard(document).demand()
    journal.write(by=by, at=at, act="incoming.discarded", on=document, data={"title": document.title})
    IncomingFile.objects.filter(document=document).delete()
    document.delete()
