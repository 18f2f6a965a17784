"""Reading's part of the story: one request granted with a copy, one waiting."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.archives.reading import services
from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import LIVE
from chancery.kernel.records.models import ItemPart

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

PURPOSE = "To answer an enquiry of a member society (sample) / 答复所属学会查询（样例）"


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Two requests. Told twice it changes nothing."""
    with acting_as(SYSTEM), transaction.atomic():
        if ReadingRequest.objects.exists():
            return
        items = list(
            ArchivalItem.objects.filter(state__in=LIVE, label=Clearance.INTERNAL, parts__isnull=False)
            .distinct()
            .order_by("pk")[:2]
        )
    if len(items) < 2:
        return
    granted = _ask(cast.outsider, items[0], now)
    _ask(cast.outsider, items[1], now)
    with acting_as(cast.archive_head), transaction.atomic():
        task = Task.objects.get(matter=granted.matter, done_at=None)
        procedures.complete(
            task_id=task.pk,
            outcome="GRANT",
            opinion="Needed for the answer. / 工作需要。",
            data={"may_copy": True},
            by=cast.archive_head,
            at=now,
        )
    with acting_as(cast.outsider), transaction.atomic():
        part = ItemPart.objects.filter(item=items[0]).order_by("position").first()
        if part is not None:
            services.copy_part(request_id=granted.pk, part_id=part.pk, by=cast.outsider, at=now)


def _ask(by: Actor, item: ArchivalItem, now: dt.datetime) -> ReadingRequest:
    with acting_as(by), transaction.atomic():
        return services.ask_to_read(
            item_id=item.pk,
            purpose=PURPOSE,
            wanted_until=clock.date_of(now) + dt.timedelta(days=14),
            wants_copy=True,
            by=by,
            at=now,
        )
