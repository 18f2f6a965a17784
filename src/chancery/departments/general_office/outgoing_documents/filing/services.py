"""Making an outgoing document an archival item; blanking what the house keeps of it once the item is destroyed."""

from __future__ import annotations

import datetime as dt
import io

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.filing import queries
from chancery.departments.general_office.outgoing_documents.filing.terms import KIND, is_filed_with
from chancery.departments.general_office.outgoing_documents.issuing.services import put_slip_on_record
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.queries import subject_of
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.words import words
from chancery.kernel.procedures.filing.queries import papers
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.placing.queries import Place, demand_none, placed, proposed
from chancery.kernel.records.archive.services import file_item
from chancery.kernel.records.archive.terms import Carrier, ItemFacts, PartFacts, PartRole
from chancery.kernel.records.documents.models import DocumentFile
from chancery.kernel.records.files.services import store_file
from chancery.kernel.records.services import file_document


@service
def file_as_item(
    *, document_id: int, file_class: str = "", retention: str = "", by: Actor, at: dt.datetime
) -> ArchivalItem | None:
    """归档: sealed paper, final draft, annexes, slip, opinions and metadata as one item; None when it was not issued.

    Class and period are the plan's proposal unless others are chosen. Refused while anything hinders.
    """
    document = OutgoingDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
    if document.record_id is None or document.sealed_file_id is None or is_filed_with(document.pk):
        return None
    demand_none(queries.hindrances(document, at))
    put_slip_on_record(document_id=document.pk, by=by, at=at)
    thing = queries.thing_of(document, clock.date_of(at))
    plans_class, plans_period, _why = proposed(thing)
    file_class, retention = file_class or plans_class, retention or plans_period
    place = placed(thing, file_class=file_class, retention=retention)
    item = file_item(facts=_facts(document, place, _parts(document, by, at)), by=by, at=at)
    file_document(document_id=document.record_id, filing_class=file_class, retention=retention, by=by, at=at)
    return item


@service
def gather(*, subject: str, by: Actor, at: dt.datetime) -> ItemFacts | None:
    """The document as the plan proposes it, metadata and opinions written and kept; None when it is not to be seen."""
    document = queries.document_of(subject)
    if document is None or document.record_id is None or is_filed_with(document.pk):
        return None
    thing = queries.thing_of(document, clock.date_of(at))
    file_class, retention, _why = proposed(thing)
    place = placed(thing, file_class=file_class, retention=retention)
    return _facts(document, place, _parts(document, by, at))


def purge(item_id: int, subject: str) -> None:
    """Blank text, versions, comments and opinions; the database does so only for an item that was destroyed."""
    with connection.cursor() as cursor:
        cursor.execute("select general_office_purge_outgoing(%s)", [item_id])
        cursor.execute("select procedures_purge(%s)", [item_id])


def _facts(document: OutgoingDocument, place: Place, parts: list[PartFacts]) -> ItemFacts:
    return ItemFacts(
        kind=KIND,
        subject=subject_of(document),
        content_guard_id=document.guard_id,
        unit_id=document.unit_id,
        title=document.title,
        author=words(document.issuer, "name", document.language),
        document_number=document.number,
        dated_on=document.dated_on,
        label=document.label,
        plan_class_id=place.plan_class_id,
        period=place.period,
        page_count=document.pages,
        matter_number=document.matter.number if document.matter else "",
        carrier=Carrier.DIGITAL,
        parts=parts,
    )


def _parts(document: OutgoingDocument, by: Actor, at: dt.datetime) -> list[PartFacts]:
    """Sealed paper, final draft, annexes, slip, opinions, metadata: each file once."""
    found = [PartFacts(document.sealed_file_id or 0, PartRole.MAIN, document.number, document.pages)]
    for annex in document.annexes.select_related("stored"):
        found.append(PartFacts(annex.stored_id, PartRole.ANNEX, annex.name, annex.stored.pages))
    if document.set_file_id and document.set_file_id != document.sealed_file_id:
        found.append(PartFacts(document.set_file_id, PartRole.DRAFT, str(PartRole.DRAFT.label), document.pages))
    slip = (
        DocumentFile.objects.filter(document_id=document.record_id or 0, role="SLIP")
        .select_related("file")
        .order_by("-pk")
    ).first()
    if slip is not None:
        found.append(PartFacts(slip.file_id, PartRole.SLIP, str(PartRole.SLIP.label), slip.file.pages))
    number = document.number.replace("/", "-")
    written = [
        *papers(document.matter_id or 0, number=number),
        ("METADATA", _("Metadata %(number)s.xml") % {"number": number}, io.BytesIO(queries.described(document))),
    ]
    for role, name, content in written:
        file = store_file(
            guard_id=document.guard_id, name=str(name), content=content, owner=subject_of(document), by=by, at=at
        )
        found.append(PartFacts(file.pk, role, str(PartRole(role).label), file.pages))
    kept: dict[int, PartFacts] = {}
    for part in found:
        kept.setdefault(part.file_id, part)
    return list(kept.values())
