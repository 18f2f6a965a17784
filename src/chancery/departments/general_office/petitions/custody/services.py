"""Sealing identity, texts and files; asking, opening, reading, ending; blacking out more; clearing."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.custody import queries, rules
from chancery.departments.general_office.petitions.custody.models import IdentityOpening
from chancery.departments.general_office.petitions.custody.rules import Needle
from chancery.departments.general_office.petitions.custody.terms import HOURS_KEY, OpeningState, Purpose
from chancery.departments.general_office.petitions.models import Petition, PetitionFile, PetitionText
from chancery.departments.general_office.petitions.terms import (
    SUBJECT,
    Clearance,
    GivenFile,
    IdentityFacts,
    Scan,
    Side,
)
from chancery.foundations import clock, vault
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.papers import Limits, Unacceptable, examine
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access import rules as access_rules
from chancery.kernel.records import services as records
from chancery.kernel.records.files.rules import clean_name, refusal_of

_MB = 1024 * 1024


class KnownAlready(Refused):
    """The identity was sealed before, once and for all."""


def _call(question: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, list(values))
        return cursor.fetchall() if cursor.description else []


@service
def seal_identity(*, petition_id: int, identity: IdentityFacts, by: Actor, at: dt.datetime) -> list[Needle]:
    """Seal who petitions, once. What is to be blacked out from now on."""
    if identity.is_empty:
        return []
    ref = uuid.uuid4()
    held = rules.needles(rules.words_of(identity), vault.macs(queries.NEEDLE))
    name = vault.blind_index(identity.name, purpose="petition.name") if identity.name.strip() else None
    contacts = [vault.blind_index(identity.phone, purpose="petition.phone")] if identity.phone.strip() else []
    if identity.email.strip():
        contacts.append(vault.blind_index(identity.email, purpose="petition.email"))
    if identity.id_number.strip():
        contacts.append(vault.blind_index(identity.id_number, purpose="petition.id"))
    sealed = vault.seal_text(json.dumps(identity.told(), ensure_ascii=False), queries.identity_context(ref))
    words = json.dumps([[one.how, one.length, one.mac] for one in held])
    try:
        with transaction.atomic():
            _call(
                "select general_office_petition_seal_identity(%s, %s, %s, %s, %s::bytea[], %s::jsonb, %s)",
                [petition_id, ref, sealed, name, contacts, words, at],
            )
    except IntegrityError as error:
        raise KnownAlready(_("Who sent this petition was sealed before; it is not changed.")) from error
    return held


@service
def seal_text(
    *, petition: Petition, part: str, side: str, text: str, held: Sequence[Needle], by: Actor, at: dt.datetime
) -> PetitionText:
    """Seal a text: what its sender wrote as it is and blacked out, what the office wrote as it is."""
    shown = queries.masked(text, held) if side == Side.PETITIONER else rules.Masked(text, 0)
    ref = uuid.uuid4()
    made = PetitionText.objects.create(
        petition=petition,
        ref=ref,
        stage=petition.stage,
        part=part,
        side=side,
        masked=vault.seal_text(shown.text, queries.masked_context(ref)),
        blacked=shown.bars,
        at=at,
        person_id=by.person_id,
        post_id=by.post_id,
        released_at=at if side == Side.OFFICE else None,
    )
    if side == Side.PETITIONER:
        _seal_original(petition.pk, ref, text)
    return made


def _seal_original(petition_id: int, ref: uuid.UUID, text: str) -> None:
    sealed = vault.seal_text(text, queries.original_context(ref))
    _call("select general_office_petition_seal_original(%s, %s, %s)", [petition_id, ref, sealed])


@service
def seal_file(
    *,
    petition: Petition,
    file: GivenFile,
    side: str,
    held: Sequence[Needle],
    replaces: PetitionFile | None = None,
    by: Actor,
    at: dt.datetime,
) -> PetitionFile:
    """Examine an attachment as every file is, search it for its sender's identity, keep it sealed under a neutral name.

    It stays withheld until somebody has made sure that it does not tell who petitions.
    """
    clean = clean_name(file.name)
    most = int(rulebook.number("petition.file.max", on=clock.date_of(at))) * _MB
    try:
        paper = examine(clean, file.content, Limits(size=min(most, settings.UPLOAD_LIMIT_BYTES)))
    except Unacceptable as fault:
        refusal_of(fault, name=_("Attachment")).demand()
        raise  # unreachable: the verdict refuses
    words = f"{paper.text}\n{paper.particulars}"
    records.demand_unmarked(texts={"file": words, "name": file.name}, where="petition", by=by, at=at)
    ref = uuid.uuid4()
    number = (PetitionFile.objects.filter(petition=petition).aggregate(most=Max("number"))["most"] or 0) + 1
    name = f"Attachment {number}.{paper.media_type.endings[0]}"
    subject = f"{SUBJECT}:{petition.pk}"
    with vault.sealed_apart(file.content, queries.file_context(ref)) as (wrapped, ciphertext):
        stored = records.store_sealed(
            guard_id=petition.guard_id,
            name=f"Attachment {number}.sealed",
            ciphertext=ciphertext,
            owner=subject,
            by=by if by.is_person else SYSTEM,
            at=at,
        )
    made = PetitionFile.objects.create(
        petition=petition,
        ref=ref,
        number=number,
        name=name,
        side=side,
        media_type=paper.media_type.name,
        size=paper.size,
        pages=paper.pages,
        stored=stored,
        wrapped=wrapped,
        clearance=Clearance.CLEARED if side == Side.OFFICE else Clearance.WITHHELD,
        decided_at=at if side == Side.OFFICE else None,
        scan=_scan(paper.text, f"{paper.particulars}\n{clean}", held),
        replaces=replaces,
        at=at,
    )
    if side == Side.PETITIONER:
        _seal_original(petition.pk, ref, file.name[:500])
    return made


def _scan(text: str, beside: str, held: Sequence[Needle]) -> str:
    """`beside`: the name and what stands in properties. A picture has no text, whatever its properties say."""
    if queries.tells(f"{text[: rules.LONGEST_SEARCHED]}\n{beside}", held):
        return Scan.IDENTITY
    return Scan.NO_TEXT if not text.strip() or len(text) > rules.LONGEST_SEARCHED else Scan.CLEAN


# --- Openings --------------------------------------------------------------------------------------------------------
def _seen(petition_id: int) -> Petition:
    found = Petition.objects.select_related("guard").filter(pk=petition_id).first()
    if found is None:
        raise petition_rules.NoSuchPetition(_("There is no such petition."))
    return found


@service
def ask_opening(*, petition_id: int, purpose: str, reason: str, by: Actor, at: dt.datetime) -> IdentityOpening:
    """Ask to know who petitions."""
    petition = _seen(petition_id)
    access_rules.not_recused(by, f"{SUBJECT}:{petition.pk}").demand()
    known = queries.has_identity(petition.pk)
    rules.may_ask(by, purpose=purpose, purposes=Purpose.values, reason=reason, has_identity=known).demand()
    standing = IdentityOpening.objects.filter(
        petition=petition, requested_person_id=by.person_id, state__in=[OpeningState.ASKED, OpeningState.OPEN]
    )
    if standing.filter(state=OpeningState.ASKED).exists() or standing.filter(expires_at__gt=at).exists():
        raise Refused(_("You asked for it already."))
    assert by.person_id is not None  # noqa: S101 - the rule has refused
    assert by.post_id is not None  # noqa: S101 - the rule has refused
    made = IdentityOpening.objects.create(
        petition=petition,
        purpose=purpose,
        reason=reason.strip()[:500],
        requested_person_id=by.person_id,
        requested_post_id=by.post_id,
        requested_at=at,
    )
    _write("petition.opening_asked", petition, {"opening": made.pk, "purpose": purpose}, by, at)
    return made


@service
def open_identity(*, opening_id: int, note: str = "", by: Actor, at: dt.datetime) -> IdentityOpening:
    """A custodian grants a request: who asked and the custodian may read for the hours that the rulebook gives."""
    opening = _locked(opening_id)
    rules.may_open(by, opening, opening.petition.guard.unit_id).demand()
    hours = float(rulebook.number(HOURS_KEY, on=clock.date_of(at)))
    opening.state, opening.expires_at = OpeningState.OPEN, at + dt.timedelta(hours=hours)
    _decide(opening, note, by, at)
    data = {"opening": opening.pk, "purpose": opening.purpose, "until": opening.expires_at}
    _write("petition.opening_granted", opening.petition, data, by, at)
    return opening


@service
def refuse_opening(*, opening_id: int, note: str, by: Actor, at: dt.datetime) -> IdentityOpening:
    """A custodian refuses a request, with a reason."""
    opening = _locked(opening_id)
    rules.may_open(by, opening, opening.petition.guard.unit_id).demand()
    if not note.strip():
        raise Refused(_("Say why it stays closed."), field="note")
    opening.state = OpeningState.REFUSED
    _decide(opening, note, by, at)
    data = {"opening": opening.pk, "reason": opening.note}
    _write("petition.opening_refused", opening.petition, data, by, at)
    return opening


def _decide(opening: IdentityOpening, note: str, by: Actor, at: dt.datetime) -> None:
    opening.custodian_person_id, opening.custodian_post_id = by.person_id, by.post_id
    opening.decided_at, opening.note = at, note.strip()[:500]
    opening.save(update_fields=["state", "custodian_person", "custodian_post", "decided_at", "expires_at", "note"])


def _locked(opening_id: int) -> IdentityOpening:
    # Locked in the order petition, opening, as everywhere.
    opening = queries.opening_of(opening_id)
    if opening is None:
        raise petition_rules.NoSuchPetition(_("There is no such request."))
    Petition.objects.select_for_update(of=("self",)).get(pk=opening.petition_id)
    opening.refresh_from_db(fields=["state", "custodian_person", "decided_at", "expires_at"])
    return opening


@service
def read_identity(*, opening_id: int, by: Actor, at: dt.datetime) -> tuple[IdentityFacts, list[tuple[str, str]]]:
    """Who petitions, and the originals as (part or file name of the office, text). Each reading is journalled."""
    opening = queries.opening_of(opening_id)
    if opening is None:
        raise petition_rules.NoSuchPetition(_("There is no such request."))
    rules.may_read(by, opening, at).demand()
    rows = _call("select ref, sealed from general_office_petition_identity_for(%s, %s)", [opening_id, at])
    if not rows:
        raise rules.NoOpening(_("This opening is not yours, or is over."))
    ref, sealed = rows[0]
    told = json.loads(vault.unseal_text(bytes(sealed), queries.identity_context(ref)))
    for key in ("other_names", "representatives"):
        told[key] = tuple(told.get(key, ()))
    originals = _originals(opening, at)
    _write("petition.identity_read", opening.petition, {"opening": opening.pk, "purpose": opening.purpose}, by, at)
    return IdentityFacts(**told), originals


def _originals(opening: IdentityOpening, at: dt.datetime) -> list[tuple[str, str]]:
    texts = {row.ref: row.get_part_display() for row in PetitionText.objects.filter(petition=opening.petition)}
    files = dict(PetitionFile.objects.filter(petition=opening.petition).values_list("ref", "name"))
    rows = _call("select ref, sealed from general_office_petition_originals_for(%s, %s)", [opening.pk, at])
    return [
        (str(texts.get(ref) or files.get(ref, "")), vault.unseal_text(bytes(sealed), queries.original_context(ref)))
        for ref, sealed in rows
    ]


@service
def end_opening(*, opening_id: int, by: Actor, at: dt.datetime) -> IdentityOpening:
    """Close what was opened, before its time: who asked, or a custodian."""
    opening = _locked(opening_id)
    if opening.state != OpeningState.OPEN:
        raise Refused(_("This is not open."))
    if by.person_id not in (opening.requested_person_id, opening.custodian_person_id):
        petition_rules.may_hold(by, opening.petition.guard.unit_id).demand()
    opening.state, opening.expires_at = OpeningState.ENDED, at
    opening.save(update_fields=["state", "expires_at"])
    _write("petition.opening_ended", opening.petition, {"opening": opening.pk}, by, at)
    return opening


@service
def end_openings(*, by: Actor, at: dt.datetime) -> int:
    """Mark what has run out as ended; how many. By the clock: it was closed from its last minute on anyway."""
    over = IdentityOpening.objects.select_related("petition").filter(state=OpeningState.OPEN, expires_at__lt=at)
    ended = 0
    for opening in list(over):
        opening.state = OpeningState.ENDED
        opening.save(update_fields=["state"])
        _write("petition.opening_ended", opening.petition, {"opening": opening.pk}, by, at)
        ended += 1
    return ended


def _write(act: str, petition: Petition, data: dict[str, Any], by: Actor, at: dt.datetime) -> None:
    journal.write(by=by, at=at, act=act, on=f"{SUBJECT}:{petition.pk}", guard_id=petition.guard_id, data=data)


# --- Blacking out more, clearing -------------------------------------------------------------------------------------
@service
def black_out(*, text_id: int, words: Sequence[str], by: Actor, at: dt.datetime) -> PetitionText:
    """A registrar blacks out further words of a text before it goes to those who handle. What was black stays so."""
    row = _text(text_id)
    petition_rules.may_register(by, row.petition.guard.unit_id).demand()
    before = vault.unseal_text(bytes(row.masked), queries.masked_context(row.ref))
    after = rules.black_out(before, words)
    if after.text == before:
        raise Refused(_("None of these words stands in the text."), field="words")
    row.masked, row.blacked = vault.seal_text(after.text, queries.masked_context(row.ref)), row.blacked + after.bars
    row.save(update_fields=["masked", "blacked"])
    _write("petition.blacked_out", row.petition, {"text": row.pk, "bars": after.bars}, by, at)
    return row


@service
def release_text(*, text_id: int, by: Actor, at: dt.datetime) -> PetitionText:
    """A registrar has looked at it: those who handle may read it."""
    row = _text(text_id)
    petition_rules.may_register(by, row.petition.guard.unit_id).demand()
    if row.released_at is None:
        row.released_at = at
        row.save(update_fields=["released_at"])
        _write("petition.text_released", row.petition, {"text": row.pk}, by, at)
    return row


def _text(text_id: int) -> PetitionText:
    found = PetitionText.objects.select_related("petition", "petition__guard").filter(pk=text_id).first()
    if found is None:
        raise petition_rules.NoSuchPetition(_("There is no such text."))
    Petition.objects.select_for_update(of=("self",)).get(pk=found.petition_id)
    return found


def _file(file_id: int) -> PetitionFile:
    found = PetitionFile.objects.select_related("petition", "petition__guard", "stored").filter(pk=file_id).first()
    if found is None:
        raise petition_rules.NoSuchPetition(_("There is no such file."))
    return found


@service
def examine_file(*, file_id: int, by: Actor, at: dt.datetime) -> PetitionFile:
    """Say that somebody looks at a file; a withheld one leaves a trace. `queries.content_of` then gives its bytes."""
    file = _file(file_id)
    access_rules.not_recused(by, f"{SUBJECT}:{file.petition_id}").demand()
    petition_rules.may_examine(by, file, file.petition.guard.unit_id).demand()
    if file.clearance != Clearance.CLEARED:
        _write("petition.file_examined", file.petition, {"file": file.number, "scan": file.scan}, by, at)
    return file


@service
def clear_file(*, file_id: int, by: Actor, at: dt.datetime) -> PetitionFile:
    """Let those who handle see a file: it does not tell who petitions."""
    file = _file(file_id)
    petition_rules.may_clear(by, file, file.petition.guard.unit_id).demand()
    if file.scan == Scan.IDENTITY:
        raise Refused(_("Identity was found in this file: replace it by a redacted copy."), field="file")
    file.clearance, file.decided_at, file.decided_person_id = Clearance.CLEARED, at, by.person_id
    file.save(update_fields=["clearance", "decided_at", "decided_person"])
    _write("petition.file_cleared", file.petition, {"file": file.number}, by, at)
    return file


@service
def replace_file(*, file_id: int, copy: GivenFile, by: Actor, at: dt.datetime) -> PetitionFile:
    """A redacted copy takes the place of a withheld file; identity in it is searched for anew. The original stays."""
    file = _file(file_id)
    petition_rules.may_replace(by, file, file.petition.guard.unit_id).demand()
    held = queries.needles_of(file.petition_id)
    made = seal_file(petition=file.petition, file=copy, side=Side.OFFICE, held=held, replaces=file, by=by, at=at)
    if made.scan == Scan.IDENTITY:
        raise Refused(_("The copy still tells who petitions: black it out further."), field="copy")
    file.clearance, file.decided_at, file.decided_person_id = Clearance.REPLACED, at, by.person_id
    file.save(update_fields=["clearance", "decided_at", "decided_person"])
    data = {"file": file.number, "copy": made.number}
    _write("petition.file_replaced", file.petition, data, by, at)
    return made
