"""Declaring, shortening and cancelling absences."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal.services import write as journal_write
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.absence import rules
from chancery.kernel.access.absence.models import Absence
from chancery.kernel.directory.models import Holding


@service
def declare_absence(
    *,
    absent_post_id: int,
    deputy_post_id: int,
    starts_on: dt.date,
    ends_on: dt.date,
    scopes: list[str] | None = None,
    reason: str = "",
    by: Actor,
    at: dt.datetime,
) -> Absence:
    """Let another post stand in for a post from `starts_on` to `ends_on` (both count), for all work or some procedures.

    From the first day on the deputy sees and may do the absent post's work, and what they do says for whom.
    """
    today = clock.date_of(at)
    rules.may_declare(by, absent_post_id, today).demand()
    rules.are_days(starts_on, ends_on, today).demand()
    rules.may_stand_in(absent_post_id, deputy_post_id, starts_on, ends_on).demand()
    holders = list(
        Holding.objects.filter(post_id=absent_post_id, during__contains=today).values_list("person_id", flat=True)[:2]
    )
    absent_person_id = by.person_id if by.person_id in holders else (holders[0] if len(holders) == 1 else None)
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                absent_post_id=absent_post_id,
                absent_person_id=absent_person_id,
                deputy_post_id=deputy_post_id,
                starts_on=starts_on,
                ends_on=ends_on,
                scopes=sorted(scopes) if scopes else None,
                reason=reason.strip(),
                declared_by_person_id=by.person_id,
                declared_at=at,
            )
    except IntegrityError as error:
        if "access_absence_one_at_a_time" not in str(error):
            raise
        raise rules.Overlapping(
            _("Another absence of this post covers some of those days."), field="starts_on"
        ) from error
    journal_write(by=by, at=at, act="absence.declared", on=absence, data=_facts(absence))
    return absence


@service
def come_back(*, absence_id: int, by: Actor, at: dt.datetime) -> Absence:
    """End an absence now: the deputy's powers end at once. One that has not begun, or began today, is cancelled."""
    absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if absence is None:
        raise Refused(_("There is no such absence."))
    rules.may_end(by, absence).demand()
    today = clock.date_of(at)
    if absence.cancelled_at is not None or absence.ends_on < today:
        raise Refused(_("This absence is over already."))
    if absence.starts_on >= today:
        absence.cancelled_at = at
        absence.save(update_fields=["cancelled_at"])
        journal_write(by=by, at=at, act="absence.cancelled", on=absence, data=_facts(absence))
    else:
        absence.ends_on = today - dt.timedelta(days=1)
        absence.save(update_fields=["ends_on"])
        journal_write(by=by, at=at, act="absence.shortened", on=absence, data=_facts(absence))
    return absence


def _facts(absence: Absence) -> dict[str, object]:
    return {
        "absent_post": absence.absent_post_id,
        "deputy_post": absence.deputy_post_id,
        "from": absence.starts_on.isoformat(),
        "until": absence.ends_on.isoformat(),
        "scopes": absence.scopes,
    }
