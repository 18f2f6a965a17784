"""Releasing a year's figures, recommending, answering, noting what rises."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.counting import queries, rules
from chancery.departments.general_office.petitions.counting.models import (
    PetitionRecommendation,
    PetitionRelease,
    PetitionWarning,
)
from chancery.departments.general_office.petitions.counting.papers.queries import notice_of
from chancery.departments.general_office.petitions.counting.rising.queries import rising
from chancery.departments.general_office.petitions.counting.terms import LEAST_KEY, Adopted, Rising
from chancery.departments.general_office.petitions.terms import HEAD, OFFICER, REGISTRAR
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access import services as access
from chancery.kernel.procedures.notices.queries import addresses_of_duty
from chancery.kernel.procedures.notices.services import write_mail
from chancery.kernel.publishing.notices.services import draft_notice
from chancery.kernel.records import services as records

RELEASE = "general_office.petitionrelease"


class NoSuchThing(Refused):
    """It does not exist for the actor; pages answer 404."""


# --- Figures ---------------------------------------------------------------------------------------------------------
@service
def release_year(*, year: int, by: Actor, at: dt.datetime) -> PetitionRelease:
    """Freeze a year's figures for everybody, small cells taken out. Once: two releases could be subtracted."""
    rules.may_release(by, petitions.office_id()).demand()
    today = clock.date_of(at)
    rules.is_over(year, today).demand()
    tables = queries.released(year, today=today)
    try:
        with transaction.atomic():
            made = PetitionRelease.objects.create(
                year=year,
                tables=tables,
                least=int(rulebook.number(LEAST_KEY, on=today)),
                released_at=at,
                released_person_id=by.person_id or 0,
            )
    except IntegrityError as error:
        if "year" not in str(error):
            raise
        raise Refused(_("This year was released already."), field="year") from None
    journal.write(by=by, at=at, act="petition_figures.released", on=f"{RELEASE}:{made.pk}", data={"year": year})
    return made


@service
def draft_public_notice(*, year: int, by: Actor, at: dt.datetime) -> PetitionRelease:
    """Begin the public notice of released figures; it goes through publication review like every other."""
    with acting_as(SYSTEM):  # who writes notices need not be of the petition staff, and may not lock
        made = PetitionRelease.objects.select_for_update().filter(year=year).first()
        is_begun = made is not None and queries.has_notice(made)
    if made is None:
        raise NoSuchThing(_("Nothing was released of that year."))
    if is_begun:
        raise Refused(_("Its notice was begun already."))
    title, text = notice_of(made)
    notice = draft_notice(unit_id=petitions.office_id(), title=title, text=text, by=by, at=at)
    made.notice_id = notice.pk
    with acting_as(SYSTEM):
        made.save(update_fields=["notice"])
    return made


# --- Recommendations -------------------------------------------------------------------------------------------------
@service
def recommend(
    *, unit_id: int, title: str, text: str, due_on: dt.date | None, field: str = "", by: Actor, at: dt.datetime
) -> PetitionRecommendation:
    """Recommend something to a unit; its heads see it and answer by a day."""
    office = petitions.office_id()
    today = clock.date_of(at)
    rules.may_recommend(by, office).demand()
    rules.is_recommendation(title, text, due_on, today).demand()
    records.demand_unmarked(texts={"title": title, "text": text}, where="petition", by=by, at=at)
    guard = access.open_guard(unit_id=office, label=Clearance.INTERNAL, is_narrow=True, by=by, at=at)
    readers: list[tuple[int | None, str | None, int | None]] = [
        *((None, role, office) for role in (REGISTRAR, OFFICER, HEAD)),
        *((None, role, unit_id) for role in rules.UNIT_HEADS),
    ]
    access.add_readers(guard_id=guard.pk, readers=readers, how="recommendation", by=by, at=at)
    made = PetitionRecommendation.objects.create(
        guard=guard,
        unit_id=unit_id,
        field=petitions.field_code(field, on=today),
        title=title.strip()[:120],
        text=text.strip(),
        due_on=due_on or today,
        made_at=at,
        made_person_id=by.person_id or 0,
    )
    _write("petition_recommendation.made", made, {"unit": unit_id, "due": made.due_on.isoformat()}, by, at)
    with acting_as(SYSTEM):
        people = {one for role in rules.UNIT_HEADS for one in addresses_of_duty(role, [unit_id])}
    _mail(
        people,
        _("A recommendation to your unit"),
        _("Answer by %(day)s: %(address)s")  # the subject stays with those who may see it
        % {
            "day": made.due_on.isoformat(),
            "address": settings.SITE_URL + reverse("general_office:petition_recommendation", args=[made.pk]),
        },
        at,
    )
    return made


@service
def answer_recommendation(
    *, recommendation_id: int, state: str, answer: str = "", by: Actor, at: dt.datetime
) -> PetitionRecommendation:
    """Say for the unit whether it is adopted, and why not."""
    found = (
        PetitionRecommendation.objects.select_for_update(of=("self",))
        .select_related("unit", "guard")
        .filter(pk=recommendation_id)
        .first()
    )
    if found is None:
        raise NoSuchThing(_("There is no such recommendation."))
    rules.may_answer(by, found).demand()
    rules.is_answer(state, answer).demand()
    records.demand_unmarked(texts={"answer": answer}, where="petition", by=by, at=at)
    found.state, found.answer = Adopted(state), answer.strip()
    found.answered_at, found.answered_person_id = at, by.person_id
    found.save(update_fields=["state", "answer", "answered_at", "answered_person"])
    _write("petition_recommendation.answered", found, {"state": state}, by, at)
    return found


# --- What rises ------------------------------------------------------------------------------------------------------
@service
def note_rising(*, by: Actor, at: dt.datetime) -> int:
    """Look for subjects that rise; note each once until somebody has looked into it, and tell the head."""
    noted = []
    for found in rising(clock.date_of(at)):
        try:
            with transaction.atomic():
                noted.append(
                    PetitionWarning.objects.create(
                        rising=found.kind,
                        field=found.code if found.kind == Rising.FIELD else "",
                        unit_id=int(found.code) if found.kind == Rising.UNIT else None,
                        from_on=found.begin,
                        until_on=found.until,
                        count=found.count,
                        mean=Decimal(f"{found.mean:.2f}"),
                        noted_at=at,
                    )
                )
        except IntegrityError as error:
            if "petition_warning_once" not in str(error):
                raise
    for one in noted:
        subject = f"general_office.petitionwarning:{one.pk}"
        journal.write(by=by, at=at, act="petition_warning.noted", on=subject, data={"count": one.count})
    if noted:
        with acting_as(SYSTEM):
            people = set(addresses_of_duty(HEAD, [petitions.office_id()]))
        page = settings.SITE_URL + reverse("general_office:petition_warnings")
        _mail(people, _("Subjects of petitions that rise"), _("Look at them: %(address)s") % {"address": page}, at)
    return len(noted)


@service
def look_into(*, warning_id: int, note: str, by: Actor, at: dt.datetime) -> PetitionWarning:
    """Somebody has looked into a rising subject, and says what comes of it."""
    rules.may_recommend(by, petitions.office_id()).demand()
    found = PetitionWarning.objects.select_for_update().filter(pk=warning_id).first()
    if found is None:
        raise NoSuchThing(_("There is no such warning."))
    if found.seen_at is not None:
        raise Refused(_("Somebody has looked into this already."))
    if not note.strip():
        raise Refused(_("Say what comes of it."), field="note")
    found.seen_at, found.seen_person_id, found.seen_note = at, by.person_id, note.strip()[:500]
    found.save(update_fields=["seen_at", "seen_person", "seen_note"])
    journal.write(by=by, at=at, act="petition_warning.seen", on=f"general_office.petitionwarning:{found.pk}", data={})
    return found


def _mail(people: set[tuple[str, str]], subject: str, text: str, at: dt.datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE), acting_as(SYSTEM):
        for email, name in sorted(people):
            write_mail(to_email=email, to_name=name, subject=subject, text=text, by=SYSTEM, at=at)


def _write(act: str, made: PetitionRecommendation, data: dict[str, Any], by: Actor, at: dt.datetime) -> None:
    subject = f"general_office.petitionrecommendation:{made.pk}"
    journal.write(by=by, at=at, act=act, on=subject, guard_id=made.guard_id, data=data)
