"""What disposal's tests start from: items in the archive whose period has run out, lists at every stage."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.services import set_state
from chancery.kernel.records.archive.terms import ItemState
from chancery.kernel.records.archive.tests.shelf import SHORTEST, filed, plan_of
from chancery.kernel.records.disposal import queries
from chancery.kernel.records.disposal.appraising import services as appraising
from chancery.kernel.records.disposal.destruction import services as destruction
from chancery.kernel.records.disposal.models import AppraisalList, DestructionCertificate
from chancery.kernel.records.disposal.terms import ActKind, Verdict
from chancery.kernel.records.fileplan.models import RetentionPeriod

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
LONG_AGO = dt.date(2008, 3, 1)


def run_out(cast: Cast, n: int = 1, **facts: Any) -> list[ArchivalItem]:
    """`n` items that the archive holds and whose period ended years ago."""
    items = filed(cast, n, **{"dated_on": LONG_AGO, "years": SHORTEST, **facts})
    with acting_as(SYSTEM), transaction.atomic():
        set_state(item_ids=[one.pk for one in items], state=ItemState.OFFERED, by=SYSTEM, at=AT)
        set_state(item_ids=[one.pk for one in items], state=ItemState.HELD, by=SYSTEM, at=AT)
        return list(ArchivalItem.objects.filter(pk__in=[one.pk for one in items]).order_by("pk"))


def drawn(cast: Cast, n: int = 3, *, items: list[ArchivalItem] | None = None) -> AppraisalList:
    """A list of items, with its appraisers."""
    items = items or run_out(cast, n)
    of = appraising.draw_up_list(fonds_id=items[0].fonds_id, by=cast.archivist, at=AT)
    posts = [cast.supervisor.post_id or 0, cast.office_reviewer.post_id or 0]
    return appraising.send_to_appraisers(list_id=of.pk, post_ids=posts, by=cast.archivist, at=AT)


def judge(cast: Cast, of: AppraisalList, verdict: str = Verdict.DESTROY, new_period: str = "") -> None:
    """The same verdict on every row that has none."""
    with acting_as(cast.supervisor), transaction.atomic():
        ids = [row["id"] for row in queries.rows(of.pk) if not row["verdict"]]
    appraising.set_verdicts(
        list_id=of.pk, row_ids=ids, verdict=verdict, new_period=new_period, reason="No lasting value.",
        by=cast.supervisor, at=AT,
    )  # fmt: skip


def approve(cast: Cast, of: AppraisalList) -> AppraisalList:
    """Two appraisers, the head, a leader."""
    for appraiser in (cast.supervisor, cast.office_reviewer):
        appraising.sign_appraisal(list_id=of.pk, by=appraiser, at=AT)
    appraising.submit_list(list_id=of.pk, by=cast.office_reviewer, at=AT)
    appraising.agree_to_list(list_id=of.pk, by=cast.archive_head, at=AT)
    return appraising.approve_list(list_id=of.pk, by=cast.leader, at=AT)


def approved(cast: Cast, n: int = 3, *, items: list[ArchivalItem] | None = None) -> AppraisalList:
    """An approved list, all of it to be destroyed."""
    of = drawn(cast, n, items=items)
    judge(cast, of)
    return approve(cast, of)


def confirm(of: AppraisalList, who: Actor, act: ActKind, at: dt.datetime = AT) -> DestructionCertificate | None:
    """One of the two names."""
    return destruction.confirm_destruction(list_id=of.pk, act=act, by=who, at=at)


def destroy(cast: Cast, of: AppraisalList) -> DestructionCertificate:
    """Both names."""
    assert confirm(of, cast.archivist, ActKind.DESTROYER) is None
    certificate = confirm(of, cast.supervisor, ActKind.SUPERVISOR)
    assert certificate is not None
    return certificate


def period_for_good(cast: Cast) -> str:
    """The code of the period without end, in whichever plan the profile has."""
    plan = plan_of(cast)
    with acting_as(SYSTEM), transaction.atomic():
        return RetentionPeriod.objects.get(plan=plan, years=None).code
