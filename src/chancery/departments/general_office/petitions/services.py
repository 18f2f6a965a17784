"""Verbs of the core: receive, register, add, give to read, set state and clock, step aside."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import queries, rules, terms
from chancery.departments.general_office.petitions.custody import queries as custody_queries
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.models import Petition, PetitionFile, PetitionText
from chancery.departments.general_office.petitions.terms import (
    SERIES,
    STANDING_READERS,
    SUBJECT,
    Channel,
    GivenFile,
    IdentityFacts,
    Kind,
    Outcome,
    Part,
    Received,
    Side,
    Stage,
    State,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, ActorKind, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access import services as access
from chancery.kernel.access.recusal.services import recuse
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.procedures.models import Matter
from chancery.kernel.publishing.receipts.services import issue_receipt
from chancery.kernel.records import services as records

P = ParamSpec("P")
R = TypeVar("R")
BARRED_SUBJECT = "subject"
OPEN_MATTER = ("OPEN", "PAUSED")
#: What a registrar may set right, and until when: before the petition is over.
CORRECTABLE = frozenset({"title", "kind", "field", "region", "subject_unit_id", "subject_person_id", "group_size"})


def behind_a_code(verb: Callable[P, R]) -> Callable[P, R]:
    """For verbs that the public's own door calls with `by=PUBLIC` once a receipt code has been given: the public sees
    no petition, so the system's hand does it; the journal says that it was the public."""

    @functools.wraps(verb)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        by = kwargs.get("by")
        if not isinstance(by, Actor) or by.kind is not ActorKind.PUBLIC:
            return verb(*args, **kwargs)
        with acting_as(SYSTEM):
            return verb(*args, **kwargs)

    return wrapped


@service
def receive(
    *,
    kind: str,
    channel: str,
    language: str,
    request: str,
    facts: str = "",
    reasons: str = "",
    identity: IdentityFacts | None = None,
    files: Sequence[GivenFile] = (),
    subject_unit_id: int | None = None,
    subject_person_id: int | None = None,
    region: str = "",
    field: str = "",
    group_size: int = 1,
    token: str = "",
    received_at: dt.datetime | None = None,
    by: Actor,
    at: dt.datetime,
) -> Received:
    """Take in a petition: seal who sent it, what was written and attached; give its receipt code, which is shown once.

    The public is received by the system's own hand. Whoever is complained of is kept out from the first moment.
    `received_at`: when a letter arrived, if that was before; the time limits count from there.
    """
    rules.may_receive(by).demand()
    texts = {"request": request, "facts": facts, "reasons": reasons}
    _demand_sound(texts, len(files), at)
    rules.is_group(group_size).demand()
    came = min(received_at or at, at)
    identity = identity or IdentityFacts()
    with acting_as(SYSTEM):
        office = queries.office_id()
        guard = access.open_guard(unit_id=office, label=Clearance.RESTRICTED.value, is_narrow=True, by=SYSTEM, at=at)
        access.add_readers(
            guard_id=guard.pk,
            readers=[(None, role, office) for role in STANDING_READERS],
            how="standing",
            by=SYSTEM,
            at=at,
        )
        notice = rulebook.period("petition.receipt_notice", on=clock.date_of(came))
        due = calendar.due_date(clock.date_of(came), notice.count, notice.unit)  # type: ignore[arg-type]  # "WD" or "CD"
        petition = Petition.objects.create(
            guard=guard,
            kind=Kind(kind),
            channel=Channel(channel),
            language=language,
            field=queries.field_code(field, on=clock.date_of(came)),
            region=region.strip()[:80],
            subject_unit_id=subject_unit_id,
            subject_person_id=subject_person_id,
            received_at=came,
            received_on=clock.date_of(came),
            state_at=at,
            due_on=due.due_on,
            is_provisional=due.provisional,
            group_size=group_size,
            is_anonymous=identity.is_empty,
        )
        records.demand_unmarked(texts=texts, where="petition", by=by, at=at)
        held = custody.seal_identity(petition_id=petition.pk, identity=identity, by=SYSTEM, at=at)
        for part, text in zip((Part.REQUEST, Part.FACTS, Part.REASONS), texts.values(), strict=True):
            if text.strip():
                custody.seal_text(
                    petition=petition, part=part, side=Side.PETITIONER, text=text.strip(), held=held, by=SYSTEM, at=at
                )
        for file in files:
            custody.seal_file(petition=petition, file=file, side=Side.PETITIONER, held=held, by=SYSTEM, at=at)
        _keep_out_subject(petition, at)
        terms.taken_in(petition=petition, by=SYSTEM, at=at)
        code = issue_receipt(subject=f"{SUBJECT}:{petition.pk}", token=token, by=SYSTEM, at=at)
    _write("petition.received", petition, {"kind": kind, "channel": channel, "files": len(files)}, by, at)
    if not petition.is_anonymous:
        _write("petition.identity_sealed", petition, {}, by, at)
    return Received(petition, code)


def _demand_sound(texts: Mapping[str, str], files: int, at: dt.datetime) -> None:
    held = rulebook.held(["petition.text.max", "petition.files.max"], on=clock.date_of(at))
    rules.is_told(texts["request"], int(held["petition.text.max"].number), texts).demand()
    rules.are_few(files, int(held["petition.files.max"].number)).demand()


def _keep_out_subject(petition: Petition, at: dt.datetime) -> None:
    """Who is complained of sees nothing of an accusation, nor does their unit; of other petitions, the person alone."""
    with acting_as(SYSTEM):
        access.lift_bars(guard_id=petition.guard_id, how=BARRED_SUBJECT, by=SYSTEM, at=at)
        units: Collection[int] = ()
        if petition.kind == Kind.ACCUSATION and petition.subject_unit_id:
            units = rules.keeps_out({petition.subject_unit_id}, queries.units_above(queries.office_id()))
        people = [petition.subject_person_id] if petition.subject_person_id else []
        if units or people:
            access.bar_from_guard(
                guard_id=petition.guard_id, person_ids=people, unit_ids=units, how=BARRED_SUBJECT, by=SYSTEM, at=at
            )


@service
def register(
    *,
    petition_id: int,
    title: str,
    field: str | None = None,
    region: str | None = None,
    kind: str | None = None,
    subject_unit_id: int | None = None,
    subject_person_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> Petition:
    """Give a petition its number and neutral title; what its sender wrote is released, blacked out, to who handles."""
    petition = locked(petition_id)
    rules.may_register(by, petition.guard.unit_id).demand()
    rules.not_the_subject(by, petition).demand()
    rules.may_go(petition, State.REGISTERED).demand()
    _demand_neutral(petition, title)
    petition.title = title.strip()
    if field is not None:
        petition.field = queries.field_code(field, on=clock.date_of(at))
    petition.region = petition.region if region is None else region.strip()[:80]
    petition.kind = petition.kind if kind is None else Kind(kind)
    petition.subject_unit_id = subject_unit_id or petition.subject_unit_id
    petition.subject_person_id = subject_person_id or petition.subject_person_id
    petition.state, petition.state_at = State.REGISTERED, at
    petition.registered_at, petition.registered_person_id = at, by.person_id
    PetitionText.objects.filter(petition=petition, released_at=None).update(released_at=at)
    number = records.issue_number(
        series=SERIES, year=clock.date_of(at).year, guard_id=petition.guard_id, subject=_subject(petition), by=by, at=at
    )
    petition.number = number.text
    petition.version += 1
    petition.save()
    _write("petition.registered", petition, {"number": number.text, "field": petition.field}, by, at)
    _keep_out_subject(petition, at)
    terms.moved(petition=petition, before=State.RECEIVED, by=by, at=at)
    return petition


def _demand_neutral(petition: Petition, title: str) -> None:
    rules.is_title(title).demand()
    if custody_queries.tells(title, custody_queries.needles_of(petition.pk)):
        raise Refused(_("The title tells who petitions: name the matter alone."), field="title")


@service
def correct(
    *, petition_id: int, changes: Mapping[str, Any], seen_version: int | None = None, by: Actor, at: dt.datetime
) -> Petition:
    """Set the facts of registration right: those of `CORRECTABLE`."""
    petition = locked(petition_id, seen_version=seen_version)
    rules.may_register(by, petition.guard.unit_id).demand()
    rules.may_be_added_to(petition).demand()
    if unknown := set(changes) - CORRECTABLE:
        raise TypeError(f"not correctable: {sorted(unknown)}")
    if "title" in changes:
        _demand_neutral(petition, changes["title"])
    if "field" in changes:
        queries.field_code(changes["field"], on=clock.date_of(at))
    rules.is_group(int(changes.get("group_size", 1))).demand()
    for name, value in changes.items():
        setattr(petition, name, value.strip() if isinstance(value, str) else value)
    petition.version += 1
    petition.save()
    _write("petition.corrected", petition, {"what": sorted(changes)}, by, at)
    _keep_out_subject(petition, at)
    return petition


@service
@behind_a_code
def add_text(*, petition_id: int, part: str, side: str, text: str, by: Actor, at: dt.datetime) -> PetitionText:
    """Add a text. A sender's is blacked out and waits for a registrar; the office's is as it is written, and goes to
    the sender with `tell`."""
    petition = _for_adding(petition_id, by)
    longest = int(rulebook.number("petition.text.max", on=clock.date_of(at)))
    rules.is_plain(text, longest).demand()
    if not text.strip():
        raise Refused(_("Write something."), field="text")
    records.demand_unmarked(texts={"text": text}, where="petition", by=by, at=at)
    held = _needles(petition.pk)
    if side == Side.OFFICE and custody_queries.tells(text, held + _needles_of_merged(petition)):
        raise Refused(_("This tells who petitions. Write “the sender” instead."), field="text")
    made = custody.seal_text(
        petition=petition, part=Part(part), side=Side(side), text=text.strip(), held=held, by=_hand(by), at=at
    )
    _write("petition.text_added", petition, {"part": part, "side": side}, by, at)
    return made


@service
def tell(*, text_ids: Collection[int], by: Actor, at: dt.datetime) -> int:
    """Let the sender read texts of the office with the receipt code."""
    return PetitionText.objects.filter(pk__in=text_ids, side=Side.OFFICE, told_at=None).update(told_at=at)


@service
@behind_a_code
def add_file(*, petition_id: int, file: GivenFile, side: str, by: Actor, at: dt.datetime) -> PetitionFile:
    """Add an attachment: sealed, neutrally named, withheld until cleared."""
    petition = _for_adding(petition_id, by)
    most = int(rulebook.number("petition.files.max", on=clock.date_of(at)))
    rules.are_few(PetitionFile.objects.filter(petition=petition, side=side).count() + 1, most).demand()
    made = custody.seal_file(
        petition=petition, file=file, side=Side(side), held=_needles(petition.pk), by=_hand(by), at=at
    )
    _write("petition.file_added", petition, {"file": made.number, "side": side}, by, at)
    return made


def _hand(by: Actor) -> Actor:
    return by if by.is_person else SYSTEM


def _needles(petition_id: int) -> list[Any]:
    with acting_as(SYSTEM):
        return custody_queries.needles_of(petition_id)


def _needles_of_merged(petition: Petition) -> list[Any]:
    # What is told of the leading petition, the senders of all that are merged into it read too.
    with acting_as(SYSTEM):
        return custody_queries.needles_of_case([petition.merged_into_id or petition.pk])


def _for_adding(petition_id: int, by: Actor) -> Petition:
    petition = locked(petition_id)
    if by.is_person:
        rules.takes_part(by).demand()
        rules.not_the_subject(by, petition).demand()
    rules.may_be_added_to(petition).demand()
    return petition


@service
@behind_a_code
def set_state(
    *,
    petition_id: int,
    state: str,
    outcome: str | None = None,
    handling_unit_id: int | None = None,
    reason: str = "",
    by: Actor,
    at: dt.datetime,
) -> Petition:
    """Move a petition on, by the table of what follows what. Who may is asked by the verb that calls this."""
    petition = locked(petition_id)
    rules.may_go(petition, state).demand()
    before, petition.state, petition.state_at = petition.state, State(state), at
    if outcome is not None:
        petition.outcome = Outcome(outcome) if outcome else ""
    if handling_unit_id is not None:
        petition.handling_unit_id = handling_unit_id
    if state in (State.CLOSED, State.FINAL, State.WITHDRAWN, State.NOT_ACCEPTED):
        petition.closed_at = at
    elif petition.closed_at is not None:
        petition.closed_at = None
        petition.reopened_count += 1
    petition.version += 1
    petition.save()
    data = {"from": before, "to": state, "outcome": petition.outcome, "reason": reason}
    _write("petition.state", petition, data, by, at)
    terms.moved(petition=petition, before=before, by=by, at=at)
    return petition


@service
def set_clock(
    *,
    petition_id: int,
    due_on: dt.date | None,
    is_provisional: bool = False,
    stage: str | None = None,
    matter_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> Petition:
    """The limit that runs now, its stage and matter, as lists show them."""
    petition = locked(petition_id)
    petition.due_on, petition.is_provisional = due_on, is_provisional
    petition.stage = petition.stage if stage is None else Stage(stage)
    petition.matter_id = petition.matter_id if matter_id is None else matter_id
    petition.version += 1
    petition.save(update_fields=["due_on", "is_provisional", "stage", "matter", "version"])
    _write("petition.clock", petition, {"due_on": due_on, "stage": petition.stage}, by, at)
    return petition


@service
def give_to_read(
    *,
    petition_id: int,
    post_id: int | None = None,
    role: str | None = None,
    unit_id: int | None = None,
    how: str = "assigned",
    by: Actor,
    at: dt.datetime,
) -> None:
    """Let a post, or whoever has a role in a unit, read a petition (blacked out) from now on."""
    rules.takes_part(by).demand()
    petition = locked(petition_id)
    access.add_reader(
        guard_id=petition.guard_id, post_id=post_id, role=role, unit_id=unit_id, how=how, by=SYSTEM, at=at
    )
    data = {"post": post_id, "role": role, "unit": unit_id, "how": how}
    _write("petition.reader_added", petition, data, by, at)


@service
def take_from_reading(
    *,
    petition_id: int,
    post_id: int | None = None,
    role: str | None = None,
    unit_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> None:
    """End what `give_to_read` began."""
    petition = locked(petition_id)
    data = {"post": post_id, "role": role, "unit": unit_id}
    _write("petition.reader_ended", petition, data, by, at)
    access.end_reader(guard_id=petition.guard_id, post_id=post_id, role=role, unit_id=unit_id, by=SYSTEM, at=at)


@service
def step_aside(*, petition_id: int, person_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """A person keeps out of a petition: as subject, relative, former handler. From here on they see nothing of it, in
    whichever post they act (its guard is narrow). Do this last: the actor may be the one who steps aside."""
    petition = locked(petition_id)
    if not (by.is_person and by.person_id == person_id):
        rules.may_decide(by, petition.guard.unit_id).demand()
    _write("petition.stepped_aside", petition, {"person": person_id, "reason": reason.strip()}, by, at)
    # One's own recusal is one's own; an officer has somebody else keep out by the office's hand.
    hand = by if by.person_id == person_id else SYSTEM
    subject, guard = _subject(petition), petition.guard_id
    recuse(person_id=person_id, subject=subject, reason=reason, guard_id=guard, by=hand, at=at)


@service
@behind_a_code
def rate(*, petition_id: int, rating: int, note: str = "", by: Actor, at: dt.datetime) -> Petition:
    """The sender rates the handling, from one to five, once answered; a note is sealed like every text."""
    petition = locked(petition_id)
    if petition.state not in (State.ANSWERED, State.CLOSED, State.FINAL):
        raise Refused(_("A petition is rated once it is answered."), field="rating")
    if not 1 <= rating <= 5:
        raise Refused(_("Rate from one to five."), field="rating")
    petition.rating, petition.rated_at = rating, at
    petition.save(update_fields=["rating", "rated_at"])
    if note.strip():
        custody.seal_text(
            petition=petition, part=Part.RATING_NOTE, side=Side.PETITIONER, text=note.strip()[:2000],
            held=_needles(petition.pk), by=_hand(by), at=at,
        )  # fmt: skip
    _write("petition.rated", petition, {"rating": rating}, by, at)
    return petition


def locked(petition_id: int, *, seen_version: int | None = None) -> Petition:
    """The petition, locked for this transaction; `NoSuchPetition` when it does not exist for the actor. For the public
    the verbs of the door call this as the system, behind a receipt code. Its running matter is locked first, as the
    steps of a procedure do: one order, so that nobody waits in a ring."""
    running = Petition.objects.filter(pk=petition_id, matter__state__in=OPEN_MATTER).values("matter_id")
    list(Matter.objects.select_for_update(of=("self",)).filter(pk__in=running).values_list("id", flat=True))
    found = Petition.objects.select_for_update(of=("self",)).select_related("guard").filter(pk=petition_id).first()
    if found is None:
        raise rules.NoSuchPetition(_("There is no such petition."))
    if seen_version is not None and found.version != seen_version:
        raise Stale(_("Somebody changed this petition since you looked at it."))
    return found


def _subject(petition: Petition) -> str:
    return f"{SUBJECT}:{petition.pk}"


def _write(act: str, petition: Petition, data: Mapping[str, Any], by: Actor, at: dt.datetime) -> None:
    journal.write(by=by, at=at, act=act, on=_subject(petition), guard_id=petition.guard_id, data=data)
