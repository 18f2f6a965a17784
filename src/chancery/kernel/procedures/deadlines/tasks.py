"""What the clock does."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.procedures.deadlines import services
from chancery.kernel.procedures.matters.models import Standing
from chancery.kernel.procedures.matters.terms import MatterState
from chancery.kernel.procedures.moving.queries import NotThere

AT_ONCE = 200


@periodic("*/5 * * * *", atomic=False)
def fire_timers(*, at: dt.datetime) -> None:
    """Let due timers fire, each matter in its own transaction."""
    with acting_as(SYSTEM), transaction.atomic():  # outside a transaction nothing is stamped, and nothing seen
        due = list(
            Standing.objects.filter(timer_at__lte=at, matter__state=MatterState.OPEN)
            .order_by("timer_at")
            .values_list("matter_id", flat=True)[:AT_ONCE]
        )
    for matter_id in due:
        try:
            services.run_timers(matter_id=matter_id, by=SYSTEM, at=at)
        except NotThere:
            continue


@periodic("10 * * * *")
def find_overdue(*, at: dt.datetime) -> None:
    """Note what has become overdue."""
    while services.mark_overdue(by=SYSTEM, at=at):
        pass


@periodic("20 * * * *")
def urge_by_the_clock(*, at: dt.datetime) -> None:
    """Urge what is due soon or overdue, not before the hour at which people are told things."""
    hour, minute = rulebook.text("procedures.digest.time", on=clock.date_of(at)).split(":")
    if timezone.localtime(at).time() < dt.time(int(hour), int(minute)):
        return
    while services.urge_by_the_clock(by=SYSTEM, at=at):
        pass
