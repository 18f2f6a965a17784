"""Counting in the story: a year that is over, released and published; recommendations; what rises."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from chancery.departments.general_office.petitions.counting import services
from chancery.departments.general_office.petitions.counting.models import (
    PetitionRecommendation,
    PetitionRelease,
    PetitionWarning,
)
from chancery.departments.general_office.petitions.counting.terms import Adopted
from chancery.departments.general_office.petitions.handling.demo import Story
from chancery.departments.general_office.petitions.second import services as second
from chancery.departments.general_office.petitions.terms import Kind
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.publishing.notices.queries import items_of
from chancery.kernel.publishing.notices.services import submit_notice
from chancery.kernel.publishing.notices.terms import ItemVerdict

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

# The end of the year before: the day of December, kind, field, region, unit complained of, and what came of it.
EARLIER = (
    *((day, Kind.APPEAL, "awards", "湖北", "AS", "ANSWERED") for day in (8, 11, 16, 22, 28)),
    *((day, Kind.SUGGESTION, "popularization", "广东", "", "NOT_ACCEPT") for day in (9, 12, 18, 24, 27, 30)),
    *((day, Kind.APPEAL, "membership", "湖北", "AS", "NOT_ACCEPT") for day in (10, 15, 19, 25, 29)),
    *((day, Kind.ACCUSATION, "funds", "四川", "PF", "NOT_ACCEPT") for day in (17, 26)),
)
TITLE = {
    Kind.APPEAL: "上年度申诉（样例）",
    Kind.SUGGESTION: "上年度建议（样例）",
    Kind.ACCUSATION: "上年度检举（样例）",
}
RISING = (12, 9, 7, 6, 4)  # days ago: one subject, after months without it
ADVICE = (
    ("AS", "公开评审规则和回避情况（样例）",
     "同类申诉集中于评审程序，建议在通知中公开评审规则、评委回避情况和申诉途径。（样例）", "awards", Adopted.ADOPTED,
     "已修订评审通知，公开评审规则和回避名单。（样例）"),
    ("EC", "公布合作企业遴选标准（样例）", "来信反映合作企业遴选标准不明，建议公布遴选标准和结果。（样例）",
     "funds", Adopted.NOT_ADOPTED, "遴选涉及企业商业秘密，暂不公布，改为向申请企业逐一书面答复。（样例）"),
    ("PF", "明确经费报销咨询渠道（样例）", "近期来信来电多次询问报销办法，建议设固定咨询电话。（样例）",
     "funds", "", ""),
)  # fmt: skip


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Told twice it changes nothing; a story that was broken off goes on."""
    year = clock.date_of(now).year - 1
    with acting_as(SYSTEM), transaction.atomic():
        released = PetitionRelease.objects.filter(year=year).first()
        is_advised, is_warned = PetitionRecommendation.objects.exists(), PetitionWarning.objects.exists()
    if released is None:
        for place, row in enumerate(EARLIER):
            _earlier(cast, now, year, place, row)
        with clock.fixed_at(now), acting_as(SYSTEM), transaction.atomic():
            second.close_answered(by=SYSTEM, at=now)
        _release(cast, now, year)
    if released is None or released.notice_id is None:
        _publish(cast, now, year)
    if not is_advised:
        _recommend(cast, now)
    if not is_warned:
        _rise(cast, now)


def _earlier(cast: Cast, now: dt.datetime, year: int, place: int, row: tuple[int, str, str, str, str, str]) -> None:
    day, kind, field, region, unit, end = row
    days = (clock.date_of(now) - dt.date(year, 12, day)).days
    begun = (clock.date_of(now) - dt.date(year + 1, 1, 5)).days  # the sample people hold their posts since New Year
    given: Any = {"field": field, "region": region, "unit": unit, "registered": begun, "sender": _sender(place)}
    story = Story(cast, now, days, kind, TITLE[Kind(kind)], "请予答复。（样例）", **given)
    if end == "NOT_ACCEPT":
        officer = cast.petition_officer
        story.step(begun - 2, officer, "NOT_ACCEPT", ground="STATUTORY", reference="（样例）")
        story.step(begun - 2, officer, "TOLD", text="请通过法定途径或者本单位有关业务渠道提出。（样例）")
        return
    story.accepted(begun - 2, "PF").answered(begun - 12 - 9 * place, cast.handler)


def _sender(place: int) -> tuple[str, str]:
    return f"样例来信人{place + 101}号", f"1370000{place:04}"


def _release(cast: Cast, now: dt.datetime, year: int) -> None:
    head, at = cast.office_head, now - dt.timedelta(days=31)
    with clock.fixed_at(at), acting_as(head), transaction.atomic():
        services.release_year(year=year, by=head, at=at)


def _publish(cast: Cast, now: dt.datetime, year: int) -> None:
    editor, reviewer, at = cast.chaser, cast.office_reviewer, now - dt.timedelta(days=30)
    with clock.fixed_at(at), acting_as(editor), transaction.atomic():
        made = services.draft_public_notice(year=year, by=editor, at=at)
        matter = submit_notice(notice_id=made.notice_id or 0, by=editor, at=at)
    at += dt.timedelta(days=1)
    with clock.fixed_at(at), acting_as(reviewer), transaction.atomic():
        task = Task.objects.get(matter_id=matter.pk, done_at=None)
        data = {f"verdict_{item.pk}": ItemVerdict.CLEARED for item in items_of(made.notice_id or 0)}
        procedures.complete(task_id=task.pk, outcome="PUBLISH", opinion="", data=data, by=reviewer, at=at)


def _recommend(cast: Cast, now: dt.datetime) -> None:
    by = cast.petition_officer
    made_at, answered_at = now - dt.timedelta(days=20), now - dt.timedelta(days=6)
    for unit, title, text, field, state, answer in ADVICE:
        with clock.fixed_at(made_at), acting_as(by), transaction.atomic():
            made = services.recommend(
                unit_id=cast.units[unit],
                title=title,
                text=text,
                field=field,
                due_on=clock.date_of(now) + dt.timedelta(days=10),
                by=by,
                at=made_at,
            )
        if not state:
            continue
        head = cast.under("two_hats", unit)
        with clock.fixed_at(answered_at), acting_as(head), transaction.atomic():
            services.answer_recommendation(
                recommendation_id=made.pk, state=state, answer=answer, by=head, at=answered_at
            )


def _rise(cast: Cast, now: dt.datetime) -> None:
    title, request = "反映网上服务登录困难（样例）", "请改进网上服务的登录方式。（样例）"
    for days in RISING:
        Story(cast, now, days, Kind.SUGGESTION, title, request, field="service", sender=_sender(50 + days))
    with clock.fixed_at(now), acting_as(SYSTEM), transaction.atomic():
        services.note_rising(by=SYSTEM, at=now)
