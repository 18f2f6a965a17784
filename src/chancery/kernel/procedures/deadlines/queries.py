"""When things are due."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from chancery.foundations import clock
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.procedures.engine.plan import DueAfter, iso_duration

if TYPE_CHECKING:
    from chancery.kernel.procedures.moving.queries import Hand

NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
OWN = "matter"  # a step's limit_key that means the matter's own last day


def key_for(limit_key: str, urgency: str) -> str:
    """`limit.{urgency}` + URGENT → `limit.urgent`."""
    return limit_key.replace("{urgency}", urgency.lower())


def due_by_rule(key: str, start: dt.date) -> calendar.Deadline:
    """The last day of a rulebook period that starts on `start`."""
    period = rulebook.period(key, on=start)
    return calendar.due_date(start, period.count, period.unit)  # type: ignore[arg-type]  # Period.unit is WD or CD


def end_of(day: dt.date) -> dt.datetime:
    """The instant a day is over, in the site's time zone."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), timezone.get_default_timezone())
    return midnight.astimezone(dt.UTC)


def timer_due(hand: Hand, at: dt.datetime) -> DueAfter:
    """When a drawn timer is due: after an ISO duration, a rulebook period, or the limit of the step it hangs on."""

    def due(ident: str, duration: str) -> dt.datetime:
        matter, today = hand.matter, clock.date_of(at)
        if duration.startswith("rule:"):
            return end_of(due_by_rule(key_for(duration[5:], matter.urgency), today).due_on)
        if duration != "limit":
            return at + iso_duration(duration)
        step = hand.binding.steps.get(hand.plan.node(ident).attached_to)
        key = step.limit_key if step else ""
        if key == OWN:
            return NEVER if matter.due_on is None else end_of(matter.due_on)
        return NEVER if not key else end_of(due_by_rule(key_for(key, matter.urgency), today).due_on)

    return due


def last_day_to_recall(done_at: dt.datetime) -> dt.date:
    """Until when a step done then can be taken back."""
    return due_by_rule("procedures.recall.days", clock.date_of(done_at)).due_on
