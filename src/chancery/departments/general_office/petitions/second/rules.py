"""When review may be asked for, and who reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.handling.rules import TooLate, is_written
from chancery.departments.general_office.petitions.rules import WrongState, not_the_subject
from chancery.departments.general_office.petitions.terms import Stage, State
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import rules as access_rules

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.models import Petition, PetitionStage


class FormerHandler(access_rules.IsRecused):
    """Whoever had it in hand before does not review it."""


def may_ask(
    petition: Petition, stage: PetitionStage | None, *, kinds: Collection[str], until: dt.date | None, today: dt.date
) -> Verdict:
    """Of what was answered, in its days; re-review only after review; after re-review never."""
    if petition.state == State.FINAL or (stage is not None and stage.stage == Stage.RE_REVIEW and stage.answered_at):
        return no(
            _("It was closed for good after re-review: the same facts are not handled again."), refusal=WrongState
        )
    if petition.kind not in kinds:
        return no(_("Petitions of this kind are not reviewed."), refusal=WrongState)
    if stage is not None and stage.answered_on is not None and (until is None or today > until):
        return no(_("Review could be asked for until %(day)s.") % {"day": until or "—"}, field="text", refusal=TooLate)
    if petition.state != State.ANSWERED or stage is None or stage.answered_on is None:
        return no(_("Review is asked for once it was answered."), refusal=WrongState)
    return yes()


def is_asked_with(text: str) -> Verdict:
    """With what one does not agree."""
    return is_written(text, "text")


def may_review(
    by: Actor, petition: Petition, stage: PetitionStage | None, *, former: Collection[int], units: Collection[int]
) -> Verdict:
    """Another person and another body than before, whom it is not about, while the review runs."""
    if (
        stage is None
        or stage.stage == Stage.FIRST
        or stage.answered_at is not None
        or petition.state != State.UNDER_WAY
    ):
        return no(_("No review runs."), refusal=WrongState)
    if not (verdict := not_the_subject(by, petition)):
        return verdict
    if by.person_id in former:
        return no(_("You had it in hand at an earlier stage: another person reviews it."), refusal=FormerHandler)
    if by.body_id in units:
        return no(
            _("Your unit handled it at an earlier stage: another body reviews it. Hand it over."), refusal=FormerHandler
        )
    return yes()
