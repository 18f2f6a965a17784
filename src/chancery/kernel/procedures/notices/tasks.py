"""The post round."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.procedures.notices import services


@periodic("*/2 * * * *", atomic=False)
def post_round(*, at: dt.datetime) -> None:
    """Write what is to be mailed at once, and send what is written."""
    services.write_mails(by=SYSTEM, at=at)
    services.send_mails(by=SYSTEM, at=at)


@periodic("*/15 * * * *")
def morning_digest(*, at: dt.datetime) -> None:
    """From the rulebook's hour on, write the day's digests that are not written yet."""
    hour, minute = rulebook.text("procedures.digest.time", on=clock.date_of(at)).split(":")
    if timezone.localtime(at).time() >= dt.time(int(hour), int(minute)):
        services.write_digests(by=SYSTEM, at=at)
