"""When an opinion is whole, and who approves it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.handling.rules import Incomplete
from chancery.departments.general_office.petitions.handling.terms import PART_WORDS, PARTS, Drafted
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.terms import Outcome
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.handling.models import PetitionOpinion


def is_whole(data: Mapping[str, object], ends: Collection[str], *, was_settled: bool) -> Verdict:
    """Request, facts, view, basis and remedy, and what it comes to."""
    for part in PARTS:
        if not str(data.get(part) or "").strip():
            return no(
                _("An opinion needs this part: %(part)s.") % {"part": PART_WORDS[part]}, field=part, refusal=Incomplete
            )
    outcome = str(data.get("outcome") or "")
    if outcome not in ends:
        return no(_("Say what it comes to."), field="outcome", refusal=Incomplete)
    if outcome == Outcome.SETTLED and not was_settled:
        return no(_("Settled by mediation: record the mediation first."), field="outcome", refusal=Incomplete)
    return yes()


def may_approve(by: Actor, opinion: PetitionOpinion | None) -> Verdict:
    """A draft, by somebody who did not write it."""
    if opinion is None or opinion.state != Drafted.DRAFT:
        return no(_("There is no opinion to decide on."), refusal=WrongState)
    if by.person_id is not None and by.person_id == opinion.person_id:
        return no(_("You wrote it yourself: another person approves it."))
    return yes()
