"""Handling's part of the story: petitions in every state, one overdue, one in re-review."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.handling import queries, services
from chancery.departments.general_office.petitions.handling.clocks import services as clocks
from chancery.departments.general_office.petitions.handling.models import PetitionDecision
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.second import services as second
from chancery.departments.general_office.petitions.terms import Channel, IdentityFacts, Kind
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

WHOLE = {
    "request": "请求复核评审结果。（样例）",
    "facts": "经调阅评审记录并询问评审专家，评审程序符合规定，计分表有一处加总错误，更正后名次不变。（样例）",
    "view": "更正计分表，维持评审等级，并向信访人说明评审标准。（样例）",
    "basis": "本单位评审办法关于计分与复核的规定。（样例）",
    "remedy": "如不服本意见，可在规定期限内凭查询码申请复查。（样例）",
}


class Story:
    """One petition, step by step, each on its day before `now`."""

    def __init__(
        self,
        cast: Cast,
        now: dt.datetime,
        days_ago: int,
        kind: str,
        title: str,
        request: str,
        *,
        field: str = "awards",
        region: str = "湖北",
        unit: str = "",
        registered: int | None = None,
        sender: tuple[str, str] = ("样例信访人", "13900000000"),
    ) -> None:
        self.cast, self.now = cast, now
        at = self._at(days_ago)
        with clock.fixed_at(at), acting_as(PUBLIC), transaction.atomic():
            got = petitions.receive(
                kind=kind,
                channel=Channel.WEB,
                language="zh-hans",
                request=request,
                identity=IdentityFacts(name=sender[0], phone=sender[1]),
                region=region,
                field=field,
                subject_unit_id=cast.units[unit] if unit else None,
                by=PUBLIC,
                at=at,
            )
        self.pk = got.petition.pk
        self.act(
            days_ago if registered is None else registered,
            cast.petition_registrar,
            lambda by, at: petitions.register(petition_id=self.pk, title=title, by=by, at=at),
        )

    def _at(self, days_ago: float) -> dt.datetime:
        return self.now - dt.timedelta(days=days_ago)

    def act(self, days_ago: float, by: Actor, what: Any) -> None:
        """Something done by somebody on a day."""
        at = self._at(days_ago)
        with clock.fixed_at(at), acting_as(by), transaction.atomic():
            what(by, at)

    def step(self, days_ago: float, by: Actor, press: str, **data: Any) -> Story:
        """The step that waits."""
        with acting_as(SYSTEM), transaction.atomic():
            task = queries.open_tasks(self.pk)[0]
        self.act(
            days_ago,
            by,
            lambda by, at: procedures.complete(task_id=task.pk, outcome=press, data=data, by=by, at=at),
        )
        return self

    def accepted(self, days_ago: float, unit: str) -> Story:
        """Accepted, notified, assigned."""
        officer, unit_id = self.cast.petition_officer, self.cast.units[unit]
        self.step(days_ago, officer, "ACCEPT")
        self.step(days_ago, officer, "TOLD", text="您的信访事项已受理，将在规定期限内书面答复。（样例）")
        return self.step(days_ago, officer, "ASSIGN", unit=unit_id, handler_unit=unit_id, handler_post=None)

    def answered(self, days_ago: float, by: Actor) -> Story:
        """The opinion drafted and approved."""
        self.step(days_ago + 1, by, "OPINION")
        self.step(days_ago + 1, by, "SUBMIT", **WHOLE, outcome="PARTLY")
        return self.step(days_ago, self.cast.office_head, "APPROVE")

    def asks_review(self, days_ago: float) -> Story:
        """The sender does not agree."""
        text = "对答复意见不服，请求重新审查。（样例）"
        self.act(
            days_ago,
            SYSTEM,
            lambda by, at: second.ask_review(petition_id=self.pk, text=text, by=by, at=at),
        )
        return self


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Told twice it changes nothing."""
    with acting_as(SYSTEM), transaction.atomic():
        if PetitionDecision.objects.exists():
            return
    officer, handler = cast.petition_officer, cast.handler

    def begin(days_ago: int, title: str, request: str, kind: str = Kind.APPEAL) -> Story:
        return Story(cast, now, days_ago, kind, title, request)

    late = begin(80, "对项目评审公示的申诉（样例）", "请求公开评审打分情况。（样例）")
    late.accepted(76, "PF").step(70, handler, "MEDIATE")
    held = clock.date_of(now) - dt.timedelta(days=66)
    late.step(66, handler, "DONE", held_on=held, result="FAILED", record="双方未达成一致，记录备查。（样例）")

    last = begin(130, "对奖项评定结果的申诉（样例）", "请求重新评定奖项。（样例）")
    last.accepted(126, "PF").answered(72, handler).asks_review(62)
    last.step(58, cast.petition_reviewer, "OPINION")
    last.step(38, cast.petition_reviewer, "UPHOLD", **WHOLE).asks_review(12)

    begin(60, "对会员处理决定的申诉（样例）", "请求撤销处理决定。（样例）").accepted(57, "AS").answered(
        9, cast.co_handler
    )

    paused = begin(30, "对成果登记的申诉（样例）", "请求补登成果。（样例）").accepted(27, "PF").step(9, handler, "ASK")
    paused.step(9, handler, "DONE", question="请补充成果完成时间的证明材料。（样例）")

    more = begin(55, "检举项目经费使用问题（样例）", "反映经费使用不规范。（样例）", Kind.ACCUSATION).accepted(52, "AS")
    reason = "需向外单位调取凭证，情况复杂。（样例）"
    with acting_as(SYSTEM), transaction.atomic():
        due = Petition.objects.values_list("due_on", flat=True).get(pk=more.pk)
    past = (clock.date_of(now) - due).days if due else 0
    more.act(
        max(past, 0) + 5,  # before its limit, which is a shorter one by the neutral rulebook
        cast.co_handler,
        lambda by, at: clocks.ask_more_time(petition_id=more.pk, days=20, reason=reason, by=by, at=at),
    )

    same = begin(20, "对评审结果的重复申诉（样例）", "再次请求复核。（样例）")
    same.step(17, officer, "NOT_ACCEPT", ground="SAME_MATTER", reference="国信〔2026〕18号（样例）")
    same.step(17, officer, "TOLD", text="您反映的事项正在其他途径办理，本单位不再受理。（样例）")

    passed = begin(16, "反映地方学会服务问题（样例）", "建议改进服务。（样例）", Kind.SUGGESTION)
    passed.step(14, officer, "TRANSFER", direction="DOWN", to_body="某省科学技术协会（样例）")
    passed.step(14, officer, "TOLD", text="您的建议已转送有关单位研究办理。（样例）")

    closed = begin(140, "关于期刊审稿的建议（样例）", "建议公开审稿进度。（样例）", Kind.SUGGESTION).accepted(137, "RP")
    closed.step(110, cast.research_handler, "OPINION")
    closed.step(110, cast.research_handler, "SUBMIT", **WHOLE, outcome="ADOPTED")
    closed.step(108, cast.office_head, "APPROVE")
    closed.act(70, SYSTEM, lambda by, at: second.close_answered(by=by, at=at))
    closed.act(
        20,
        officer,
        lambda by, at: services.reopen(petition_id=closed.pk, reason="采纳后未落实。（样例）", by=by, at=at),
    )
