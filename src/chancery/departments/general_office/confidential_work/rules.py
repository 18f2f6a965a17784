"""Who keeps confidential work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.terms import AUTHORITY, OFFICER
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access.rules import holds_role


def is_officer(by: Actor) -> Verdict:
    """The confidential officer keeps the registers."""
    return holds_role(by, OFFICER)


def is_authority(by: Actor) -> Verdict:
    """The classification authority approves."""
    return holds_role(by, AUTHORITY)


def keeps_secrets(by: Actor) -> Verdict:
    """Either of the two; an ordinary member of staff sees what concerns themselves."""
    if is_officer(by) or is_authority(by):
        return yes()
    return no(_("This is for the confidential officer and the classification authority."))


def is_said(text: str, field: str) -> Verdict:
    """Something was written."""
    return yes() if text.strip() else no(_("Say it here; it is kept."), field=field)


def person_in_post(by: Actor) -> tuple[int, int]:
    """(person, post) of the actor; what is registered here is always somebody's own act."""
    if by.person_id is None or by.post_id is None:
        raise Refused(_("Choose the post you act in first."))
    return by.person_id, by.post_id
