"""What the sender does behind a code; sending itself is `petitions.services.receive`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.door import rules
from chancery.departments.general_office.petitions.door.terms import SLOTS
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import GivenFile, Outcome, Part, Side, State
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused


@service
def add_to_petition(
    *, petition_id: int, text: str, files: Sequence[GivenFile], answers: bool, by: Actor, at: dt.datetime
) -> None:
    """Add facts and files, or answer what the office asked."""
    with acting_as(SYSTEM):
        petition = petitions.locked(petition_id)
        rules.may_add(petition.leads.state).demand()
        if text.strip():
            part = Part.ANSWER if answers else Part.ADDITION
            petitions.add_text(petition_id=petition_id, part=part, side=Side.PETITIONER, text=text, by=SYSTEM, at=at)
        for file in files:
            petitions.add_file(petition_id=petition_id, file=file, side=Side.PETITIONER, by=SYSTEM, at=at)
        if answers and SLOTS.answered is not None:
            SLOTS.answered(petition_id=petition_id, by=SYSTEM, at=at)


@service
def rate_handling(*, petition_id: int, rating: int, note: str, by: Actor, at: dt.datetime) -> Petition:
    """Rate once, after the answer."""
    with acting_as(SYSTEM):
        petition = petitions.locked(petition_id)
        rules.may_rate(petition.leads.state, petition.rating).demand()
        return petitions.rate(petition_id=petition_id, rating=rating, note=note, by=SYSTEM, at=at)


@service
def ask_for_review(*, petition_id: int, text: str, by: Actor, at: dt.datetime) -> None:
    """Ask for review, or after it for re-review; the part that reviews says until when, or why not."""
    with acting_as(SYSTEM):
        petitions.locked(petition_id)
        if SLOTS.asked is None:
            raise Refused(_("Review cannot be asked for here."))
        SLOTS.asked(petition_id=petition_id, text=text, by=SYSTEM, at=at)


@service
def withdraw_petition(*, petition_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Withdraw it, while nothing is decided."""
    with acting_as(SYSTEM):
        petition = petitions.locked(petition_id)
        rules.may_withdraw(petition.state).demand()
        if reason.strip():
            petitions.add_text(
                petition_id=petition_id, part=Part.ADDITION, side=Side.PETITIONER, text=reason, by=SYSTEM, at=at
            )
        if SLOTS.withdrawn is not None:
            SLOTS.withdrawn(petition_id=petition_id, reason="", by=SYSTEM, at=at)
        else:
            petitions.set_state(
                petition_id=petition_id, state=State.WITHDRAWN, outcome=Outcome.WITHDRAWN, by=SYSTEM, at=at
            )
