"""Verbs of the desk: take in for a sender, hand the receipt over."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.desk import queries, rules
from chancery.departments.general_office.petitions.desk.models import PetitionArrival
from chancery.departments.general_office.petitions.desk.terms import Given, Mail, Way
from chancery.departments.general_office.petitions.terms import (
    SUBJECT,
    Channel,
    GivenFile,
    IdentityFacts,
    Received,
)
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words

AGE_KEY = "petition.letter.age"
MOST_KEY = "petition.representatives"


@service
def take_in(
    *,
    channel: str,
    kind: str,
    language: str,
    request: str = "",
    facts: str = "",
    reasons: str = "",
    identity: IdentityFacts | None = None,
    files: Sequence[GivenFile] = (),
    mail: bytes | None = None,
    way: str = "",
    envelope_on: dt.date | None = None,
    began_at: dt.datetime | None = None,
    ended_at: dt.datetime | None = None,
    received_at: dt.datetime | None = None,
    group_size: int = 1,
    token: str = "",
    by: Actor,
    at: dt.datetime,
    **more: Any,
) -> Received:
    """Take in a letter, call, fax or e-mail. Who sent it goes into custody and does not come back to the desk; the
    receipt code is shown once. `mail`: an e-mail as a file, from which sender, words and attachments are read. `more`:
    region, field, subject_unit_id, subject_person_id."""
    rules.may_take_in(by).demand()
    rules.is_channel(channel).demand()
    rules.is_of(channel, way, bool(began_at or ended_at)).demand()
    rules.is_call(began_at, ended_at, at).demand()
    oldest = rulebook.days(AGE_KEY, on=clock.date_of(at))
    rules.came_before(received_at, at, oldest).demand()
    rules.is_envelope(envelope_on, clock.date_of(received_at or at), oldest).demand()
    who = identity or IdentityFacts()
    demand_representatives(len(who.representatives), group_size, at)
    given = list(files)
    if channel == Channel.EMAIL and mail is not None:
        said = _read(mail)
        who = rules.with_mail(who, said)
        request = request.strip() or said.text or said.subject
        given = [GivenFile("message.eml", io.BytesIO(mail)), *said.files, *given]
    received = petitions.receive(
        kind=kind,
        channel=channel,
        language=language,
        request=request,
        facts=facts,
        reasons=reasons,
        identity=who,
        files=given,
        group_size=group_size,
        token=token,
        received_at=received_at,
        by=by,
        at=at,
        **more,
    )
    PetitionArrival.objects.create(
        petition=received.petition,
        way=Way(way) if way else "",
        envelope_on=envelope_on,
        began_at=began_at,
        ended_at=ended_at,
        taken_at=at,
        taken_person_id=by.person_id,  # type: ignore[misc]  # the rule has let a person in
    )
    _write("petition.taken_in", received.petition.pk, received.petition.guard_id, {"way": way}, by, at)
    return received


def demand_representatives(n: int, group_size: int, at: dt.datetime) -> None:
    """A group names at most as many as the rulebook says."""
    held = rulebook.provision(MOST_KEY, on=clock.date_of(at))
    rules.are_representatives(group_size, n, int(held.number), words(held, "basis")).demand()


def _read(mail: bytes) -> Mail:
    said = queries.read_mail(mail)
    if said is None:
        raise Refused(_("This is no e-mail as programs store it (.eml)."), field="mail")
    return said


@service
def give_receipt(*, petition_id: int, how: str, by: Actor, at: dt.datetime) -> PetitionArrival:
    """Say that the receipt was handed over, and how."""
    petition = petitions.locked(petition_id)
    arrival = queries.arrival_of(petition_id)
    if arrival is None:
        raise petition_rules.NoSuchPetition(_("There is no such petition."))
    rules.may_give(by, arrival, petition.guard.unit_id).demand()
    arrival.receipt_given, arrival.receipt_given_at = Given(how), at
    arrival.save(update_fields=["receipt_given", "receipt_given_at"])
    _write("petition.receipt_given", petition.pk, petition.guard_id, {"how": how}, by, at)
    return arrival


def _write(act: str, petition_id: int, guard_id: int, data: dict[str, Any], by: Actor, at: dt.datetime) -> None:
    journal.write(by=by, at=at, act=act, on=f"{SUBJECT}:{petition_id}", guard_id=guard_id, data=data)
