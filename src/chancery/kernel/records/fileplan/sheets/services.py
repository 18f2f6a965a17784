"""Taking a workbook into a draft: all of it or nothing."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records.fileplan.drafting.services import locked, touched
from chancery.kernel.records.fileplan.models import PlanClass, RetentionPeriod
from chancery.kernel.records.fileplan.queries import BadPlan
from chancery.kernel.records.fileplan.services import put_classes
from chancery.kernel.records.fileplan.sheets import queries
from chancery.kernel.records.markings.services import demand_unmarked


@service
def take_in(*, plan_id: int, file: BinaryIO, seen: int | None = None, by: Actor, at: dt.datetime) -> int:
    """Replace a draft's classes and periods by a workbook's; `BadPlan` names every faulty row. Returns the classes."""
    plan = locked(plan_id, by, seen)
    found = queries.read(file)
    if found.faults or not found.classes:
        raise BadPlan(found.faults, field="file")
    texts = {
        f"{row['code']}.{name}": row[name]
        for row in found.classes
        for name in ("name_en", "name_zh", "scope_en", "scope_zh", "basis_en", "basis_zh")
    }
    demand_unmarked(texts=texts, where="fileplan", by=by, at=at)
    PlanClass.objects.filter(plan=plan).delete()
    RetentionPeriod.objects.filter(plan=plan).delete()
    RetentionPeriod.objects.bulk_create(
        RetentionPeriod(plan=plan, **{name: value for name, value in row.items() if name != "row"})
        for row in found.periods
    )
    put_classes(plan, [{name: value for name, value in row.items() if name != "row"} for row in found.classes])
    touched(plan)
    journal.write(by=by, at=at, act="fileplan.taken_in", on=plan, data={"classes": len(found.classes)})
    return len(found.classes)
