"""Beginning a letter as an outgoing document; giving it up; printing its cover."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import Label
from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.custody.services import read_identity
from chancery.departments.general_office.petitions.letters import queries, rules
from chancery.departments.general_office.petitions.letters.models import PetitionLetter
from chancery.departments.general_office.petitions.letters.terms import DIRECTION, PAPER_TYPE, LetterKind
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.rules import NoSuchPetition, not_the_subject
from chancery.departments.general_office.petitions.terms import SUBJECT
from chancery.foundations import manuscript, typeset
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused

COVER = Path(__file__).resolve().parents[2] / "templates/general_office/petitions/letters/cover.typ"


@service
def begin_letter(
    *, petition_id: int, kind: str, signer_post_id: int | None = None, by: Actor, at: dt.datetime
) -> PetitionLetter:
    """Begin a letter: a draft in the sender's language, prefilled, under a narrow guard, that from here on goes the way
    of every outgoing document to its number, seal and dispatch. Whoever is kept from the petition is kept from it.
    """
    petition = petitions.locked(petition_id)
    not_the_subject(by, petition).demand()
    _end_given_up(petition, at)
    offered = queries.open_offers(petition)
    begun = {one.kind for one in queries.letters(petition.pk) if one.ended_at is None}
    rules.may_write(by, kind, {one.kind for one in offered}, begun).demand()
    offer = next(one for one in offered if one.kind == kind)
    title, text = queries.written(petition, offer)
    language = queries.language_of(petition)
    facts: dict[str, Any] = {
        "title": title,
        "body": manuscript.from_plain(text, profile="cn" if language == "zh" else "neutral"),
        "issuer": by.body_id,
        "direction": DIRECTION,
        "language": language,
        "label": Label.RESTRICTED,
        "signer_post": signer_post_id,
        **_to_whom(petition, offer),
    }
    document = drafting.open_draft(paper_type=PAPER_TYPE, facts=facts, is_narrow=True, by=by, at=at)
    made = _kept(petition, offer, document, by, at)
    rules.is_nameless(
        tells=any(True for _fault in queries.look(document, {"note": "", "keywords": "", **facts}))
    ).demand()
    data = {"letter": made.pk, "kind": kind, "stage": offer.stage, "round": offer.round}
    _write("petition.letter_begun", petition, data, by, at)
    return made


def _to_whom(petition: Petition, offer: queries.Offer) -> dict[str, Any]:
    if offer.kind != LetterKind.TRANSFER_BODY:
        name, way = queries.addressee(petition)
        return {"outside": [{"part": "MAIN", "name": name, "email": "", "postal": way}]}
    if offer.unit_id:
        return {"main": [offer.unit_id]}
    _name, way = queries.addressee(petition)
    return {"outside": [{"part": "MAIN", "name": offer.body, "email": "", "postal": way}]}


def _kept(
    petition: Petition, offer: queries.Offer, document: OutgoingDocument, by: Actor, at: dt.datetime
) -> PetitionLetter:
    try:
        with transaction.atomic():
            return PetitionLetter.objects.create(
                petition=petition,
                kind=offer.kind,
                stage=offer.stage,
                round=offer.round,
                language=document.language,
                document=document,
                begun_at=at,
                begun_person_id=by.person_id or 0,
            )
    except IntegrityError as error:
        if "petition_letter_once" not in str(error):
            raise
        raise rules.AlreadyBegun(_("This letter was begun already.")) from None


def _end_given_up(petition: Petition, at: dt.datetime) -> None:
    """A letter whose draft was thrown away or cancelled makes room for another."""
    for one in PetitionLetter.objects.filter(petition=petition, ended_at=None):
        if not queries.stands(one):
            one.ended_at = at
            one.save(update_fields=["ended_at"])


@service
def print_cover(*, letter_id: int, opening_id: int, by: Actor, at: dt.datetime) -> bytes:
    """The cover of an issued letter, with name and address, under an opening of identity that is the actor's. It is
    made for this one answer and kept nowhere; that it was printed is journalled."""
    letter = queries.letter(letter_id)
    if letter is None:
        raise NoSuchPetition(_("There is no such letter."))
    rules.may_print_cover(letter, is_issued=queries.state_of(letter) in queries.ISSUED).demand()
    usable = {one.pk for one in queries.openings_to_use(letter.petition_id, by, at)}
    if opening_id not in usable:
        raise Refused(_("Ask a custodian to open the name first: for delivering a letter."), field="opening")
    identity, _originals = read_identity(opening_id=opening_id, by=by, at=at)
    numbers = {row["id"]: row["number"] for row in queries.told(letter.petition_id)}
    data = {
        "language": letter.language[:2],
        "name": identity.name,
        "address": identity.address,
        "phone": identity.phone,
        "number": numbers.get(letter.pk, ""),
    }
    _write("petition.cover_printed", letter.petition, {"letter": letter.pk, "opening": opening_id}, by, at)
    # What no font has is replaced here: the typesetter would write it into the log, and it is somebody's name.
    lost = {ord(char): typeset.STAND_IN for char in typeset.missing_in(data)}
    return typeset.pdf(COVER, typeset.replaced(data, lost), language=letter.language[:2])


def _write(act: str, petition: Petition, data: dict[str, Any], by: Actor, at: dt.datetime) -> None:
    journal.write(by=by, at=at, act=act, on=f"{SUBJECT}:{petition.pk}", guard_id=petition.guard_id, data=data)
