"""Sending a list, or the asking for a shorter period, on its way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.appraisal import queries
from chancery.departments.general_office.archives.appraisal.terms import (
    DECISION_SUBJECT,
    LIST_SUBJECT,
    PERIOD_PROCEDURE,
    PROCEDURE,
)
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import service
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.roles.queries import answering_posts
from chancery.kernel.directory.models import Holding
from chancery.kernel.procedures.matters.rules import is_open, may_end
from chancery.kernel.procedures.moving.queries import take_matter
from chancery.kernel.procedures.services import close, open_matter, write_mail
from chancery.kernel.records.disposal.appraising.services import draw_up_list, withdraw_list
from chancery.kernel.records.disposal.models import AppraisalList, PeriodDecision
from chancery.kernel.records.disposal.periods.services import ask_shorter_period
from chancery.kernel.records.holds.models import Hold
from chancery.kernel.records.holds.queries import due_for_review
from chancery.kernel.records.holds.terms import HOLD_KEEPER


@service
def open_list(*, by: Actor, at: dt.datetime, **wanted: Any) -> AppraisalList:
    """Draw a list up and open its matter, whose first step is the archivist's own."""
    of = draw_up_list(**wanted, by=by, at=at)
    open_matter(
        procedure=PROCEDURE,
        title=_("Appraisal of archives: %(code)s") % {"code": of.code},
        unit_id=of.fonds.keeper_unit_id,
        label=of.guard.label,
        subject=LIST_SUBJECT.format(of.pk),
        guard_id=of.guard_id,
        by=by,
        at=at,
    )
    return of


@service
def give_up_list(*, list_id: int, reason: str, by: Actor, at: dt.datetime) -> AppraisalList:
    """Withdraw a list, and end its matter with it, so that nobody is asked for it any more."""
    matter = queries.matter_of_list(list_id)
    if matter is not None:
        matter = take_matter(matter.pk, by=by).matter  # locked before its list, as its steps do
    of = withdraw_list(list_id=list_id, reason=reason, by=by, at=at)
    if matter is not None and is_open(matter):
        # Any archivist of the fonds may give a list up; the matter itself is ended by its opener.
        close(matter_id=matter.pk, reason=reason, by=by if may_end(by, matter) else SYSTEM, at=at)
    return of


@service
def ask_for_shorter_period(
    *, item_id: int, period: str, reason: str, basis: str, by: Actor, at: dt.datetime
) -> PeriodDecision:
    """Ask, and lay it before the head of the archive."""
    asked = ask_shorter_period(item_id=item_id, period=period, reason=reason, basis=basis, by=by, at=at)
    open_matter(
        procedure=PERIOD_PROCEDURE,
        title=_("Shorter period: %(code)s") % {"code": asked.item.code},
        unit_id=asked.item.fonds.keeper_unit_id,
        label=asked.guard.label,
        subject=DECISION_SUBJECT.format(asked.pk),
        guard_id=asked.guard_id,
        by=by,
        at=at,
    )
    return asked


@service
def remind_of_holds(*, by: Actor, at: dt.datetime) -> int:
    """Write to the keepers of holds that are to be looked at again: on the day, and every week after it."""
    today = timezone.localtime(at).date()
    written = 0
    for hold in due_for_review(today).select_related("guard"):
        if (today - hold.review_on).days % 7:
            continue
        for name, email in _keepers(hold, today):
            write_mail(
                to_email=email,
                to_name=name,
                subject=_("A hold is to be looked at again"),
                # The name of a hold is for those who may see it: the mail says only that there is one.
                text=_(
                    "A hold placed on %(placed)s was to be looked at again by %(day)s. Please say whether it is still"
                    " needed: see “Holds” under Records."
                )
                % {"placed": timezone.localtime(hold.placed_at).date(), "day": hold.review_on},
                by=by,
                at=at,
            )
            written += 1
    return written


def _keepers(hold: Hold, today: dt.date) -> list[tuple[str, str]]:
    posts = answering_posts(HOLD_KEEPER, hold.guard.unit_id)
    people = Holding.objects.filter(post_id__in=posts, during__contains=today, is_void=False).values("person_id")
    of = Account.objects.filter(person_id__in=people, is_active=True).exclude(email="")
    return list(of.order_by("id").values_list("person__name_en", "email"))
