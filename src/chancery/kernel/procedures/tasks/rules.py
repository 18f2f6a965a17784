"""Who may do what with a task, and why not. `Stale` where someone else was quicker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Stale, Verdict, first_refusal, no, yes
from chancery.foundations.words import words
from chancery.kernel.procedures.matters.terms import MatterState, TaskState
from chancery.kernel.procedures.moving.queries import Hand

LONGEST_TEXT = 10_000


def is_running(hand: Hand) -> Verdict:
    """The matter is neither closed nor paused."""
    if hand.matter.state == MatterState.CLOSED:
        return no(_("The matter has been closed."), refusal=Stale)
    if hand.matter.state == MatterState.PAUSED:
        return no(_("The matter is paused: resume it first."))
    return yes()


def is_open(hand: Hand) -> Verdict:
    """The task still waits for someone."""
    reasons = {
        TaskState.DONE: _("The step has been done already."),
        TaskState.RETURNED: _("The step has been returned already."),
        TaskState.RECALLED: _("The step has been recalled."),
        TaskState.CANCELLED: _("The step has been withdrawn: the matter moved on or was sent back meanwhile."),
    }
    reason = reasons.get(TaskState(hand.held.state))
    return yes() if reason is None else no(reason, refusal=Stale)


def is_mine(by: Actor, hand: Hand) -> Verdict:
    """The task is addressed to a post or duty of the actor, and nobody else has it in hand."""
    task = hand.held
    if not by.is_person:
        return no(_("Only a person takes a step."))
    if hand.acting_post(by) is None:
        return no(_("The step is not with you: it waits for another post."))
    if task.state == TaskState.CLAIMED and task.doer_person_id != by.person_id:
        return no(_("A colleague has taken it in hand. Ask them to put it back, or to hand it over."), refusal=Stale)
    return yes()


def is_unchanged(hand: Hand, seen_version: int | None) -> Verdict:
    """Nothing about the task changed since the page was printed."""
    if seen_version is None or seen_version == hand.held.version:
        return yes()
    return no(_("The step changed since you opened the page. Look at it again; your text is kept."), refusal=Stale)


def not_recused(hand: Hand) -> Verdict:
    """The actor has not declared to keep out of it."""
    if hand.recused_from:
        return no(_("You keep out of this matter (recusal). Hand it over."))
    return yes()


def not_same_person(by: Actor, hand: Hand) -> Verdict:
    """Whoever did one of the steps this one checks may not do this one, whatever post they act in."""
    step = hand.step
    for other in step.not_same_as if step else ():
        node = hand.plan.diagram.nodes.get(other)
        doers = {hand.matter.opened_person_id} if node and node.kind == "start" else hand.doers.get(other, set())
        if by.person_id in doers:
            return no(
                _("You did “%(step)s” yourself: another person must do this step.")
                % {"step": words(node) if node else other}
            )
    return yes()


def may_take(by: Actor, hand: Hand) -> Verdict:
    """Whether the actor may take the task in hand."""
    return first_refusal(
        is_running(hand), is_open(hand), is_mine(by, hand), not_recused(hand), not_same_person(by, hand)
    )


def may_complete(
    by: Actor, hand: Hand, *, outcome: str, opinion: str, data: Mapping[str, Any], seen_version: int | None
) -> Verdict:
    """Whether the actor may end the task with this outcome."""
    verdict = first_refusal(is_open(hand), is_unchanged(hand, seen_version), may_take(by, hand))
    if not verdict:
        return verdict
    step = hand.step
    if step is None:
        return no(_("The step has lost its binding: the matter must be moved to the current version."))
    if outcome not in step.outcomes:
        return no(_("The step has no such outcome."), field="outcome")
    if len(opinion) > LONGEST_TEXT:
        return no(_("The text is too long."), field="opinion")
    if step.opinion_needed & {outcome, "*"} and not opinion.strip():
        return no(_("This outcome needs a written opinion."), field="opinion")
    for name in data.keys() & set(hand.binding.data):
        if name not in step.data:
            return no(_("This step may not set “%(name)s”.") % {"name": name})
    if step.rule is not None:
        return step.rule(by=by, matter=hand.matter, task=hand.held, outcome=outcome, data=data)
    return yes()


def may_return(by: Actor, hand: Hand, *, step: str, reason: str, behind: list[str]) -> Verdict:
    """Whether the actor may send the matter back to an earlier step."""
    verdict = first_refusal(may_take(by, hand), reason_given(reason))
    if not verdict:
        return verdict
    allowed = hand.step.may_return_to if hand.step else None
    if step not in behind or (allowed is not None and step not in allowed):
        return no(_("One cannot return to that step from here."), field="step")
    return yes()


def may_hand_over(by: Actor, hand: Hand, *, reason: str) -> Verdict:
    """Whether the actor may delegate: also when they keep out of it, for that is what delegating is for."""
    return first_refusal(is_running(hand), is_open(hand), is_mine(by, hand), reason_given(reason))


def may_recall(by: Actor, hand: Hand, *, reason: str) -> Verdict:
    """Whether the actor may take back what they did."""
    task = hand.held
    if hand.matter.state == MatterState.PAUSED:
        return no(_("The matter is paused: resume it first."))
    if task.state != TaskState.DONE or task.key is None:
        return no(_("Only a step that was done can be recalled."), refusal=Stale)
    if task.doer_person_id != by.person_id:
        return no(_("Only whoever did the step can recall it."))
    return reason_given(reason)


def in_time_to_recall(*, last_day: dt.date, today: dt.date) -> Verdict:
    """Within the days the rulebook gives for it."""
    if today > last_day:
        return no(
            _("A step can be recalled until %(day)s only: ask for its return instead.") % {"day": last_day.isoformat()}
        )
    return yes()


def reason_given(reason: str) -> Verdict:
    """A reason was written, and not a book."""
    if not reason.strip():
        return no(_("Give the reason."), field="reason")
    if len(reason) > LONGEST_TEXT:
        return no(_("The text is too long."), field="reason")
    return yes()
