"""What hangs on a thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chancery.departments.general_office.confidential_work.classification.queries import (
    INCOMING,
    ITEM,
    OUTGOING,
    spellings,
    thing,
)
from chancery.departments.general_office.confidential_work.classification.terms import Derived, Thing
from chancery.departments.general_office.incoming_documents.inside.models import Arrival
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.outgoing_documents.models import Relation
from chancery.departments.general_office.outgoing_documents.terms import RelationKind
from chancery.kernel.records.models import ArchivalItem

MOST = 200  # a chain longer than that is no chain of papers


@dataclass(frozen=True, slots=True)
class Heir:
    """A thing that inherits, and why."""

    thing: Thing
    how: Derived


def derived_of(subject: str) -> list[Heir]:
    """Everything derived from a thing, and from that, nearest first, as far as the actor may see it.

    What shares the guard of another (a matter and its document) is one thing and comes once.
    """
    start = thing(subject)
    if start is None:
        return []
    found: list[Heir] = []
    known, waiting = {start.guard_id}, [subject]
    while waiting and len(found) < MOST:
        for how, at in _next(waiting.pop(0)):
            one = thing(at)
            if one is not None and one.guard_id not in known:
                known.add(one.guard_id)
                found.append(Heir(one, how))
                waiting.append(at)
    return found


def _next(subject: str) -> Iterator[tuple[Derived, str]]:
    label, _colon, key = subject.partition(":")
    if label == OUTGOING:
        for copy in Arrival.objects.filter(source__in=spellings(subject)).values_list("document_id", flat=True)[:MOST]:
            yield Derived.COPY, f"{INCOMING}:{copy}"
        for later in Relation.objects.filter(earlier_id=int(key)).values_list("document_id", flat=True)[:MOST]:
            yield Derived.ANSWER, f"{OUTGOING}:{later}"
    if label == INCOMING:
        number = IncomingDocument.objects.filter(pk=key).values_list("sender_number", flat=True).first()
        if number:
            answers = Relation.objects.filter(kind=RelationKind.ANSWERS, earlier=None, earlier_number=number)
            for later in answers.values_list("document_id", flat=True)[:MOST]:
                yield Derived.ANSWER, f"{OUTGOING}:{later}"
    for item in ArchivalItem.objects.filter(subject__in=spellings(subject)).values_list("pk", flat=True):
        yield Derived.ARCHIVED, f"{ITEM}:{item}"
