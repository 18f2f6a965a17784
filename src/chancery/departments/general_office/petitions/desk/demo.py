"""The desk in the story: a letter, a call, a visit day with its numbers, rooms and times. Every sender is invented."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localtime, make_aware

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.desk import services as desk
from chancery.departments.general_office.petitions.desk.terms import Given, Way
from chancery.departments.general_office.petitions.desk.visits import queries, services
from chancery.departments.general_office.petitions.desk.visits.models import PetitionPlace
from chancery.departments.general_office.petitions.desk.visits.terms import End
from chancery.departments.general_office.petitions.terms import Channel, GivenFile, IdentityFacts, Kind
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.calendar.queries import is_working_day

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

WEEK = range(7)
HOURS = ((WEEK, dt.time(0, 5), dt.time(11, 55)), (WEEK, dt.time(12, 30), dt.time(23, 55)))
# How many people, their representatives, minutes after nine; what came of it; what was asked for.
VISITS = (
    (1, 1, 0, End.HEARD, "请求查清会议室租金收费标准并退还多收费用。", "来访人陈述清楚，情绪平稳。"),
    (
        12,
        5,
        15,
        End.HEARD,
        "十二名退休讲师请求落实志愿讲师误餐补助。",
        "由五名代表陈述，其余人员在候访区等候，秩序良好。",
    ),
    (1, 1, 40, End.ADVISED, "", ""),
    (2, 2, 55, End.LEFT, "", ""),
)


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Two places, a day of visits, who waits today, a letter and a call. Told twice it changes nothing."""
    with acting_as(SYSTEM), transaction.atomic():
        if PetitionPlace.objects.exists():
            return
    day = clock.date_of(now) - dt.timedelta(days=1)
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    place = _places(cast, _at(day, 8))
    for n, visit in enumerate(VISITS):
        _visit(cast, place, _at(day, 9), n, visit)
    today = clock.date_of(now)
    if is_working_day(today) and localtime(now).time() > dt.time(9, 30):
        for minute in (5, 12, 20):
            with clock.fixed_at(_at(today, 9, minute)), acting_as(cast.petition_registrar), transaction.atomic():
                services.arrive(place_id=place, by=cast.petition_registrar, at=_at(today, 9, minute))
    _letter_and_call(cast, now)


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def _places(cast: Cast, at: dt.datetime) -> int:
    by = cast.petition_officer
    with clock.fixed_at(at), acting_as(by), transaction.atomic():
        first = services.name_place(
            name_en="Reception of visitors, ground floor (sample)", name_zh="一楼来访接待室（样例）",
            address="Sample Street 1 / 样例路1号", by=by, at=at,
        )  # fmt: skip
        services.set_hours(place_id=first.pk, hours=HOURS, by=by, at=at)
        for name in ("101", "102"):
            services.open_room(place_id=first.pk, name=name, by=by, at=at)
        other = services.name_place(
            name_en="East gate office (sample)", name_zh="东门接待点（样例）", address="Sample Street 9 / 样例路9号",
            by=by, at=at,
        )  # fmt: skip
        services.set_hours(place_id=other.pk, hours=[((1, 3), dt.time(9), dt.time(11, 30))], by=by, at=at)
        services.open_room(place_id=other.pk, name="A", by=by, at=at)
    return first.pk


def _visit(cast: Cast, place: int, nine: dt.datetime, n: int, told: tuple[int, int, int, str, str, str]) -> None:
    size, few, minutes, came_of_it, request, conduct = told
    by, at = cast.petition_registrar, nine + dt.timedelta(minutes=minutes)
    with clock.fixed_at(at), acting_as(by), transaction.atomic():
        visit = services.arrive(place_id=place, group_size=size, representatives=few, by=by, at=at)
        if came_of_it == End.LEFT:
            services.end(visit_id=visit.pk, end=End.LEFT, by=by, at=at + dt.timedelta(minutes=18))
            return
        room = queries.free_rooms(place)[0].pk
        services.call_next(place_id=place, room_id=room, by=by, at=at + dt.timedelta(minutes=2))
        services.begin(visit_id=visit.pk, by=by, at=at + dt.timedelta(minutes=4))
        if request:
            names = tuple(f"样例代表{one}" for one in "甲乙丙丁戊"[:few]) if size > 1 else ()
            got = services.hear(
                visit_id=visit.pk, kind=Kind.APPEAL, language="zh-hans", request=request,
                identity=IdentityFacts(name=f"样例来访人{n + 1}", phone=f"1380000010{n}", representatives=names),
                by=by, at=at + dt.timedelta(minutes=6),
            )  # fmt: skip
            desk.give_receipt(petition_id=got.petition.pk, how=Given.PAPER, by=by, at=at + dt.timedelta(minutes=12))
            petitions.register(
                petition_id=got.petition.pk, title="会议室收费问题" if n == 0 else "志愿讲师补助问题", by=by,
                at=at + dt.timedelta(minutes=14),
            )  # fmt: skip
        services.end(visit_id=visit.pk, end=came_of_it, conduct=conduct, by=by, at=at + dt.timedelta(minutes=13))


def _letter_and_call(cast: Cast, now: dt.datetime) -> None:
    by, at = cast.petition_registrar, now - dt.timedelta(days=2)
    with clock.fixed_at(at), acting_as(by), transaction.atomic():
        desk.take_in(
            channel=Channel.LETTER, kind=Kind.SUGGESTION, language="zh-hans", way=Way.REGISTERED,
            envelope_on=clock.date_of(at) - dt.timedelta(days=4),
            request="建议为外地参会代表开通网上报到。（样例）",
            identity=IdentityFacts(name="样例来信人壬", address="样例省样例市样例路18号"),
            files=[GivenFile("来信扫描件.txt", io.BytesIO("样例来信人壬的来信。".encode()))], by=by, at=at,
        )  # fmt: skip
        desk.take_in(
            channel=Channel.PHONE, kind=Kind.APPEAL, language="en", began_at=at - dt.timedelta(minutes=14),
            ended_at=at - dt.timedelta(minutes=3),
            request="The caller asks why an application for membership has not been answered. (sample)",
            identity=IdentityFacts(name="Sample Caller", phone="+441632960123"), by=by, at=at,
        )  # fmt: skip
