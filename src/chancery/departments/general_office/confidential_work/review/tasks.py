"""The year's lists open by themselves."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.confidential_work.review import services
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import periodic
from chancery.foundations.rulebook import queries as rulebook


@periodic("25 * * * *")
def reviews_round(*, at: dt.datetime) -> None:
    """From the rulebook's day of the year on: a list for each unit that has none yet."""
    today = clock.date_of(at)
    if today.strftime("%m-%d") >= rulebook.text("classification.review.opens_on", on=today):
        services.open_reviews(year=today.year, by=SYSTEM, at=at)
