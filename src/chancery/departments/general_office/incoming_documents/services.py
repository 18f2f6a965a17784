"""Verbs: what each step does to the document. kernel.procedures calls them in the step's own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries, rules
from chancery.departments.general_office.incoming_documents.filing import queries as filing_queries
from chancery.departments.general_office.incoming_documents.filing import services as filing
from chancery.departments.general_office.incoming_documents.inside.services import tell_returned
from chancery.departments.general_office.incoming_documents.inside.terms import SERIES as INSIDE_SERIES
from chancery.departments.general_office.incoming_documents.intake.services import locked
from chancery.departments.general_office.incoming_documents.models import (
    HandlingUnit,
    IncomingDocument,
    IncomingFile,
    Reader,
)
from chancery.departments.general_office.incoming_documents.terms import (
    HEAD,
    SERIES,
    FilePart,
    Kind,
    Outcome,
    Part,
    State,
    Urgency,
)
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access import rules as access_rules
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records import services as records
from chancery.kernel.records.models import IssuedNumber


@service
def note_first_check(
    *, document_id: int, outcome: str, faults: Sequence[str], opinion: str, by: Actor, at: dt.datetime
) -> IncomingDocument:
    """初审: in order, or the grounds for returning it are kept for the letter."""
    document = locked(document_id)
    if outcome == Outcome.RETURN:
        rules.may_send_back(faults, opinion).demand()
        document.return_faults = list(faults)
        document.return_reason = opinion.strip() or "; ".join(str(rules.fault_words(fault)) for fault in faults)
        document.version += 1
        document.save(update_fields=["return_faults", "return_reason", "version"])
    journal.write(
        by=by, at=at, act="incoming.first_checked", on=document, data={"outcome": outcome, "faults": list(faults)}
    )
    return document


@service
def send_back(*, document_id: int, by: Actor, at: dt.datetime) -> IncomingDocument:
    """退文: the papers and the letter have left; the document is closed as returned, its number stays."""
    document = locked(document_id)
    document.state = State.RETURNED
    document.closed_at = at
    document.version += 1
    document.save(update_fields=["state", "closed_at", "version"])
    journal.write(by=by, at=at, act="incoming.returned", on=document, data={"faults": document.return_faults})
    tell_returned(document_id=document.pk, reason=document.return_reason, by=by, at=at)
    return document


@service
def propose_handling(
    *,
    document_id: int,
    outcome: str,
    lead_unit_id: int | None,
    co_unit_ids: Sequence[int],
    reader_post_ids: Sequence[int],
    leader_post_ids: Sequence[int],
    by: Actor,
    at: dt.datetime,
) -> IncomingDocument:
    """拟办: one lead, its co-units, the circulation list. A second proposal takes the place of the first."""
    document = locked(document_id)
    rules.may_propose(
        outcome,
        {"lead_unit": lead_unit_id, "co_units": co_unit_ids, "readers": reader_post_ids, "leaders": leader_post_ids},
    ).demand()
    document.lead_unit_id = lead_unit_id
    document.version += 1
    document.save(update_fields=["lead_unit", "version"])
    _name_units(document, lead_unit_id, co_unit_ids, at)
    _list_readers(document, reader_post_ids, by, at)
    journal.write(
        by=by,
        at=at,
        act="incoming.proposed",
        on=document,
        data={
            "outcome": outcome,
            "lead_unit": lead_unit_id,
            "co_units": list(co_unit_ids),
            "readers": list(reader_post_ids),
            "leaders": list(leader_post_ids),
        },
    )
    return document


def _name_units(document: IncomingDocument, lead: int | None, co_units: Sequence[int], at: dt.datetime) -> None:
    wanted = dict.fromkeys(co_units, Part.CO.value) | ({lead: Part.LEAD.value} if lead else {})
    standing = {row.unit_id: row for row in HandlingUnit.objects.filter(document=document, ended_at__isnull=True)}
    ended = [row.pk for unit, row in standing.items() if wanted.get(unit) != row.part]
    HandlingUnit.objects.filter(pk__in=ended).update(ended_at=at)
    fresh = [unit for unit, part in wanted.items() if unit not in standing or standing[unit].part != part]
    # The lead first: the database refuses a co-unit without one.
    for unit in sorted(fresh, key=lambda one: wanted[one] != Part.LEAD):
        HandlingUnit.objects.create(document=document, unit_id=unit, part=wanted[unit], since=at)


def _list_readers(document: IncomingDocument, posts: Sequence[int], by: Actor, at: dt.datetime) -> None:
    """Set the list. Who has read it already stays on it."""
    stay = [row["post_id"] for row in queries.readers(document.pk) if row["read_at"]]
    Reader.objects.filter(document=document).exclude(post_id__in=[*posts, *stay]).delete()
    there = set(Reader.objects.filter(document=document).values_list("post_id", flat=True))
    Reader.objects.bulk_create(
        Reader(document=document, post_id=post, position=position, listed_at=at, listed_by_id=by.post_id)
        for position, post in enumerate(posts)
        if post not in there
    )


@service
def add_to_list(*, document_id: int, post_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Put a post on the circulation list after the proposal and send it the document: the office head's decision."""
    document = locked(document_id)
    access_rules.holds_role(by, HEAD, document.unit_id).demand()
    if document.state != State.REGISTERED or document.matter_id is None:
        raise Refused(_("Only a registered document that is still in hand circulates."))
    if not reason.strip():
        raise Refused(_("Say why this post should read it."), field="reason")
    if Reader.objects.filter(document=document, post_id=post_id).exists():
        raise Refused(_("The post is on the list already."), field="post")
    position = Reader.objects.filter(document=document).count()
    Reader.objects.create(document=document, post_id=post_id, position=position, listed_at=at, listed_by_id=by.post_id)
    journal.write(by=by, at=at, act="incoming.reader_listed", on=document, data={"post": post_id, "reason": reason})
    procedures.circulate(matter_id=document.matter_id, post_ids=[post_id], note=reason, by=by, at=at)


@service
def note_reading(*, document_id: int, post_id: int, by: Actor, at: dt.datetime) -> None:
    """A post on the list has read it; from any other post that is refused. The mark itself is the task's end."""
    document = locked(document_id)
    listed = set(Reader.objects.filter(document=document).values_list("post_id", flat=True))
    rules.may_circulate_to(post_id, listed).demand()
    journal.write(by=by, at=at, act="incoming.read", on=document, data={"post": post_id})


@service
def note_handling(
    *, document_id: int, outcome: str, result: str, opinion: str, by: Actor, at: dt.datetime
) -> IncomingDocument:
    """承办: the lead unit's result."""
    document = locked(document_id)
    records.demand_unmarked(texts={"result": result}, where="incoming", by=by, at=at)
    document.result = result.strip() or opinion.strip()
    if not document.result:
        raise Refused(_("Say what was done: write the result or an opinion."), field="result")
    document.version += 1
    document.save(update_fields=["result", "version"])
    journal.write(by=by, at=at, act="incoming.handled", on=document, data={"outcome": outcome})
    return document


@service
def note_reply(
    *,
    document_id: int,
    reply_text: str,
    reply_number: str = "",
    file_name: str = "",
    file: IO[bytes] | None = None,
    by: Actor,
    at: dt.datetime,
) -> IncomingDocument:
    """答复: the reply as text, file or both."""
    document = locked(document_id)
    records.demand_unmarked(texts={"reply_text": reply_text}, where="incoming", by=by, at=at)
    has_file = file is not None or IncomingFile.objects.filter(document=document, part=FilePart.REPLY).exists()
    if not reply_text.strip() and not has_file:
        raise Refused(_("A reply has a text or a file."), field="reply_text")
    if file is not None:
        stored = records.store_file(guard_id=document.guard_id, name=file_name, content=file, by=by, at=at)
        position = IncomingFile.objects.filter(document=document).count()
        IncomingFile.objects.create(
            document=document,
            stored_id=stored.pk,
            part=FilePart.REPLY,
            name=file_name[:200],
            position=position,
            added_at=at,
        )
    document.reply_text = reply_text.strip()
    document.reply_number = reply_number.strip()
    document.version += 1
    document.save(update_fields=["reply_text", "reply_number", "version"])
    journal.write(by=by, at=at, act="incoming.replied", on=document, data={"number": document.reply_number})
    return document


@service
def note_done(*, document_id: int, by: Actor, at: dt.datetime) -> IncomingDocument:
    """办结: the office's check passed; this is the moment that counts against the limit."""
    document = locked(document_id)
    document.done_at = at
    document.version += 1
    document.save(update_fields=["done_at", "version"])
    journal.write(by=by, at=at, act="incoming.done", on=document)
    return document


@service
def file_document(*, document_id: int, file_class: str, retention: str, by: Actor, at: dt.datetime) -> IncomingDocument:
    """归档: class and retention; the document goes on the record with its files and is closed."""
    document = locked(document_id)
    rules.may_file(file_class, retention, filing_queries.hindrances(document)).demand()
    document.file_class = file_class
    document.retention = retention
    filing.place_of(document, at)  # refused at the field before anything is written
    document.state = State.FILED
    document.done_at = document.done_at or at
    document.closed_at = at
    document.record_id = _put_on_record(document, by, at)
    document.version += 1
    document.save()
    item = filing.file_as_item(document=document, by=by, at=at)
    said = {"class": file_class, "retention": retention, "code": item.code}
    journal.write(by=by, at=at, act="incoming.filed", on=document, data=said)
    return document


RECORD_URGENCY = {
    Urgency.ROUTINE: "ORDINARY",
    Urgency.EXPEDITED: "URGENT",
    Urgency.URGENT: "MOST_URGENT",
    Urgency.TELEGRAM_ORDINARY: "ORDINARY",
    Urgency.TELEGRAM_EXPEDITED: "URGENT",
    Urgency.TELEGRAM_URGENT: "MOST_URGENT",
    Urgency.TELEGRAM_FLASH: "FLASH",
}
RECORD_ROLE = {FilePart.ANNEX: "ATTACHMENT", FilePart.ENVELOPE: "SOURCE", FilePart.REPLY: "REPLY"}


def _put_on_record(document: IncomingDocument, by: Actor, at: dt.datetime) -> int:
    """The record of a filed document: its facts, and each file in its role."""
    number = IssuedNumber.objects.filter(series__in=[SERIES, INSIDE_SERIES], text=document.number).first()
    record = records.register_document(
        guard_id=document.guard_id,
        unit_id=document.unit_id,
        direction="IN",
        label=document.label,
        kind="OTHER" if document.kind == Kind.BRIEF else document.kind,
        title=document.title,
        sender=document.sender,
        sender_number=document.sender_number,
        document_date=document.dated_on,
        urgency=RECORD_URGENCY[Urgency(document.urgency)],
        copy_number=document.copy_no,
        page_count=document.pages,
        addressees=document.addressees,
        note=document.summary,
        received_on=document.received_on,
        number_id=number.pk if number else None,
        by=by,
        at=at,
    )
    has_text = False
    for row in IncomingFile.objects.filter(document=document).order_by("position", "id"):
        role = RECORD_ROLE.get(FilePart(row.part), "ATTACHMENT" if has_text else "MAIN")
        has_text = has_text or role == "MAIN"
        records.attach_file(document_id=record.pk, file_id=row.stored_id, role=role, by=by, at=at)
    records.file_document(
        document_id=record.pk, filing_class=document.file_class, retention=document.retention, by=by, at=at
    )
    return int(record.pk)


def ids(values: Any) -> list[int]:
    """Primary keys of rows or keys as a form gives them."""
    return [int(getattr(value, "pk", value)) for value in values or ()]


def first_id(value: Any) -> int | None:
    """One primary key of a row or key, or None."""
    return None if not value else int(getattr(value, "pk", value))
