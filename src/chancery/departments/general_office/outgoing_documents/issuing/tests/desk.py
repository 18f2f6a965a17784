"""The desk of outgoing papers: brings one to a step, as the people whose turn it is. Each verb is one person's act."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.issuing.models import IssuingSeries
from chancery.departments.general_office.outgoing_documents.issuing.series import services as series
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.roles.services import grant_role
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records.papertypes import services as paper_types
from chancery.kernel.records.seals import services as seals

MONDAY = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TEXT = {
    "type": "doc",
    "content": [
        {"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "总体要求"}]},
        {
            "type": "paragraph",
            "attrs": {"align": None},
            "content": [{"type": "text", "text": "请各部门于十二月十日前报送明年工作要点，逾期不再受理。"}],
        },
    ],
}
# Who takes which step, and the outcome that leads on.
WAY = (
    ("unit_check", "unit_checker", "PASS"),
    ("office_review", "office_reviewer", "PASS"),
    ("sign", "leader", "SIGN"),
    ("recheck", "first_checker", "PASS"),
    ("number", "registrar", "NUMBERED"),
    ("seal", "seal_keeper", "SEALED"),
    ("release", "office_head", "RELEASE"),
    ("dispatch", "registrar", "DISPATCHED"),
)


def numbered(serial: int) -> str:
    """The number that the profile's rulebook gives the `serial`th paper of Planning and Finance in 2026."""
    return {"cn": f"科协计函〔2026〕{serial}号", "neutral": f"PF-N/2026/{serial}"}[settings.PROFILE]


def text(*paragraphs: str) -> dict[str, Any]:
    """A manuscript of plain paragraphs."""
    return {
        "type": "doc",
        "content": [
            {"type": "paragraph", "attrs": {"align": None}, "content": [{"type": "text", "text": one}]}
            for one in paragraphs
        ],
    }


class Desk:
    """The desk at work."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.at = MONDAY
        paper_types.load_types(by=SYSTEM, at=MONDAY)
        self.series = self.open_series()

    def tick(self) -> dt.datetime:
        """A little later."""
        self.at += dt.timedelta(minutes=10)
        return self.at

    def who(self, who: str | Actor) -> Actor:
        """One of the cast, by key."""
        return getattr(self.cast, who) if isinstance(who, str) else who

    # --- What must be there -----------------------------------------------------------------------------------------
    def open_series(self, unit: str = "PF", code: str = "pf", word: str = "", **facts: Any) -> IssuingSeries:
        """A numbering series; its day is past, so the loader opens it."""
        word = word or {"cn": "科协计函", "neutral": "PF-N"}[settings.PROFILE]
        given = {"valid_from": dt.date(2026, 1, 1), "by": SYSTEM, "at": MONDAY, **facts}
        return series.open_series(issuer_id=self.cast.units[unit], code=code, word=word, **given)

    def register_seal(self, unit: str = "PF", code: str = "PF-1", keeper: str = "seal_keeper", **facts: Any) -> Any:
        """A seal, registered by whoever keeps the register of seals."""
        given: dict[str, Any] = {
            "code": code,
            "name_en": f"Seal of {unit}",
            "name_zh": "样例印章",
            "legal_name": "中国科学技术协会样例部",
            "unit_id": self.cast.units[unit],
            "kind": "OFFICIAL",
            "diameter_mm": Decimal("42"),
            "keeper_post_id": self.who(keeper).post_id,
            "by": SYSTEM,
            "at": MONDAY,
            **facts,
        }
        return seals.register_seal(**given)

    def two_units(self) -> list[int]:
        """Two units that countersign: one through the receiver, the other through the chaser."""
        grant_role(
            post_id=self.cast.chaser.post_id or 0,
            role="countersigner",
            unit_id=self.cast.units["GO"],
            valid_from=dt.date(2026, 1, 1),
            by=SYSTEM,
            at=MONDAY,
        )
        return [self.cast.units["AS"], self.cast.units["GO"]]

    # --- Drafting ---------------------------------------------------------------------------------------------------
    def facts(self, **more: Any) -> dict[str, Any]:
        """A complete notice of Planning and Finance to another department."""
        units = self.cast.units
        return {
            "title": "关于报送2027年工作要点的通知",
            "body": TEXT,
            "issuer": units["PF"],
            "main": [units["AS"]],
            "signer_post": self.cast.leader.post_id,
            **more,
        }

    def draft(self, *, who: str | Actor = "drafter", paper_type: str = "NOTICE", **facts: Any) -> OutgoingDocument:
        """A draft that could be submitted."""
        return drafting.open_draft(paper_type=paper_type, facts=self.facts(**facts), by=self.who(who), at=self.tick())

    def submit(self, *, who: str | Actor = "drafter", **facts: Any) -> OutgoingDocument:
        """A submitted draft: it waits for the unit's checker."""
        draft = self.draft(who=who, **facts)
        return drafting.submit_draft(document_id=draft.pk, by=self.who(who), at=self.tick())

    # --- The way ----------------------------------------------------------------------------------------------------
    def task(self, document: OutgoingDocument, step: str, item: int | None = None) -> Any:
        """The open task of a step."""
        with acting_as(SYSTEM), transaction.atomic():
            rows = procedure_queries.open_tasks(document.matter_id or 0)
        return next((row for row in rows if row["step"] == step and item in (None, row["item"])), None)

    def open_steps(self, document: OutgoingDocument) -> list[str]:
        """The steps that wait."""
        with acting_as(SYSTEM), transaction.atomic():
            return sorted(row["step"] for row in procedure_queries.open_tasks(document.matter_id or 0))

    def press(
        self,
        document: OutgoingDocument,
        step: str,
        outcome: str,
        who: str | Actor,
        opinion: str = "",
        item: int | None = None,
        **data: Any,
    ) -> OutgoingDocument:
        """End a step with an outcome."""
        task = self.task(document, step, item)
        assert task is not None, f"{step} does not wait; {self.open_steps(document)} do"
        procedures.complete(
            task_id=task["id"], outcome=outcome, opinion=opinion, data=data, by=self.who(who), at=self.tick()
        )
        return self.fresh(document)

    def bring_to(self, step: str, document: OutgoingDocument | None = None, **facts: Any) -> OutgoingDocument:
        """A paper that waits at a step, everybody before it having agreed."""
        document = document or self.submit(**facts)
        for code, who, outcome in WAY:
            if step in self.open_steps(document):
                return document
            if code in self.open_steps(document):
                document = self.press(document, code, outcome, who)
        assert step in self.open_steps(document), f"{step} was not reached: {self.open_steps(document)} wait"
        return document

    def fresh(self, document: OutgoingDocument) -> OutgoingDocument:
        """The document as it is now."""
        with acting_as(SYSTEM), transaction.atomic():
            return OutgoingDocument.objects.select_related("sealed_file", "issued_number").get(pk=document.pk)
