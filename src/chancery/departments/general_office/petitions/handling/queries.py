"""Questions about handling. Row security limits each to what the actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.handling.models import (
    PetitionAssignment,
    PetitionDecision,
    PetitionExtension,
)
from chancery.departments.general_office.petitions.handling.terms import (
    ASK_KEYS,
    EXTENSION_SUBJECT,
    KINDS_KEY,
    REOPEN_KEY,
    Decided,
    Ground,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionStage, PetitionText
from chancery.departments.general_office.petitions.terms import EVERY_ROLE, HANDLER, SUBJECT, Stage
from chancery.foundations import clock, vault
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.words import words
from chancery.kernel.access.roles import queries as roles
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.directory.models import Holding, Unit, UnitClosure
from chancery.kernel.procedures.models import Matter, Task


def words_of(text: PetitionText) -> str:
    """What a text of the office says; of a sender's text, what those who handle may read."""
    return vault.unseal_text(bytes(text.masked), custody.masked_context(text.ref)) if text.masked else ""


def petition_id_of(matter: Any) -> int:
    """The petition a matter is about, directly or by a request for more time."""
    label, _sign, pk = str(matter.subject).rpartition(":")
    if label == EXTENSION_SUBJECT:
        found = PetitionExtension.objects.filter(pk=int(pk)).values_list("stage__petition_id", flat=True).first()
        return int(found or 0)
    return int(pk) if label == SUBJECT else 0


def petition_of(matter: Any) -> Petition:
    """The same, as a row."""
    found = petitions.petition(petition_id_of(matter))
    if found is None:
        raise petition_rules.NoSuchPetition(_("There is no such petition."))
    return found


def open_task(petition_id: int, *steps: str) -> Task | None:
    """The task of the petition's matter that waits at one of some steps."""
    rows = Task.objects.filter(matter__subject=f"{SUBJECT}:{petition_id}", done_at=None, key__isnull=False)
    return rows.filter(step__in=steps).order_by("-id").first()


def open_tasks(petition_id: int) -> list[Task]:
    """All that wait."""
    rows = Task.objects.filter(matter__subject=f"{SUBJECT}:{petition_id}", done_at=None, key__isnull=False)
    return list(rows.select_related("matter").order_by("id"))


def runs(petition_id: int) -> bool:
    """Whether a matter of the petition is open."""
    return Matter.objects.filter(subject=f"{SUBJECT}:{petition_id}").exclude(state="CLOSED").exists()


def decision(petition_id: int) -> PetitionDecision | None:
    """The latest decision."""
    rows = PetitionDecision.objects.select_related("to_unit", "person", "notice")
    return rows.filter(petition_id=petition_id).order_by("-round").first()


def assignment(stage_id: int) -> PetitionAssignment | None:
    """Who has a stage now."""
    rows = PetitionAssignment.objects.select_related("unit", "post")
    return rows.filter(stage_id=stage_id, ended_at=None).first()


# --- Who can handle ---------------------------------------------------------------------------------------------------
def handler_units(today: dt.date) -> list[tuple[int, str]]:
    """The units that have a handler of petitions, as (id, words)."""
    granted = roles.grants(today).filter(role=HANDLER).values("unit_id")
    rows = Unit.objects.filter(pk__in=granted).order_by("position", "id")
    return [(unit.pk, words(unit, "name")) for unit in rows]


def handler_posts(today: dt.date) -> list[tuple[int, str]]:
    """The posts that are handlers and held today, as (id, words with unit and holder)."""
    granted = roles.grants(today).filter(role=HANDLER).values("post_id")
    held = Holding.objects.filter(post_id__in=granted, during__contains=today, is_void=False).select_related(
        "person", "post", "post__unit"
    )
    return [
        (one.post_id, f"{words(one.post.unit, 'name')} · {words(one.post, 'title')} · {words(one.person, 'name')}")
        for one in held.order_by("post__unit__position", "post_id")
    ]


def holders(post_ids: Collection[int], today: dt.date) -> set[int]:
    """The people who hold some posts today."""
    rows = Holding.objects.filter(post_id__in=post_ids, during__contains=today, is_void=False)
    return set(rows.values_list("person_id", flat=True))


def have_part(post_ids: Collection[int], today: dt.date) -> set[int]:
    """Those of some posts that have a part in letters and visits."""
    rows = roles.grants(today).filter(post_id__in=post_ids, role__in=EVERY_ROLE)
    return set(rows.values_list("post_id", flat=True))


def answers_for(post_id: int, unit_id: int) -> bool:
    """Whether a post handles petitions of a unit."""
    return post_id in answering(HANDLER, unit_id)


def complained_of(petition: Petition) -> set[int]:
    """The unit complained of and all under it."""
    if petition.subject_unit_id is None:
        return set()
    rows = UnitClosure.objects.filter(ancestor_id=petition.subject_unit_id)
    return {*rows.values_list("descendant_id", flat=True), petition.subject_unit_id}


# --- Words of decisions -----------------------------------------------------------------------------------------------
def last_day_to_reopen(petition: Petition) -> dt.date | None:
    """Until when a closed petition is opened again because it is not fixed."""
    if petition.closed_at is None:
        return None
    closed = clock.date_of(petition.closed_at)
    period = rulebook.period(REOPEN_KEY, on=closed)
    return calendar.due_date(closed, period.count, period.unit).due_on  # type: ignore[arg-type]  # "WD" or "CD"


def notice_words(of: PetitionDecision, petition: Petition) -> str:
    """A first draft of the written notice, in the sender's language (the caller switches to it)."""
    words_ = {
        "number": petition.number,
        "kind": petition.get_kind_display(),
        "where": of.to_body or (words(of.to_unit, "name") if of.to_unit else ""),
        "ground": Ground(of.ground).label if of.ground else "",
        "reference": of.reference,
        "day": _due_words(petition),
    }
    if of.decision == Decided.ACCEPT:
        return (
            _("Your petition %(number)s was accepted. It is handled here and answered in writing by %(day)s.") % words_
        )
    if of.decision == Decided.TRANSFER:
        return _("Your petition %(number)s was transferred to %(where)s, which tells you how it goes on.") % words_
    said = _("Your petition %(number)s is not accepted. Ground: %(ground)s.") % words_
    return said if not of.reference else f"{said} " + _("See: %(reference)s.") % words_


def remedy_words(petition: Petition, stage: PetitionStage) -> str:
    """A first draft of what the sender may do next (the caller switches to the sender's language)."""
    key = ASK_KEYS.get(Stage(stage.stage))
    if key is None or petition.kind not in may_be_reviewed(clock.today()):
        return _("You may rate the handling with your receipt code.")
    days = rulebook.days(key, on=clock.today())
    return _("If you do not agree, you may ask for review with your receipt code within %(days)s days.") % {
        "days": days
    }


def may_be_reviewed(on: dt.date) -> set[str]:
    """The kinds of petition whose answer may be reviewed."""
    return set(rulebook.text(KINDS_KEY, on=on).split())


def _due_words(petition: Petition) -> str:
    stage = PetitionStage.objects.filter(petition=petition).order_by("-opened_at").first()
    return str(stage.due_on) if stage else ""


# --- Who is asked -----------------------------------------------------------------------------------------------------
def answering(role: str, unit_id: int) -> list[int]:
    """The posts that answer for a role, whoever asks."""
    with acting_as(SYSTEM):
        return roles.answering_posts(role, unit_id)
