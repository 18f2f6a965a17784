"""Verbs: open the year's lists, decide, hand in, sign; raise, report and decide what is undefined."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.classification import queries as levels
from chancery.departments.general_office.confidential_work.classification.effects import services as effects
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.rules import is_a_level
from chancery.departments.general_office.confidential_work.classification.services import NoSuchThing
from chancery.departments.general_office.confidential_work.classification.terms import (
    AUTHORITY,
    OFFICER,
    State,
    Target,
)
from chancery.departments.general_office.confidential_work.review import queries, rules
from chancery.departments.general_office.confidential_work.review.models import (
    ReviewEntry,
    UndefinedMatter,
    YearlyReview,
)
from chancery.departments.general_office.confidential_work.review.terms import Decision, ReviewState
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access import services as access
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.records import services as records


@service
def open_reviews(*, year: int, by: Actor, at: dt.datetime) -> int:
    """A list for every unit that has levels in force and none for the year; how many were opened."""
    if not by.is_system:
        queries.is_officer(by).demand()
    today = clock.date_of(at)
    period = rulebook.period("classification.review.days", on=today)
    due_on = calendar.due_date(today, period.count, "WD" if period.unit == "WD" else "CD").due_on
    opened = 0
    with acting_as(SYSTEM):
        had = set(YearlyReview.objects.filter(year=year).values_list("unit_id", flat=True))
        units = Classification.objects.filter(state=State.IN_FORCE).values_list("unit_id", flat=True).distinct()
        for unit_id in sorted(set(units) - had):
            opened += _open(unit_id, year, due_on, by, at)
    return opened


def _open(unit_id: int, year: int, due_on: dt.date, by: Actor, at: dt.datetime) -> bool:
    guard = access.open_guard(unit_id=unit_id, label=Clearance.RESTRICTED, by=SYSTEM, at=at)
    readers = [(None, role, unit_id) for role in ("handler", "deputy_head", AUTHORITY, OFFICER)]
    access.add_readers(guard_id=guard.pk, readers=list(readers), how="review", by=SYSTEM, at=at)
    try:
        with transaction.atomic():
            review = YearlyReview.objects.create(guard=guard, unit_id=unit_id, year=year, due_on=due_on, opened_at=at)
    except IntegrityError as error:
        if "yearlyreview_once" not in str(error):
            raise
        return False  # somebody else opened it just now
    found = Classification.objects.filter(state=State.IN_FORCE, unit_id=unit_id).order_by("until", "id")
    ReviewEntry.objects.bulk_create(ReviewEntry(review=review, classification=one) for one in found)
    journal.write(by=by, at=at, act="review.opened", on=review, data={"year": year})
    return True


def _locked(review_id: int) -> YearlyReview:
    found = YearlyReview.objects.select_for_update(of=("self",)).filter(pk=review_id).first()
    if found is None:
        raise NoSuchThing(_("There is no such review for you."))
    return found


@service
def decide_entry(
    *, entry_id: int, decision: str, reason: str, new_level: str = "", by: Actor, at: dt.datetime
) -> ReviewEntry:
    """The unit says of one level: keep, lower, declassify. Until the list is handed in it may say otherwise."""
    records.demand_unmarked(texts={"reason": reason}, where="review", by=by, at=at)
    entry = ReviewEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NoSuchThing(_("There is no such review for you."))
    review = _locked(entry.review_id)
    entry = ReviewEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    of = Classification.objects.filter(pk=entry.classification_id).first()
    if of is None:
        raise NoSuchThing(_("This level is above your sight: the head of the unit decides on it."))
    rules.may_decide_entry(
        review.state,
        is_of_unit=queries.is_of_unit(by, review.unit_id),
        decision=decision,
        reason=reason,
        fits=rules.is_lower(of.target, new_level, of.level),
    ).demand()
    entry.decision, entry.reason = decision, reason.strip()[:500]
    entry.new_level = new_level if decision == Decision.CHANGE else ""
    entry.decided_at, entry.decided_person_id = at, by.person_id
    entry.save(update_fields=["decision", "reason", "new_level", "decided_at", "decided_person"])
    journal.write(
        by=by,
        at=at,
        act="review.decided",
        on=review,
        data={"level": of.pk, "decision": decision, "reason": entry.reason},
    )
    return entry


@service
def hand_in(*, review_id: int, by: Actor, at: dt.datetime) -> YearlyReview:
    """The unit is through."""
    review = _locked(review_id)
    undecided = ReviewEntry.objects.filter(review=review, decision="").count()
    rules.may_hand_in(review.state, is_of_unit=queries.is_of_unit(by, review.unit_id), undecided=undecided).demand()
    review.state, review.handed_in_at, review.handed_in_person_id = ReviewState.DECIDED, at, by.person_id
    review.save(update_fields=["state", "handed_in_at", "handed_in_person"])
    journal.write(by=by, at=at, act="review.handed_in", on=review, data={})
    return review


@service
def sign(*, review_id: int, note: str = "", by: Actor, at: dt.datetime) -> YearlyReview:
    """The authority signs: what was to be lowered or declassified is, at once."""
    review = _locked(review_id)
    found = list(ReviewEntry.objects.filter(review=review).order_by("id"))
    took_part = {review.handed_in_person_id, *(entry.decided_person_id for entry in found)}
    rules.may_sign(
        by, review.state, is_authority=levels.may_authorise(by, review.unit_id), took_part=took_part
    ).demand()
    review.state, review.signed_at, review.signed_person_id = ReviewState.SIGNED, at, by.person_id
    review.note = note.strip()[:500]
    review.save(update_fields=["state", "signed_at", "signed_person", "note"])
    with acting_as(SYSTEM):
        holds = set(
            Classification.objects.filter(
                pk__in=[entry.classification_id for entry in found], state=State.IN_FORCE
            ).values_list("pk", flat=True)
        )
    for entry in found:
        if entry.decision == Decision.KEEP or entry.classification_id not in holds:
            continue  # kept, or it changed meanwhile by a decision of its own
        effects.lower(
            classification_id=entry.classification_id,
            level=entry.new_level if entry.decision == Decision.CHANGE else "",
            reason=entry.reason,
            proposer_id=entry.decided_person_id or 0,
            by=by,
            at=at,
        )
    journal.write(by=by, at=at, act="review.signed", on=review, data={"levels": len(found)})
    return review


# --- Undefined matters ------------------------------------------------------------------------------------------------
@service
def raise_undefined(
    *,
    subject: str = "",
    alias: str = "",
    question: str,
    provisional_level: str,
    unit_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> UndefinedMatter:
    """Nobody can say whether it is to be kept: it has to be reported within the rulebook's days."""
    records.demand_unmarked(texts={"question": question, "alias": alias}, where="undefined", by=by, at=at)
    target = Target.THING if subject else Target.CARRIER
    alias = " ".join(alias.split())[:120]
    if not subject and not alias:
        raise Refused(_("Give the carrier its alias."), field="alias")
    if not question.strip():
        raise Refused(_("What is unclear?"), field="question")
    verdict = is_a_level(target, provisional_level)
    if not verdict:
        raise Refused(_("At which level is it kept meanwhile?"), field="provisional_level")
    if subject:
        thing = levels.thing(subject)
        if thing is None:
            raise NoSuchThing(_("There is no such thing for you."))
        guard_id, unit = thing.guard_id, thing.unit_id
    else:
        unit = unit_id or by.body_id or 0
        guard_id = access.open_guard(unit_id=unit, label=Clearance.RESTRICTED, by=by, at=at).pk
    readers: list[tuple[int | None, str | None, int | None]] = [(None, AUTHORITY, unit), (None, OFFICER, unit)]
    access.add_readers(guard_id=guard_id, readers=readers, how="undefined", by=by, at=at)
    today = clock.date_of(at)
    period = rulebook.period("classification.undefined.days", on=today)
    deadline = calendar.due_date(today, period.count, "WD" if period.unit == "WD" else "CD")
    made = UndefinedMatter.objects.create(
        guard_id=guard_id,
        unit_id=unit,
        target=target,
        subject=subject,
        alias="" if subject else alias,
        question=question.strip()[:2000],
        provisional_level=provisional_level,
        raised_at=at,
        raised_person_id=by.person_id,
        due_on=deadline.due_on,
        is_provisional=deadline.provisional,
    )
    journal.write(by=by, at=at, act="undefined.raised", on=made, data={"due_on": made.due_on.isoformat()})
    return made


def _undefined(undefined_id: int) -> UndefinedMatter:
    found = UndefinedMatter.objects.select_for_update(of=("self",)).filter(pk=undefined_id).first()
    if found is None:
        raise NoSuchThing(_("There is no such thing for you."))
    return found


@service
def report_undefined(*, undefined_id: int, reported_to: str, by: Actor, at: dt.datetime) -> UndefinedMatter:
    """It was reported upward."""
    of = _undefined(undefined_id)
    rules.may_report(
        is_reported=of.reported_at is not None,
        to=reported_to,
        may_see_to_it=by.person_id == of.raised_person_id or bool(queries.is_officer(by)),
    ).demand()
    of.reported_at, of.reported_person_id, of.reported_to = at, by.person_id, reported_to.strip()[:200]
    of.save(update_fields=["reported_at", "reported_person", "reported_to"])
    journal.write(by=by, at=at, act="undefined.reported", on=of, data={"to": of.reported_to})
    return of


@service
def answer_undefined(*, undefined_id: int, answer: str, by: Actor, at: dt.datetime) -> UndefinedMatter:
    """What was decided above. The level itself, if there is one, is proposed as any other."""
    records.demand_unmarked(texts={"answer": answer}, where="undefined", by=by, at=at)
    of = _undefined(undefined_id)
    rules.may_answer(
        is_reported=of.reported_at is not None,
        is_answered=of.answered_at is not None,
        answer=answer,
        is_keeper=queries.is_officer(by),
    ).demand()
    of.answered_at, of.answer = at, answer.strip()[:2000]
    of.save(update_fields=["answered_at", "answer"])
    journal.write(by=by, at=at, act="undefined.answered", on=of, data={})
    return of
