"""Who may do what to a list, and what may be said of an item. The database asks all of it again (migration 0015)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from chancery.foundations import verdict as answers
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.records.disposal.models import AppraisalList
from chancery.kernel.records.disposal.terms import (
    APPRAISER,
    ARCHIVE_HEAD,
    ARCHIVIST,
    EDITABLE,
    ENDS,
    LEADER,
    SUPERVISOR,
    ActKind,
    ListState,
    Verdict,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BASIS = _("Archives Law (2020) with its Regulations (2024), art. 19–20; ISO 15489-1:2016, 9.9")
LONGEST_REASON = 500


class DisposalRefused(Refused):
    """Nothing was disposed of, or changed."""


class NotAlone(DisposalRefused):
    """Somebody would stand on two sides of an act of disposal."""


class HeldItem(DisposalRefused):
    """A hold keeps the item."""


def _person(by: Actor) -> answers.Verdict:
    return yes() if by.is_person and by.post_id else no(_("Choose the post you act in first."))


def may_draw_up(by: Actor, keeper_unit_id: int | None = None) -> answers.Verdict:
    """An archivist of the fonds."""
    return _person(by) and access.holds_role(by, ARCHIVIST, keeper_unit_id)


def may_see_lists(by: Actor) -> answers.Verdict:
    """Whoever has a part in disposal."""
    verdict = _person(by)
    if not verdict:
        return verdict
    roles = (ARCHIVIST, ARCHIVE_HEAD, APPRAISER, SUPERVISOR, LEADER)
    if any(access.holds_role(by, role) for role in roles):
        return yes()
    return no(_("Appraisal lists are for archivists, appraisers, and those who decide on disposal or supervise it."))


def may_appraise(by: Actor) -> answers.Verdict:
    """An appraiser."""
    return _person(by) and access.holds_role(by, APPRAISER)


def may_edit(by: Actor, of: AppraisalList) -> answers.Verdict:
    """An appraiser while the list is under appraisal."""
    if of.state not in EDITABLE:
        return no(_("The list is decided on as it stands: nothing is changed any more."), refusal=DisposalRefused)
    if of.state == ListState.DRAFT:
        return no(_("The list is still being drawn up."), refusal=DisposalRefused)
    return may_appraise(by)


def may_decide(
    by: Actor, of: AppraisalList, role: str, keeper_unit_id: int, others: set[int | None]
) -> answers.Verdict:
    """Head and leader decide on what others appraised and drew up, by person."""
    if of.state != ListState.SUBMITTED:
        return no(_("The list is not under approval."), refusal=DisposalRefused)
    if by.person_id in others:
        return no(
            _("You have put your name to this list already: another person must decide, whichever post you act in."),
            refusal=NotAlone,
        )
    return access.holds_role(by, role, keeper_unit_id)


def may_confirm(
    by: Actor, of: AppraisalList, act: str, keeper_unit_id: int, deciders: set[int | None], other: int | None
) -> answers.Verdict:
    """The archivist destroys, a supervisor stands by: two persons, neither of whom decided."""
    verdict = _person(by)
    if not verdict:
        return verdict
    if of.state == ListState.EXECUTED:
        return no(_("The list was carried out already."), refusal=DisposalRefused)
    if of.state != ListState.APPROVED:
        return no(_("Only an approved list is carried out."), basis=str(BASIS), refusal=DisposalRefused)
    if by.person_id in deciders:
        return no(
            _("You decided on this list: others destroy, whichever post you act in."),
            basis=str(BASIS),
            refusal=NotAlone,
        )
    if other is not None and by.person_id == other:
        return no(
            _("You confirmed already: nobody destroys alone, whichever post one acts in."),
            basis=str(BASIS),
            refusal=NotAlone,
        )
    return access.holds_role(by, ARCHIVIST if act == ActKind.DESTROYER else SUPERVISOR, keeper_unit_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a verdict on an item is held against. `periods`: code → years of the item's plan, None = for good."""

    retain_from: dt.date
    retain_until: dt.date | None
    periods: Mapping[str, int | None]
    is_held: bool
    today: dt.date


def end_of(retain_from: dt.date, years: int | None) -> dt.date | None:
    """The last day of a period that begins on 1 January."""
    return None if years is None else retain_from.replace(year=retain_from.year + years) - dt.timedelta(days=1)


def faults_of(verdict: str, new_period: str, reason: str, on: Standing) -> list[tuple[str, StrOrPromise]]:
    """(field, words) of everything that is wrong with what is said of an item; [] when it may be taken."""
    if not verdict:
        left = [("new_period", new_period), ("reason", reason)]
        missing: StrOrPromise = _("A verdict is missing.")
        return [(field, missing) for field, text in left if text][:1]
    found: list[tuple[str, StrOrPromise]] = []
    if verdict not in Verdict.values:
        found.append(("verdict", _("Not a verdict: keep for good, longer period, destroy or transfer.")))
    elif verdict in ENDS and on.is_held:
        found.append(("verdict", _("A hold keeps this item: it is neither destroyed nor transferred.")))
    found += _faults_of_period(verdict, new_period, on)
    if not reason:
        found.append(("reason", _("A verdict has its reason.")))
    elif len(reason) > LONGEST_REASON:
        found.append(("reason", _("At most %(n)d characters.") % {"n": LONGEST_REASON}))
    return found


def _faults_of_period(verdict: str, new_period: str, on: Standing) -> list[tuple[str, StrOrPromise]]:
    if verdict != Verdict.EXTEND:
        words: StrOrPromise = _("A new period goes with the verdict “Longer period” only.")
        return [("new_period", words)] if new_period else []
    if not new_period:
        return [("new_period", _("Say which period."))]
    if new_period not in on.periods:
        return [("new_period", _("The file plan knows no period %(code)s.") % {"code": new_period})]
    until = end_of(on.retain_from, on.periods[new_period])
    if until is None:
        return []
    if on.retain_until is None or until <= on.retain_until:
        return [("new_period", _("A period is never shortened: this one is not longer than the one it has."))]
    if until < on.today:
        return [("new_period", _("This period has run out too, on %(day)s.") % {"day": until.isoformat()})]
    return []


def facts_changed(row: Mapping[str, Any], said: Mapping[str, str]) -> bool:
    """Whether the sheet says another title than the list."""
    return " ".join(str(row["title"]).split()) != " ".join(said["title"].lstrip("'").split())
