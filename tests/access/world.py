"""Guarded things with words that occur nowhere else: an incoming document, an outgoing one under way, somebody's saved
search; those of the archive and of confidential work are in `kept`, petitions in `sent`."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from django.utils import translation
from tests.access import kept, sent
from tests.access.kept import ASKED, Guarded

from chancery.demo.cast import PASSWORD, Cast, build_cast
from chancery.demo.members import CAST
from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.departments.general_office.outgoing_documents.annexes import services as annexes
from chancery.departments.general_office.outgoing_documents.comments import services as comments
from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook.services import load_all
from chancery.kernel.records.papertypes.services import load_types
from chancery.kernel.records.search.saved.services import save_search

TITLE = f"{ASKED} Zircon-7731 lattice 锆石卷宗"
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

OUT_TITLE = f"关于 {ASKED} 榍石四四一九事宜的通知"
OUT_TEXT = "Titanite-4419 榍石矿样须于十二月十日前报送。"
OUT_ANNEX = "scolecite-4419.txt"
OUT_ANNEX_TEXT = "Wulfenite 4419 钼铅矿 is listed."
OUT_REMARK = "Rhodonite 4419 蔷薇辉石: say why."
OUT_SECRETS = ("榍石", "Titanite-4419", "scolecite-4419", "Wulfenite", "钼铅矿", "Rhodonite", "蔷薇辉石")

# The cast, without the handlers of further departments, who stand where the outsider stands.
LEFT_OUT = frozenset({"personnel_handler", "research_handler", "science_handler"})
KEYS = (*(member.key for member in CAST if member.key not in LEFT_OUT), "two_hats_enterprise")
# Who has had it in hand: the registry, the first checker, their head and registrar, the lead unit's handler.
INSIDERS = frozenset({"registrar", "first_checker", "office_head"})
# The outgoing one has left its drafter and lies with the unit's checker.
OUT_INSIDERS = frozenset({"drafter", "unit_checker"})

SAVED_NAME = f"{ASKED} Smithsonite-9902"
SAVED_QUESTION = "菱锌矿 9902"
SAVED_SECRETS = ("Smithsonite-9902", "菱锌矿")


@dataclass
class World:
    """The cast and the guarded things."""

    cast: Cast
    actors: dict[str, Actor]
    things: tuple[Guarded, ...]

    def __getitem__(self, name: str) -> Guarded:
        return next(thing for thing in self.things if thing.name == name)


def build(at: dt.datetime) -> World:
    """The cast, and each thing by its services."""
    with acting_as(SYSTEM):
        load_all(by=SYSTEM, at=at)
        load_types(by=SYSTEM, at=at)
        cast = build_cast(at=at, by=SYSTEM, password=PASSWORD)
    # Each in the language that answers are asked in: what a service words itself is then the same everywhere.
    with translation.override("en"):
        things = (
            _incoming(cast, at),
            _outgoing(cast, at),
            _saved(cast, at),
            *kept.things(cast, at),
            *sent.things(cast, at),
        )
    return World(cast, {"nobody": PUBLIC, **{key: getattr(cast, key) for key in KEYS}}, things)


def _incoming(cast: Cast, at: dt.datetime) -> Guarded:
    """A draft, and a registered document with a file."""
    registrar = cast.registrar
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
    return Guarded(
        "incoming",
        document.guard_id,
        SECRETS,
        INSIDERS,
        {"incoming document_id": (document.pk, draft.pk)},
        document.matter_id,
    )


def _saved(cast: Cast, at: dt.datetime) -> Guarded:
    """The registrar's search: it has no guard, it is its owner's alone."""
    with acting_as(cast.registrar):
        saved = save_search(name=SAVED_NAME, q=SAVED_QUESTION, asked={}, by=cast.registrar, at=at)
    return Guarded("saved", 0, SAVED_SECRETS, frozenset({"registrar"}), {"saved_id": (saved.pk,)})


def _outgoing(cast: Cast, at: dt.datetime) -> Guarded:
    """A notice of Planning and Finance with an annex and a remark, submitted: its checker has it."""
    by = cast.drafter
    with acting_as(by):
        document = drafting.open_draft(
            paper_type="NOTICE",
            profile="cn",
            facts={
                "title": OUT_TITLE,
                "body": manuscript.from_plain(f"各有关单位：\n{OUT_TEXT}", profile="cn"),
                "issuer": cast.units["PF"],
                "main": [cast.units["AS"]],
                "direction": "PARALLEL",
            },
            by=by,
            at=at,
        )
        annexes.add_annex(
            document_id=document.pk, name=OUT_ANNEX, content=io.BytesIO(OUT_ANNEX_TEXT.encode()), by=by, at=at
        )
        comments.make_comment(document_id=document.pk, anchor=None, text=OUT_REMARK, by=by, at=at)
        drafting.submit_draft(document_id=document.pk, by=by, at=at)
        document = OutgoingDocument.objects.get(pk=document.pk)
    assert document.matter_id is not None
    return Guarded(
        "outgoing", document.guard_id, OUT_SECRETS, OUT_INSIDERS, {"outgoing document_id": (document.pk,)},
        document.matter_id,
    )  # fmt: skip
