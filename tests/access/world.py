"""One guarded matter with words that occur nowhere else, and the addresses' arguments that lead to it."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from chancery.demo.cast import PASSWORD, Cast, build_cast
from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook.services import load_all

TITLE = "Zircon-7731 lattice 锆石卷宗"
SENDER = "Sample Argon Society 氩学会"
NUMBER = "氩发〔2026〕7731号"
FILE = "cobaltine-7731.txt"
TEXT = "Vanadinite 7731 钒铅矿 lies in the annex."
OPINION = "Beryllonite 7731 磷钠铍石: passed."
# Whatever of these reaches someone who may not see the matter is a leak.
SECRETS = (
    "Zircon-7731",
    "锆石卷宗",
    "Argon Society",
    "氩学会",
    "氩发〔2026〕7731号",
    "cobaltine-7731",
    "Vanadinite",
    "钒铅矿",
    "Beryllonite",
)

# The cast, without the handlers of further departments, who stand where the outsider stands.
KEYS = (
    "registrar",
    "first_checker",
    "office_head",
    "handler",
    "co_handler",
    "leader",
    "chaser",
    "archivist",
    "outsider",
    "administrator",
    "auditor",
    "two_hats",
    "two_hats_enterprise",
)
# Who has had it in hand: the registry, the first checker, their head and registrar, the lead unit's handler.
INSIDERS = frozenset({"registrar", "first_checker", "office_head", "handler"})


@dataclass
class World:
    """The cast, the matter, and what the addresses need."""

    cast: Cast
    actors: dict[str, Actor]
    guard_id: int
    document_id: int
    matter_id: int
    draft_id: int
    samples: dict[str, list[Any]] = field(default_factory=dict)


def build(at: dt.datetime) -> World:
    """Register one document, pass its first check, propose Planning and Finance as lead unit. Through services."""
    with acting_as(SYSTEM):
        load_all(by=SYSTEM, at=at)
        cast = build_cast(at=at, by=SYSTEM, password=PASSWORD)
    registrar, _checker = cast.registrar, cast.first_checker
    with acting_as(registrar):
        draft = intake.open_draft(by=registrar, at=at)
        intake.save_draft(
            document_id=draft.pk, facts={"title": TITLE + " draft", "sender": SENDER}, by=registrar, at=at
        )
        document = intake.open_draft(by=registrar, at=at)
        intake.add_file(document_id=document.pk, name=FILE, content=io.BytesIO(TEXT.encode()), by=registrar, at=at)
        document = registration.register_document(
            document_id=document.pk,
            facts={
                "title": TITLE,
                "sender": SENDER,
                "sender_number": NUMBER,
                "dated_on": clock.date_of(at),
                "received_on": clock.date_of(at),
                "addressees": "Headquarters",
                "label": 20,
            },
            by=registrar,
            at=at,
        )
    assert document.matter_id is not None
    return World(
        cast=cast,
        actors={"nobody": PUBLIC, **{key: getattr(cast, key) for key in KEYS}},
        guard_id=document.guard_id,
        document_id=document.pk,
        matter_id=document.matter_id,
        draft_id=draft.pk,
    )
