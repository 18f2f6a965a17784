"""What may be proposed, by whom, and who decides. Pure: facts in, a verdict out."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.classification.terms import (
    CarrierLevel,
    HouseLevel,
    Kind,
    PeriodKind,
    State,
    Target,
    Thing,
    label_of,
)
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Stale, Verdict, first_refusal, no, yes

BASIS = "《保守国家秘密法》(2024) 第十六条至第二十四条"


class OverCap(Refused):
    """The period is longer than the level allows."""


class Decision(Protocol):
    """What the rules look at."""

    target: str
    level: str
    state: str
    starts_on: dt.date
    until: dt.date
    cap_years: int
    proposed_person_id: int | None


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day some years on; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_a_level(target: str, level: str) -> Verdict:
    """One of the house's labels for a thing, one of the three levels for a carrier."""
    known = CarrierLevel.values if target == Target.CARRIER else HouseLevel.values
    return yes() if level in known else no(_("Choose a level."), field="level")


def may_mark(thing: Thing) -> Verdict:
    """What everybody could read already is not made confidential afterwards."""
    if thing.is_published:
        return no(
            _("This is public already: what is public is not marked afterwards."),
            field="level",
            basis=BASIS,
        )
    return yes()


def is_within_sight(by: Actor, level: str) -> Verdict:
    """Nobody hides a thing from themselves."""
    if not by.is_system and label_of(level) > by.clearance:
        return no(_("The level is above your own clearance."), field="level")
    return yes()


def has_basis(clause: str, text: str, clauses: dict[str, str]) -> Verdict:
    """A legal clause that holds today, and what makes it fit."""
    if not clause:
        return no(_("A level needs its basis: choose the clause it rests on."), field="basis_clause", basis=BASIS)
    if clause not in clauses:
        return no(_("That clause does not hold today."), field="basis_clause", basis=BASIS)
    if not text.strip():
        return no(_("Say what of this thing falls under the clause."), field="basis_text", basis=BASIS)
    return yes()


def last_day(
    *, kind: str, years: int | None, until: dt.date | None, condition: str, starts_on: dt.date, cap: int
) -> tuple[Verdict, dt.date]:
    """Whether the period asked for is one within the cap, and the last day of the level."""
    latest = years_after(starts_on, cap)
    match kind:
        case PeriodKind.YEARS:
            if not years or years < 1:
                return no(_("Say for how many years."), field="years"), latest
            if years > cap:
                said = _("At this level the period is %(cap)s years at most.") % {"cap": cap}
                return no(said, field="years", basis=BASIS, refusal=OverCap), latest
            return yes(), years_after(starts_on, years)
        case PeriodKind.DATE:
            if until is None:
                return no(_("Say until which date."), field="until"), latest
            if until > latest:
                said = _("At this level the period ends on %(day)s at the latest.") % {"day": latest.isoformat()}
                return no(said, field="until", basis=BASIS, refusal=OverCap), latest
            return yes(), until
        case PeriodKind.CONDITION:
            return (yes() if condition.strip() else no(_("Say what ends it."), field="condition")), latest
        case _:
            return no(_("Choose how long it lasts."), field="period_kind"), latest


def is_a_sound_period(starts_on: dt.date, until: dt.date, today: dt.date) -> Verdict:
    """Counted from a day that has come, and not over yet."""
    if starts_on > today:
        return no(
            _("The period is counted from the day the thing was made, not from a day to come."), field="starts_on"
        )
    if until <= today:
        return no(_("That period would be over already."), field="until")
    return yes()


def may_extend(current: Decision, until: dt.date, today: dt.date) -> Verdict:
    """Before it expires, to a later day."""
    if current.state != State.IN_FORCE or current.until < today:
        return no(_("It has expired: what has expired is not extended."), field="until", basis=BASIS)
    if until <= current.until:
        return no(_("An extension ends later than %(day)s.") % {"day": current.until.isoformat()}, field="until")
    return yes()


def may_change(current: Decision, level: str) -> Verdict:
    """To another level, while it is in force."""
    if current.state != State.IN_FORCE:
        return no(_("This is not in force any more."), refusal=Stale)
    if level == current.level:
        return no(_("It has that level already."), field="level")
    return yes()


def may_decide(by: Actor, of: Decision, *, is_authority: Verdict) -> Verdict:
    """The classification authority, and never the person who proposed, whatever hat they wear."""
    if of.state != State.PROPOSED:
        return no(_("This proposal was decided already."), refusal=Stale)
    if by.person_id is not None and by.person_id == of.proposed_person_id:
        return no(_("Who proposes a level does not approve it, under another hat neither."), basis=BASIS)
    return first_refusal(is_authority)


def may_withdraw(by: Actor, of: Decision) -> Verdict:
    """Who proposed it, until it is decided."""
    if of.state != State.PROPOSED:
        return no(_("This proposal was decided already."), refusal=Stale)
    if by.person_id != of.proposed_person_id:
        return no(_("A proposal is withdrawn by whoever made it."))
    return yes()


def kind_words_act(kind: str) -> str:
    """The journal's word for what took effect."""
    return {
        Kind.CLASSIFY: "classification.approved",
        Kind.CHANGE: "classification.changed",
        Kind.EXTEND: "classification.extended",
        Kind.DECLASSIFY: "classification.declassified",
    }[Kind(kind)]
