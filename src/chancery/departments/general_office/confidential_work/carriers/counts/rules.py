"""Who counts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.counts.models import CarrierCount
from chancery.departments.general_office.confidential_work.carriers.terms import CountState
from chancery.departments.general_office.confidential_work.rules import is_officer
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, first_refusal, no, yes


def may_count(by: Actor, count: CarrierCount | None = None) -> Verdict:
    """The confidential officer, while the count is open."""
    is_open = yes() if count is None or count.state == CountState.OPEN else no(_("This count is closed."))
    return first_refusal(is_officer(by), is_open)


def is_complete(waiting: int) -> Verdict:
    """A count is closed when every copy is seen or named as missing."""
    if not waiting:
        return yes()
    return no(_("%(count)s copies are not counted yet: mark each as seen or missing.") % {"count": waiting})
