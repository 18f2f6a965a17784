"""Likeness in the story: two petitions merged, two linked, a campaign of forty letters, one that is only proposed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.likeness import services
from chancery.departments.general_office.petitions.likeness.models import PetitionTie
from chancery.departments.general_office.petitions.models import PetitionCampaign
from chancery.departments.general_office.petitions.terms import Channel, IdentityFacts, Kind
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

LETTERS, LATE = 40, 2
CAMPAIGN = (
    "我们是多家学会的青年会员，请求公开本年度青年人才托举项目的评审程序、评委回避情况和评审意见，说明未入选理由，"
    "并在网站公示不少于七天。此前多次咨询均未得到书面答复，恳请依规告知受理情况和处理结果。（样例）"
)
PROPOSED = (
    "Please keep the reading room of the science library open on Saturdays. Many of us work on weekdays and cannot read"
    " the journals anywhere else in the city; a small fee would be acceptable to the readers. (sample)"
)
TWICE = "请求更正本人参加的省级论坛论文集署名顺序，编辑部两次答复不一致，附通信记录备查。（样例）"
NEAR = "请求说明省级论坛论文集的审稿安排，并告知编辑部联系方式。（样例）"


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Merge, link and join. Told twice it changes nothing."""
    with acting_as(SYSTEM), transaction.atomic():
        if PetitionTie.objects.exists() or PetitionCampaign.objects.exists():
            return
    by = cast.petition_registrar
    pair = [_send(TWICE, now - dt.timedelta(days=9 - 3 * n), "样例来信人癸", "13800000031") for n in range(2)]
    third = _send(NEAR, now - dt.timedelta(days=5), "样例来信人子", "13800000032")
    letters = [_send(CAMPAIGN, now - dt.timedelta(days=12, hours=-2 * n), f"样例青年{n + 1}号", f"1390000{n:04}")
               for n in range(LETTERS)]  # fmt: skip
    for n in range(LATE):
        _send(CAMPAIGN, now - dt.timedelta(days=1, hours=n), f"样例青年{LETTERS + n + 1}号", f"13900009{n:03}")
    for n in range(6):
        _send(
            PROPOSED,
            now - dt.timedelta(days=2, hours=n),
            f"Sample Reader {n + 1}",
            f"reader{n}@example.net",
            Kind.SUGGESTION,
        )
    with acting_as(by), transaction.atomic():
        for one in (*pair, third):
            petitions.register(petition_id=one, title="论坛论文集署名问题", by=by, at=now)
        services.merge(
            petition_id=pair[1], into_id=pair[0], reason="同一来信人就同一事项再次来信。（样例）", by=by, at=now
        )
        services.link(petition_id=third, other_id=pair[0], reason="涉及同一论文集。（样例）", by=by, at=now)
        campaign = services.open_campaign(
            petition_ids=letters, title="要求公开人才项目评审程序（多人同文来信）", by=by, at=now
        )
    officer = cast.petition_officer
    with acting_as(officer), transaction.atomic():
        services.reply_to_all(
            campaign_id=campaign.pk, text="来信收悉，评审程序正在整理，将在网站公布。（样例）", by=officer, at=now
        )
        services.take_out(petition_id=letters[7], reason="来信另附个人诉求，单独办理。（样例）", by=officer, at=now)


def _send(text: str, at: dt.datetime, name: str, contact: str, kind: str = Kind.APPEAL) -> int:
    mail = contact if "@" in contact else ""
    with clock.fixed_at(at), acting_as(PUBLIC), transaction.atomic():
        got = petitions.receive(
            kind=kind, channel=Channel.WEB, language="zh-hans" if text[0] > "\u2e80" else "en", request=text,
            identity=IdentityFacts(name=name, email=mail, phone="" if mail else contact), by=PUBLIC, at=at,
        )  # fmt: skip
    return got.petition.pk
