"""Who reports, who closes."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.breaches.terms import State
from chancery.departments.general_office.confidential_work.rules import is_officer, keeps_secrets
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, first_refusal, no, yes
from chancery.kernel.access.rules import not_own_act

BASIS = "《中华人民共和国保守国家秘密法实施条例》"


def may_report(by: Actor) -> Verdict:
    """Anybody of the staff; at once."""
    return yes() if by.is_person and by.post_id else no(_("Choose the post you act in first."))


def is_past(found_at: dt.datetime, at: dt.datetime) -> Verdict:
    """Nothing is found tomorrow."""
    return no(_("That time is still to come."), field="found_at") if found_at > at else yes()


def may_note(by: Actor, breach: Breach) -> Verdict:
    """The officer, the authority and who found it, while it is not closed."""
    if breach.state == State.CLOSED:
        return no(_("This breach is closed."))
    return yes() if by.person_id == breach.reporter_id else keeps_secrets(by)


def may_tell_authority(by: Actor, breach: Breach) -> Verdict:
    """The officer tells the authority, once."""
    if breach.state != State.OPEN:
        return no(_("It was reported to the authority already."))
    return is_officer(by)


def may_close(by: Actor, breach: Breach) -> Verdict:
    """The officer or the authority, after it was reported; not who found it."""
    if breach.state == State.CLOSED:
        return no(_("This breach is closed."))
    if breach.state == State.OPEN:
        return no(_("Report it to the authority first."), basis=BASIS)
    return first_refusal(keeps_secrets(by), not_own_act(by, breach.reporter_id))
