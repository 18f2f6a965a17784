"""Who decides, assigns, handles, approves; what must be told; what is too late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.handling.terms import (
    GROUNDS_WITH_REFERENCE,
    WAYS,
    Decided,
    Direction,
    Ground,
)
from chancery.departments.general_office.petitions.rules import WrongState, not_the_subject
from chancery.departments.general_office.petitions.terms import HANDLER, Kind, Outcome, State
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes
from chancery.kernel.access import rules as access_rules

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.models import Petition, PetitionStage


class TooLate(Refused):
    """The time for it is over."""


class Incomplete(Refused):
    """Something that must be told is missing."""


class NotYours(Refused):
    """It is not in the actor's hands."""


def is_decided_whole(outcome: str, data: Mapping[str, object]) -> Verdict:
    """Not accepting needs a ground, and most grounds say where; a transfer goes down or across, to somebody."""
    reference = str(data.get("reference") or "").strip()
    if outcome == Decided.NOT_ACCEPT:
        ground = str(data.get("ground") or "")
        if ground not in Ground.values:
            return no(_("Say on which ground it is not accepted."), field="ground", refusal=Incomplete)
        if ground in GROUNDS_WITH_REFERENCE and not reference:
            return no(
                _("Say where: the number of that matter, or the body or channel by law. The sender is told."),
                field="reference",
                refusal=Incomplete,
            )
    if outcome == Decided.TRANSFER:
        if str(data.get("direction") or "") not in Direction.values:
            return no(_("Say whether it goes down or across."), field="direction", refusal=Incomplete)
        if not data.get("to_unit") and not str(data.get("to_body") or "").strip():
            return no(_("Say to which unit or body it goes."), field="to_body", refusal=Incomplete)
    return yes()


def is_written(text: str, field: str) -> Verdict:
    """Something was written."""
    return yes() if text.strip() else no(_("Write something."), field=field, refusal=Incomplete)


def may_be_given_to(petition: Petition, unit_id: int, complained_of: Collection[int], on: Collection[int]) -> Verdict:
    """A unit with handlers, and never the one an accusation is about, or one under it."""
    if unit_id not in on:
        return no(_("That unit has no handler of petitions."), field="unit")
    if petition.kind == Kind.ACCUSATION and unit_id in complained_of:
        return no(
            _("An accusation is never handled by the unit it is about."), field="unit", refusal=access_rules.IsRecused
        )
    return yes()


def may_name(petition: Petition, people: Collection[int]) -> Verdict:
    """A post whose holder is not whom the petition is about."""
    if not people:
        return no(_("Nobody holds that post today."), field="post")
    if petition.subject_person_id in people:
        return no(_("The petition is about whoever holds that post."), field="post", refusal=access_rules.IsRecused)
    return yes()


def may_be_handed_to(petition: Petition, with_part: Collection[int], people: Collection[int]) -> Verdict:
    """A post with a part in petitions, whose holder it is not about."""
    if not with_part:
        return no(_("A petition is handed only to those who have a part in letters and visits."), field="post_id")
    if petition.subject_person_id in people:
        return no(_("The petition is about whoever holds that post."), field="post_id", refusal=access_rules.IsRecused)
    return yes()


def may_handle(by: Actor, petition: Petition, stage: PetitionStage | None) -> Verdict:
    """A handler of the unit that has it, whom it is not about."""
    if stage is None or petition.state != State.UNDER_WAY:
        return no(_("This petition is not being handled now."), refusal=WrongState)
    verdict = first_refusal(
        not_the_subject(by, petition), access_rules.holds_role(by, HANDLER, petition.handling_unit_id)
    )
    return verdict if verdict else no(verdict.reason, refusal=verdict.refusal or NotYours)


def knows_way(petition: Petition, way: str) -> Verdict:
    """A suggestion is not heard, an accusation not mediated."""
    if way == "MISROUTED" or way in WAYS[Kind(petition.kind)]:
        return yes()
    return no(_("This is not done with a petition of this kind."), field="outcome")


def may_send_back(today: dt.date, refuse_until: dt.date, reason: str) -> Verdict:
    """Within the working days there are for it, with reasons."""
    if today > refuse_until:
        return no(
            _("It could be sent back as misrouted until %(day)s; now it is handled here.") % {"day": refuse_until},
            field="reason",
            refusal=TooLate,
        )
    return is_written(reason, "reason")


def is_held_on(day: dt.date | None, began: dt.date, today: dt.date) -> Verdict:
    """Held since the stage began, not in days to come."""
    if day is None:
        return no(_("Say when it was held."), field="held_on", refusal=Incomplete)
    if not began <= day <= today:
        return no(_("It was held between the beginning of the stage and today."), field="held_on")
    return yes()


def may_reopen(petition: Petition, today: dt.date, until: dt.date | None, reason: str) -> Verdict:
    """What was closed but not fixed, within its days; never what is final, withdrawn or handled with another."""
    if petition.state == State.FINAL:
        return no(
            _("It was closed for good after re-review: the same facts are not handled again."), refusal=WrongState
        )
    if petition.state != State.CLOSED or petition.outcome == Outcome.MERGED:
        return no(_("Only a petition that was answered and closed is opened again."), refusal=WrongState)
    if until is None or today > until:
        return no(_("It could be opened again until %(day)s.") % {"day": until or "—"}, refusal=TooLate)
    return is_written(reason, "reason")


def may_take_back(petition: Petition, reason: str) -> Verdict:
    """What was transferred and came back, or was not accepted wrongly."""
    if petition.state not in (State.TRANSFERRED, State.NOT_ACCEPTED):
        return no(_("Only what was transferred or not accepted is taken back."), refusal=WrongState)
    return is_written(reason, "reason")
