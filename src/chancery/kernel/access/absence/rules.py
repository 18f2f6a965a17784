"""What an absence may be."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import terms
from chancery.kernel.access.absence.models import Absence
from chancery.kernel.access.roles.rules import holds_role
from chancery.kernel.directory.models import Holding


class Overlapping(Refused):
    """The post is away already on some of those days."""


class GoesRound(Refused):
    """The work would come back to whoever is away."""


def may_declare(by: Actor, absent_post_id: int, on: dt.date) -> Verdict:
    """One's own posts; anybody's for an access administrator."""
    if by.is_system:
        return yes()
    if by.is_person and by.scopes is None and by.person_id is not None:
        own = Holding.objects.filter(person_id=by.person_id, post_id=absent_post_id, during__contains=on)
        if own.exists():
            return yes()
    if holds_role(by, terms.ACCESS_ADMIN):
        return yes()
    return no(_("You can declare only your own absence."), field="absent_post")


def may_end(by: Actor, absence: Absence) -> Verdict:
    """Whoever is away, whoever declared it, or an access administrator."""
    if by.is_system or (by.person_id and by.person_id in {absence.absent_person_id, absence.declared_by_person_id}):
        return yes()
    return holds_role(by, terms.ACCESS_ADMIN)


def are_days(starts_on: dt.date, ends_on: dt.date, today: dt.date) -> Verdict:
    """From today on, in order, not longer than the rulebook allows (access.absence.max_days)."""
    if ends_on < starts_on:
        return no(_("The last day must not come before the first."), field="ends_on")
    if starts_on < today:
        return no(_("An absence cannot be dated back: a deputy's powers begin when they are given."), field="starts_on")
    longest = rulebook.days("access.absence.max_days", on=today)
    if (ends_on - starts_on).days + 1 > longest:
        return no(_("An absence lasts at most %(days)s days.") % {"days": longest}, field="ends_on")
    return yes()


def may_stand_in(absent_post_id: int, deputy_post_id: int, starts_on: dt.date, ends_on: dt.date) -> Verdict:
    """Somebody else, who holds the deputy's post on all those days and whose own absence does not break the line.

    The line is followed once: A's deputy B may be away if B's deputy C is there, and C is not A.
    """
    if deputy_post_id == absent_post_id:
        return no(_("A post cannot stand in for itself."), field="deputy_post")
    days = Q(during__contains=starts_on) & Q(during__contains=ends_on)
    deputies = set(Holding.objects.filter(days, post_id=deputy_post_id).values_list("person_id", flat=True))
    if not deputies:
        return no(_("Nobody holds the deputy's post on all of those days."), field="deputy_post")
    absent = set(
        Holding.objects.filter(post_id=absent_post_id, during__contains=starts_on).values_list("person_id", flat=True)
    )
    if deputies <= absent:
        return no(_("That is the same person in another post: name somebody else."), field="deputy_post")
    return _line_holds(absent_post_id, deputy_post_id, starts_on, ends_on)


def _line_holds(absent_post_id: int, deputy_post_id: int, starts_on: dt.date, ends_on: dt.date) -> Verdict:
    meanwhile = Absence.objects.filter(cancelled_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    for onward in meanwhile.filter(absent_post_id=deputy_post_id).values("deputy_post_id", "starts_on", "ends_on"):
        if onward["deputy_post_id"] == absent_post_id:
            return no(
                _("The deputy is away too, and names this post as their deputy: the work would go round in a circle."),
                field="deputy_post",
                refusal=GoesRound,
            )
        if meanwhile.filter(
            absent_post_id=onward["deputy_post_id"], starts_on__lte=onward["ends_on"], ends_on__gte=onward["starts_on"]
        ).exists():
            return no(
                _("The deputy is away on some of those days, and so is the deputy's deputy: choose somebody else."),
                field="deputy_post",
            )
    # Others rely on the post that goes away now: their line would become too long.
    for relying in meanwhile.filter(deputy_post_id=absent_post_id).values("absent_post_id"):
        if (
            meanwhile.filter(deputy_post_id=relying["absent_post_id"]).exists()
            or meanwhile.filter(absent_post_id=deputy_post_id).exists()
        ):
            return no(
                _("This post stands in for others meanwhile, and the line of deputies would become too long."),
                field="deputy_post",
            )
    return yes()
