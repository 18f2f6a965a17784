"""This function's part of the demo story: the cast takes the planned documents through their procedure, by services.

Each tale is one transaction under an injected clock. Files are real (`chancery.demo.texts`), people and acts invented.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from chancery.departments.general_office.incoming_documents import queries
from chancery.departments.general_office.incoming_documents.filing import queries as filing
from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.intake.demo import (
    ACTORS,
    SAID,
    SEED,
    Cast,
    Tale,
    Text,
    facts_of,
    plan,
)
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.departments.general_office.incoming_documents.terms import Kind, Outcome, Step
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.absence.services import declare_absence
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Notice
from chancery.kernel.records.archive.placing.queries import proposed

STORY = uuid.UUID("5a3c9a52-6a0e-4c53-9d0e-3f7f7f6d0003")


class OutOfTime(Exception):
    """The story has reached the present; what would come next has not happened yet."""


class Player:
    """Plays one tale: holds the clock, chooses the words, presses the buttons as the cast member whose turn it is."""

    def __init__(self, tale: Tale, cast: Cast, now: dt.datetime) -> None:
        self.tale, self.cast, self.now = tale, cast, now
        self.chance = random.Random(SEED + tale.index)  # noqa: S311 - a story, not a secret
        self.at = tale.received_at
        self.is_chinese = tale.is_chinese
        self.document = IncomingDocument()

    def say(self, key: str, **names: str) -> str:
        """One of the story's sentences, in the document's language."""
        said = SAID[key][0 if self.is_chinese else 1]
        text = said if isinstance(said, str) else self.chance.choice(said)
        return text.format(**names)

    def wait(self, *, hours: float = 0, days: float = 0) -> None:
        """Let office time pass, up to the present."""
        at = self.at + dt.timedelta(hours=hours or self.chance.uniform(0.3, 3), days=days)
        local = timezone.localtime(at)
        if local.hour >= 18 or local.hour < 9:
            local = (local + dt.timedelta(days=1 if local.hour >= 18 else 0)).replace(
                hour=9, minute=self.chance.randint(0, 59)
            )
        while local.weekday() > 4:
            local += dt.timedelta(days=1)
        self.at = local.astimezone(dt.UTC)
        if self.at >= self.now:
            raise OutOfTime

    def play(self, token: uuid.UUID) -> None:
        """The whole tale, as far as it goes."""
        try:
            self.arrive(token)
            self.check()
            self.decide()
            self.work()
            self.finish()
        except OutOfTime:
            return

    def stop_before(self, step: str) -> None:
        """End the tale here when it says so."""
        if self.tale.until == step:
            raise OutOfTime

    @property
    def matter_id(self) -> int:
        """The matter of the document, once signed for."""
        return self.document.matter_id or 0

    # --- who ------------------------------------------------------------------------------------------------------
    def handler_of(self, code: str) -> Actor:
        """Who handles for a unit; in one kind of tale the deputy of an absent handler."""
        return self.cast.under(*ACTORS[code])

    def press(
        self,
        step: str,
        outcome: str,
        by: Actor,
        opinion: str = "",
        data: Mapping[str, Any] | None = None,
        item: int | None = None,
    ) -> None:
        """Complete the open task of a step."""
        with clock.fixed_at(self.at):
            task = self.task(step, by, item)
            procedures.complete(
                task_id=task["id"], outcome=outcome, opinion=opinion, data=data or {}, by=by, at=self.at
            )

    def task(self, step: str, by: Actor, item: int | None = None) -> Mapping[str, Any]:
        """The open task of a step (for one unit or post of many)."""
        with acting_as(SYSTEM):
            rows = procedure_queries.open_tasks(self.matter_id)
        found = [row for row in rows if row["step"] == step and (item is None or row["item"] == item)]
        if not found:
            raise LookupError(f"{self.tale}: {step} is not open, but {[row['step'] for row in rows]}")
        return found[0]

    # --- arrival --------------------------------------------------------------------------------------------------
    def arrive(self, token: uuid.UUID) -> None:
        """Draft, files, signing, registration."""
        by = self.cast["registrar"]
        with clock.fixed_at(self.at):
            draft = intake.open_draft(act_token=token, by=by, at=self.at)
            proposal: dict[str, str] = {}
            if self.tale.text is not None:
                text = self.tale.text
                proposal = intake.add_file(
                    document_id=draft.pk, name=text.name, content=io.BytesIO(text.content), by=by, at=self.at
                ).as_fields()
            chaser = self.cast.posts["chaser", "GO"] if self.tale.is_important else None
            facts = facts_of(self.tale, clock.date_of(self.at), proposal, self.chance, chaser)
            self.document = intake.save_draft(document_id=draft.pk, facts=facts, by=by, at=self.at)
        self.stop_before(Step.SIGN_FOR)
        self.wait(hours=0.2)
        with clock.fixed_at(self.at):
            if self.tale.until == Step.REGISTER:
                registration.sign_for_document(document_id=draft.pk, by=by, at=self.at)
                raise OutOfTime
            self.document = registration.register_document(document_id=draft.pk, by=by, at=self.at)

    # --- check and proposal ---------------------------------------------------------------------------------------
    def check(self) -> None:
        """初审."""
        by = self.cast["first_checker"]
        if self.tale.extra != "recall":
            self.stop_before(Step.FIRST_CHECK)
        self.wait()
        if self.tale.until in {Step.SEND_BACK, "returned"}:
            self.press(Step.FIRST_CHECK, Outcome.RETURN, by, self.say("fault"), {"faults": ["INCOMPLETE", "NO_SEAL"]})
            self.stop_before(Step.SEND_BACK)
            self.wait(days=1)
            self.press(Step.SEND_BACK, Outcome.DONE, self.cast["registrar"])
            raise OutOfTime
        self.press(Step.FIRST_CHECK, Outcome.ACCEPT, by)
        if self.tale.extra == "recall":
            self.wait(hours=0.2)
            with clock.fixed_at(self.at), acting_as(SYSTEM):
                done = [row for row in procedure_queries.tasks(self.matter_id) if row["step"] == Step.FIRST_CHECK]
            with clock.fixed_at(self.at):
                procedures.recall(task_id=done[-1]["id"], reason=self.say("recall"), by=by, at=self.at)
            raise OutOfTime

    def decide(self) -> None:
        """拟办 and 批示."""
        head, tale = self.cast["office_head"], self.tale
        self.stop_before(Step.PROPOSE)
        self.wait()
        self.propose(head)
        if tale.way != "TO_LEADER":
            return
        self.stop_before(Step.INSTRUCT)
        self.wait(days=self.chance.choice((0, 1)))
        leader = self.cast["leader"]
        if tale.extra == "revise":
            self.press(Step.INSTRUCT, Outcome.REVISE, leader, self.say("revise"))
            self.wait()
            self.propose(head)
            self.wait()
        self.press(Step.INSTRUCT, Outcome.AGREE, leader, self.say("instruct"))

    def propose(self, by: Actor) -> None:
        """One proposal."""
        tale, units = self.tale, self.cast.units
        names = self.unit_names()
        reading = tale.way == "READ_ONLY"
        key = "propose_read" if reading else "propose" if tale.co_units else "propose_alone"
        said = self.say(key, lead=names.get(tale.lead, ""), co="、".join(names[unit] for unit in tale.co_units))
        data = {
            "lead_unit": None if reading else units[tale.lead],
            "co_units": [units[unit] for unit in tale.co_units],
            "readers": [self.cast.posts[reader] for reader in tale.readers],
            "leaders": [self.cast.posts["leader", "ES"]] if tale.way == "TO_LEADER" else [],
        }
        self.press(Step.PROPOSE, tale.way, by, said, data)

    def unit_names(self) -> dict[str, str]:
        """Unit code → name in the document's language."""
        with acting_as(SYSTEM), translation.override("zh-hans" if self.is_chinese else "en"):
            return {code: queries.unit_name(self.cast.units[code]) for code in ACTORS}

    def deputy(self) -> Actor:
        """The handler goes away for a week; who stands in handles, and the record says for whom."""
        handler, stand_in = self.cast["handler"], self.cast["auditor"]
        today = clock.date_of(self.at)
        with clock.fixed_at(self.at):
            declare_absence(
                absent_post_id=handler.post_id or 0,
                deputy_post_id=stand_in.post_id or 0,
                starts_on=today,
                ends_on=today + dt.timedelta(days=6),
                reason=self.say("away"),
                by=handler,
                at=self.at,
            )
        return stand_in

    # --- work -----------------------------------------------------------------------------------------------------
    def work(self) -> None:
        """承办, 会签, 传阅, 催办."""
        tale = self.tale
        self.read(tale.readers[:1] if tale.until == Step.CIRCULATE else tale.readers)
        if tale.way == "READ_ONLY":
            self.stop_before(Step.CIRCULATE)
            return
        self.trouble()
        self.stop_before(Step.HANDLE)
        self.wait(days=self.chance.choice((0, 1, 1, 2)))
        by = self.deputy() if tale.extra == "deputy" else self.handler_of(tale.lead)
        if tale.late:
            self.run_late()
        self.press(
            Step.HANDLE,
            Outcome.NO_REPLY if self.needs_no_reply() else Outcome.REPLY_DUE,
            by,
            self.say("handle"),
        )
        for place, unit in enumerate(tale.co_units):
            if tale.until == Step.COSIGN and place == len(tale.co_units) - 1:
                raise OutOfTime
            self.wait()
            outcome = "OBJECT" if (tale.index + place) % 11 == 5 else Outcome.AGREE
            self.press(Step.COSIGN, outcome, self.handler_of(unit), self.say("cosign"), item=self.cast.units[unit])
        self.stop_before(Step.CIRCULATE)
        self.stop_before(Step.REPLY)
        if not self.needs_no_reply():
            self.reply(by)

    def needs_no_reply(self) -> bool:
        """Some papers need no answer; a request does."""
        return self.tale.index % 5 == 0 and not self.tale.until and self.document.kind != Kind.REQUEST

    def read(self, readers: Iterable[tuple[str, str]]) -> None:
        """Read marks, one after another."""
        for reader in readers:
            self.wait()
            self.press(
                Step.CIRCULATE, Outcome.NOTED, self.cast.under(*reader), self.say("noted"), item=self.cast.posts[reader]
            )

    def reply(self, by: Actor) -> None:
        """答复."""
        self.wait(days=1)
        self.press(Step.REPLY, Outcome.REPLIED, by, "", {"reply_text": self.say("reply"), "reply_number": ""})

    def run_late(self) -> None:
        """Let the limit pass: the timer calls the chaser where one is named."""
        limit = self.document.limit_on or clock.date_of(self.at)
        over = dt.datetime.combine(limit + dt.timedelta(days=1), dt.time(2, 0), tzinfo=dt.UTC)
        self.at = max(self.at, over)
        self.wait(hours=1)
        with clock.fixed_at(self.at):
            procedures.run_timers(matter_id=self.matter_id, by=SYSTEM, at=self.at)
        if self.document.is_important:
            self.wait(hours=1)
            self.press(Step.CHASE, Outcome.DONE, self.cast["chaser"], self.say("chase"))
            self.wait(days=1)

    def trouble(self) -> None:
        """What befalls the documents that stand: late, urged, paused, extended, handed over."""
        extra, by, matter_id = self.tale.extra, self.handler_of(self.tale.lead), self.matter_id
        if extra in {"chase", "chased"}:
            limit = self.document.limit_on or clock.date_of(self.at)
            self.at = max(self.at, dt.datetime.combine(limit + dt.timedelta(days=1), dt.time(2, 0), tzinfo=dt.UTC))
            self.wait(hours=1)
            with clock.fixed_at(self.at):
                procedures.run_timers(matter_id=matter_id, by=SYSTEM, at=self.at)
            if extra == "chased":
                self.wait(hours=2)
                self.press(Step.CHASE, Outcome.DONE, self.cast["chaser"], self.say("chase"))
        if extra not in {"urge", "pause", "extend", "ask", "delegate", "return"}:
            return
        self.wait(days=0 if extra in {"extend", "ask", "delegate"} else 3)
        with clock.fixed_at(self.at):
            task_id = self.task(Step.HANDLE, by)["id"]
            if extra == "urge":
                procedures.urge(matter_id=matter_id, note=self.say("urge"), by=self.cast["office_head"], at=self.at)
            elif extra == "pause":
                procedures.pause(matter_id=matter_id, reason=self.say("pause"), by=self.cast["office_head"], at=self.at)
            elif extra == "delegate":
                procedures.delegate(
                    task_id=task_id,
                    post_id=self.cast.posts["auditor", "PF"],
                    reason=self.say("delegate"),
                    by=by,
                    at=self.at,
                )
            elif extra == "return":
                procedures.return_to(task_id=task_id, step=Step.PROPOSE, reason=self.say("return"), by=by, at=self.at)
                self.wait()
                self.propose(self.cast["office_head"])
                if self.tale.way == "TO_LEADER":
                    self.press(Step.INSTRUCT, Outcome.AGREE, self.cast["leader"], self.say("instruct"))
                self.read(self.tale.readers)
            else:
                request = procedures.ask_extension(
                    task_id=task_id, days=3, reason=self.say("extend"), by=by, at=self.at
                )
                if extra == "extend":
                    procedures.decide_extension(
                        request_id=request.pk, grant=True, note="", by=self.cast["office_head"], at=self.at
                    )

    # --- end ------------------------------------------------------------------------------------------------------
    def finish(self) -> None:
        """办结审核 and 归档."""
        head, tale = self.cast["office_head"], self.tale
        if tale.way != "READ_ONLY":
            self.stop_before(Step.OFFICE_CHECK)
            self.wait()
            if tale.extra == "rework":
                self.press(Step.OFFICE_CHECK, Outcome.REWORK, head, self.say("rework"))
                self.reply(self.handler_of(tale.lead))
                self.wait()
            self.press(Step.OFFICE_CHECK, Outcome.PASS, head)
        self.stop_before(Step.FILE)
        self.wait(days=self.chance.choice((1, 2, 4)))
        with acting_as(SYSTEM):
            document = IncomingDocument.objects.get(pk=self.document.pk)
            file_class, retention, _why = proposed(filing.thing_of(document, clock.date_of(self.at)))
            if filing.closing(document):
                raise OutOfTime  # a request that was only passed round: it waits for its answer
        self.press(
            Step.FILE, Outcome.FILED, self.cast["archivist"], "", {"file_class": file_class, "retention": retention}
        )


def tell(
    *,
    cast: Cast,
    now: dt.datetime,
    texts: Sequence[Text],
    count: int = 160,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Tell the tales not told yet, each in one transaction: a killed load goes on. Returns how many."""
    tales = plan(now, count, texts)
    with acting_as(SYSTEM), transaction.atomic():
        told = set(IncomingDocument.objects.exclude(act_token=None).values_list("act_token", flat=True))
    done = 0
    for place, tale in enumerate(tales, 1):
        token = uuid.uuid5(STORY, str(tale.index))
        if token not in told:
            with transaction.atomic():
                Player(tale, cast, now).play(token)
            done += 1
        if progress is not None:
            progress(place, len(tales))
    with clock.fixed_at(now):
        procedures.mark_overdue(by=SYSTEM, at=now)
        if done == len(tales):
            _send_away(cast, now)
    with acting_as(SYSTEM), transaction.atomic():
        old = Notice.objects.filter(seen_at=None, at__lt=now - dt.timedelta(days=2)).values_list("id", flat=True)
        procedures.see_notices(notice_ids=list(old), by=SYSTEM, at=now)
    return done


def _send_away(cast: Cast, now: dt.datetime) -> None:
    """The chaser is away these days: what falls to that post is found in the archivist's inbox."""
    today = clock.date_of(now)
    declare_absence(
        absent_post_id=cast.posts["chaser", "GO"],
        deputy_post_id=cast.posts["archivist", "GO"],
        starts_on=today,
        ends_on=today + dt.timedelta(days=3),
        reason="出差 / On a journey",
        by=cast["chaser"],
        at=now,
    )
