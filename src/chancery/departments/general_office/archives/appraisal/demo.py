"""Appraisal's part of the story: a hold, a list that was carried out with its certificate, a list under appraisal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from chancery.departments.general_office.archives.appraisal import services
from chancery.departments.general_office.archives.appraisal.terms import LIST_SUBJECT
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures.services import complete
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal.appraising.services import set_verdicts
from chancery.kernel.records.disposal.destruction.services import confirm_destruction, set_periods
from chancery.kernel.records.disposal.models import AppraisalList
from chancery.kernel.records.disposal.terms import ActKind, Verdict
from chancery.kernel.records.holds.models import Hold
from chancery.kernel.records.holds.services import Cover, place_hold

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NO_VALUE = "事务性材料，无继续保存价值。 / Routine papers without further value."
HISTORY = "反映机关沿革，继续保存。 / Shows how the house came to be."


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Holds and lists over what other parts have filed. Told twice it changes nothing."""
    today = now.date()
    with acting_as(cast.office_head), transaction.atomic():
        if Hold.objects.exists():
            return
    with acting_as(cast.archivist), transaction.atomic():
        found = list(disposal.expired(today).order_by("year", "code").values("pk", "year", "fonds_id"))
    if not found:
        return
    place_hold(
        kind="AUDIT",
        title="经费使用审计（样例） / Audit of spending (sample)",
        reason="审计组要求在审计结束前保留有关材料。 / The audit asked for these papers to be kept until it is over.",
        basis="审计通知书样字第1号 / Sample audit notice no. 1",
        review_on=today + dt.timedelta(days=180),
        covers=[Cover(item_id=found[0]["pk"])],
        by=cast.office_head,
        at=now,
    )
    years = sorted({one["year"] for one in found[1:]})
    done = _appraised(cast, found[0]["fonds_id"], years[0], now)
    if done is not None:
        _carried_out(cast, done, now)
    if len(years) > 1:
        _under_appraisal(cast, found[0]["fonds_id"], years[1], now)


def _drawn(cast: Cast, fonds_id: int, year: int, now: dt.datetime) -> AppraisalList | None:
    with acting_as(cast.archivist), transaction.atomic():
        if not disposal.to_appraise(fonds_id, now.date(), "", year, year):
            return None
    of = services.open_list(fonds_id=fonds_id, from_year=year, to_year=year, by=cast.archivist, at=now)
    _step(cast.archivist, of, "SENT", now, first_appraiser=cast.supervisor.post_id,
          second_appraiser=cast.office_reviewer.post_id)  # fmt: skip
    return of


def _appraised(cast: Cast, fonds_id: int, year: int, now: dt.datetime) -> AppraisalList | None:
    """Drawn up, judged, decided on: the first item is kept, the others go."""
    of = _drawn(cast, fonds_id, year, now)
    if of is None:
        return None
    rows = _rows(cast.supervisor, of)
    _say(cast.supervisor, of, rows[:1] if len(rows) > 1 else [], Verdict.KEEP, HISTORY, now)
    _say(cast.supervisor, of, rows[1:] if len(rows) > 1 else rows, Verdict.DESTROY, NO_VALUE, now)
    _step(cast.supervisor, of, "SIGNED", now)
    _step(cast.office_reviewer, of, "AGREED", now)
    _step(cast.archive_head, of, "AGREED", now)
    _step(cast.leader, of, "APPROVED", now)
    return of


def _carried_out(cast: Cast, of: AppraisalList, now: dt.datetime) -> None:
    set_periods(list_id=of.pk, by=cast.archivist, at=now)
    confirm_destruction(list_id=of.pk, act=ActKind.DESTROYER, by=cast.archivist, at=now)
    confirm_destruction(list_id=of.pk, act=ActKind.SUPERVISOR, by=cast.supervisor, at=now)
    _step(cast.archivist, of, "DONE", now)


def _under_appraisal(cast: Cast, fonds_id: int, year: int, now: dt.datetime) -> None:
    of = _drawn(cast, fonds_id, year, now)
    if of is not None:
        rows = _rows(cast.supervisor, of)
        _say(cast.supervisor, of, rows[: len(rows) // 2], Verdict.DESTROY, NO_VALUE, now)


def _rows(by: Actor, of: AppraisalList) -> list[int]:
    with acting_as(by), transaction.atomic():
        return [row["id"] for row in disposal.rows(of.pk).order_by("position")]


def _say(by: Actor, of: AppraisalList, rows: list[int], verdict: str, reason: str, now: dt.datetime) -> None:
    if rows:
        set_verdicts(list_id=of.pk, row_ids=rows, verdict=verdict, reason=reason, by=by, at=now)


def _step(by: Actor, of: AppraisalList, outcome: str, now: dt.datetime, **data: Any) -> None:
    with acting_as(by), transaction.atomic():
        matter = procedures.matter_of(LIST_SUBJECT.format(of.pk))
        [task] = procedures.open_tasks(matter.pk) if matter is not None else []
    complete(task_id=task["id"], outcome=outcome, data=data, by=by, at=now)
