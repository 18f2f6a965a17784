"""What tests of likeness share: letters of one text by many, and the same sender again."""

from __future__ import annotations

from typing import Any

from chancery.departments.general_office.petitions import services
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import IdentityFacts, Kind
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC

TEXT = (
    "我们要求公开优秀论文评选的程序、评委名单和评审意见，并说明未予评选的理由。各学会推荐的论文应当同等对待，"
    "评选结果应当在网站上公示不少于七天，公示期间收到的异议应当逐件答复。此前两次来信均未得到书面答复，请依法告知受理情况。"
)
OTHER = "建议在每年九月的科普活动周期间，增加面向乡村中小学的天文讲座，并由各省级学会派出讲师，费用由联合会承担一部分。"
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


def sender(n: int) -> IdentityFacts:
    """The nth of many."""
    return IdentityFacts(
        name=f"{NAMES[n % 20]}志{NAMES[n // 20 % 20]}", phone=f"139{n:08d}", email=f"writer{n}@example.net"
    )


def letter(n: int, text: str = TEXT, *, identity: IdentityFacts | None = None, **more: Any) -> Petition:
    """A letter of the nth sender, as it arrives."""
    who = sender(n) if identity is None else identity
    told: dict[str, Any] = {
        "kind": Kind.APPEAL, "channel": "WEB", "language": "zh-hans", "identity": who,
        "request": f"{text}我是{who.name}，电话{who.phone}。", "by": PUBLIC, "at": clock.now(), **more,
    }  # fmt: skip
    return services.receive(**told).petition


def registered(cast: Any, n: int, text: str = TEXT, *, title: str = "要求公开评选程序", **more: Any) -> Petition:
    """The same, registered."""
    made = letter(n, text, **more)
    return services.register(petition_id=made.pk, title=title, by=cast.petition_registrar, at=clock.now())
