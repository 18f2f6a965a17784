"""Ending what earlier readers had, and asking them for what they still keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.reading import services as reading
from chancery.departments.general_office.confidential_work.classification.ending import queries
from chancery.departments.general_office.confidential_work.classification.terms import (
    AUTHORITY,
    OFFICER,
    RETURN_PROCEDURE,
)
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.kernel.access import services as access
from chancery.kernel.access.models import Guard
from chancery.kernel.access.readings.queries import Sight
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.matters.terms import Urgency


@service
def end_earlier(*, guard_id: int, before: Iterable[Sight], by: Actor, at: dt.datetime) -> int:
    """A label rose: whoever read the thing and may not any more loses grant, circulated copy and request, and is asked
    to give back what they keep. `before`: who saw it until now. By the system; how many posts were asked."""
    with acting_as(SYSTEM):
        lost = queries.lost(guard_id, before)
        if not lost.grants and not lost.posts:
            return 0
        guard = Guard.objects.get(pk=guard_id)
        for post_id in sorted(lost.grants):
            access.end_reader(guard_id=guard_id, post_id=post_id, by=SYSTEM, at=at)
        sent = procedures.end_circulation(
            guard_id=guard_id, post_ids=lost.posts, reason=_("The level was raised"), by=SYSTEM, at=at
        )
        asked = reading.end_for_level(guard_id=guard_id, label=guard.label, post_ids=lost.posts, by=SYSTEM, at=at)
        what = queries.reference(guard_id)
        matter = procedures.open_matter(
            procedure=RETURN_PROCEDURE,
            title=_("Access has ended: give back what you keep of %(what)s") % {"what": what},
            unit_id=guard.unit_id,
            urgency=Urgency.URGENT,
            data={"readers": sorted(lost.posts)},
            by=SYSTEM,
            at=at,
        ) if lost.posts else None  # fmt: skip
        if matter is not None:
            access.add_readers(
                guard_id=matter.guard_id,
                readers=[(None, AUTHORITY, guard.unit_id), (None, OFFICER, guard.unit_id)],
                how="classification",
                by=SYSTEM,
                at=at,
            )
        journal.write(
            by=SYSTEM,
            at=at,
            act="classification.readers_ended",
            on=guard,
            guard_id=guard_id,
            data={
                "label": guard.label,
                "grants": sorted(lost.grants),
                "posts": sorted(lost.posts),
                "circulated": sent,
                "requests": asked,
                "matter": matter.number if matter is not None else "",
            },
        )
        return len(lost.posts)
