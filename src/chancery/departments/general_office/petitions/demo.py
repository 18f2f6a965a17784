"""Letters and visits in the story: received, registered, blacked out; an identity asked for and one opened."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.petitions import services
from chancery.departments.general_office.petitions.counting import demo as counting
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.desk import demo as desk
from chancery.departments.general_office.petitions.handling import demo as handling
from chancery.departments.general_office.petitions.keeping import demo as keeping
from chancery.departments.general_office.petitions.letters import demo as letters
from chancery.departments.general_office.petitions.likeness import demo as likeness
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import Channel, GivenFile, IdentityFacts, Kind
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


@dataclass(frozen=True, slots=True)
class Tale:
    """One petition of the story; every sender is invented. `title` empty: not registered yet."""

    days_ago: int
    kind: str
    channel: str
    field: str
    region: str
    name: str
    contact: str
    request: str
    facts: str
    title: str = ""
    unit: str = ""
    files: tuple[tuple[str, str], ...] = ()


TALES = (
    Tale(52, Kind.APPEAL, Channel.WEB, "awards", "江苏", "样例来信人甲", "13800000001",
         "请求复核青年人才托举项目评审结果。", "样例来信人甲于本年参加评审，认为专家回避未落实。",
         "对人才项目评审结果的申诉", "AS",
         (("样例来信人甲的情况说明.txt", "本人样例来信人甲，附评审通知编号，请核查。"),
          ("评审通知.txt", "评审通知（样例）：专家回避按有关规定执行。"))),
    Tale(41, Kind.ACCUSATION, Channel.LETTER, "conduct", "北京", "样例来信人乙", "13800000002",
         "反映某部门工作人员接受合作企业宴请。", "时间、地点见附件，电话13800000002可核实。",
         "反映工作人员作风问题", "EC"),
    Tale(33, Kind.SUGGESTION, Channel.WEB, "popularization", "广东", "Sample Writer C", "writer.c@example.net",
         "Please offer the science exhibitions of the county museums in English as well.",
         "I am Sample Writer C; foreign pupils visit them every month.", "Suggestion: exhibitions in English", "SP"),
    Tale(26, Kind.APPEAL, Channel.VISIT, "membership", "浙江", "样例来访人丁", "13800000004",
         "请求恢复所属学会会员资格。", "会费缴纳凭证齐全，学会未予答复。", "申请恢复学会会员资格", "AS"),
    Tale(18, Kind.ACCUSATION, Channel.PHONE, "funds", "四川", "", "",
         "反映某项目经费使用不规范。", "匿名来电，未留姓名。", "反映项目经费使用问题", "PF"),
    Tale(11, Kind.SUGGESTION, Channel.EMAIL, "publications", "上海", "样例来信人己", "sample.f@example.net",
         "建议期刊缩短审稿周期。", "稿件平均审理八个月，联系 sample.f@example.net。",
         "关于缩短期刊审稿周期的建议", "RP"),
    Tale(3, Kind.APPEAL, Channel.WEB, "rights", "陕西", "样例来信人庚", "13800000007",
         "请求协调解决成果署名争议。", "样例来信人庚为第二完成人，原单位未予署名。"),
    Tale(1, Kind.SUGGESTION, Channel.WEB, "service", "山东", "样例来信人辛", "13800000008",
         "建议网上服务大厅增加英文说明。", "办事指南只有中文。"),
)  # fmt: skip


#: Each tells its part, in this order.
PARTS = (desk, likeness, handling, letters, counting, keeping)


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Receive and register them. Told twice it changes nothing."""
    with acting_as(SYSTEM), transaction.atomic():
        is_told = Petition.objects.exists()
    if not is_told:
        made = [_receive(tale, cast, now) for tale in TALES]
        _openings(made, cast, now)
    for part in PARTS:
        part.tell(cast=cast, now=now)


def _receive(tale: Tale, cast: Cast, now: dt.datetime) -> int:
    at = now - dt.timedelta(days=tale.days_ago)
    by = PUBLIC if tale.channel == Channel.WEB else cast.petition_registrar
    mail = tale.contact if "@" in tale.contact else ""
    with clock.fixed_at(at), acting_as(by), transaction.atomic():
        got = services.receive(
            kind=tale.kind,
            channel=tale.channel,
            language="zh-hans" if tale.request[0] > "\u2e80" else "en",
            request=tale.request,
            facts=tale.facts,
            identity=IdentityFacts(name=tale.name, email=mail, phone="" if mail else tale.contact)
            if tale.name
            else None,
            files=[GivenFile(name, io.BytesIO(text.encode())) for name, text in tale.files],
            region=tale.region,
            field=tale.field,
            by=by,
            at=at,
        )
    if tale.title:
        later = at + dt.timedelta(hours=20)
        registrar = cast.petition_registrar
        with clock.fixed_at(later), acting_as(registrar), transaction.atomic():
            services.register(
                petition_id=got.petition.pk,
                title=tale.title,
                subject_unit_id=cast.units[tale.unit],
                by=registrar,
                at=later,
            )
    return got.petition.pk


def _openings(made: list[int], cast: Cast, now: dt.datetime) -> None:
    """One identity was opened and is closed again, one is asked for."""
    at = now - dt.timedelta(days=40)
    officer, custodian = cast.petition_officer, cast.petition_custodian
    reason = "需要向来信人核实回避申请的提交时间。（样例）"
    with clock.fixed_at(at), acting_as(officer), transaction.atomic():
        opening = custody.ask_opening(petition_id=made[0], purpose="REACH", reason=reason, by=officer, at=at)
        custody.open_identity(opening_id=opening.pk, by=custodian, at=at)
        custody.read_identity(opening_id=opening.pk, by=officer, at=at + dt.timedelta(minutes=5))
        custody.end_opening(opening_id=opening.pk, by=officer, at=at + dt.timedelta(minutes=20))
    with acting_as(officer), transaction.atomic():
        reason = "需要邀请来访人参加调解。（样例）"
        custody.ask_opening(petition_id=made[3], purpose="HEARING", reason=reason, by=officer, at=now)
