"""What a token may be and do."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access.terms import TOKEN_SCOPES


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


def ends_in_time(expires_at: dt.datetime, at: dt.datetime) -> Verdict:
    """It expires, in the future, within what the rulebook allows (access.token.max_lifetime)."""
    longest = rulebook.days("access.token.max_lifetime", on=clock.date_of(at))
    if expires_at <= at:
        return no(_("The token must expire later than now."), field="expires_on")
    if expires_at - at > dt.timedelta(days=longest + 1):
        return no(_("A token lasts at most %(days)s days.") % {"days": longest}, field="expires_on")
    return yes()


def within_scope(by: Actor, scope: str) -> Verdict:
    """A full session may do whatever its hat may; a token only what its scopes say besides."""
    if by.scopes is None or scope in by.scopes:
        return yes()
    return no(_("This access token does not cover “%(scope)s”.") % {"scope": scope})
