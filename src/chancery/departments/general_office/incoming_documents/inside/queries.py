"""Desks, and what came over them. Row security limits what the stamped actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from chancery.departments.general_office.incoming_documents import queries as incoming
from chancery.departments.general_office.incoming_documents.inside.models import Arrival, SenderNote
from chancery.departments.general_office.incoming_documents.inside.terms import NoteKind
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.terms import REGISTRAR, FilePart
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.directory import queries as directory
from chancery.kernel.directory.models import Holding, Unit
from chancery.kernel.directory.terms import UnitKind


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a unit's post is signed for: the unit whose register it goes into, and the posts that answer there.

    `clearance` is the highest of those who hold these posts today: a document with a higher label would reach nobody.
    """

    unit_id: int
    posts: tuple[int, ...]
    clearance: int


def desk_of(unit_id: int) -> Desk | None:
    """The desk of a unit: its own registrar's; for what stands above the General Office, the General Office's."""
    posts = incoming.answering_posts(REGISTRAR, unit_id)
    at = unit_id
    if not posts:
        office = incoming.office_id()
        if unit_id not in _served_by(office):
            return None
        posts, at = incoming.answering_posts(REGISTRAR, office), office
    if not posts:
        return None
    with acting_as(SYSTEM):
        people = Holding.objects.filter(post_id__in=posts, during__contains=clock.today(), is_void=False)
        highest = Account.objects.filter(person_id__in=people.values("person_id"), is_active=True).aggregate(
            highest=Max("clearance")
        )["highest"]
    return None if highest is None else Desk(at, tuple(posts), int(highest))


def _served_by(office: int) -> set[int]:
    """The General Office signs for what stands above it and for the leading bodies beside that."""
    above = directory.ancestors(office)
    bodies = Unit.objects.filter(kind=UnitKind.LEADING_BODY, parent_id__in=above).values_list("id", flat=True)
    return {*above, *bodies}


def arrival_of(document_id: int) -> Arrival | None:
    """How a document came, or None when it did not come from inside the house."""
    return Arrival.objects.filter(document_id=document_id).first()


def notes(document_id: int) -> list[dict[str, Any]]:
    """What the sender said afterwards, newest first."""
    rows = SenderNote.objects.filter(document_id=document_id).values("kind", "number", "text", "at")
    return [{**row, "words": NoteKind(row["kind"]).label} for row in rows]


def standing(document: IncomingDocument, by: Actor) -> dict[str, Any]:
    """What the matter page shows beside the facts: unopened, its parts, the sender's notes. {} for other documents."""
    arrival = arrival_of(document.pk)
    if arrival is None:
        return {}
    words = dict(FilePart.choices)
    return {
        "arrival": arrival,
        "parts": [] if arrival.opened_at else [{**row, "part_words": words[row["part"]]} for row in arrival.parts],
        "sender_notes": notes(document.pk),
        "may_open": arrival.opened_at is None
        and arrival.recalled_at is None
        and arrival.declined_at is None
        and bool(access_rules.holds_role(by, REGISTRAR, document.unit_id)),
    }
