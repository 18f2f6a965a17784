"""What a token may be and do."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access.terms import TOKEN_SCOPES

LONGEST = dt.timedelta(days=366)


def may_make(by: Actor) -> Verdict:
    """A person in a post, in a session: a token cannot make another."""
    if not by.is_person or by.post_id is None:
        return no(_("Choose the post you act in first."))
    if by.scopes is not None:
        return no(_("A token cannot make another."))
    return yes()


def are_scopes(scopes: list[str]) -> Verdict:
    """At least one, all known."""
    if not scopes or not set(scopes) <= set(TOKEN_SCOPES):
        return no(_("Choose what the token may do."), field="scopes")
    return yes()


def lives_long_enough(expires_at: dt.datetime, at: dt.datetime) -> Verdict:
    """It expires, in the future, within a year."""
    if expires_at <= at:
        return no(_("The token must expire later than now."), field="expires_on")
    if expires_at - at > LONGEST:
        return no(_("A token lasts a year at most."), field="expires_on")
    return yes()


def within_scope(by: Actor, scope: str) -> Verdict:
    """A full session may do whatever its hat may; a token only what its scopes say besides."""
    if by.scopes is None or scope in by.scopes:
        return yes()
    return no(_("This access token does not cover “%(scope)s”.") % {"scope": scope})
