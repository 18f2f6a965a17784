"""When more time may be asked for and granted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.handling.rules import TooLate, is_written
from chancery.departments.general_office.petitions.handling.terms import Asked
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import HEAD, Stage
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import rules as access_rules

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.handling.models import PetitionExtension
    from chancery.departments.general_office.petitions.models import PetitionStage


def is_running(stage: PetitionStage | None) -> Verdict:
    """Begun and not answered."""
    if stage is None or stage.answered_at is not None or stage.closed_at is not None:
        return no(_("No time limit runs: it was answered or ended."), refusal=WrongState)
    return yes()


def may_ask(stage: PetitionStage, *, days: int, most: int, asked: bool, today: dt.date, reason: str) -> Verdict:
    """Of the first handling, once, before it has run out, for no longer than allowed, with the reason."""
    if verdict := is_running(stage):
        if stage.stage != Stage.FIRST:
            return no(_("Only the first handling is lengthened; reviews are not."))
        if asked or stage.extended_days:
            return no(_("More time was asked for already."), refusal=WrongState)
        if today > stage.due_on:
            return no(
                _("The limit ran out on %(day)s: more time is asked for before it does.") % {"day": stage.due_on},
                refusal=TooLate,
            )
        if not 1 <= days <= most:
            return no(_("Ask for 1 to %(most)s days.") % {"most": most}, field="days")
        return is_written(reason, "reason")
    return verdict


def may_decide(by: Actor, of: PetitionExtension, unit_id: int) -> Verdict:
    """The head, and not whoever asked, while the stage runs."""
    if of.state != Asked.ASKED:
        return no(_("This was decided already."), refusal=WrongState)
    if by.person_id is not None and by.person_id == of.asked_person_id:
        return no(_("Another person decides on your request, whatever post you act in."))
    if not (verdict := is_running(of.stage)):
        return verdict
    return access_rules.holds_role(by, HEAD, unit_id)
