"""Who reviews, who signs, what an entry must say. Pure: facts in, a verdict out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.classification.terms import LABELS, CarrierLevel, Target
from chancery.departments.general_office.confidential_work.review.terms import Decision, ReviewState
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Stale, Verdict, no, yes

BASIS = "《保守国家秘密法》(2024) 第二十三条、第二十四条"
_ORDER = {CarrierLevel.CONFIDENTIAL: 1, CarrierLevel.SECRET: 2, CarrierLevel.TOP_SECRET: 3}


def is_lower(target: str, new: str, old: str) -> bool:
    """Whether the new level is below the old one; a review never raises."""
    order = {str(code): number for code, number in (_ORDER if target == Target.CARRIER else LABELS).items()}
    return new in order and order[new] < order[old]


def may_decide_entry(state: str, *, is_of_unit: bool, decision: str, reason: str, fits: bool) -> Verdict:
    """The unit, while the list is with it; each decision with its reason."""
    if state != ReviewState.OPEN:
        return no(_("This review was handed in."), refusal=Stale)
    if not is_of_unit:
        return no(_("The unit itself reviews its levels."))
    if decision not in Decision.values:
        return no(_("Keep, lower or declassify?"), field="decision")
    if not reason.strip():
        return no(_("Say why."), field="reason", basis=BASIS)
    if decision == Decision.CHANGE and not fits:
        return no(_("A review lowers a level; to raise one, propose it."), field="new_level")
    return yes()


def may_hand_in(state: str, *, is_of_unit: bool, undecided: int) -> Verdict:
    """When every level on it was decided."""
    if state != ReviewState.OPEN:
        return no(_("This review was handed in."), refusal=Stale)
    if not is_of_unit:
        return no(_("The unit itself reviews its levels."))
    if undecided:
        return no(_("%(n)s levels on this list are not decided yet.") % {"n": undecided})
    return yes()


def may_sign(by: Actor, state: str, *, is_authority: Verdict, took_part: set[int | None]) -> Verdict:
    """The classification authority, who decided nothing on the list."""
    if state == ReviewState.SIGNED:
        return no(_("This review is signed already."), refusal=Stale)
    if state != ReviewState.DECIDED:
        return no(_("The unit has not handed this review in yet."))
    if by.person_id in took_part:
        return no(_("Who decided for the unit does not sign, under another hat neither."), basis=BASIS)
    return is_authority


def may_report(*, is_reported: bool, to: str, may_see_to_it: bool) -> Verdict:
    """Once, to somebody named."""
    if is_reported:
        return no(_("This was reported already."), refusal=Stale)
    if not may_see_to_it:
        return no(_("The confidential officer or whoever raised it reports it."))
    if not to.strip():
        return no(_("To whom was it reported?"), field="reported_to")
    return yes()


def may_answer(*, is_reported: bool, is_answered: bool, answer: str, is_keeper: Verdict) -> Verdict:
    """After it was reported, with the decision in words."""
    if is_answered:
        return no(_("This was decided already."), refusal=Stale)
    if not is_reported:
        return no(_("It has to be reported first."))
    if not answer.strip():
        return no(_("What was decided?"), field="answer")
    return is_keeper
