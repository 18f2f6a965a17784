"""The clock: begun, stopped, going on, reckoned anew; more time asked for and decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.handling.clocks import queries, rules
from chancery.departments.general_office.petitions.handling.models import PetitionExtension
from chancery.departments.general_office.petitions.handling.queries import words_of
from chancery.departments.general_office.petitions.handling.rules import may_handle
from chancery.departments.general_office.petitions.handling.terms import (
    EXTENSION_KEY,
    EXTENSION_SUBJECT,
    MORE_TIME,
    STAGE_KEYS,
    Asked,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionPause, PetitionStage
from chancery.departments.general_office.petitions.rules import NoSuchPetition
from chancery.departments.general_office.petitions.terms import SUBJECT, Part, Side, Stage
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Matter


@service
def inscribe(*, act: str, petition: Petition, data: dict[str, Any], by: Actor, at: dt.datetime) -> None:
    """Into the history of the petition."""
    journal.write(by=by, at=at, act=act, on=f"{SUBJECT}:{petition.pk}", guard_id=petition.guard_id, data=data)


@service
def begin_stage(
    *,
    petition: Petition,
    stage: str,
    unit_id: int | None = None,
    matter_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> PetitionStage:
    """Begin a stage: its clock runs from today."""
    today = clock.date_of(at)
    period = rulebook.period(STAGE_KEYS[Stage(stage)], on=today)
    due = calendar.due_date(today, period.count, period.unit)  # type: ignore[arg-type]  # "WD" or "CD"
    made = PetitionStage.objects.create(
        petition=petition,
        stage=stage,
        round=PetitionStage.objects.filter(petition=petition, stage=stage).count() + 1,
        unit_id=unit_id,
        matter_id=matter_id,
        opened_at=at,
        opened_on=today,
        due_on=due.due_on,
        is_provisional=due.provisional,
    )
    petitions.set_clock(
        petition_id=petition.pk, due_on=due.due_on, is_provisional=due.provisional, stage=stage, matter_id=matter_id,
        by=by, at=at,
    )  # fmt: skip
    inscribe(
        act="petition.stage_begun",
        petition=petition,
        data={"stage": stage, "round": made.round, "due_on": due.due_on},
        by=by,
        at=at,
    )
    return made


@service
def pause(*, petition: Petition, stage: PetitionStage, reason: str, by: Actor, at: dt.datetime) -> None:
    """Stop the clock: a hearing is held, the sender is asked."""
    if queries.open_pause(stage.pk) is None:
        PetitionPause.objects.create(stage=stage, reason=reason, from_on=clock.date_of(at))
        inscribe(act="petition.clock_paused", petition=petition, data={"reason": reason}, by=by, at=at)
    retime(petition=petition, stage=stage, by=by, at=at)


@service
def go_on(*, petition: Petition, stage: PetitionStage, by: Actor, at: dt.datetime) -> bool:
    """Let the clock run again; the last day moves by the days it stood. Whether it stood."""
    stood = queries.open_pause(stage.pk)
    if stood is not None:
        stood.until_on = max(clock.date_of(at), stood.from_on)
        stood.save(update_fields=["until_on"])
        inscribe(
            act="petition.clock_resumed",
            petition=petition,
            data={"reason": stood.reason, "from": stood.from_on},
            by=by,
            at=at,
        )
    retime(petition=petition, stage=stage, by=by, at=at)
    return stood is not None


@service
def retime(*, petition: Petition, stage: PetitionStage, by: Actor, at: dt.datetime) -> None:
    """Reckon the last day anew and show it wherever it is shown: stage, petition, matter, tasks."""
    due = queries.due_of(stage, clock.date_of(at))
    if (due.due_on, due.provisional) != (stage.due_on, stage.is_provisional):
        stage.due_on, stage.is_provisional = due.due_on, due.provisional
        stage.save(update_fields=["due_on", "is_provisional"])
        petitions.set_clock(petition_id=petition.pk, due_on=due.due_on, is_provisional=due.provisional, by=by, at=at)
    show_in_matter(stage=stage, by=by, at=at)


@service
def show_in_matter(*, stage: PetitionStage, by: Actor, at: dt.datetime) -> None:
    """The matter of a stage and its open steps take the stage's last day."""
    if Matter.objects.filter(pk=stage.matter_id or 0).exclude(state="CLOSED").exists():
        assert stage.matter_id is not None  # noqa: S101 - it was found by it
        procedures.amend_matter(
            matter_id=stage.matter_id, due_on=stage.due_on, is_provisional=stage.is_provisional, by=by, at=at
        )


@service
def ask_more_time(*, petition_id: int, days: int, reason: str, by: Actor, at: dt.datetime) -> PetitionExtension:
    """Ask the head for more days, before the limit has run out."""
    petition = petitions.locked(petition_id)
    stage = queries.running(petition_id)
    may_handle(by, petition, stage).demand()
    assert stage is not None and by.person_id is not None  # noqa: S101 - the rule has refused
    today = clock.date_of(at)
    most = rulebook.days(EXTENSION_KEY, on=stage.opened_on)
    rules.may_ask(stage, days=days, most=most, asked=queries.has_asked(stage.pk), today=today, reason=reason).demand()
    text = petitions.add_text(petition_id=petition_id, part=Part.NOTE, side=Side.OFFICE, text=reason, by=by, at=at)
    try:
        with transaction.atomic():
            made = PetitionExtension.objects.create(
                stage=stage, days=days, reason=text, due_before=stage.due_on, asked_at=at, asked_person_id=by.person_id,
                asked_post_id=by.post_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("More time was asked for already.")) from error
    with acting_as(SYSTEM):
        matter = procedures.open_matter(
            procedure=MORE_TIME,
            title=petition.title,
            unit_id=petition.guard.unit_id,
            label=Clearance.RESTRICTED,
            subject=f"{EXTENSION_SUBJECT}:{made.pk}",
            guard_id=petition.guard_id,
            number=f"{petition.number} +{made.pk}",
            due_on=stage.due_on,
            is_provisional=stage.is_provisional,
            by=SYSTEM,
            at=at,
        )
        made.matter = matter
        made.save(update_fields=["matter"])
    inscribe(
        act="petition.more_time_asked", petition=petition, data={"days": days, "due_on": stage.due_on}, by=by, at=at
    )
    return made


@service
def hold(*, extension_id: int, by: Actor, at: dt.datetime) -> Petition:
    """Hold the petition a request is about, until this transaction is over."""
    found = queries.extension(extension_id)
    if found is None:
        raise NoSuchPetition(_("There is no such request."))
    return petitions.locked(found.stage.petition_id)


@service
def decide_more_time(*, extension_id: int, grant: bool, by: Actor, at: dt.datetime) -> PetitionExtension:
    """Grant or refuse more time; the sender is told of it, with the reason, as soon as it is granted."""
    found = queries.extension(extension_id)
    if found is None:
        raise NoSuchPetition(_("There is no such request."))
    petition = petitions.locked(found.stage.petition_id)
    made = PetitionExtension.objects.select_for_update(of=("self",)).select_related("stage", "reason").get(pk=found.pk)
    rules.may_decide(by, made, petition.guard.unit_id).demand()
    stage = made.stage
    made.state = Asked.GRANTED if grant else Asked.REFUSED
    made.decided_at, made.decided_person_id = at, by.person_id
    if grant:
        stage.extended_days, stage.extended_at, stage.reason_told_at = made.days, at, at
        stage.save(update_fields=["extended_days", "extended_at", "reason_told_at"])
        retime(petition=petition, stage=stage, by=by, at=at)
        made.due_after = stage.due_on
        with translation.override(petition.language):
            told = _("Your petition needs more time: it is answered by %(day)s. Reason: %(reason)s") % {
                "day": date_format(stage.due_on, "Y-m-d"),
                "reason": words_of(made.reason),
            }
        made.told = petitions.add_text(
            petition_id=petition.pk, part=Part.REPLY, side=Side.OFFICE, text=told, by=by, at=at
        )
        petitions.tell(text_ids=[made.told.pk], by=by, at=at)
    made.save(update_fields=["state", "decided_at", "decided_person", "due_after", "told"])
    act = "petition.more_time_granted" if grant else "petition.more_time_refused"
    inscribe(act=act, petition=petition, data={"days": made.days, "due_on": stage.due_on}, by=by, at=at)
    return made


@service
def lapse_requests(*, by: Actor, at: dt.datetime) -> int:
    """Requests for more time whose stage was answered or ended meanwhile are let go; how many. By the night's hand."""
    over = PetitionExtension.objects.filter(state=Asked.ASKED).exclude(stage__answered_at=None, stage__closed_at=None)
    lapsed = 0
    waiting = list(over.order_by("matter_id").values_list("pk", "matter_id"))
    # All their matters are held before anything is written, as their own step holds them.
    rows = Matter.objects.select_for_update(of=("self",)).order_by("pk").exclude(state="CLOSED")
    running = set(rows.filter(pk__in=[matter_id for _pk, matter_id in waiting]).values_list("pk", flat=True))
    for pk, matter_id in waiting:
        if matter_id in running:
            procedures.close(
                matter_id=matter_id, reason=_("The petition was answered or ended meanwhile."), by=by, at=at
            )
        lapsed += PetitionExtension.objects.filter(pk=pk, state=Asked.ASKED).update(state=Asked.LAPSED)
    return lapsed
