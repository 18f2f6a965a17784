"""The file plan's part of the story: a second version, drafted, checked, and waiting for a leader's approval."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.archives.planning import services
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.records.fileplan import queries
from chancery.kernel.records.fileplan.drafting.services import draft_version, put_class
from chancery.kernel.records.fileplan.models import FilePlan, Fonds

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOTE = "Letters of other bodies are kept longer. (sample) / 延长一般来往函件的保管期限。（样例）"


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """One version under approval. Told twice it changes nothing."""
    with acting_as(cast.archivist), transaction.atomic():
        fonds = Fonds.objects.filter(unit_id=cast.units["CAST"]).first()
        if fonds is None or FilePlan.objects.filter(fonds=fonds).count() != 1:
            return
        plan = draft_version(fonds_id=fonds.pk, note=NOTE, by=cast.archivist, at=now)
        ranks = [period.code for period in queries.periods(plan.pk)]
        row = next(row for row in queries.open_leaves(plan.pk) if "incoming" in row.proposes and row.unit_id is None)
        put_class(
            plan_id=plan.pk,
            class_id=row.pk,
            parent_id=row.parent_id,
            code=row.code,
            category=row.category,
            position=row.position,
            words={n: getattr(row, n) for n in ("name_en", "name_zh", "scope_en", "scope_zh", "basis_en", "basis_zh")},
            period=ranks[max(0, ranks.index(row.period) - 1)],
            at_end=row.at_end,
            proposes=row.proposes,
            by=cast.archivist,
            at=now,
        )
        matter = services.send_to_approval(plan_id=plan.pk, by=cast.archivist, at=now)
    with acting_as(cast.archive_head), transaction.atomic():
        task = Task.objects.get(matter_id=matter.pk, done_at=None)
        procedures.complete(task_id=task.pk, outcome="PASS", opinion="", by=cast.archive_head, at=now)
