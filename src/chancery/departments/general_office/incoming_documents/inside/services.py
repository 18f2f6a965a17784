"""Verbs: take in what a unit sends, open it, sign for it, send it back; and what its sender does to it afterwards."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries as incoming
from chancery.departments.general_office.incoming_documents.inside import queries, rules
from chancery.departments.general_office.incoming_documents.inside.models import Arrival, SenderNote
from chancery.departments.general_office.incoming_documents.inside.terms import PROCEDURE, NoteKind
from chancery.departments.general_office.incoming_documents.intake.services import (
    NotThere,
    apply_facts,
    demand_registrar,
    locked,
    subject_of,
)
from chancery.departments.general_office.incoming_documents.models import IncomingDocument, IncomingFile
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.departments.general_office.incoming_documents.terms import PROCEDURE as OFFICE_PROCEDURE
from chancery.departments.general_office.incoming_documents.terms import Carrier, State, Urgency
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.kernel.access import services as access
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.records import services as records

FACTS = (
    "title", "sender", "sender_number", "dated_on", "kind", "urgency", "label", "pages", "addressees", "summary",
)  # fmt: skip


class Listener(Protocol):
    """Who sends documents inside the house and wants to know what became of them. Called in the act's transaction."""

    def opened(self, *, document: IncomingDocument, by: Actor, at: dt.datetime) -> None:
        """Somebody opened it."""

    def receipted(self, *, document: IncomingDocument, by: Actor, at: dt.datetime) -> None:
        """It was signed for."""

    def declined(self, *, document: IncomingDocument, reason: str, by: Actor, at: dt.datetime) -> None:
        """It was not accepted, or sent back later."""


_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have a sender told; called from `AppConfig.ready`."""
    if listener not in _listeners:
        _listeners.append(listener)


@service
def receive_inside(
    *,
    source: str,
    unit_id: int,
    facts: Mapping[str, Any],
    parts: Sequence[Mapping[str, Any]],
    sender_unit_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> IncomingDocument:
    """A document reaches the desk of a unit: its matter opens there at signing for it. SYSTEM hands it over.

    `facts` are those of `FACTS`; `parts` as in `Arrival.parts`. Raises `rules.NoDesk`. What is at the desk
    already comes back as it is: two addressees with one desk share the copy.
    """
    if not by.is_system:
        raise Refused(_("Documents are handed over by the system, on behalf of who sends them."))
    desk = queries.desk_of(unit_id)
    if desk is None:
        raise rules.NoDesk(_("Nobody registers documents for %(unit)s.") % {"unit": incoming.unit_name(unit_id)})
    there = Arrival.objects.filter(source=source, unit_id=desk.unit_id, recalled_at=None, declined_at=None).first()
    if there is not None:
        return locked(there.document_id)
    procedure = OFFICE_PROCEDURE if desk.unit_id == incoming.office_id() else PROCEDURE
    label = int(facts.get("label", 10))
    guard = access.open_guard(unit_id=desk.unit_id, label=label, scope=procedure, by=by, at=at)
    today = clock.date_of(at)
    document = IncomingDocument(
        guard_id=guard.pk, unit_id=desk.unit_id, carrier=Carrier.INSIDE, received_on=today, opened_at=at
    )
    apply_facts(document, {name: facts[name] for name in FACTS if facts.get(name) not in (None, "")})
    document.limit_on = facts.get("limit_on") or incoming.limit_for(document.urgency, today)
    document.save(force_insert=True)
    arrival = Arrival(
        document=document,
        source=source,
        unit_id=desk.unit_id,
        sender_unit_id=sender_unit_id,
        parts=[dict(part) for part in parts],
        arrived_at=at,
    )
    matter = procedures.open_matter(
        procedure=procedure,
        title=document.title,
        unit_id=desk.unit_id,
        label=label,
        urgency=registration.KERNEL_URGENCY[Urgency(document.urgency)],
        subject=subject_of(document),
        guard_id=guard.pk,
        due_on=document.limit_on,
        by=by,
        at=at,
    )
    document.matter_id, document.state = matter.pk, State.ARRIVED
    document.save(update_fields=["matter", "state"])
    arrival.save(force_insert=True)
    journal.write(
        by=by,
        at=at,
        act="incoming.arrived",
        on=document,
        data={"sender": document.sender, "number": document.sender_number, "files": len(parts)},
    )
    procedures.tell_posts(
        matter_id=matter.pk, post_ids=desk.posts, kind=NoticeKind.ASKED, note=document.sender, by=by, at=at
    )
    return document


def _arrival(document: IncomingDocument) -> Arrival:
    found = Arrival.objects.select_for_update().filter(document=document).first()
    if found is None:
        raise NotThere(_("There is no such document."))
    return found


@service
def open_copy(*, document_id: int, by: Actor, at: dt.datetime) -> IncomingDocument:
    """Open what arrived: its files are handed over now, and from now on it cannot be recalled."""
    document = locked(document_id)
    demand_registrar(by, document.unit_id)
    arrival = _arrival(document)
    rules.is_here(arrival).demand()
    _open(document, arrival, by, at)
    return document


def _open(document: IncomingDocument, arrival: Arrival, by: Actor, at: dt.datetime) -> None:
    if arrival.opened_at is not None:
        return
    with acting_as(SYSTEM):  # the sender's files are not the opener's to see; their copies are
        for position, part in enumerate(arrival.parts):
            copy = records.copy_file(
                file_id=int(part["stored"]),
                guard_id=document.guard_id,
                name=str(part["name"]),
                owner=subject_of(document),
                by=SYSTEM,
                at=at,
            )
            if copy is None or copy.sha256 != part["sha256"]:
                raise Refused(_("A file of this document is not there as it was sent."))
            IncomingFile.objects.create(
                document=document,
                stored_id=copy.pk,
                part=part["part"],
                name=str(part["name"])[:200],
                position=position,
                added_at=at,
            )
    arrival.opened_at, arrival.opened_person_id = at, by.person_id
    arrival.save(update_fields=["opened_at", "opened_person"])
    journal.write(by=by, at=at, act="incoming.opened_copy", on=document, data={"files": len(arrival.parts)})
    for listener in _listeners:
        listener.opened(document=document, by=by, at=at)


@service
def sign_for_copy(*, document_id: int, by: Actor, at: dt.datetime) -> IncomingDocument:
    """签收: opened if it was not, and its sender has the receipt. A unit's own register numbers it at once."""
    document = locked(document_id)
    arrival = _arrival(document)
    rules.is_here(arrival).demand()
    _open(document, arrival, by, at)
    arrival.signed_at, arrival.signed_person_id = at, by.person_id
    arrival.save(update_fields=["signed_at", "signed_person"])
    document.state = State.SIGNED
    document.version += 1
    document.save(update_fields=["state", "version"])
    journal.write(by=by, at=at, act="incoming.signed_for", on=document)
    if document.unit_id != incoming.office_id():
        document = registration.register_arrival(document_id=document.pk, by=by, at=at)
    for listener in _listeners:
        listener.receipted(document=document, by=by, at=at)
    return document


@service
def decline_copy(*, document_id: int, reason: str, by: Actor, at: dt.datetime) -> IncomingDocument:
    """Not accepted, with the reason for the sender: it was sent to the wrong desk."""
    document = locked(document_id)
    arrival = _arrival(document)
    rules.may_decline(arrival, reason).demand()
    arrival.declined_at, arrival.end_reason = at, reason.strip()[:1000]
    arrival.save(update_fields=["declined_at", "end_reason"])
    _end(document, State.DECLINED, at)
    journal.write(by=by, at=at, act="incoming.declined", on=document, data={"reason": arrival.end_reason})
    for listener in _listeners:
        listener.declined(document=document, reason=arrival.end_reason, by=by, at=at)
    return document


@service
def tell_returned(*, document_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """The first check sent it back after it was signed for: its sender hears why."""
    arrival = Arrival.objects.filter(document_id=document_id).first()
    if arrival is not None:
        for listener in _listeners:
            listener.declined(document=locked(document_id), reason=reason, by=by, at=at)


def _end(document: IncomingDocument, state: State, at: dt.datetime) -> None:
    document.state, document.closed_at = state, at
    document.version += 1
    document.save(update_fields=["state", "closed_at", "version"])


@service
def recall_copy(*, document_id: int, reason: str, by: Actor, at: dt.datetime) -> IncomingDocument:
    """The sender takes an unopened copy back: its matter closes with the reason, nothing of it stays at the desk."""
    matter_id = IncomingDocument.objects.filter(pk=document_id).values_list("matter_id", flat=True).first()
    if not by.is_system or matter_id is None:
        raise NotThere(_("There is no such document."))
    arrival = Arrival.objects.filter(document_id=document_id).first()
    if arrival is not None:
        rules.may_recall(arrival).demand()
    # The matter first: signing for it takes the matter and then the document, too.
    procedures.close(matter_id=matter_id, reason=_("Recalled by the sender: %(why)s") % {"why": reason}, by=by, at=at)
    document = locked(document_id)
    arrival = _arrival(document)
    rules.may_recall(arrival).demand()
    arrival.recalled_at, arrival.end_reason = at, reason.strip()[:1000]
    arrival.save(update_fields=["recalled_at", "end_reason"])
    _end(document, State.RECALLED, at)
    journal.write(by=by, at=at, act="incoming.recalled", on=document, data={"reason": arrival.end_reason})
    _tell(document, NoticeKind.RECALLED, reason, by, at)
    return document


@service
def note_from_sender(
    *,
    source: str,
    kind: NoteKind,
    text: str,
    number: str = "",
    document_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Put the sender's note on every copy of a document in the house, or on one, and tell who has it. SYSTEM writes."""
    found = Arrival.objects.filter(source=source, recalled_at=None, declined_at=None).order_by("id")
    if document_id is not None:
        found = found.filter(document_id=document_id)
    reached = list(found.select_related("document"))
    for arrival in reached:
        document = arrival.document
        SenderNote.objects.create(document=document, kind=kind, number=number[:80], text=text.strip()[:1000], at=at)
        journal.write(
            by=by, at=at, act="incoming.sender_noted", on=document, data={"kind": kind, "number": number, "text": text}
        )
        told = NoticeKind.URGED if kind == NoteKind.URGED else NoticeKind.RECALLED
        if kind in (NoteKind.CORRECTED, NoteKind.SUPERSEDED, NoteKind.ABOLISHED):
            told = NoticeKind.CIRCULATED
        said = " ".join(part for part in (str(NoteKind(kind).label), number, text) if part)
        _tell(document, told, re.sub(r"\s+", " ", said), by, at)
    return len(reached)


def _tell(document: IncomingDocument, kind: NoticeKind, note: str, by: Actor, at: dt.datetime) -> None:
    """Tell the desk, and whoever has the matter in hand now."""
    if document.matter_id is None:
        return
    desk = queries.desk_of(document.unit_id)
    posts = [*(desk.posts if desk else ()), *_holders(document.matter_id)]
    procedures.tell_posts(matter_id=document.matter_id, post_ids=posts, kind=kind, note=note.strip(), by=by, at=at)


def _holders(matter_id: int) -> list[int]:
    return [row["post_id"] for row in procedure_queries.open_tasks(matter_id) if row["post_id"]]
