"""The round of saved searches."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.records.search.saved import services

ROUNDS = 20  # of fifty each: the rest waits ten minutes, longest not run first


@periodic("*/10 * * * *", atomic=False)
def run_saved_searches(*, at: dt.datetime) -> int:
    """Run what is due; from the hour of the daily digest on also what is told once a day. How many were run."""
    hour, minute = rulebook.text("search.saved.time", on=clock.date_of(at)).split(":")
    once_a_day = timezone.localtime(at).time() >= dt.time(int(hour), int(minute))
    done = 0
    for _n in range(ROUNDS):
        ran = services.tell_of_new(once_a_day=once_a_day, by=SYSTEM, at=at)
        done += ran
        if not ran:
            break
    return done
