"""Verbs of intake: open a draft, keep what is typed and dropped, sign for, register."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Mapping
from typing import IO, Any

from django.db import IntegrityError, transaction
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
    SERIES,
    FilePart,
    Outcome,
    State,
    Step,
    Urgency,
)
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access import services as access
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
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


def _demand_registrar(by: Actor, unit_id: int) -> None:
    access_rules.holds_role(by, REGISTRAR, unit_id).demand()


def _demand_fresh(document: IncomingDocument, seen_version: int | None) -> None:
    if seen_version is not None and seen_version != document.version:
        raise Stale(_("Someone changed this document while you were typing. Compare what you typed with what stands now, then save again."))


@service
def open_draft(*, act_token: uuid.UUID | None = None, by: Actor, at: dt.datetime) -> IncomingDocument:
    """Begin a draft, seen by the registry. The same token gives the same draft: a double click opens one."""
    office = queries.office_id()
    _demand_registrar(by, office)
    if act_token is not None:
        begun = IncomingDocument.objects.filter(act_token=act_token).first()
        if begun is not None:
            return begun
    guard = access.open_guard(unit_id=office, label=10, scope=PROCEDURE, by=by, at=at)
    document = IncomingDocument(
        guard_id=guard.pk, unit_id=office, opened_at=at, opened_by_id=by.post_id, received_on=clock.date_of(at), act_token=act_token
    )
    document.save(force_insert=True)
    journal.write(by=by, at=at, act="incoming.opened", on=document)
    return document


def _apply(document: IncomingDocument, facts: Mapping[str, Any]) -> dict[str, list[str]]:
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


def _refuse_marked(facts: Mapping[str, Any], by: Actor, at: dt.datetime) -> None:
    """A state-secret marking in any typed field is refused before anything is kept."""
    texts = {name: str(facts[name]) for name in TEXT_FACTS if facts.get(name)}
    if texts:
        records.demand_unmarked(texts=texts, where="incoming", by=by, at=at)


@service
def save_draft(
    *, document_id: int, facts: Mapping[str, Any], seen_version: int | None = None, by: Actor, at: dt.datetime
) -> IncomingDocument:
    """Keep what is typed so far."""
    _refuse_marked(facts, by, at)
    document = locked(document_id)
    _demand_registrar(by, document.unit_id)
    _demand_editable(document)
    _demand_fresh(document, seen_version)
    changed = _apply(document, facts)
    if changed:
        document.version += 1
        document.save()
        journal.write(by=by, at=at, act="incoming.edited", on=document, data={"changed": changed})
    return document


def is_editable(document: IncomingDocument) -> bool:
    """Whether its facts may be typed now: before registration, or when registration was returned for correction."""
    return bool(rules.may_edit(document)) or (document.state == State.REGISTERED and _at_registration(document))


def _demand_editable(document: IncomingDocument) -> None:
    if not is_editable(document):
        rules.may_edit(document).demand()


def _at_registration(document: IncomingDocument) -> bool:
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
    _demand_registrar(by, document.unit_id)
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
        document=document, stored_id=stored.pk, part=part, name=name[:200], position=0 if last is None else last + 1, added_at=at
    )
    journal.write(
        by=by, at=at, act="incoming.file_added", on=document, data={"name": name[:200], "sha256": stored.sha256, "part": part}
    )
    return stored.text or ""


def _add_email(document: IncomingDocument, name: str, content: IO[bytes], by: Actor, at: dt.datetime) -> reading.Proposal:
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
    _demand_registrar(by, document.unit_id)
    rules.may_edit(document).demand()
    row = IncomingFile.objects.filter(document=document, pk=file_id).select_related("stored").first()
    if row is None:
        return
    journal.write(by=by, at=at, act="incoming.file_removed", on=document, data={"name": row.name, "sha256": row.stored.sha256})
    row.delete()


@service
def discard_draft(*, document_id: int, by: Actor, at: dt.datetime) -> None:
    """Throw a draft away: it was never signed for."""
    document = locked(document_id)
    _demand_registrar(by, document.unit_id)
    rules.may_discard(document).demand()
    journal.write(by=by, at=at, act="incoming.discarded", on=document, data={"title": document.title})
    IncomingFile.objects.filter(document=document).delete()
    document.delete()


KERNEL_URGENCY = {
    Urgency.ROUTINE: "NORMAL",
    Urgency.TELEGRAM_ORDINARY: "NORMAL",
    Urgency.EXPEDITED: "URGENT",
    Urgency.TELEGRAM_EXPEDITED: "URGENT",
    Urgency.TELEGRAM_URGENT: "EXTRA_URGENT",
    Urgency.TELEGRAM_FLASH: "EXTRA_URGENT",
    Urgency.URGENT: "EXTRA_URGENT",
}


@service
def sign_for_document(*, document_id: int, facts: Mapping[str, Any] | None = None, by: Actor, at: dt.datetime) -> IncomingDocument:
    """签收: take it over. Its matter opens; registration is the next step."""
    _refuse_marked(facts or {}, by, at)
    document = locked(document_id)
    _demand_registrar(by, document.unit_id)
    _apply(document, facts or {})
    rules.may_sign_for(document).demand()
    _sign_for(document, by, at)
    document.version += 1
    document.save()
    return document


def _sign_for(document: IncomingDocument, by: Actor, at: dt.datetime, *, number: str | None = None) -> None:
    matter = procedures.open_matter(
        procedure=PROCEDURE,
        title=document.title,
        unit_id=document.unit_id,
        label=document.label,
        urgency=KERNEL_URGENCY[Urgency(document.urgency)],
        subject=subject_of(document),
        guard_id=document.guard_id,
        number=number,
        due_on=document.limit_on,
        by=by,
        at=at,
    )
    document.matter_id = matter.pk
    document.state = State.SIGNED
    document.save(update_fields=["matter", "state"])
    task = open_task(matter.pk, Step.SIGN_FOR)
    procedures.complete(task_id=task["id"], outcome=Outcome.DONE, by=by, at=at)
    journal.write(by=by, at=at, act="incoming.signed_for", on=document, data={"delivered_by": document.delivered_by})


@service
def register_document(
    *, document_id: int, facts: Mapping[str, Any] | None = None, seen_version: int | None = None, by: Actor, at: dt.datetime
) -> IncomingDocument:
    """登记: check the facts, give it its number, put it on the record, hand it to the first check.

    Raises `rules.Duplicate` when a document of the same sender, number and year is registered already.
    """
    _refuse_marked(facts or {}, by, at)
    document = locked(document_id)
    _demand_registrar(by, document.unit_id)
    _demand_fresh(document, seen_version)
    if document.state == State.REGISTERED and _at_registration(document):
        return _correct(document, facts or {}, by, at)
    _apply(document, facts or {})
    rules.may_register(document, clock.date_of(at)).demand()
    _demand_single(document)
    if document.limit_on is None:
        document.limit_on = queries.limit_for(document.urgency, document.received_on or clock.date_of(at))
    number = records.issue_number(
        series=SERIES, year=clock.date_of(at).year, guard_id=document.guard_id, subject=subject_of(document), by=by, at=at
    ).text
    if document.state == State.DRAFT:
        _sign_for(document, by, at, number=number)
    document.number = number
    document.state = State.REGISTERED
    document.registered_at = at
    document.version += 1
    _save_single(document)
    put_in_index(document, by, at)
    journal.write(by=by, at=at, act="incoming.registered", on=document, data=register_facts(document))
    _hand_on(document, by, at)
    return document


def _correct(document: IncomingDocument, facts: Mapping[str, Any], by: Actor, at: dt.datetime) -> IncomingDocument:
    """Registration was returned for correction: same number, facts put right, before and after in the journal."""
    changed = _apply(document, facts)
    rules.may_register(_AsSigned(document), clock.date_of(at)).demand()
    _demand_single(document)
    document.version += 1
    _save_single(document)
    put_in_index(document, by, at)
    journal.write(by=by, at=at, act="incoming.corrected", on=document, data={"changed": changed})
    _hand_on(document, by, at)
    return document


class _AsSigned:
    """The document as the registration rule sees it when registration is done over."""

    def __init__(self, document: IncomingDocument) -> None:
        self._document = document
        self.state = State.SIGNED

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)


def _demand_single(document: IncomingDocument) -> None:
    other = queries.same_letter(document.sender, document.sender_number, document.sender_year, other_than=document.pk)
    if other is not None:
        raise rules.Duplicate(
            _("This sender, number and year are registered already: %(number)s.") % {"number": other.number},
            document_id=other.pk,
            number=other.number,
        )


def _save_single(document: IncomingDocument) -> None:
    """Save; the unique index sees also what the actor may not."""
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        if "incoming_sender_number_year_once" not in str(error):
            raise
        raise rules.Duplicate(_("This sender, number and year are registered already.")) from None


def register_facts(document: IncomingDocument) -> dict[str, Any]:
    """What the journal keeps of a registration."""
    return {
        "number": document.number,
        "title": document.title,
        "sender": document.sender,
        "sender_number": document.sender_number,
        "dated_on": document.dated_on.isoformat() if document.dated_on else None,
        "received_on": document.received_on.isoformat() if document.received_on else None,
        "urgency": document.urgency,
        "limit_on": document.limit_on.isoformat() if document.limit_on else None,
        "is_important": document.is_important,
        "chaser": document.chaser_id,
    }


def put_in_index(document: IncomingDocument, by: Actor, at: dt.datetime) -> None:
    """Let it be found by title, sender, numbers and the text of its files."""
    texts = IncomingFile.objects.filter(document=document).values_list("stored__text", flat=True)
    records.index_item(
        guard_id=document.guard_id,
        kind="incoming",
        subject=subject_of(document),
        dated=document.received_on or clock.date_of(at),
        title_en=document.title,
        title_zh=document.title,
        body="\n".join([document.number, document.sender, document.sender_number, document.addressees, document.summary, *texts]),
        unit_id=document.unit_id,
        label=document.label,
        by=by,
        at=at,
    )


def _hand_on(document: IncomingDocument, by: Actor, at: dt.datetime) -> None:
    """Bring the matter up to the facts of registration and finish the registration step."""
    if document.matter_id is None:
        raise NotThere(_("There is no such document."))
    procedures.amend_matter(
        matter_id=document.matter_id,
        title=document.title,
        urgency=KERNEL_URGENCY[Urgency(document.urgency)],
        due_on=document.limit_on,
        by=by,
        at=at,
    )
    task = open_task(document.matter_id, Step.REGISTER)
    procedures.complete(task_id=task["id"], outcome=Outcome.DONE, data={"chaser": document.chaser_id}, by=by, at=at)
