"""Letters of petitions on their way, for the tests of letters and of keeping."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction

from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import MONDAY, Desk
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.petitions.letters import services
from chancery.departments.general_office.petitions.letters.models import PetitionLetter
from chancery.departments.general_office.petitions.models import Petition
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as

WORDS = {"GO": {"cn": "科协办函", "neutral": "GO-L"}, "PF": {"cn": "科协计函", "neutral": "PF-N"}}
EARLIER = MONDAY - dt.timedelta(days=30)


@contextlib.contextmanager
def furnished(cast: Any) -> Iterator[Desk]:
    """Series and seals, on a Monday in November 2026."""
    with clock.fixed_at(MONDAY):
        desk = Desk(cast)
        desk.open_series("GO", "go", WORDS["GO"][settings.PROFILE])
        for unit in ("GO", "PF"):
            desk.register_seal(unit, f"{unit}-1")
        yield desk


def paper_of(letter: PetitionLetter) -> OutgoingDocument:
    """Its outgoing document, whoever may know."""
    with acting_as(SYSTEM), transaction.atomic():
        return OutgoingDocument.objects.select_related("guard").get(petition_letter=letter.pk)


def begun(desk: Desk, petition: Petition, kind: str, by: Actor) -> PetitionLetter:
    """A letter as its writer finds it, with a signer."""
    return services.begin_letter(
        petition_id=petition.pk, kind=kind, signer_post_id=desk.cast.leader.post_id, by=by, at=desk.tick()
    )


def brought(
    desk: Desk, letter: PetitionLetter, by: Actor, to: str, checker: str = "office_reviewer"
) -> OutgoingDocument:
    """Submitted, and brought to a step. The office's own drafts are checked by its own checker."""
    document = drafting.submit_draft(document_id=letter.document_id or 0, by=by, at=desk.tick())
    document = desk.press(document, "unit_check", "PASS", checker)
    return desk.bring_to(to, document)


def issued(desk: Desk, letter: PetitionLetter, by: Actor, checker: str = "office_reviewer") -> OutgoingDocument:
    """Released, and waiting for dispatch."""
    return brought(desk, letter, by, "dispatch", checker)
