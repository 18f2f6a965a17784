"""Verbs of handling: begin, decide, notify, assign, send back, hold, ask, take up again, end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.handling import queries, rules
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.clocks.services import (
    begin_stage,
    go_on,
    inscribe,
    pause,
    show_in_matter,
)
from chancery.departments.general_office.petitions.handling.models import (
    PetitionAssignment,
    PetitionDecision,
    PetitionMeeting,
)
from chancery.departments.general_office.petitions.handling.opinions.services import demand_stage, end_hands
from chancery.departments.general_office.petitions.handling.terms import (
    AGAIN,
    MISROUTED_KEY,
    PROCEDURES,
    Decided,
    Meeting,
    Result,
    WhyEnded,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionHand, PetitionStage
from chancery.departments.general_office.petitions.rules import NoSuchPetition
from chancery.departments.general_office.petitions.terms import (
    HANDLER,
    SUBJECT,
    Kind,
    Outcome,
    Part,
    Side,
    Stage,
    State,
)
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Matter
from chancery.kernel.procedures.notices.terms import NoticeKind


@service
def follow_state(*, petition: Petition, before: str, by: Actor, at: dt.datetime) -> None:
    """What follows from a state, whoever set it: a registered petition is asked about, an ended one no longer."""
    with acting_as(SYSTEM):
        if petition.state == State.REGISTERED and not queries.runs(petition.pk):
            open_petition_matter(petition=petition, procedure=PROCEDURES[Kind(petition.kind)], by=SYSTEM, at=at)
        elif petition.state in (State.CLOSED, State.WITHDRAWN, State.FINAL):
            _end_all(petition, at)


@service
def open_petition_matter(*, petition: Petition, procedure: str, by: Actor, at: dt.datetime) -> Matter:
    """Open the matter of a petition, by the office's own hand; its title is the neutral one."""
    earlier = Matter.objects.filter(procedure=procedure, subject=f"{SUBJECT}:{petition.pk}").count()
    matter = procedures.open_matter(
        procedure=procedure,
        title=petition.title,
        unit_id=petition.guard.unit_id,
        label=Clearance.RESTRICTED,
        subject=f"{SUBJECT}:{petition.pk}",
        guard_id=petition.guard_id,
        number=petition.number if not earlier else f"{petition.number} /{earlier + 1}",
        due_on=petition.due_on,
        is_provisional=petition.is_provisional,
        by=by,
        at=at,
    )
    petitions.set_clock(
        petition_id=petition.pk, due_on=petition.due_on, is_provisional=petition.is_provisional, matter_id=matter.pk,
        by=by, at=at,
    )  # fmt: skip
    petition.matter_id = matter.pk
    return matter


def _end_all(petition: Petition, at: dt.datetime) -> None:
    for matter_id in list(
        Matter.objects.filter(subject=f"{SUBJECT}:{petition.pk}").exclude(state="CLOSED").values_list("id", flat=True)
    ):
        procedures.close(matter_id=matter_id, reason=_("The petition has ended."), by=SYSTEM, at=at)
    stage = clocks.running(petition.pk)
    if stage is not None and stage.closed_at is None:
        stood = clocks.open_pause(stage.pk)
        if stood is not None:
            stood.until_on = max(clock.date_of(at), stood.from_on)
            stood.save(update_fields=["until_on"])
        stage.closed_at = at
        stage.save(update_fields=["closed_at"])
        end_hands(stage=stage, why=WhyEnded.ENDED, by=SYSTEM, at=at)


# --- Deciding --------------------------------------------------------------------------------------------------------
@service
def decide(*, petition_id: int, decision: str, data: Mapping[str, Any], by: Actor, at: dt.datetime) -> PetitionDecision:
    """Accept a petition, and its clock begins; or not, with the ground; or transfer it."""
    petition = petitions.locked(petition_id)
    petition_rules.may_decide(by, petition.guard.unit_id).demand()
    petition_rules.not_the_subject(by, petition).demand()
    rules.is_decided_whole(decision, data).demand()
    said = {name: str(data.get(name) or "").strip() for name in ("ground", "reference", "direction", "to_body")}
    _demand_nameless(petition, {name: said[name] for name in ("reference", "to_body")})
    assert by.person_id is not None  # noqa: S101 - only people hold the role
    made = PetitionDecision.objects.create(
        petition=petition,
        round=petition.decisions.count() + 1,
        decision=Decided(decision),
        ground=said["ground"] if decision == Decided.NOT_ACCEPT else "",
        reference=said["reference"][:200] if decision == Decided.NOT_ACCEPT else "",
        direction=said["direction"] if decision == Decided.TRANSFER else "",
        to_unit_id=_id(data.get("to_unit")) if decision == Decided.TRANSFER else None,
        to_body=said["to_body"][:200] if decision == Decided.TRANSFER else "",
        at=at,
        on=clock.date_of(at),
        person_id=by.person_id,
        post_id=by.post_id,
    )
    # Not accepted is it only with the written notice, which is its last text.
    if decision == Decided.TRANSFER:
        petitions.set_state(petition_id=petition_id, state=State.TRANSFERRED, outcome=Outcome.REFERRED, by=by, at=at)
    if decision == Decided.ACCEPT:
        petitions.set_state(petition_id=petition_id, state=State.ACCEPTED, outcome="", by=by, at=at)
        begin_stage(petition=petition, stage=Stage.FIRST, matter_id=petition.matter_id, by=by, at=at)
    inscribe(
        act="petition.decided", petition=petition, data={"decision": decision, "ground": made.ground}, by=by, at=at
    )
    return made


def _id(value: Any) -> int | None:
    return int(getattr(value, "pk", value)) if value else None


def _demand_nameless(petition: Petition, texts: Mapping[str, str]) -> None:
    """What stands in the clear never tells who petitions."""
    held = custody.needles_of(petition.pk)
    for field, text in texts.items():
        if text and custody.tells(text, held):
            raise Refused(_("This tells who petitions. Write “the sender” instead."), field=field)


@service
def demand_nameless(*, petition_id: int, text: str, field: str = "opinion", by: Actor, at: dt.datetime) -> None:
    """Refuse a remark of a step that tells who petitions."""
    if text.strip():
        _demand_nameless(petitions.locked(petition_id), {field: text})


@service
def notify(*, petition_id: int, text: str, by: Actor, at: dt.datetime) -> PetitionDecision:
    """Tell the sender in writing what was decided and how it goes on."""
    petition = petitions.locked(petition_id)
    petition_rules.may_decide(by, petition.guard.unit_id).demand()
    rules.is_written(text, "text").demand()
    made = queries.decision(petition_id)
    if made is None or made.noticed_at is not None:
        raise petition_rules.WrongState(_("There is nothing to notify of."))
    made.notice = petitions.add_text(
        petition_id=petition_id, part=Part.REPLY, side=Side.OFFICE, text=text, by=by, at=at
    )
    made.noticed_at, made.noticed_on = at, clock.date_of(at)
    made.save(update_fields=["notice", "noticed_at", "noticed_on"])
    petitions.tell(text_ids=[made.notice.pk], by=by, at=at)
    inscribe(act="petition.notified", petition=petition, data={"decision": made.decision}, by=by, at=at)
    if made.decision == Decided.NOT_ACCEPT:
        petitions.set_state(
            petition_id=petition_id, state=State.NOT_ACCEPTED, outcome=Outcome.NOT_ACCEPTED, by=by, at=at
        )
    stage = clocks.running(petition_id)
    if stage is not None and made.decision == Decided.ACCEPT:
        show_in_matter(stage=stage, by=by, at=at)
    return made


# --- Whose hands -----------------------------------------------------------------------------------------------------
@service
def assign(
    *, petition_id: int, unit_id: int, post_id: int | None = None, by: Actor, at: dt.datetime
) -> PetitionAssignment:
    """Give the running stage to a unit, or to one of its handlers by name."""
    petition = petitions.locked(petition_id)
    petition_rules.may_decide(by, petition.guard.unit_id).demand()
    petition_rules.not_the_subject(by, petition).demand()
    today = clock.date_of(at)
    offered = {unit for unit, _words in queries.handler_units(today)}
    rules.may_be_given_to(petition, unit_id, queries.complained_of(petition), offered).demand()
    if post_id is not None:
        rules.may_name(petition, queries.holders([post_id], today)).demand()
    stage = demand_stage(petition_id)
    PetitionAssignment.objects.filter(stage=stage, ended_at=None).update(ended_at=at, why_ended=WhyEnded.REASSIGNED)
    period = rulebook.period(MISROUTED_KEY, on=today)
    made = PetitionAssignment.objects.create(
        stage=stage,
        unit_id=unit_id,
        post_id=post_id,
        assigned_at=at,
        assigned_on=today,
        refuse_until=calendar.due_date(today, period.count, period.unit).due_on,  # type: ignore[arg-type]  # WD or CD
        person_id=by.person_id,
    )
    stage.unit_id = unit_id
    stage.save(update_fields=["unit"])
    if petition.state == State.UNDER_WAY:
        petition = petitions.locked(petition_id)
        petition.handling_unit_id = unit_id
        petition.version += 1
        petition.save(update_fields=["handling_unit", "version"])
    else:
        petitions.set_state(petition_id=petition_id, state=State.UNDER_WAY, handling_unit_id=unit_id, by=by, at=at)
    inscribe(act="petition.assigned", petition=petition, data={"unit": unit_id, "post": post_id}, by=by, at=at)
    return made


@service
def note_hand(*, petition_id: int, by: Actor, at: dt.datetime) -> PetitionHand | None:
    """Note who has the running stage in hand, once."""
    stage = clocks.running(petition_id)
    if stage is None or by.person_id is None or stage.answered_at is not None:
        return None
    found, _made = PetitionHand.objects.get_or_create(
        stage=stage, person_id=by.person_id, ended_at=None,
        defaults={"post_id": by.post_id, "unit_id": by.body_id, "since": at},
    )  # fmt: skip
    return found


@service
def send_back(*, petition_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Refuse what was assigned wrongly, within the working days there are for it; it waits for the officer again, and
    the unit reads it no longer. Do this last."""
    petition = petitions.locked(petition_id)
    stage = clocks.running(petition_id)
    rules.may_handle(by, petition, stage).demand()
    given = queries.assignment(stage.pk) if stage else None
    task = queries.open_task(petition_id, "handle")
    if given is None or task is None:
        raise petition_rules.WrongState(_("It can be sent back before it is worked on, not now."))
    rules.may_send_back(clock.date_of(at), given.refuse_until, reason).demand()
    given.reason = petitions.add_text(
        petition_id=petition_id, part=Part.NOTE, side=Side.OFFICE, text=reason, by=by, at=at
    )
    given.save(update_fields=["reason"])
    procedures.complete(task_id=task.pk, outcome="MISROUTED", by=by, at=at)
    given.ended_at, given.why_ended = at, WhyEnded.MISROUTED
    given.save(update_fields=["ended_at", "why_ended"])
    inscribe(act="petition.misrouted", petition=petition, data={"unit": given.unit_id}, by=by, at=at)
    PetitionHand.objects.filter(stage=stage, ended_at=None).update(ended_at=at, why_ended=WhyEnded.MISROUTED)
    with acting_as(SYSTEM):
        petitions.take_from_reading(petition_id=petition_id, role=HANDLER, unit_id=given.unit_id, by=SYSTEM, at=at)
        petitions.take_from_reading(petition_id=petition_id, post_id=by.post_id, by=SYSTEM, at=at)
        if given.post_id and given.post_id != by.post_id:
            petitions.take_from_reading(petition_id=petition_id, post_id=given.post_id, by=SYSTEM, at=at)


# --- Working on it ---------------------------------------------------------------------------------------------------
@service
def note_meeting(
    *, petition_id: int, kind: str, held_on: dt.date | None, result: str, record: str, by: Actor, at: dt.datetime
) -> PetitionMeeting:
    """Record a mediation, hearing or verification. With a hearing the clock goes on again."""
    petition = petitions.locked(petition_id)
    stage = demand_stage(petition_id)
    rules.is_held_on(held_on, stage.opened_on, clock.date_of(at)).demand()
    rules.is_written(record, "record").demand()
    assert by.person_id is not None and held_on is not None  # noqa: S101 - the rules have refused
    text = petitions.add_text(petition_id=petition_id, part=Part.NOTE, side=Side.OFFICE, text=record, by=by, at=at)
    made = PetitionMeeting.objects.create(
        stage=stage, kind=Meeting(kind), held_on=held_on, result=Result(result), record=text, at=at,
        person_id=by.person_id, post_id=by.post_id,
    )  # fmt: skip
    inscribe(
        act="petition.meeting",
        petition=petition,
        data={"kind": kind, "held_on": held_on, "result": result},
        by=by,
        at=at,
    )
    if kind == Meeting.HEARING:
        go_on(petition=petition, stage=stage, by=by, at=at)
    return made


@service
def call_hearing(*, petition_id: int, by: Actor, at: dt.datetime) -> None:
    """A hearing is to be held: its time does not count."""
    pause(petition=petitions.locked(petition_id), stage=demand_stage(petition_id), reason="HEARING", by=by, at=at)


@service
def ask_sender(*, petition_id: int, question: str, by: Actor, at: dt.datetime) -> None:
    """Ask the sender; until the answer the clock stands."""
    petition = petitions.locked(petition_id)
    rules.is_written(question, "question").demand()
    text = petitions.add_text(
        petition_id=petition_id, part=Part.QUESTION, side=Side.OFFICE, text=question, by=by, at=at
    )
    petitions.tell(text_ids=[text.pk], by=by, at=at)
    inscribe(act="petition.asked", petition=petition, data={}, by=by, at=at)
    pause(petition=petition, stage=demand_stage(petition_id), reason="ASKED", by=by, at=at)


@service
def clock_goes_on(*, petition_id: int, by: Actor, at: dt.datetime) -> bool:
    """The handler goes on without waiting any longer."""
    return go_on(petition=petitions.locked(petition_id), stage=demand_stage(petition_id), by=by, at=at)


@service
def sender_answered(*, petition_id: int, by: Actor, at: dt.datetime) -> None:
    """The sender answered: the clock goes on, whoever has it is told. By the system's hand."""
    petition = petitions.locked(petition_id)
    stage = clocks.running(petition_id)
    stood = clocks.open_pause(stage.pk) if stage else None
    if stage is None or stood is None or stood.reason != "ASKED":
        return
    go_on(petition=petition, stage=stage, by=by, at=at)
    for task in queries.open_tasks(petition_id):
        posts = [task.post_id] if task.post_id else queries.answering(task.role, task.unit_id or 0)
        procedures.tell_posts(
            matter_id=task.matter_id, post_ids=posts, kind=NoticeKind.ASKED, note=_("The sender has answered."),
            by=by, at=at,
        )  # fmt: skip


@service
def withdraw(*, petition_id: int, reason: str = "", by: Actor, at: dt.datetime) -> None:
    """Its sender withdraws it: the matter ends with it."""
    petitions.set_state(petition_id=petition_id, state=State.WITHDRAWN, outcome=Outcome.WITHDRAWN, by=by, at=at)


# --- Again -----------------------------------------------------------------------------------------------------------
@service
def reopen(*, petition_id: int, reason: str, by: Actor, at: dt.datetime) -> PetitionStage:
    """Closed but not fixed: opened again with the reason, counted, with a new clock; what was done stays."""
    petition = petitions.locked(petition_id)
    petition_rules.may_decide(by, petition.guard.unit_id).demand()
    until = queries.last_day_to_reopen(petition)
    rules.may_reopen(petition, clock.date_of(at), until, reason).demand()
    stage = handle_again(petition=petition, by=by, at=at)
    petitions.add_text(petition_id=petition_id, part=Part.NOTE, side=Side.OFFICE, text=reason, by=by, at=at)
    inscribe(act="petition.reopened", petition=petition, data={"round": stage.round}, by=by, at=at)
    return stage


@service
def handle_again(*, petition: Petition, by: Actor, at: dt.datetime) -> PetitionStage:
    """A new round of first handling: a new clock, assigned anew."""
    if petition.state != State.UNDER_WAY:
        petition = petitions.set_state(petition_id=petition.pk, state=State.UNDER_WAY, outcome="", by=by, at=at)
    stage = begin_stage(petition=petition, stage=Stage.FIRST, by=by, at=at)
    with acting_as(SYSTEM):
        petition.due_on, petition.is_provisional = stage.due_on, stage.is_provisional
        matter = open_petition_matter(petition=petition, procedure=AGAIN, by=SYSTEM, at=at)
        stage.matter = matter
        stage.save(update_fields=["matter"])
    return stage


@service
def take_back(*, petition_id: int, reason: str, by: Actor, at: dt.datetime) -> Petition:
    """What was transferred came back, or was not accepted wrongly: it is decided on again."""
    petition = petitions.locked(petition_id)
    petition_rules.may_decide(by, petition.guard.unit_id).demand()
    rules.may_take_back(petition, reason).demand()
    moved = petitions.set_state(petition_id=petition_id, state=State.REGISTERED, outcome="", by=by, at=at)
    petitions.add_text(petition_id=petition_id, part=Part.NOTE, side=Side.OFFICE, text=reason, by=by, at=at)
    return moved


def demand_petition(petition_id: int) -> Petition:
    """The petition of a step, or none for the actor."""
    found = Petition.objects.filter(pk=petition_id).first()
    if found is None:
        raise NoSuchPetition(_("There is no such petition."))
    return found
