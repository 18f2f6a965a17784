"""The house at work: released papers without the way there, and the desks that receive them."""

from __future__ import annotations

import datetime as dt
import functools
import io
import secrets
from typing import Any

from django.db import transaction

from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.dispatch import services as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.issuing.models import Signature
from chancery.departments.general_office.outgoing_documents.models import Addressee, Annex, OutgoingDocument, Relation
from chancery.departments.general_office.outgoing_documents.terms import PROCEDURE
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access import services as access
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.publishing.verification import services as verification
from chancery.kernel.records import services as records

MONDAY = dt.datetime(2026, 11, 16, 2, 0, tzinfo=dt.UTC)
TITLE = "关于做好二〇二七年度预算编制工作的通知"


@functools.cache
def pdf() -> bytes:
    """A small PDF, set once."""
    import typst

    return bytes(typst.compile(b"#set page(width: 210mm, height: 297mm)\nNotice", pdf_standards=["a-2b"]))


class House:
    """Each verb is one person's act, a little later than the last."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.at = MONDAY
        self.serial = 0

    def tick(self, **more: int) -> dt.datetime:
        self.at += dt.timedelta(**(more or {"minutes": 10}))
        return self.at

    def released(
        self,
        *,
        units: tuple[str, ...] = ("AS",),
        copies: tuple[str, ...] = (),
        outside: tuple[dict[str, str], ...] = (),
        label: int = 10,
        title: str = TITLE,
        annexes: tuple[str, ...] = (),
        relations: tuple[tuple[str, OutgoingDocument], ...] = (),
        urgency: str = "NORMAL",
        sealed: bytes | None = None,
    ) -> OutgoingDocument:
        """A paper of Planning and Finance, drafted, signed by the leader, released: as the procedure leaves it."""
        cast, at = self.cast, self.tick()
        self.serial += 1
        with acting_as(SYSTEM), transaction.atomic():
            guard = access.open_guard(unit_id=cast.units["PF"], label=label, scope=PROCEDURE, by=SYSTEM, at=at)
            readers = [(cast.drafter.post_id, None, None), (cast.leader.post_id, None, None)]
            access.add_readers(
                guard_id=guard.pk,
                readers=[*readers, (None, "registrar", cast.units["GO"])],
                how="task",
                by=SYSTEM,
                at=at,
            )
            matter = procedures.open_matter(
                procedure=PROCEDURE,
                title=title,
                unit_id=cast.units["PF"],
                label=label,
                guard_id=guard.pk,
                number=f"发文测〔2026〕{self.serial}号",
                data={"drafter_post": cast.drafter.post_id, "office_unit": cast.units["GO"]},
                by=SYSTEM,
                at=at,
            )
            paper = OutgoingDocument.objects.create(
                guard=guard,
                matter=matter,
                unit_id=cast.units["PF"],
                issuer_id=cast.units["GO"],
                state="UNDER_WAY",
                profile="cn",
                paper_type="NOTICE",
                format="DOCUMENT",
                language="zh",
                title=title,
                body=manuscript.from_plain("各部门：\n请按时报送。", profile="cn"),
                label=label,
                urgency=urgency,
                drafter_person_id=cast.drafter.person_id,
                drafter_post_id=cast.drafter.post_id,
                opened_at=at,
                changed_at=at,
                verify_code=verification.new_code(),
            )
            for position, code in enumerate(units):
                Addressee.objects.create(document=paper, part="MAIN", position=position, unit_id=cast.units[code])
            for position, code in enumerate(copies):
                Addressee.objects.create(document=paper, part="COPY", position=position, unit_id=cast.units[code])
            for position, facts in enumerate(outside):
                Addressee.objects.create(document=paper, position=50 + position, **facts)
            for kind, earlier in relations:
                Relation.objects.create(document=paper, kind=kind, earlier=earlier)
            for position, name in enumerate(annexes):
                stored = records.store_file(
                    guard_id=guard.pk, name=name, content=io.BytesIO(f"annex {name}".encode()), by=SYSTEM, at=at
                )
                Annex.objects.create(document=paper, stored=stored, name=name, position=position, added_at=at)
            paper.dated_on = clock.date_of(at)
            text = documents.text_hash(paper)
            signed = {"signed_at": at, "person_id": cast.leader.person_id, "post_id": cast.leader.post_id}
            Signature.objects.create(
                document=paper,
                text_hash=text,
                version=1,
                rechecked_at=at,
                rechecked_person_id=cast.first_checker.person_id,
                **signed,
            )
            stored = records.store_file(
                guard_id=guard.pk, name="paper.pdf", content=io.BytesIO(sealed or pdf()), by=SYSTEM, at=at
            )
            paper.signed_hash, paper.signed_at = text, at
            paper.signed_person_id, paper.signed_post_id = cast.leader.person_id, cast.leader.post_id
            paper.series, paper.number = "test", f"科协办测〔2026〕{self.serial}号"
            paper.numbered_at = paper.sealed_at = paper.released_at = at
            paper.sealed_file = stored
            paper.pages = 1
            paper.state = "RELEASED"
            paper.save()
            verification.publish_issued(
                code=paper.verify_code,
                subject=documents.subject_of(paper),
                unit_id=paper.issuer_id,
                issued_on=paper.dated_on,
                sha256s=[stored.sha256],
                by=SYSTEM,
                at=at,
            )
            return OutgoingDocument.objects.get(pk=paper.pk)

    def sent(self, paper: OutgoingDocument | None = None, **facts: Any) -> list[Delivery]:
        """Dispatched by the registrar."""
        paper = paper or self.released(**facts)
        return dispatch.dispatch_document(document_id=paper.pk, by=self.cast.registrar, at=self.tick())

    def copy(self, delivery: Delivery) -> IncomingDocument:
        """What stands at the desk."""
        with acting_as(SYSTEM), transaction.atomic():
            return IncomingDocument.objects.select_related("arrival").get(pk=delivery.incoming_id)

    def now(self, delivery: Delivery) -> Delivery:
        """The delivery as it stands."""
        with acting_as(SYSTEM), transaction.atomic():
            return Delivery.objects.select_related("document").get(pk=delivery.pk)

    def task(self, matter_id: int | None, step: str) -> Any:
        """The open task of a step."""
        with acting_as(SYSTEM), transaction.atomic():
            return next((row for row in procedure_queries.open_tasks(matter_id or 0) if row["step"] == step), None)

    def press(self, matter_id: int | None, step: str, outcome: str, who: Any, opinion: str = "", **data: Any) -> None:
        """Complete a step."""
        task = self.task(matter_id, step)
        by = getattr(self.cast, who) if isinstance(who, str) else who
        procedures.complete(task_id=task["id"], outcome=outcome, opinion=opinion, data=data, by=by, at=self.tick())


def token_in(text: str) -> str:
    """The token of the link in a mail."""
    return text.split("/letters/")[1].split("/")[0]


def some_token() -> str:
    """One that nobody was given."""
    return secrets.token_urlsafe(32)
