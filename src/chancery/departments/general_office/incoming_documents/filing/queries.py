"""Where an incoming document is filed, and what keeps it from being filed."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents.filing.terms import INSIDE, KIND
from chancery.departments.general_office.incoming_documents.models import IncomingDocument, IncomingFile
from chancery.departments.general_office.incoming_documents.terms import Carrier, FilePart, Kind, State
from chancery.foundations.actor import Actor
from chancery.kernel.procedures.filing import queries as matters
from chancery.kernel.records.archive.placing.queries import Thing
from chancery.kernel.records.archive.terms import Carrier as ItemCarrier
from chancery.kernel.records.archive.terms import Hindrance, PartFacts, PartRole

_ROLES = {
    FilePart.MAIN: PartRole.MAIN,
    FilePart.ANNEX: PartRole.ANNEX,
    FilePart.REPLY: PartRole.REPLY,
    FilePart.ENVELOPE: PartRole.SOURCE,
}
#: The order in which parts lie: the answer with its question, the slip with what was said, last how it came.
_ORDER = (PartRole.MAIN, PartRole.ANNEX, PartRole.REPLY, PartRole.SLIP, PartRole.OPINIONS, PartRole.SOURCE)


def is_inside(document: IncomingDocument) -> bool:
    """Whether the paper came from inside the house."""
    return document.carrier == Carrier.INSIDE


def thing_of(document: IncomingDocument, on: dt.date) -> Thing:
    """What the file plan is asked: by the unit that leads, else the one that keeps it."""
    kind = INSIDE if is_inside(document) else KIND
    return Thing(kind, document.kind, document.lead_unit_id or document.unit_id, on)


def hindrances(document: IncomingDocument, *, but_task_id: int | None = None) -> list[Hindrance]:
    """What keeps it from being filed: open steps, unread copies, and what keeps it from being closed at all."""
    found = matters.hindrances(document.matter_id, but_task_id=but_task_id) if document.matter_id else []
    return [*found, *closing(document)]


def closing(document: IncomingDocument) -> list[Hindrance]:
    """Undated, or a request that was not answered."""
    if document.state != State.REGISTERED:
        return []
    page = reverse("general_office:incoming_document", args=[document.pk])
    found = []
    if document.dated_on is None:
        found.append(Hindrance(_("The document has no date. Correct the entry."), page))
    if document.kind == Kind.REQUEST and not is_inside(document) and not is_answered(document):
        found.append(
            Hindrance(
                _("The request was not answered. Return it to whoever handles it, for the reply."),
                reverse("procedures:matter", args=[document.matter_id]) if document.matter_id else page,
            )
        )
    return found


def is_answered(document: IncomingDocument) -> bool:
    """Whether a reply is noted: its text, its number or its file."""
    return bool(
        document.reply_text
        or document.reply_number
        or IncomingFile.objects.filter(document=document, part=FilePart.REPLY).exists()
    )


def parts(document: IncomingDocument, *more: PartFacts) -> list[PartFacts]:
    """The files of the document and `more`, in the order in which they lie."""
    rows = IncomingFile.objects.filter(document=document).select_related("stored").order_by("position", "id")
    found: list[PartFacts] = []
    has_text = False
    for row in rows:
        role = _ROLES.get(FilePart(row.part), PartRole.ANNEX)
        if role == PartRole.MAIN and has_text:
            role = PartRole.ANNEX
        has_text = has_text or role == PartRole.MAIN
        found.append(PartFacts(row.stored_id, role, row.name, row.stored.pages))
    return sorted([*found, *more], key=lambda part: _ORDER.index(PartRole(part.role)))


def carrier_of(document: IncomingDocument) -> str:
    """On paper, electronic, or both."""
    if document.carrier not in {Carrier.PAPER, Carrier.HAND, Carrier.FAX, Carrier.TELEGRAM}:
        return ItemCarrier.DIGITAL
    has_files = IncomingFile.objects.filter(document=document).exists()
    return ItemCarrier.BOTH if has_files else ItemCarrier.PAPER


def document_of(subject: str) -> IncomingDocument | None:
    """The document that a subject of the archive names."""
    head, _colon, key = subject.partition(":")
    if head != "general_office.IncomingDocument" or not key.isdigit():
        return None
    return IncomingDocument.objects.select_related("unit", "lead_unit").filter(pk=int(key)).first()


def hindrances_of_subject(subject: str, by: Actor) -> list[Hindrance]:
    """As `hindrances`, asked by the archive."""
    document = document_of(subject)
    return hindrances(document) if document is not None else []


def url_of(subject: str) -> str:
    """The page of the document."""
    document = document_of(subject)
    return reverse("general_office:incoming_document", args=[document.pk]) if document is not None else ""
