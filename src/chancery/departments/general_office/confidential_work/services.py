"""A guard of the confidential desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from chancery.departments.general_office.confidential_work import queries
from chancery.departments.general_office.confidential_work.carriers.terms import AUTHORITY, OFFICER
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access import services as access


@service
def open_desk_guard(*, posts: Iterable[int] = (), by: Actor, at: dt.datetime) -> int:
    """A guard whose readers are the officer, the authority and the posts named. Its rows are held narrower still, by
    person (migration 0018); the guard is for what hangs on them: numbers and journal."""
    unit_id = queries.desk_unit(by)
    if unit_id is None:
        raise Refused("")  # nobody acts for no body
    guard = access.open_guard(unit_id=unit_id, label=Clearance.INTERNAL, by=by, at=at)
    readers: list[tuple[int | None, str | None, int | None]] = [(None, OFFICER, unit_id), (None, AUTHORITY, unit_id)]
    readers += [(post_id, None, None) for post_id in posts]
    access.add_readers(guard_id=guard.pk, readers=readers, how="confidential", by=by, at=at)
    return guard.pk
