"""Announcing an interruption, and calling it off."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.publishing.status import rules
from chancery.kernel.publishing.status.models import Interruption
from chancery.kernel.publishing.status.terms import LONGEST_WORDS


@service
def announce_interruption(
    *, starts_at: dt.datetime, ends_at: dt.datetime, what: tuple[str, str], by: Actor, at: dt.datetime
) -> Interruption:
    """Tell everybody beforehand; `what` is (English, Chinese)."""
    rules.may_announce(by).demand()
    rules.is_interruption(starts_at, ends_at, what, at).demand()
    made = Interruption.objects.create(
        starts_at=starts_at,
        ends_at=ends_at,
        what_en=what[0].strip()[:LONGEST_WORDS],
        what_zh=what[1].strip()[:LONGEST_WORDS],
        made_person_id=by.person_id,
        made_at=at,
    )
    journal.write(by=by, at=at, act="interruption.announced", on=made)
    return made


@service
def call_off(*, interruption_id: int, by: Actor, at: dt.datetime) -> None:
    """It does not take place, or is over early."""
    rules.may_announce(by).demand()
    found = Interruption.objects.select_for_update().filter(pk=interruption_id, called_off_at=None).first()
    if found is None:
        raise Refused(_("This interruption is not announced, or was called off."))
    found.called_off_at = at
    found.save(update_fields=["called_off_at"])
    journal.write(by=by, at=at, act="interruption.called_off", on=found)
