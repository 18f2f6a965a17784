"""What tests of petitions share: a sender, and a petition as it arrives."""

from __future__ import annotations

import io
from typing import Any

from django.db import transaction

from chancery.departments.general_office.petitions import services
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import GivenFile, IdentityFacts, Kind, Received
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as

SENDER = IdentityFacts(
    name="欧阳晓明",
    phone="138 0013 8000",
    email="Xiaoming.OY@example.net",
    address="江苏省南京市玄武区珠江路88号3栋1201室",
    id_number="11010519491231002X",
    representatives=("Margaret Thistlewood",),
)
#: None of it may be found where handlers look.
WORDS = ("欧阳晓明", "晓明", "13800138000", "xiaoming.oy", "珠江路88号", "11010519491231002x", "thistlewood")
REQUEST = (
    "请复核评审结果。我是欧阳晓明（Margaret Thistlewood 为代表），电话１３８-0013-8000，邮箱 xiaoming.oy@example.net，"
    "住江苏省南京市玄武区珠江路88号3栋1201室，证件号11010519491231002X。"
)


def text_file(text: str, name: str = "欧阳晓明的证明.txt") -> GivenFile:
    """An attachment of plain text."""
    return GivenFile(name, io.BytesIO(text.encode()))


def received(**more: Any) -> Received:
    """A petition of the sample sender, by the public door."""
    told: dict[str, Any] = {
        "kind": Kind.APPEAL, "channel": "WEB", "language": "zh-hans", "identity": SENDER, "request": REQUEST,
        "facts": "欧阳 晓明于某年参加评审。", "by": PUBLIC, "at": clock.now(),
    }  # fmt: skip
    return services.receive(**{**told, **more})


def registered(cast: Any, title: str = "对评审结果的申诉", **more: Any) -> Petition:
    """The same, registered."""
    got = received(**more)
    made = services.register(petition_id=got.petition.pk, title=title, by=cast.petition_registrar, at=clock.now())
    with acting_as(SYSTEM), transaction.atomic():
        made.refresh_from_db()  # its procedure has begun since
    return made
