"""Who holds which role over a unit."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.card import all_roles
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Verdict, no, yes
from chancery.foundations.words import words
from chancery.kernel.access import terms


def holds_role(by: Actor, role: str, unit_id: int | None = None) -> Verdict:
    """Yes when the actor's hat, or a post it fully stands in for, holds `role` over the unit (None: over any unit).

    Holding a role is wider than answering for it: the head of a department also holds the role over a division that
    has a head of its own. Who is *asked* is `queries.answering_posts`.
    """
    if by.is_system:
        return yes()
    if by.is_person and by.post_id is not None:
        with acting_as(by), connection.cursor() as cursor:
            cursor.execute("select access_holds(%s, %s)", [role, unit_id])
            row = cursor.fetchone()
        if row and row[0]:
            return yes()
    named = all_roles().get(role)
    return no(_("This is for a post with the role “%(role)s”.") % {"role": words(named) if named else role})


def may_grant(by: Actor, unit_id: int | None = None) -> Verdict:
    """Access administrators give and end roles, over the units they administer."""
    return holds_role(by, terms.ACCESS_ADMIN, unit_id)


def is_known_role(role: str, by: Actor) -> Verdict:
    """People grant only roles that a card declares; a loader may be ahead of the department that will."""
    return yes() if by.is_system or role in all_roles() else no(_("No such role."), field="role")


def are_days(valid_from: dt.date, valid_to: dt.date | None, today: dt.date, by: Actor) -> Verdict:
    """A grant ends after it begins, and people do not date one back: it would rewrite who could see what."""
    if valid_to is not None and valid_to <= valid_from:
        return no(_("The end must come after the start."), field="valid_to")
    if valid_from < today and not by.is_system:
        return no(_("A role cannot begin in the past."), field="valid_from")
    return yes()


def may_end_on(valid_from: dt.date, valid_to: dt.date | None, on: dt.date, today: dt.date) -> Verdict:
    """A running grant ends today or later; one that has ended stays as it was."""
    if valid_to is not None and valid_to <= today:
        return no(_("This grant has ended already."))
    if on < today:
        return no(_("A role cannot be ended in the past."), field="on")
    return yes()
