"""The public side of the story: notices that are out, one taken back, one under review, a planned interruption."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from django.db import transaction

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.publishing.models import PublicNotice
from chancery.kernel.publishing.notices import queries, services
from chancery.kernel.publishing.notices.terms import ItemVerdict
from chancery.kernel.publishing.status.services import announce_interruption

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

Words = tuple[tuple[str, str], tuple[str, str]]

OUT: tuple[tuple[int, Words], ...] = (
    (
        40,
        (
            ("Where to send letters, and when to call (sample)", "关于信访接待渠道和时间的公告（样例）"),
            (
                "Letters, e-mail and petitions over this site are taken in every day; visits on working days from nine"
                " to eleven.\n\nA visit has at most five representatives. Bring a paper that says who you are.",
                "来信、电子邮件和网上信访每日受理；来访接待时间为工作日九时至十一时。\n\n"
                "多人来访的代表不超过五人，请携带有效身份证件。",
            ),
        ),
    ),
    (
        12,
        (
            ("Archives opened this year (sample)", "关于本年度开放档案的公告（样例）"),
            (
                "Items older than twenty-five years were examined one by one. What is open stands in the catalogue.",
                "对形成满二十五年的档案逐件进行了开放审核，开放目录可在网上查询。",
            ),
        ),
    ),
)
# What a visitor fills in beforehand, attached to the notice about visits: (what it is, name, content).
FORM = (
    ("Sheet to fill in before a visit (sample)", "来访登记表（样例）"),
    "visit-sheet.txt",
    "来访登记表（样例） / Visitor sheet (sample)\n\n来访人数 / Visitors:\n"
    "代表姓名（不超过五人） / Representatives, at most five:\n"
    "反映事项 / Matter:\n此前的查询码 / Earlier receipt code:\n",
)
GONE: Words = (
    ("Change of opening hours (sample)", "关于调整接待时间的公告（样例）"),
    ("From Monday on visits are received in the afternoon.", "自下周一起，来访接待改在下午。"),
)
WAITING: Words = (
    ("Call for suggestions on the yearly plan (sample)", "关于征集年度工作建议的公告（样例）"),
    ("Suggestions are taken in over this site until the end of the month.", "即日起至月底，可通过本网站提交建议。"),
)


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Told twice it changes nothing."""
    with acting_as(cast.chaser):
        if PublicNotice.objects.filter(made_person_id=cast.chaser.person_id).exists():
            return
    for days, words in OUT:
        _published(cast, words, now - dt.timedelta(days=days), attached=words is OUT[0][1])
    gone = _published(cast, GONE, now - dt.timedelta(days=6))
    with clock.fixed_at(now - dt.timedelta(days=5)) as at, acting_as(cast.chaser), transaction.atomic():
        services.withdraw_notice(
            notice_id=gone.pk,
            reason="The hours stay as they are. (sample) / 接待时间不变。（样例）",
            by=cast.chaser,
            at=at,
        )
    _submitted(cast.chaser, cast.units["GO"], WAITING, now - dt.timedelta(hours=20))
    with acting_as(cast.chaser), transaction.atomic():
        announce_interruption(
            starts_at=now + dt.timedelta(days=4),
            ends_at=now + dt.timedelta(days=4, hours=2),
            what=("The whole site, for an upgrade (sample)", "系统升级，网站暂停服务（样例）"),
            by=cast.chaser,
            at=now,
        )


def _submitted(
    by: Actor, unit_id: int, words: Words, at: dt.datetime, *, attached: bool = False
) -> tuple[PublicNotice, Any]:
    title, text = words
    with clock.fixed_at(at), acting_as(by), transaction.atomic():
        notice = services.draft_notice(unit_id=unit_id, title=title, text=text, by=by, at=at)
        if attached:
            titles, name, content = FORM
            services.attach_file(
                notice_id=notice.pk, titles=titles, name=name, content=io.BytesIO(content.encode()), by=by, at=at
            )
        return notice, services.submit_notice(notice_id=notice.pk, by=by, at=at)


def _published(cast: Cast, words: Words, at: dt.datetime, *, attached: bool = False) -> PublicNotice:
    notice, matter = _submitted(cast.chaser, cast.units["GO"], words, at, attached=attached)
    by, later = cast.office_reviewer, at + dt.timedelta(hours=3)
    with clock.fixed_at(later), acting_as(by), transaction.atomic():
        task = Task.objects.get(matter_id=matter.pk, done_at=None)
        verdicts: dict[str, str] = {}
        for item in queries.items_of(notice.pk):
            verdicts |= {f"verdict_{item.pk}": ItemVerdict.CLEARED.value, f"reason_{item.pk}": ""}
        for file in queries.files_of(notice.pk):
            verdicts |= {f"file_verdict_{file.pk}": ItemVerdict.CLEARED.value, f"file_reason_{file.pk}": ""}
        procedures.complete(task_id=task.pk, outcome="PUBLISH", opinion="", data=verdicts, by=by, at=later)
    return notice
