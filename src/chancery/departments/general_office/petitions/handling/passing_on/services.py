"""Stepping aside, assigning to others, replacing who has left. What was done stays, with who did it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.handling import queries, services
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.clocks.services import inscribe
from chancery.departments.general_office.petitions.handling.passing_on import rules
from chancery.departments.general_office.petitions.handling.terms import Aside, WhyEnded
from chancery.departments.general_office.petitions.models import Petition, PetitionHand
from chancery.departments.general_office.petitions.terms import HANDLER, OFFICER, SUBJECT, Part, Side, Stage
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.recusal.models import Recusal
from chancery.kernel.directory.models import Holding
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.bindings import binding
from chancery.kernel.procedures.models import Task
from chancery.kernel.procedures.notices.terms import NoticeKind


@service
def stand_aside(*, petition_id: int, ground: str, reason: str, by: Actor, at: dt.datetime) -> None:
    """Keep out of a petition oneself: what waited with one goes on to others, and one sees nothing of it from here on.
    The reason is sealed; the register of recusals carries the ground alone."""
    petition = petitions.locked(petition_id)
    petition_rules.takes_part(by).demand()
    rules.may_step_aside(by, petition, ground, reason).demand()
    assert by.person_id is not None  # noqa: S101 - the rule has refused
    petitions.add_text(petition_id=petition_id, part=Part.NOTE, side=Side.OFFICE, text=reason, by=by, at=at)
    pass_on(petition=petition, people={by.person_id}, why=WhyEnded.ASIDE, by=by, at=at)
    petitions.step_aside(petition_id=petition_id, person_id=by.person_id, reason=str(Aside(ground).label), by=by, at=at)


@service
def pass_on(*, petition: Petition, people: set[int], why: str, by: Actor, at: dt.datetime) -> int:
    """What waits with some people goes back to their step's duty; how many steps. If nobody is left to take one, the
    officers are told and assign anew."""
    today = clock.date_of(at)
    with acting_as(SYSTEM):
        hands = PetitionHand.objects.filter(stage__petition=petition, person_id__in=people, ended_at=None)
        ended = hands.update(ended_at=at, why_ended=why)
        posts = set(
            Holding.objects.filter(person_id__in=people, during__contains=today, is_void=False).values_list(
                "post_id", flat=True
            )
        )
        moved = 0
        for task in queries.open_tasks(petition.pk):
            if task.doer_person_id in people or (task.post_id in posts and task.post_id is not None):
                _back_to_duty(task, at)
                moved += 1
            left = queries.holders(queries.answering(task.role, task.unit_id or 0), today) - people
            if not left:
                _tell_officers(task, petition, at)
    if moved or ended:
        inscribe(act="petition.passed_on", petition=petition, data={"why": why, "steps": moved}, by=by, at=at)
    return moved


def _back_to_duty(task: Task, at: dt.datetime) -> None:
    if "handler_post" in binding(task.procedure).data:
        procedures.set_data(matter_id=task.matter_id, data={"handler_post": None}, by=SYSTEM, at=at)
    procedures.readdress(task_id=task.pk, reason=_("Passed on to others who can take it."), by=SYSTEM, at=at)


def _tell_officers(task: Task, petition: Petition, at: dt.datetime) -> None:
    procedures.tell_posts(
        matter_id=task.matter_id,
        post_ids=queries.answering(OFFICER, petition.guard.unit_id),
        kind=NoticeKind.NOBODY,
        note=_("Nobody is left who can take it: assign it to others."),
        by=SYSTEM,
        at=at,
    )


@service
def reassign(
    *, petition_id: int, unit_id: int, post_id: int | None = None, reason: str, by: Actor, at: dt.datetime
) -> None:
    """An officer gives the running handling to another unit or handler; the clock runs on."""
    petition = petitions.locked(petition_id)
    petition_rules.may_decide(by, petition.guard.unit_id).demand()
    rules.may_reassign(petition, reason).demand()
    stage = clocks.running(petition_id)
    if stage is None or stage.stage != Stage.FIRST:
        raise petition_rules.WrongState(_("Only the first handling is assigned; reviews go to the reviewers."))
    before = queries.assignment(stage.pk)
    if queries.open_task(petition_id, "assign"):
        raise Refused(_("It waits to be assigned: do it at that step."))
    text = petitions.add_text(petition_id=petition_id, part=Part.NOTE, side=Side.OFFICE, text=reason, by=by, at=at)
    if before is not None:
        before.reason = text
        before.save(update_fields=["reason"])
    services.assign(petition_id=petition_id, unit_id=unit_id, post_id=post_id, by=by, at=at)
    with acting_as(SYSTEM):
        PetitionHand.objects.filter(stage=stage, ended_at=None).update(ended_at=at, why_ended=WhyEnded.REASSIGNED)
        for task in queries.open_tasks(petition_id):
            if task.role == HANDLER:
                procedures.set_data(
                    matter_id=task.matter_id, data={"handler_unit": unit_id, "handler_post": post_id}, by=SYSTEM, at=at
                )
                procedures.readdress(
                    task_id=task.pk, post_id=post_id, unit_id=unit_id, reason=_("Assigned to others."), by=SYSTEM, at=at
                )
        if before is not None and before.unit_id != unit_id:
            petitions.take_from_reading(petition_id=petition_id, role=HANDLER, unit_id=before.unit_id, by=SYSTEM, at=at)
    inscribe(
        act="petition.passed_on", petition=petition, data={"why": WhyEnded.REASSIGNED, "unit": unit_id}, by=by, at=at
    )


@service
def replace_leavers(*, by: Actor, at: dt.datetime) -> int:
    """What waits with somebody whose holding has ended, or with a post that nobody holds, goes on to others; officers
    are told. By the night's hand; how many petitions."""
    if not by.is_system:
        raise Refused(_("This is done by the clock."))
    today = clock.date_of(at)
    gone = 0
    # All are held before anything is written.
    for petition in [petitions.locked(one) for one in sorted(_stranded(today))]:
        petition_id = petition.pk
        people = _leavers(petition_id, today)
        for task in queries.open_tasks(petition_id):
            if task.post_id is not None and not queries.holders([task.post_id], today):
                _back_to_duty(task, at)
                _tell_left(task, petition, at)
        for task in queries.open_tasks(petition_id):
            if task.doer_person_id in people:
                _tell_left(task, petition, at)
        pass_on(petition=petition, people=people, why=WhyEnded.LEFT, by=by, at=at)
        gone += 1
    return gone


def _tell_left(task: Task, petition: Petition, at: dt.datetime) -> None:
    procedures.tell_posts(
        matter_id=task.matter_id,
        post_ids=queries.answering(OFFICER, petition.guard.unit_id),
        kind=NoticeKind.HANDED,
        note=_("Who had it in hand has left the post: it waits for others of the unit."),
        by=SYSTEM,
        at=at,
    )


def _waiting() -> Q:
    return Q(matter__subject__startswith=f"{SUBJECT}:", done_at=None, key__isnull=False)


def _stranded(today: dt.date) -> set[int]:
    held = Holding.objects.filter(during__contains=today, is_void=False)
    rows = Task.objects.filter(_waiting())
    by_post = rows.exclude(post=None).exclude(post_id__in=held.values("post_id"))
    theirs = held.filter(person_id=OuterRef("doer_person_id"), post_id=OuterRef("doer_post_id"))
    by_person = rows.filter(~Exists(theirs), doer_person__isnull=False)
    hands = PetitionHand.objects.filter(ended_at=None).exclude(person_id__in=held.values("person_id"))
    return {
        *_ids(by_post.values_list("matter__subject", flat=True)),
        *_ids(by_person.values_list("matter__subject", flat=True)),
        *_ids(rows.filter(_keeps_out()).values_list("matter__subject", flat=True)),
        *hands.values_list("stage__petition_id", flat=True),
        *_left_posts(today).values_list("stage__petition_id", flat=True),
    }


def _keeps_out() -> Exists:
    """Whoever has a step in hand declared on its own page to keep out of it."""
    own = Concat(Value("procedures.matter:"), Cast(OuterRef("matter_id"), CharField()))
    declared = Recusal.objects.filter(person_id=OuterRef("doer_person_id"), lifted_at=None)
    return Exists(declared.filter(Q(subject=OuterRef("matter__subject")) | Q(subject=own)))


def _left_posts(today: dt.date) -> QuerySet[PetitionHand]:
    """Hands of people who no longer hold the post they took the petition in."""
    still = Holding.objects.filter(
        person_id=OuterRef("person_id"), post_id=OuterRef("post_id"), during__contains=today, is_void=False
    )
    return PetitionHand.objects.filter(~Exists(still), ended_at=None, post__isnull=False)


def _leavers(petition_id: int, today: dt.date) -> set[int]:
    held = Holding.objects.filter(during__contains=today, is_void=False)
    people = set(
        PetitionHand.objects.filter(stage__petition_id=petition_id, ended_at=None)
        .exclude(person_id__in=held.values("person_id"))
        .values_list("person_id", flat=True)
    )
    people |= set(_left_posts(today).filter(stage__petition_id=petition_id).values_list("person_id", flat=True))
    recused = Task.objects.filter(_waiting(), _keeps_out(), matter__subject=f"{SUBJECT}:{petition_id}")
    people |= set(recused.values_list("doer_person_id", flat=True))
    for task in queries.open_tasks(petition_id):
        who, post = task.doer_person_id, task.doer_post_id or 0
        if who and not held.filter(person_id=who, post_id=post).exists():
            people.add(who)
    return people


def _ids(subjects: Iterable[str]) -> set[int]:
    return {int(subject.rpartition(":")[2]) for subject in subjects}
