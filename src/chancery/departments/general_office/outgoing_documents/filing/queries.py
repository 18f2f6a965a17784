"""Where an outgoing document is filed, and what keeps it from being filed."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from lxml import etree

from chancery.departments.general_office.outgoing_documents.dispatch import rules as dispatch_rules
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.drafting.models import UnsavedWork
from chancery.departments.general_office.outgoing_documents.filing.terms import KIND
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import ISSUED
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.words import words
from chancery.kernel.procedures.filing import queries as matters
from chancery.kernel.records import queries as records
from chancery.kernel.records.archive.placing.queries import Thing
from chancery.kernel.records.archive.terms import Hindrance
from chancery.kernel.records.documents.models import Document

NAMESPACE = "urn:chancery:record-metadata:1"


def thing_of(document: OutgoingDocument, on: dt.date) -> Thing:
    """What the file plan is asked: by the unit that drafted it."""
    return Thing(KIND, document.paper_type, document.unit_id, on)


def hindrances(
    document: OutgoingDocument, at: dt.datetime | None, *, but_task_id: int | None = None
) -> list[Hindrance]:
    """What keeps it from being filed: open steps, unread copies, and what keeps it from being closed at all."""
    found = matters.hindrances(document.matter_id, but_task_id=but_task_id) if document.matter_id else []
    return [*found, *closing(document, at)]


def closing(document: OutgoingDocument, at: dt.datetime | None) -> list[Hindrance]:
    """Checked out (the editor is open at that moment, work is unsaved), undated, receipts missing."""
    page = reverse("general_office:outgoing_document", args=[document.pk])
    found = []
    lock = drafting.lock_of(document.pk, at) if at is not None else None
    if lock is not None:
        found.append(Hindrance(_("%(who)s has the text open for editing.") % {"who": words(lock.person)}, page))
    if document.state not in ISSUED:
        # Whose unsaved work it is may be hidden from who closes; that there is some must be said all the same.
        with acting_as(SYSTEM):
            unsaved = list(UnsavedWork.objects.filter(document=document).select_related("person"))
        found += [
            Hindrance(_("%(who)s has changes of the text that are not saved.") % {"who": words(one.person)}, page)
            for one in unsaved
            if lock is None or one.person_id != lock.person_id
        ]
        return found
    if document.dated_on is None:
        found.append(Hindrance(_("The document has no date."), page))
    receipts = dispatch_rules.are_receipts_in(Delivery.objects.filter(document=document))
    if not receipts:
        found.append(Hindrance(receipts.reason, page))
    return found


def described(document: OutgoingDocument) -> bytes:
    """What the register says of the document, under the element names of GB/T 33480-2016, as XML."""
    root = etree.Element(f"{{{NAMESPACE}}}record", nsmap={None: NAMESPACE})
    said = {"发文字号": document.number, "签发日期": document.signed_at, "核发日期": document.released_at}
    record = Document.objects.filter(pk=document.record_id).first() if document.record_id else None
    elements = {**(records.metadata_of(record) if record else {}), **{k: str(v) for k, v in said.items() if v}}
    for name, value in elements.items():
        element = etree.SubElement(root, f"{{{NAMESPACE}}}element", name=name)
        element.text = value
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def document_of(subject: str) -> OutgoingDocument | None:
    """The document that a subject of the archive names."""
    head, _colon, key = subject.partition(":")
    if head != "general_office.OutgoingDocument" or not key.isdigit():
        return None
    return OutgoingDocument.objects.select_related("unit", "issuer").filter(pk=int(key)).first()


def hindrances_of_subject(subject: str, by: Actor) -> list[Hindrance]:
    """As `hindrances`, asked by the archive."""
    document = document_of(subject)
    return hindrances(document, None) if document is not None else []


def url_of(subject: str) -> str:
    """The page of the document."""
    document = document_of(subject)
    return reverse("general_office:outgoing_document", args=[document.pk]) if document is not None else ""
