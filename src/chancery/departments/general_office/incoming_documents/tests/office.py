"""The office at work: brings a document to a step, as the people whose turn it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction

from chancery.departments.general_office.incoming_documents.filing import queries as filing
from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records.archive.placing.queries import proposed

MONDAY = dt.datetime(2026, 11, 16, 2, 0, tzinfo=dt.UTC)
FACTS = {
    "title": "关于举办第12届学术年会的请示",
    "sender": "样例天文学会",
    "sender_number": "样天学字〔2026〕8号",
    "dated_on": dt.date(2026, 11, 12),
    "received_on": dt.date(2026, 11, 16),
    "kind": "REQUEST",
}


def numbered(serial: int) -> str:
    """The number that the profile's rulebook gives the `serial`th document of 2026."""
    return {"cn": f"收〔2026〕{serial}号", "neutral": f"IN-2026-{serial:04}"}[settings.PROFILE]


def planned(document_id: int, at: dt.datetime = MONDAY) -> dict[str, str]:
    """Class and period, as the file plan in force proposes them for the document."""
    with acting_as(SYSTEM), transaction.atomic():
        document = IncomingDocument.objects.get(pk=document_id)
        file_class, retention, _why = proposed(filing.thing_of(document, at.date()))
    return {"file_class": file_class, "retention": retention}


class Office:
    """The office at work: each verb is one person's act, a little later than the last."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.at = MONDAY

    def tick(self) -> dt.datetime:
        self.at += dt.timedelta(minutes=10)
        return self.at

    def draft(self, **facts: Any) -> IncomingDocument:
        by = self.cast.registrar
        draft = intake.open_draft(by=by, at=self.tick())
        return intake.save_draft(document_id=draft.pk, facts={**FACTS, **facts}, by=by, at=self.at)

    def register(self, **facts: Any) -> IncomingDocument:
        draft = self.draft(**facts)
        return registration.register_document(document_id=draft.pk, by=self.cast.registrar, at=self.tick())

    def task(self, document: IncomingDocument, step: str, item: int | None = None) -> Any:
        with acting_as(SYSTEM), transaction.atomic():
            rows = procedure_queries.open_tasks(document.matter_id)
        return next((row for row in rows if row["step"] == step and item in (None, row["item"])), None)

    def open_steps(self, document: IncomingDocument) -> list[str]:
        with acting_as(SYSTEM):
            return sorted(row["step"] for row in procedure_queries.open_tasks(document.matter_id))

    def press(
        self,
        document: IncomingDocument,
        step: str,
        outcome: str,
        who: str,
        opinion: str = "",
        item: int | None = None,
        **data: Any,
    ) -> None:
        task = self.task(document, step, item)
        by = who if not isinstance(who, str) else getattr(self.cast, who)
        procedures.complete(task_id=task["id"], outcome=outcome, opinion=opinion, data=data, by=by, at=self.tick())

    def accept(self, document: IncomingDocument) -> None:
        self.press(document, "first_check", "ACCEPT", "first_checker")

    def propose(self, document: IncomingDocument, outcome: str = "DIRECT", **data: Any) -> None:
        given = {"lead_unit": self.cast.units["PF"], "co_units": [], "readers": [], "leaders": [], **data}
        self.press(document, "propose", outcome, "office_head", "请计划财务部阅办。", **given)
