"""Confidential work in the story: cleared people, carriers handed over, copied and destroyed, a leaver, a breach.

Everything is invented and neutral: the register knows aliases alone.
"""

from __future__ import annotations

import datetime as dt
import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.confidential_work.breaches import services as breaches
from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.carriers import services
from chancery.departments.general_office.confidential_work.carriers.counts import queries as counted
from chancery.departments.general_office.confidential_work.carriers.counts import services as counts
from chancery.departments.general_office.confidential_work.carriers.destruction import services as destruction
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.receipts import services as receipts
from chancery.departments.general_office.confidential_work.clearances import queries as cleared
from chancery.departments.general_office.confidential_work.clearances import services as clearances
from chancery.departments.general_office.confidential_work.clearances.leaving import queries as leavers
from chancery.departments.general_office.confidential_work.clearances.leaving import services as leaving
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

PARTS = ("classification", "review", "sight")
CLEARED = (
    ("confidential_officer", "CORE"),
    ("leader", "CORE"),
    ("office_head", "CORE"),
    ("handler", "IMPORTANT"),
    ("drafter", "GENERAL"),
)
# alias, medium, level, copies, years
CARRIERS = (
    ("蓝匣一号", "PAPER", "SECRET", 4, 5),
    ("灰盘二号", "DISC", "CONFIDENTIAL", 2, 1),
    ("红匣三号", "PAPER", "TOP_SECRET", 2, 10),
)
PLACE = "保密室一号柜"


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Tell what is missing of it. Safe to run again."""
    for part in PARTS:
        name = f"chancery.departments.general_office.confidential_work.{part}.demo"
        if find_spec(name) is not None:
            importlib.import_module(name).tell(cast=cast, now=now)
    start = now - dt.timedelta(days=60)
    with clock.fixed_at(start):
        _clear(cast, start)
    with clock.fixed_at(start + dt.timedelta(days=1)):
        _register(cast, start + dt.timedelta(days=1))
    with acting_as(SYSTEM), transaction.atomic():
        is_told = Breach.objects.exists()
    if not is_told:
        _use(cast, now - dt.timedelta(days=20), now)


def _clear(cast: Cast, at: dt.datetime) -> None:
    today = clock.date_of(at)
    for key, kind in CLEARED:
        if cleared.standing(cast[key].person_id, today):
            continue
        proposer = cast.office_head if key == "confidential_officer" else cast.confidential_officer
        made = clearances.propose_clearance(
            person_id=cast[key].person_id or 0, kind=kind, basis="岗位涉密等级核定（样例）", trained_on=today,
            by=proposer, at=at,
        )  # fmt: skip
        clearances.decide_clearance(clearance_id=made.pk, approve=True, by=cast.classifier, at=at)


def _register(cast: Cast, at: dt.datetime) -> None:
    today = clock.date_of(at)
    for alias, medium, level, copies, years in CARRIERS:
        with acting_as(SYSTEM), transaction.atomic():
            if Carrier.objects.filter(alias=alias).exists():
                continue
        services.register_carrier(
            alias=alias, medium=medium, place=PLACE, copies_to=copies, level=level, basis="定密事项一览表（样例）",
            approver_id=cast.classifier.person_id, starts_on=today,
            expires_on=dt.date(today.year + years, today.month, min(today.day, 28)),
            received_from="上级机关（样例）", by=cast.confidential_officer, at=at,
        )  # fmt: skip


def _copies(alias: str) -> tuple[Carrier, list[int]]:
    with acting_as(SYSTEM), transaction.atomic():
        carrier = Carrier.objects.get(alias=alias)
        return carrier, list(
            CarrierCopy.objects.filter(carrier=carrier).order_by("number").values_list("pk", flat=True)
        )


def _use(cast: Cast, at: dt.datetime, now: dt.datetime) -> None:
    """Hand-overs, one waiting; copies asked for; two destroyed; a count under way; a breach reported and closed."""
    officer, handler, leader = cast.confidential_officer, cast.handler, cast.leader
    blue, blue_copies = _copies(CARRIERS[0][0])
    red, red_copies = _copies(CARRIERS[2][0])
    with clock.fixed_at(at):
        made = receipts.hand_over(
            carrier_id=blue.pk, copy_ids=blue_copies[:1], receiver_post_id=handler.post_id or 0, place="计财部铁柜",
            by=officer, at=at,
        )  # fmt: skip
        receipts.confirm_receipt(receipt_id=made.pk, counted=1, by=handler, at=at)
        services.ask_copies(copy_id=blue_copies[0], count=1, reason="会议传阅", place="计财部铁柜", by=handler, at=at)
        drawn = destruction.draw_up(
            copy_ids=blue_copies[2:], reason="已无保存必要", method="送指定销毁单位", by=officer, at=at
        )
        destruction.approve_destruction(
            destruction_id=drawn.pk, first_post_id=officer.post_id or 0, second_post_id=leader.post_id or 0,
            by=cast.classifier, at=at,
        )  # fmt: skip
        destruction.sign_destruction(destruction_id=drawn.pk, by=officer, at=at)
        destruction.sign_destruction(destruction_id=drawn.pk, by=leader, at=at)
        breach = breaches.report_breach(
            what="OTHER", account="下班巡查发现保密室外门未锁，室内柜体完好。", found_at=at - dt.timedelta(hours=2),
            measures="当即锁闭并清点。", by=cast.drafter, at=at,
        )  # fmt: skip
        breaches.tell_authority(breach_id=breach.pk, reported_to="保密行政管理部门（样例）", by=officer, at=at)
        breaches.close_breach(
            breach_id=breach.pk, result="经清点无缺失；已更换门锁并约谈值班人员。", by=cast.classifier, at=at
        )  # fmt: skip
        with acting_as(SYSTEM), transaction.atomic():
            is_leaving = leavers.open_of(handler.person_id) is not None
        leaving_on = clock.date_of(now) + dt.timedelta(days=14)
        if not is_leaving:
            leaving.open_leaving(
                person_id=handler.person_id or 0, last_day=leaving_on, reason="调离（样例）", by=officer, at=at
            )
    with clock.fixed_at(now):
        receipts.hand_over(
            carrier_id=red.pk, copy_ids=red_copies[:1], receiver_post_id=leader.post_id or 0, place="书记处保密柜",
            escort_post_id=cast.office_head.post_id, by=officer, at=now,
        )  # fmt: skip
        count = counts.open_count(by=officer, at=now)
        with acting_as(officer), transaction.atomic():
            lines = counted.lines(count.pk)
        for line in lines[:3]:
            counts.count_copy(line_id=line["id"], is_seen=True, by=officer, at=now)
