"""Making an incoming document an archival item; blanking what the register keeps of it once the item is destroyed."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from chancery.departments.general_office.incoming_documents.filing import queries
from chancery.departments.general_office.incoming_documents.intake.services import subject_of
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.printing.queries import slip_pdf
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.kernel.procedures.filing.services import store_papers
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.placing.queries import Place, demand_none, placed
from chancery.kernel.records.archive.services import file_item
from chancery.kernel.records.archive.terms import ItemFacts


@service
def file_as_item(*, document: IncomingDocument, by: Actor, at: dt.datetime) -> ArchivalItem:
    """归档: document, attachments, reply, slip and opinions as one item. The caller holds the document's lock.

    Refused while anything hinders, at the class or the period when they are not those of the plan.
    """
    demand_none(queries.hindrances(document))
    facts = gather(subject=subject_of(document), by=by, at=at)
    if facts is None:
        raise RuntimeError(f"{document} is not to be seen by who files it")
    return file_item(facts=facts, by=by, at=at)


def place_of(document: IncomingDocument, at: dt.datetime) -> Place:
    """Class and period as they stand on the document, judged by the plan."""
    thing = queries.thing_of(document, clock.date_of(at))
    return placed(thing, file_class=document.file_class, retention=document.retention)


@service
def gather(*, subject: str, by: Actor, at: dt.datetime) -> ItemFacts | None:
    """The document as an item, its slip and opinions printed and kept; None when the actor sees no such document."""
    document = queries.document_of(subject)
    if document is None:
        return None
    place = place_of(document, at)
    printed = []
    if document.matter_id is not None:
        printed = store_papers(
            matter_id=document.matter_id,
            number=document.number,
            guard_id=document.guard_id,
            owner=subject,
            slip=slip_pdf(document, at),
            by=by,
            at=at,
        )
    return ItemFacts(
        kind=queries.thing_of(document, clock.date_of(at)).kind,
        subject=subject,
        content_guard_id=document.guard_id,
        unit_id=document.lead_unit_id or document.unit_id,
        title=document.title,
        author=document.sender,
        document_number=document.sender_number,
        dated_on=document.dated_on,
        label=document.label,
        plan_class_id=place.plan_class_id,
        period=place.period,
        page_count=document.pages,
        matter_number=document.number,
        carrier=queries.carrier_of(document),
        parts=queries.parts(document, *printed),
        year=document.dated_on.year if document.dated_on else None,
    )


def purge(item_id: int, subject: str) -> None:
    """Blank what the register says of the document; the database does so only for an item that was destroyed."""
    with connection.cursor() as cursor:
        cursor.execute("select general_office_purge_incoming(%s)", [item_id])
        cursor.execute("select procedures_purge(%s)", [item_id])
