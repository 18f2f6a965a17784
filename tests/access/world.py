"""Guarded things with words that occur nowhere else: an incoming document, an outgoing one under way, a restricted
archival item with its files, a hold on it, a list of items to be opened, somebody's saved search."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from chancery.demo.cast import PASSWORD, Cast, build_cast
from chancery.departments.general_office.archives.openings import services as openings
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
from chancery.kernel.records.archive import services as archive
from chancery.kernel.records.archive.tests import shelf
from chancery.kernel.records.holds import services as holds
from chancery.kernel.records.papertypes.services import load_types
from chancery.kernel.records.search.saved.services import save_search

ASKED = "Quillwort"  # in the titles of all guarded things, and a secret of none: one question finds whatever leaks
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
    "drafter",
    "unit_checker",
    "receiver",
    "office_reviewer",
    "seal_keeper",
    "archive_head",
    "supervisor",
    "confidential_officer",
    "classifier",
)
# Who has had it in hand: the registry, the first checker, their head and registrar, the lead unit's handler.
INSIDERS = frozenset({"registrar", "first_checker", "office_head"})
# The outgoing one has left its drafter and lies with the unit's checker.
OUT_INSIDERS = frozenset({"drafter", "unit_checker"})

ITEM_TITLE = f"{ASKED} Sphalerite-5523 闪锌矿档案"
ITEM_TEXT = "Cinnabar 5523 辰砂 is written here."
ITEM_FILE = "galena-5523.txt"
ITEM_SECRETS = ("Sphalerite-5523", "闪锌矿", "Cinnabar 5523", "辰砂", "galena-5523")
# Filed by Planning and Finance's clerk; the archivist reads what is filed.
ITEM_INSIDERS = frozenset({"drafter", "archivist"})
HOLD_TITLE = f"{ASKED} Anglesite-6631 铅矾案"
HOLD_SECRETS = ("Anglesite-6631", "铅矾")
HOLD_INSIDERS = frozenset({"office_head", "registrar", "auditor"})
OPENING_NOTE = f"{ASKED} Cerussite-3317 白铅矿"
OPENING_SECRETS = ("Cerussite-3317", "白铅矿")
SAVED_NAME = f"{ASKED} Smithsonite-9902"
SAVED_QUESTION = "菱锌矿 9902"
SAVED_SECRETS = ("Smithsonite-9902", "菱锌矿")


@dataclass(frozen=True)
class Guarded:
    """A thing that some may see: what leads to it, its words, and who has had it in hand."""

    guard_id: int
    document_ids: tuple[int, ...]
    matter_id: int
    secrets: tuple[str, ...]
    insiders: frozenset[str]


@dataclass
class World:
    """The cast and the guarded things."""

    cast: Cast
    actors: dict[str, Actor]
    incoming: Guarded
    outgoing: Guarded
    item: Guarded
    hold: Guarded
    opening: Guarded
    saved: Guarded  # has no guard: it is its owner's alone

    @property
    def things(self) -> tuple[Guarded, ...]:
        """All of them."""
        return self.incoming, self.outgoing, self.item, self.hold, self.opening, self.saved

    @property
    def matters(self) -> list[int]:
        """The matters of those that have one."""
        return [thing.matter_id for thing in self.things if thing.matter_id]


def build(at: dt.datetime) -> World:
    """Register one document; draft another, remark on it and submit it. Through services."""
    with acting_as(SYSTEM):
        load_all(by=SYSTEM, at=at)
        load_types(by=SYSTEM, at=at)
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
    incoming = Guarded(document.guard_id, (document.pk, draft.pk), document.matter_id, SECRETS, INSIDERS)
    return World(
        cast=cast,
        actors={"nobody": PUBLIC, **{key: getattr(cast, key) for key in KEYS}},
        incoming=incoming,
        outgoing=_outgoing(cast, at),
        **_archive(cast, at),
    )


def _archive(cast: Cast, at: dt.datetime) -> dict[str, Guarded]:
    """A restricted item of Planning and Finance, a hold on it, an opening of an older one, the registrar's search."""
    [item] = shelf.filed(
        cast, by=cast.drafter, unit="PF", label=20, title=ITEM_TITLE, name=ITEM_FILE, content=ITEM_TEXT.encode(), at=at
    )
    [old] = shelf.filed(cast, dated_on=dt.date(1990, 5, 1), years=None, at=at)
    with acting_as(cast.office_head):
        hold = holds.place_hold(
            kind="LEGAL",
            title=HOLD_TITLE,
            reason="A case before the court.",
            basis="Sample basis",
            review_on=clock.date_of(at) + dt.timedelta(days=30),
            covers=[holds.Cover(item_id=old.pk)],
            by=cast.office_head,
            at=at,
        )
    with acting_as(SYSTEM):
        for state in ("OFFERED", "HELD"):
            archive.set_state(item_ids=[old.pk], state=state, by=SYSTEM, at=at)
    with acting_as(cast.archivist):
        opening = openings.propose_opening(
            fonds_id=old.fonds_id, item_ids=[old.pk], note=OPENING_NOTE, by=cast.archivist, at=at
        )
    with acting_as(cast.registrar):
        saved = save_search(name=SAVED_NAME, q=SAVED_QUESTION, asked={}, by=cast.registrar, at=at)
    # The list belongs to the office: whoever oversees it sees the row; the page lets in who proposes and decides.
    deciders = frozenset({"archivist", "archive_head", "confidential_officer", "office_head", "registrar"})
    return {
        "item": Guarded(item.guard_id, (item.pk,), 0, ITEM_SECRETS, ITEM_INSIDERS),
        "hold": Guarded(hold.guard_id, (hold.pk,), 0, HOLD_SECRETS, HOLD_INSIDERS),
        "opening": Guarded(opening.guard_id, (opening.pk,), 0, OPENING_SECRETS, deciders),
        "saved": Guarded(0, (saved.pk,), 0, SAVED_SECRETS, frozenset({"registrar"})),
    }


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
    return Guarded(document.guard_id, (document.pk,), document.matter_id, OUT_SECRETS, OUT_INSIDERS)
