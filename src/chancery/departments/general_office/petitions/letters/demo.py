"""Letters in the story: one of acceptance that went the whole way, a transfer told, one waiting to be signed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import translation

from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.issuing.models import IssuingSeries
from chancery.departments.general_office.petitions.letters import services
from chancery.departments.general_office.petitions.letters.models import PetitionLetter
from chancery.departments.general_office.petitions.letters.terms import LetterKind
from chancery.departments.general_office.petitions.models import Petition
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

ACCEPTED, PASSED, ANSWERED = "对成果登记的申诉（样例）", "反映地方学会服务问题（样例）", "对会员处理决定的申诉（样例）"
# Who takes which step of an outgoing document, and the outcome that leads on.
WAY = (
    ("unit_check", "office_reviewer", "PASS"),
    ("office_review", "office_reviewer", "PASS"),
    ("sign", "leader", "SIGN"),
    ("recheck", "first_checker", "PASS"),
    ("number", "registrar", "NUMBERED"),
    ("seal", "seal_keeper", "SEALED"),
    ("release", "office_head", "RELEASE"),
)


class Writer:
    """Writes one letter and takes it as far as it goes, a few minutes a step."""

    def __init__(self, cast: Cast, at: dt.datetime) -> None:
        self.cast, self.at = cast, at

    def tick(self) -> dt.datetime:
        """A little later."""
        self.at += dt.timedelta(minutes=4)
        return self.at

    def write(self, petition_id: int, kind: str, by: Actor, until: str = "", checker: str = "office_reviewer") -> None:
        """Begin it, submit it, and bring it to a step; to its dispatch when none is named."""
        at = self.tick()
        with clock.fixed_at(at), acting_as(by), transaction.atomic():
            made = services.begin_letter(
                petition_id=petition_id, kind=kind, signer_post_id=self.cast.leader.post_id, by=by, at=at
            )
            paper = drafting.submit_draft(document_id=made.document_id or 0, by=by, at=at)
        for step, key, outcome in WAY:
            if step == until:
                return
            with acting_as(SYSTEM), transaction.atomic():
                tasks = [row for row in procedure_queries.open_tasks(paper.matter_id or 0) if row["step"] == step]
            who = self.cast[checker if step == "unit_check" else key]
            for task in tasks:
                at = self.tick()
                with clock.fixed_at(at), acting_as(who), transaction.atomic():
                    procedures.complete(task_id=task["id"], outcome=outcome, opinion="", data={}, by=who, at=at)


def petition_named(title: str) -> int:
    """A petition of the story."""
    with acting_as(SYSTEM), transaction.atomic():
        return Petition.objects.filter(title=title).values_list("pk", flat=True).first() or 0


def tell(*, cast: Cast, now: dt.datetime) -> None:
    """Told twice it changes nothing; without a numbering series of the office there is nothing to tell."""
    with acting_as(SYSTEM), transaction.atomic():
        if PetitionLetter.objects.exists() or not IssuingSeries.objects.filter(code="go").exists():
            return
    writer = Writer(cast, now - dt.timedelta(hours=3))
    officer = cast.petition_officer
    with translation.override("zh-hans" if settings.PROFILE == "cn" else "en"):
        writer.write(petition_named(ACCEPTED), LetterKind.ACCEPTANCE, officer)
        writer.write(petition_named(PASSED), LetterKind.TRANSFER_SENDER, officer)
        writer.write(petition_named(PASSED), LetterKind.TRANSFER_BODY, officer, until="sign")
