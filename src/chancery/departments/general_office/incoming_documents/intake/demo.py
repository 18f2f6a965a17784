"""What arrives in the demo story: senders, titles, and the plan of which document gets how far. All of it invented."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.utils import timezone

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.terms import Carrier, Kind, Step, Urgency
from chancery.foundations.actor import Actor


class Text(Protocol):
    """A real text, set as a file."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def sender(self) -> str:
        """Whose it is."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def content(self) -> bytes:
        """The file."""


class Cast(Protocol):
    """What the story needs of `chancery.demo.cast.Cast`."""

    @property
    def posts(self) -> dict[tuple[str, str], int]:
        """(member, unit code) → post."""

    @property
    def units(self) -> dict[str, int]:
        """Unit code → unit."""

    def under(self, key: str, unit: str) -> Actor:
        """A member in the post held in that unit."""

    def __getitem__(self, key: str) -> Actor:
        """A member in their first post."""


SEED = 33480

SENDERS = (
    ("样例机械工程学会", "样机学字"),
    ("样例天文学会", "样天学字"),
    ("样例化学会", "样化学字"),
    ("样例农学会", "样农学字"),
    ("样例东江省科学技术协会", "样东科协字"),
    ("样例云溪市科学技术协会", "样云科协字"),
    ("样例科学普及研究所", "样科普所字"),
    ("样例海洋学会", "样海学字"),
    ("样例青年科技工作者协会", "样青科字"),
    ("Sample Society of Soil Science", "SSSS"),
    ("Sample Union of Engineers", "SUE"),
    ("Sample Academy of Young Scientists", "SAYS"),
    ("Sample Association for Optics", "SAO"),
)
CHINESE = (
    ("关于申报{year}年度学术会议计划的函", Kind.LETTER),
    ("关于举办第{n}届学术年会的请示", Kind.REQUEST),
    ("关于调整{year}年度项目经费预算的请示", Kind.REQUEST),
    ("关于报送{year}年上半年工作总结的报告", Kind.REPORT),
    ("关于第{n}届理事会换届筹备情况的报告", Kind.REPORT),
    ("关于商请支持第{n}次科普巡展的函", Kind.LETTER),
    ("关于邀请出席第{n}届青年科学家论坛的邀请函", Kind.INVITATION),
    ("关于会费标准和管理办法修订情况的报告", Kind.REPORT),
    ("关于开展学会服务企业试点第{n}期的通知", Kind.NOTICE),
    ("关于科技期刊第{n}批数字化资助的请示", Kind.REQUEST),
    ("关于分支机构第{n}次年度检查结果的通报", Kind.CIRCULAR),
    ("关于征求《学会档案工作规范》第{n}稿意见的函", Kind.LETTER),
    ("关于固定资产清查第{n}阶段情况的报告", Kind.REPORT),
    ("第{n}次常务理事会会议纪要", Kind.MINUTES),
    ("关于联合主办第{n}届国际学术会议的请示", Kind.REQUEST),
    ("关于推荐第{n}批创新服务站专家的函", Kind.LETTER),
)
ENGLISH = (
    ("Request to co-host the annual meeting no. {n}", Kind.REQUEST),
    ("Report on the use of the {year} exchange grant", Kind.REPORT),
    ("Letter on sharing conference facilities, round {n}", Kind.LETTER),
    ("Invitation to the young scientists' forum no. {n}", Kind.INVITATION),
    ("Minutes of the joint committee, meeting {n}", Kind.MINUTES),
    ("Notice of the revised membership fees for {year}", Kind.NOTICE),
    ("Request for comments on the ethics code, draft {n}", Kind.LETTER),
    ("Brief on industry service station no. {n}", Kind.BRIEF),
)
SAID = {
    "propose": ("请{lead}牵头办理，{co}会办，按期反馈。", "{lead} to handle, with {co}; report back in time."),
    "propose_alone": ("请{lead}阅办。", "For {lead} to handle."),
    "propose_read": ("送有关同志阅知。", "For information of those listed."),
    "instruct": (
        ("同意拟办意见。请严格预算，勤俭办会。", "同意。请抓紧办理，结果报我。", "请牵头部门研究提出意见。"),
        (
            "Agreed as proposed; keep to the budget.",
            "Agreed. Let me know the result.",
            "Please look into it carefully.",
        ),
    ),
    "handle": (
        (
            "经核，事项符合有关规定，拟同意；已与来文单位沟通。",
            "已核对预算科目，同意在年度额度内调剂。",
            "已汇总各方意见，拟复函。",
        ),
        (
            "Checked against the rules; we recommend approval.",
            "Figures verified; within this year's ceiling.",
            "Views gathered; reply drafted.",
        ),
    ),
    "cosign": (
        ("无不同意见。", "同意，请注意与年度学术活动计划衔接。", "同意牵头部门意见，建议明确经费渠道。"),
        ("No objection.", "Agreed; please align it with the yearly plan.", "Agreed; name the source of funds."),
    ),
    "reply": (
        (
            "贵单位来函收悉。经研究，原则同意，请按规定办理有关手续。",
            "来文收悉，现将有关意见函复如下：同意所报事项，请加强管理，确保安全。",
        ),
        (
            "Thank you for your letter. We agree in principle; please follow the usual procedure.",
            "We have no objection and wish the meeting success.",
        ),
    ),
    "noted": (("已阅。", "已阅，会后请通报情况。", ""), ("Read.", "Read; please keep us informed.", "")),
    "chase": (
        ("已电话催办，承办部门答复两日内办结。", "已催办，承办人正在会签。"),
        ("Called: will be done in two days.", "Reminded; opinions are being gathered."),
    ),
    "fault": ("附件二缺页，且未加盖印章，请补正后重新报送。", "Pages of annex 2 are missing and the seal is absent."),
    "away": ("出差一周。", "On a journey for a week."),
    "recall": ("误点，收回重审。", "Pressed by mistake; I check it again."),
    "revise": ("请改由相关部门牵头，重新提出意见。", "Please propose another lead."),
    "return": ("不属本部门职责，建议重新分办。", "Not within our remit; please propose anew."),
    "urge": ("请抓紧办理，并说明进展。", "Please hurry and say how it stands."),
    "pause": ("等待来文单位补充材料。", "Waiting for further papers from the sender."),
    "extend": ("需进一步核对数据，申请延期三个工作日。", "The figures need checking; three more working days, please."),
    "delegate": ("请你部审计岗阅提意见。", "Please look at the figures."),
    "rework": ("答复口径请与财务规定对照后再报。", "Please check the wording of the reply against the finance rules."),
}
LEADS = ("PF", "AS", "EC", "OP", "RP", "SP")
ACTORS = {
    "PF": ("handler", "PF"),
    "AS": ("co_handler", "AS"),
    "EC": ("two_hats", "EC"),
    "OP": ("personnel_handler", "OP"),
    "RP": ("research_handler", "RP"),
    "SP": ("science_handler", "SP"),
}
READERS = (
    ("handler", "PF"),
    ("co_handler", "AS"),
    ("two_hats", "AS"),
    ("two_hats", "EC"),
    ("auditor", "PF"),
    ("administrator", "OP"),
    ("chaser", "GO"),
)


@dataclass(slots=True)
class Tale:
    """One document's story: what it is and how far it goes (`until` names the step that is left undone)."""

    index: int
    received_at: dt.datetime
    until: str = ""
    way: str = "DIRECT"
    lead: str = "PF"
    co_units: tuple[str, ...] = ()
    readers: tuple[tuple[str, str], ...] = ()
    urgency: str = Urgency.ROUTINE
    is_important: bool = False
    late: bool = False
    extra: str = ""
    text: Any = None

    @property
    def is_chinese(self) -> bool:
        """Three in four come in Chinese."""
        return self.index % 4 != 2


def facts_of(
    tale: Tale, day: dt.date, proposal: Mapping[str, str], chance: random.Random, chaser: int | None
) -> dict[str, Any]:
    """What the registrar types of a document received on a day; `proposal` is what its file said of itself."""
    titles, senders = (CHINESE, SENDERS[:9]) if tale.is_chinese else (ENGLISH, SENDERS[9:])
    title, kind = titles[tale.index % len(titles)]
    sender, mark = senders[tale.index % len(senders)]
    serial = 7 + tale.index
    number = f"{mark}〔{day.year}〕{serial}号" if tale.is_chinese else f"{mark}-{day.year}-{serial}"
    if tale.text is not None:
        title, sender, number, kind = tale.text.title, tale.text.sender, "", Kind.OTHER
    return {
        "title": title.format(year=day.year, n=3 + tale.index % 20),
        "sender": sender,
        "sender_number": number,
        "dated_on": day - dt.timedelta(days=chance.randint(0, 6)),
        "received_on": day,
        "kind": kind,
        "urgency": tale.urgency,
        "limit_on": None if tale.urgency == Urgency.ROUTINE else queries.limit_for(tale.urgency, day),
        "carrier": chance.choice((Carrier.PAPER, Carrier.EXCHANGE, Carrier.EMAIL, Carrier.HAND)),
        "pages": int(proposal.get("pages") or chance.randint(1, 12)),
        "copy_no": f"{chance.randint(1, 60):06d}" if tale.is_chinese and chance.random() < 0.3 else "",
        "addressees": "样例联合会办公厅" if tale.is_chinese else "General Office (sample)",
        "is_important": tale.is_important,
        "chaser": chaser,
    }


def plan(now: dt.datetime, count: int, texts: Sequence[Text]) -> list[Tale]:
    """The tales in order of receipt: older ones are finished, the latest stand at every stage."""
    chance = random.Random(SEED)  # noqa: S311 - a story, not a secret
    start = max(now - dt.timedelta(days=300), dt.datetime(now.year, 1, 12, 1, tzinfo=dt.UTC))
    if (now - start).days < 60:
        start = now - dt.timedelta(days=60)
    recent = list(_standing())
    finished = max(count - len(recent), 0)
    span = (now - dt.timedelta(days=24)) - start
    tales = []
    for index in range(finished):
        received = _office_hour(start + span * (index / max(finished, 1)), chance)
        tales.append(_finished(index, received, chance))
    for place, (days_ago, changes) in enumerate(recent):
        received = _office_hour(now - dt.timedelta(days=days_ago), chance)
        base = _finished(finished + place, received, chance)
        tales.append(
            replace(
                base, **{"co_units": (), "readers": (), "is_important": False, "extra": "", "late": False, **changes}
            )
        )
    tales.sort(key=lambda tale: tale.received_at)
    step = max(len(tales) // max(len(texts), 1), 1)
    for place, text in enumerate(texts):
        if place * step < len(tales):
            tales[place * step].text = text
    return tales


def _finished(index: int, received: dt.datetime, chance: random.Random) -> Tale:
    lead = chance.choice(LEADS)
    co_units = tuple(chance.sample([unit for unit in LEADS if unit != lead], chance.choice((0, 0, 1, 2))))
    readers = tuple(chance.sample(READERS, chance.choice((0, 1, 2, 3))))
    way = chance.choices(("DIRECT", "TO_LEADER", "READ_ONLY"), (5, 3, 1))[0]
    if way == "READ_ONLY":
        co_units, readers = (), readers or (READERS[0],)
    return Tale(
        index=index,
        received_at=received,
        until="returned" if index % 17 == 9 else "",
        way=way,
        lead=lead,
        co_units=co_units,
        readers=readers,
        urgency=chance.choices(list(Urgency), (60, 18, 8, 5, 4, 3, 2))[0],
        is_important=index % 8 == 3,
        late=index % 9 == 4,
        extra={11: "rework", 23: "revise", 31: "return"}.get(index % 41, ""),
    )


def _standing() -> Iterator[tuple[float, dict[str, Any]]]:
    """The recent ones: days ago, and what is particular. Between them every step waits for somebody."""
    pf, as_, ec = (("handler", "PF"), ("co_handler", "AS"), ("two_hats", "EC"))
    yield (
        20,
        {
            "until": Step.HANDLE,
            "way": "TO_LEADER",
            "lead": "PF",
            "is_important": True,
            "urgency": Urgency.EXPEDITED,
            "late": True,
            "extra": "chase",
        },
    )
    yield (
        19,
        {
            "until": Step.HANDLE,
            "way": "DIRECT",
            "lead": "AS",
            "is_important": True,
            "urgency": Urgency.URGENT,
            "late": True,
            "extra": "chased",
        },
    )
    yield 18, {"until": Step.HANDLE, "way": "DIRECT", "lead": "EC", "urgency": Urgency.EXPEDITED, "extra": "urge"}
    yield 16, {"until": Step.HANDLE, "way": "DIRECT", "lead": "PF", "extra": "pause"}
    yield (
        15,
        {"until": Step.HANDLE, "way": "DIRECT", "lead": "PF", "urgency": Urgency.TELEGRAM_ORDINARY, "extra": "extend"},
    )
    yield (
        14,
        {"until": Step.HANDLE, "way": "DIRECT", "lead": "AS", "urgency": Urgency.TELEGRAM_ORDINARY, "extra": "ask"},
    )
    yield 14, {"until": Step.COSIGN, "way": "TO_LEADER", "lead": "PF", "co_units": ("AS", "EC"), "readers": (pf, as_)}
    yield 13, {"until": Step.COSIGN, "way": "DIRECT", "lead": "AS", "co_units": ("PF",)}
    yield 12, {"until": Step.COSIGN, "way": "DIRECT", "lead": "EC", "co_units": ("AS", "PF")}
    yield 12, {"until": Step.CIRCULATE, "way": "READ_ONLY", "readers": READERS}
    yield (
        11,
        {
            "until": Step.CIRCULATE,
            "way": "DIRECT",
            "lead": "PF",
            "readers": (("auditor", "PF"), ("administrator", "OP"), as_),
        },
    )
    yield 10, {"until": Step.CIRCULATE, "way": "READ_ONLY", "readers": (("chaser", "GO"), ("two_hats", "AS"), ec)}
    yield 9, {"until": Step.REPLY, "way": "DIRECT", "lead": "PF"}
    for unit in ("OP", "RP", "SP"):
        yield 6, {"until": Step.HANDLE, "way": "DIRECT", "lead": unit}
    yield 22, {"until": Step.FILE, "way": "DIRECT", "lead": "PF", "extra": "deputy"}
    yield 9, {"until": Step.REPLY, "way": "DIRECT", "lead": "AS"}
    yield 8, {"until": Step.REPLY, "way": "DIRECT", "lead": "EC"}
    yield 8, {"until": Step.OFFICE_CHECK, "way": "DIRECT", "lead": "PF"}
    yield 7, {"until": Step.OFFICE_CHECK, "way": "DIRECT", "lead": "AS", "co_units": ("EC",)}
    yield 9, {"until": Step.FILE, "way": "DIRECT", "lead": "PF", "readers": (pf,)}
    yield 8, {"until": Step.FILE, "way": "TO_LEADER", "lead": "EC"}
    yield 7, {"until": Step.FILE, "way": "READ_ONLY", "readers": (("auditor", "PF"),)}
    yield 6, {"until": Step.HANDLE, "way": "DIRECT", "lead": "PF", "co_units": ("AS",)}
    yield 5, {"until": Step.HANDLE, "way": "DIRECT", "lead": "PF", "extra": "delegate"}
    yield 5, {"until": Step.HANDLE, "way": "DIRECT", "lead": "AS"}
    yield 4, {"until": Step.HANDLE, "way": "DIRECT", "lead": "EC"}
    yield 4, {"until": Step.INSTRUCT, "way": "TO_LEADER", "lead": "PF", "is_important": True}
    yield 4, {"until": Step.INSTRUCT, "way": "TO_LEADER", "lead": "AS"}
    yield 3, {"until": Step.INSTRUCT, "way": "TO_LEADER", "lead": "EC", "urgency": Urgency.EXPEDITED}
    yield 3, {"until": Step.PROPOSE, "extra": "sent_to_propose"}
    yield 2.5, {"until": Step.PROPOSE, "urgency": Urgency.URGENT}
    yield 2, {"until": Step.PROPOSE}
    yield 3, {"until": Step.SEND_BACK, "extra": "fault"}
    yield 2, {"until": Step.FIRST_CHECK}
    yield 1.5, {"until": Step.FIRST_CHECK, "urgency": Urgency.EXPEDITED}
    yield 1, {"until": Step.FIRST_CHECK, "extra": "recall"}
    yield 0.6, {"until": Step.FIRST_CHECK, "is_important": True}
    yield 0.5, {"until": Step.REGISTER}
    yield 0.3, {"until": Step.REGISTER, "urgency": Urgency.URGENT}
    yield 0.2, {"until": Step.SIGN_FOR}


def _office_hour(at: dt.datetime, chance: random.Random) -> dt.datetime:
    """The same moment moved into office hours of a weekday."""
    local = timezone.localtime(at)
    while local.weekday() > 4:
        local -= dt.timedelta(days=1)
    return local.replace(
        hour=chance.randint(9, 16), minute=chance.randint(0, 59), second=chance.randint(0, 59)
    ).astimezone(dt.UTC)
