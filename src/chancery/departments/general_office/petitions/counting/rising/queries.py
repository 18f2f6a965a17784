"""Subjects that rise, in one statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from chancery.departments.general_office.petitions.counting import rules
from chancery.departments.general_office.petitions.counting.terms import WARNING_KEYS, Rising
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook

_COUNT = """
select 'FIELD', field, ((%(today)s::date - received_on) / %(days)s)::int as back, count(*)
from general_office_petition where field <> '' and received_on > %(since)s and received_on <= %(today)s group by 1, 2, 3
union all
select 'UNIT', subject_unit_id::text, ((%(today)s::date - received_on) / %(days)s)::int, count(*)
from general_office_petition
where subject_unit_id is not null and received_on > %(since)s and received_on <= %(today)s group by 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A subject that rises: field or unit, its code, days, how many, the mean of the periods before."""

    kind: str
    code: str
    begin: dt.date
    until: dt.date
    count: int
    mean: float


def rising(today: dt.date) -> list[Found]:
    """The subjects whose latest period stands out; counted by the house, over all petitions."""
    held = {key: float(row.number) for key, row in rulebook.held(WARNING_KEYS, on=today).items()}
    days, periods = int(held["petition.warning.days"]), int(held["petition.warning.periods"])
    since = today - dt.timedelta(days=days * (periods + 1))
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_COUNT, {"today": today, "days": days, "since": since})
        rows = cursor.fetchall()
    now: dict[tuple[str, str], int] = {}
    earlier: dict[tuple[str, str], int] = {}
    for kind, code, back, count in rows:
        counted = now if back == 0 else earlier
        counted[kind, code] = counted.get((kind, code), 0) + count
    least, chance = int(held["petition.warning.least"]), held["petition.warning.chance"] / 100
    found = []
    for (kind, code), count in sorted(now.items()):
        mean = earlier.get((kind, code), 0) / periods
        if rules.rises(count, mean, least=least, chance=chance):
            found.append(Found(Rising(kind).value, code, today - dt.timedelta(days=days - 1), today, count, mean))
    return found
