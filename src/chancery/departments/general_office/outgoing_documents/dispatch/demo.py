"""The papers of the demo story: what they say, who issues them to whom, how far they get. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass, field

from chancery.departments.general_office.outgoing_documents.drafting.demo import (
    BUDGET,
    LETTER,
    MINUTES,
    OPINION,
    REPORT,
    REQUEST,
    RESOLVE,
    SHORT,
    TELL,
    WRITE,
)

# Where a tale ends: before a step, or with "open" / "late" receipts, or "done".
SCHOOL = {"part": "MAIN", "name": "样例理工大学", "email": "office@sample-university.example.org"}
SOCIETY = {"part": "MAIN", "name": "样例海洋学会", "email": "secretariat@sample-ocean.example.org"}
COUNTY = {"part": "COPY", "name": "样例东江县科学技术协会", "postal": "样例省东江县人民路1号"}
LIBRARY = {"part": "COPY", "name": "样例图书馆", "postal": "样例市文化街8号"}
ACADEMY = {"part": "MAIN", "name": "Sample Academy of Sciences", "email": "office@sample-academy.example.org"}
ARCHIVE = {"part": "COPY", "name": "Sample Records Centre", "postal": "8 Sample Square, Sampleton"}


@dataclass(frozen=True, slots=True)
class Paper:
    """One tale: the paper, and how far it gets. `extra` names what is told besides."""

    key: str
    type: str
    title: str
    text: str
    issuer: str = "PF"
    direction: str = "PARALLEL"
    main: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    outside: tuple[dict[str, str], ...] = ()
    drafter: tuple[str, str] = ("drafter", "PF")
    until: str = "done"
    extra: str = ""
    urgency: str = "NORMAL"
    label: int = 10
    joint: tuple[str, ...] = ()
    countersign: tuple[str, ...] = ()
    relation: tuple[str, str] | None = None  # (kind, key of the earlier paper)
    annex: str = ""
    days_ago: int = 20
    note: str = ""
    others: tuple[str, ...] = field(default=())


AS = ("co_handler", "AS")
CHINESE: tuple[Paper, ...] = (
    # Not out of the house yet, each at another step.
    Paper(
        "d1",
        "NOTICE",
        "关于开展固定资产清查工作的通知",
        SHORT,
        main=("AS", "OP"),
        until="draft",
        extra="comments",
        days_ago=2,
    ),
    Paper(
        "d2",
        "LETTER",
        "关于商请提供讲座场地的函",
        LETTER,
        direction="PARALLEL",
        outside=(SCHOOL,),
        until="draft",
        drafter=AS,
        issuer="AS",
        days_ago=1,
    ),
    Paper(
        "d3",
        "REPORT",
        "关于上半年预算执行情况的报告",
        REPORT,
        direction="UPWARD",
        main=("CAST",),
        until="draft",
        days_ago=1,
    ),
    Paper("u1", "NOTICE", "关于报送明年采购计划的通知", SHORT, main=("AS", "SP", "OP"), until="unit_check", days_ago=2),
    Paper(
        "u2",
        "LETTER",
        "关于商请推荐评审专家的函",
        LETTER,
        outside=(SOCIETY,),
        until="unit_check",
        drafter=AS,
        issuer="AS",
        days_ago=1,
        urgency="URGENT",
    ),
    Paper(
        "c1",
        "NOTICE",
        "关于调整差旅费报销流程的通知",
        SHORT,
        main=("AS", "OP", "SP"),
        until="countersign",
        countersign=("AS", "OP", "SP"),
        days_ago=3,
    ),
    Paper(
        "c2",
        "OPINION",
        "关于规范学术会议经费管理的意见",
        OPINION,
        direction="PARALLEL",
        main=("AS", "OP"),
        until="countersign",
        extra="object",
        countersign=("AS", "OP"),
        days_ago=6,
    ),
    Paper(
        "o1",
        "REQUEST",
        "关于调整学术会议项目经费的请示",
        REQUEST,
        direction="UPWARD",
        main=("CAST",),
        until="office_review",
        days_ago=3,
    ),
    Paper(
        "o2",
        "NOTICE",
        "关于做好年终决算准备工作的通知",
        SHORT,
        main=("AS",),
        until="office_review",
        urgency="EXTRA_URGENT",
        days_ago=1,
    ),
    Paper(
        "s1",
        "REPORT",
        "关于学会服务能力建设情况的报告",
        REPORT,
        direction="UPWARD",
        main=("CAST",),
        until="sign",
        drafter=AS,
        issuer="AS",
        days_ago=4,
    ),
    Paper(
        "s2", "NOTICE", "关于组织参加财务培训的通知", SHORT, main=("AS", "OP"), until="sign", extra="rework", days_ago=7
    ),
    Paper("k1", "NOTICE", "关于印发会议费标准的通知", SHORT, main=("AS", "SP"), until="recheck", days_ago=5),
    Paper(
        "n1",
        "LETTER",
        "关于邀请参加学术沙龙的函",
        LETTER,
        outside=(SOCIETY, SCHOOL),
        until="number",
        drafter=AS,
        issuer="AS",
        days_ago=5,
    ),
    Paper("p1", "NOTICE", "关于启用新版报销单的通知", SHORT, main=("AS",), until="seal", days_ago=4),
    Paper("p2", "NOTICE", "关于办公用品统一采购的通知", SHORT, main=("OP",), until="seal", days_ago=3),
    # A number given up, with its reason: the series stays whole.
    Paper("v1", "NOTICE", "关于暂停外出培训的通知", SHORT, main=("AS",), until="done", extra="void", days_ago=24),
    # Sealed, released, sent.
    Paper("r1", "NOTICE", "关于调整办公区门禁时间的通知", SHORT, main=("AS", "OP"), until="release", days_ago=4),
    Paper("r2", "LETTER", "关于共同举办科普讲座的函", LETTER, outside=(SCHOOL,), until="dispatch", days_ago=4),
    Paper("x1", "NOTICE", "关于编制二〇二六年度预算的通知", BUDGET, main=("AS", "OP"), copies=("GO",), days_ago=60),
    Paper(
        "x2",
        "NOTICE",
        "关于做好二〇二七年度预算编制工作的通知",
        BUDGET,
        main=("AS", "OP", "SP"),
        copies=("GO",),
        until="open",
        relation=("SUPERSEDES", "x1"),
        annex="预算建议表.csv",
        days_ago=9,
        others=("RP",),
    ),
    Paper(
        "x3",
        "NOTICE",
        "关于更正预算编制时间安排的通知",
        SHORT,
        main=("AS", "OP", "SP"),
        until="late",
        relation=("CORRECTS", "x1"),
        extra="decline",
        days_ago=14,
    ),
    Paper(
        "w1",
        "CIRCULAR",
        "关于三季度会议费检查情况的通报",
        REPORT,
        direction="PARALLEL",
        main=("AS", "OP"),
        outside=(COUNTY,),
        extra="withdraw",
        days_ago=18,
    ),
    Paper(
        "m1", "LETTER", "关于协助开展问卷调查的函", LETTER, outside=(SCHOOL, SOCIETY, COUNTY), until="late", days_ago=16
    ),
    Paper(
        "m2",
        "LETTER",
        "关于商请共享学术资料的函",
        LETTER,
        outside=(SCHOOL, LIBRARY),
        drafter=AS,
        issuer="AS",
        until="open",
        extra="recall",
        days_ago=6,
    ),
    Paper(
        "j1",
        "NOTICE",
        "关于联合开展学会财务辅导的通知",
        SHORT,
        main=("OP", "SP"),
        joint=("AS",),
        countersign=("AS",),
        days_ago=22,
    ),
    Paper(
        "y1",
        "MINUTES",
        "学术年会筹备工作专题会议纪要",
        MINUTES,
        direction="PARALLEL",
        copies=("AS", "OP"),
        until="open",
        days_ago=8,
    ),
    Paper(
        "z1", "LETTER", "关于提供项目内部评估材料的函", LETTER, outside=(SOCIETY,), label=20, until="open", days_ago=5
    ),
    Paper(
        "e1",
        "REQUEST",
        "关于增加学术年会经费的请示",
        REQUEST,
        direction="UPWARD",
        main=("CAST",),
        days_ago=28,
        until="open",
    ),
)

ENGLISH: tuple[Paper, ...] = (
    Paper(
        "d1",
        "NOTICE",
        "Notice of the inventory of equipment",
        TELL,
        main=("AS", "OP"),
        until="draft",
        extra="comments",
        days_ago=2,
    ),
    Paper(
        "d2",
        "LETTER",
        "Use of a lecture hall",
        WRITE,
        outside=(ACADEMY,),
        until="draft",
        drafter=AS,
        issuer="AS",
        days_ago=1,
    ),
    Paper(
        "u1", "NOTICE", "Notice of next year's purchasing plan", TELL, main=("AS", "SP"), until="unit_check", days_ago=2
    ),
    Paper(
        "c1",
        "NOTICE",
        "Notice of the new way to claim travel costs",
        TELL,
        main=("AS", "OP", "SP"),
        until="countersign",
        countersign=("AS", "OP", "SP"),
        days_ago=3,
    ),
    Paper(
        "c2",
        "MEMO",
        "How conferences are paid for",
        TELL,
        main=("AS", "OP"),
        until="countersign",
        extra="object",
        countersign=("AS", "OP"),
        days_ago=6,
    ),
    Paper(
        "o1",
        "MEMO",
        "A change in the conference budget",
        WRITE,
        direction="UPWARD",
        main=("CAST",),
        until="office_review",
        days_ago=3,
    ),
    Paper(
        "s1",
        "MEMO",
        "Half-year report on services to societies",
        TELL,
        direction="UPWARD",
        main=("CAST",),
        until="sign",
        drafter=AS,
        issuer="AS",
        days_ago=4,
    ),
    Paper("k1", "NOTICE", "Notice of the rates for meetings", TELL, main=("AS", "SP"), until="recheck", days_ago=5),
    Paper(
        "n1",
        "LETTER",
        "Invitation to the autumn colloquium",
        WRITE,
        outside=(ACADEMY,),
        until="number",
        drafter=AS,
        issuer="AS",
        days_ago=5,
    ),
    Paper("p1", "NOTICE", "Notice of a new claims form", TELL, main=("AS",), until="seal", days_ago=4),
    Paper("v1", "NOTICE", "Notice suspending outside training", TELL, main=("AS",), extra="void", days_ago=24),
    Paper("r1", "NOTICE", "Notice of changed opening hours", TELL, main=("AS", "OP"), until="release", days_ago=4),
    Paper("r2", "LETTER", "A joint public lecture", WRITE, outside=(ACADEMY,), until="dispatch", days_ago=4),
    Paper("x1", "NOTICE", "Notice of the 2026 budget", RESOLVE, main=("AS", "OP"), copies=("GO",), days_ago=60),
    Paper(
        "x2",
        "NOTICE",
        "Notice of the 2027 budget",
        RESOLVE,
        main=("AS", "OP", "SP"),
        copies=("GO",),
        until="open",
        relation=("SUPERSEDES", "x1"),
        annex="figures.csv",
        days_ago=9,
        others=("RP",),
    ),
    Paper(
        "w1",
        "NOTICE",
        "Notice of the review of meeting costs",
        TELL,
        main=("AS", "OP"),
        outside=(ARCHIVE,),
        extra="withdraw",
        days_ago=18,
    ),
    Paper("m1", "LETTER", "Help with a survey", WRITE, outside=(ACADEMY, ARCHIVE), until="late", days_ago=16),
    Paper(
        "m2",
        "LETTER",
        "Sharing of papers",
        WRITE,
        outside=(ACADEMY, ARCHIVE),
        drafter=AS,
        issuer="AS",
        until="open",
        extra="recall",
        days_ago=6,
    ),
    Paper(
        "j1",
        "NOTICE",
        "Notice of joint advice to societies",
        TELL,
        main=("OP", "SP"),
        joint=("AS",),
        countersign=("AS",),
        days_ago=22,
    ),
    Paper(
        "z1", "LETTER", "Papers for the internal review", WRITE, outside=(ACADEMY,), label=20, until="open", days_ago=5
    ),
    Paper(
        "e1",
        "MEMO",
        "A larger budget for the annual conference",
        WRITE,
        direction="UPWARD",
        main=("CAST",),
        days_ago=28,
        until="open",
    ),
)

# Said by the cast, (Chinese, English).
SAID = {
    "object": (
        "经费渠道尚未明确，建议修改第二条后再印发。",
        "The source of the money is not clear: change the second item first.",
    ),
    "agree": ("同意。", "Agreed."),
    "rework": ("请补充培训对象和名额。", "Say who is meant and how many places there are."),
    "rework_text": (
        "（四）培训对象为各部门财务联络员，共三十人。",
        "4. It is meant for one contact of each department, thirty in all.",
    ),
    "comment": ("此处时间是否来得及？建议顺延一周。", "Is this date possible? A week later would be safer."),
    "answer": ("已与各部门沟通，时间可行。", "The departments have agreed to the date."),
    "void": (
        "上级已另行部署，本件不再印发，编号作废。",
        "Overtaken by a later decision: not issued, the number is void.",
    ),
    "withdraw": ("通报引用的数据有误，需重新核实。", "The figures it quotes were wrong and must be checked again."),
    "recall": ("主送单位有误，撤回重发。", "Sent to the wrong addressee: taken back."),
    "decline": ("本部门未参加该会议，请核对发送范围。", "We were not at that meeting: please check the list."),
    "urge": ("请尽快签收并反馈。", "Please confirm receipt soon."),
    "also": ("该部门参与年度预算评审。", "This department takes part in the review."),
    "explain": ("已电话确认收悉。", "Confirmed by telephone."),
    "by_hand": ("李样例", "A. Sample"),
}
