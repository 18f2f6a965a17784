"""This function's part of the demo story: the cast takes papers from the draft to the receipt, by services alone.

Each tale is one transaction under an injected clock; a load that was killed goes on with the tales not told yet. The
seals are the sample bodies' own, made for the story. Nothing here is the act of anybody real.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from chancery.departments.general_office.incoming_documents.demo import OutOfTime
from chancery.departments.general_office.incoming_documents.inside import services as inside
from chancery.departments.general_office.incoming_documents.intake.demo import Cast
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.annexes import services as annexes
from chancery.departments.general_office.outgoing_documents.comments import services as comments
from chancery.departments.general_office.outgoing_documents.correction import services as correction
from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch_queries
from chancery.departments.general_office.outgoing_documents.dispatch import services as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch.chasing import services as chasing
from chancery.departments.general_office.outgoing_documents.dispatch.demo import CHINESE, ENGLISH, SAID, Paper
from chancery.departments.general_office.outgoing_documents.dispatch.letters import queries as letter_queries
from chancery.departments.general_office.outgoing_documents.dispatch.letters import services as letters
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.terms import UNREAD, Channel
from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.issuing.models import IssuingSeries
from chancery.departments.general_office.outgoing_documents.issuing.series import services as series
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.roles.models import RoleGrant
from chancery.kernel.access.roles.services import grant_role
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records import services as records
from chancery.kernel.records.seals.models import Seal

STORY = uuid.UUID("5a3c9a52-6a0e-4c53-9d0e-3f7f7f6d0004")
WORDS = {"GO": ("科协办函", "GO"), "PF": ("科协计函", "PF"), "AS": ("科协学函", "AS")}
# Desks of the story: in these departments the sample handler registers and countersigns, too.
DESKS = {"OP": "personnel_handler", "SP": "science_handler"}
CHECKERS = {"PF": "unit_checker", "AS": "receiver"}
COUNTERSIGNERS = {"PF": "unit_checker", "AS": "receiver", **DESKS}
REGISTRARS = {"GO": "registrar", "AS": "receiver", **DESKS}
ROLES = ("registrar", "countersigner")
NOTE = "Sample / 样例"
BEFORE = dt.timedelta(days=120)  # desks, series and seals are there before the first paper


class Player:
    """Plays one tale: holds the clock and presses the buttons as the cast member whose turn it is."""

    def __init__(self, paper: Paper, cast: Cast, now: dt.datetime, told: dict[str, int]) -> None:
        self.paper, self.cast, self.now, self.told = paper, cast, now, told
        self.chance = random.Random(paper.key)  # noqa: S311 - a story, not a secret
        self.is_chinese = settings.PROFILE == "cn"
        start = timezone.localtime(now - dt.timedelta(days=paper.days_ago)).replace(hour=9, minute=20)
        while start.weekday() > 4:
            start -= dt.timedelta(days=1)
        self.at = start.astimezone(dt.UTC)
        self.document = OutgoingDocument()

    def say(self, key: str) -> str:
        """One of the story's sentences."""
        return SAID[key][0 if self.is_chinese else 1]

    def wait(self, hours: float = 0) -> dt.datetime:
        """Let office time pass, up to the present."""
        local = timezone.localtime(self.at + dt.timedelta(hours=hours or self.chance.uniform(0.3, 2.2)))
        if local.hour >= 18 or local.hour < 9:
            later = local + dt.timedelta(days=1 if local.hour >= 18 else 0)
            local = later.replace(hour=9, minute=self.chance.randint(0, 59))
        while local.weekday() > 4:
            local += dt.timedelta(days=1)
        self.at = local.astimezone(dt.UTC)
        if self.at >= self.now:
            raise OutOfTime
        return self.at

    def act(self, verb: Callable[..., Any], by: Actor, **facts: Any) -> Any:
        """One service, at the story's time."""
        with clock.fixed_at(self.at):
            return verb(**facts, by=by, at=self.at)

    def who(self, step: str) -> Actor:
        """Whose turn it is."""
        unit = self.paper.drafter[1]
        return self.cast[
            {
                "unit_check": CHECKERS[unit],
                "office_review": "office_reviewer",
                "sign": "leader",
                "recheck": "first_checker",
                "number": "registrar",
                "seal": "seal_keeper",
                "release": "office_head",
                "dispatch": "registrar",
                "receipts": "registrar",
            }[step]
        ]

    def press(self, step: str, outcome: str, by: Actor | None = None, opinion: str = "", **data: Any) -> None:
        """Complete the open task of a step; of a step of many, the actor's own."""
        with acting_as(SYSTEM), transaction.atomic():
            matter_id = self.document.matter_id or 0
            tasks = [row for row in procedure_queries.open_tasks(matter_id) if row["step"] == step]
        by = by or self.who(step)
        mine = [row for row in tasks if len(tasks) == 1 or row["unit_id"] == by.body_id]
        self.act(procedures.complete, by, task_id=mine[0]["id"], outcome=outcome, opinion=opinion, data=data)

    def stop(self, step: str) -> None:
        """End the tale here when it says so."""
        if self.paper.until == step:
            raise OutOfTime

    # --- The tale ---------------------------------------------------------------------------------------------------
    def play(self) -> None:
        """The whole of it, as far as it goes."""
        try:
            self.draft()
            self.check()
            self.sign()
            self.issue()
            self.send()
            self.receive()
        except OutOfTime:
            return

    def facts(self) -> dict[str, Any]:
        """The draft as the drafter types it."""
        paper, units = self.paper, self.cast.units
        body = manuscript.from_plain(paper.text, profile="cn" if self.is_chinese else "neutral")
        facts: dict[str, Any] = {
            "title": paper.title,
            "body": body,
            "issuer": units[paper.issuer],
            "direction": paper.direction,
            "language": "zh" if self.is_chinese else "en",
            "main": [units[code] for code in paper.main],
            "copy_to": [units[code] for code in paper.copies],
            "outside": [{"email": "", "postal": "", **one} for one in paper.outside],
            "joint_issuers": [units[code] for code in paper.joint],
            "countersign_units": [units[code] for code in paper.countersign],
            "signer_post": self.cast.posts["leader", "ES"],
            "urgency": paper.urgency,
            "label": paper.label,
            "note": paper.note,
        }
        if paper.relation is not None:
            kind, key = paper.relation
            facts["relations"] = [
                {"kind": kind, "earlier_id": self.told[key], "earlier_number": "", "earlier_title": "", "note": ""}
            ]
        return facts

    def draft(self) -> None:
        """拟稿."""
        paper, by = self.paper, self.cast.under(*self.paper.drafter)
        token = uuid.uuid5(STORY, paper.key)
        self.document = self.act(
            drafting.open_draft,
            by,
            paper_type=paper.type,
            profile=settings.PROFILE,
            facts=self.facts(),
            act_token=token,
        )
        self.told[paper.key] = self.document.pk
        if paper.annex:
            content = io.BytesIO("项目,金额\n学术交流,120\n科学普及,80\n".encode())
            self.act(annexes.add_annex, by, document_id=self.document.pk, name=paper.annex, content=content)
        if paper.extra == "comments":
            self.comment(by)
        self.stop("draft")
        self.wait()
        self.document = self.act(drafting.submit_draft, by, document_id=self.document.pk)
        self.stop("unit_check")

    def comment(self, by: Actor) -> None:
        """Two versions to compare, a colleague asked along, a remark and its answer."""
        colleague = self.cast[CHECKERS[self.paper.drafter[1]]]
        self.act(drafting.ask_along, by, document_id=self.document.pk, post_ids=[colleague.post_id])
        self.wait()
        text = self.paper.text.rstrip() + "\n" + self.say("rework_text")
        body = manuscript.from_plain(text, profile="cn" if self.is_chinese else "neutral")
        self.act(drafting.save_draft, by, document_id=self.document.pk, facts={"body": body})
        plain = manuscript.plain(body)
        start = plain.index(self.say("rework_text")[4:12])
        anchor = manuscript.anchor_at(plain, start, start + 8)
        self.wait()
        said = self.act(
            comments.make_comment, colleague, document_id=self.document.pk, text=self.say("comment"), anchor=anchor
        )
        self.wait()
        self.act(comments.answer_comment, by, comment_id=said.pk, text=self.say("answer"))

    def check(self) -> None:
        """核稿, 会签, 审核."""
        paper = self.paper
        self.wait()
        named = [self.cast.units[code] for code in paper.countersign]
        self.press("unit_check", "PARALLEL" if named else "PASS", countersign_units=named)
        if named:
            self.countersign()
        self.stop("office_review")
        self.wait()
        if paper.extra == "rework":
            self.press("office_review", "REWORK", opinion=self.say("rework"))
            self.again()
            self.wait()
        self.press("office_review", "PASS")

    def countersign(self) -> None:
        """会签, all at once; one may object, then everybody is asked again."""
        paper = self.paper
        signers = [self.cast[COUNTERSIGNERS[code]] for code in paper.countersign]
        if paper.extra == "object":
            self.wait()
            self.press("countersign_parallel", "AGREE", signers[0], self.say("agree"))
            self.wait()
            self.press("countersign_parallel", "OBJECT", signers[-1], self.say("object"))
            raise OutOfTime
        last = len(signers) - (1 if paper.until == "countersign" else 0)
        for signer in signers[:last]:
            self.wait()
            self.press("countersign_parallel", "AGREE", signer, self.say("agree"))
        self.stop("countersign")

    def again(self) -> None:
        """Back at the drafter: changed, and submitted once more."""
        by = self.cast.under(*self.paper.drafter)
        self.wait()
        text = self.paper.text.rstrip() + "\n" + self.say("rework_text")
        body = manuscript.from_plain(text, profile="cn" if self.is_chinese else "neutral")
        self.act(drafting.save_draft, by, document_id=self.document.pk, facts={"body": body})
        self.wait()
        self.act(drafting.submit_draft, by, document_id=self.document.pk)
        self.wait()
        self.press("unit_check", "PASS")

    def sign(self) -> None:
        """签发, 复核."""
        self.stop("sign")
        self.wait()
        self.press("sign", "SIGN", opinion=self.say("agree"))
        self.stop("recheck")
        self.wait()
        self.press("recheck", "PASS")

    def issue(self) -> None:
        """编号, 用印, 核发."""
        self.stop("number")
        self.wait()
        self.press("number", "NUMBERED")
        self.stop("seal")
        self.wait()
        if self.paper.extra == "void":
            self.press("seal", "CANCEL", opinion=self.say("void"))
            raise OutOfTime
        self.press("seal", "SEALED")
        self.stop("release")
        self.wait()
        self.press("release", "RELEASE")
        self.stop("dispatch")

    def send(self) -> None:
        """分发."""
        self.wait()
        with acting_as(SYSTEM), transaction.atomic():
            self.document = OutgoingDocument.objects.get(pk=self.document.pk)
            lines = dispatch_queries.plan(self.document)
        choices = {line.addressee_id: (line.channel or Channel.BUNDLE, line.email) for line in lines}
        self.press("dispatch", "DISPATCHED", choices=choices)
        registrar = self.cast["registrar"]
        for code in self.paper.others:
            self.wait()
            self.act(
                dispatch.send_also,
                registrar,
                document_id=self.document.pk,
                channel=Channel.BUNDLE,
                unit_id=self.cast.units[code],
                reason=self.say("also"),
            )
        left = [copy.pk for copy in self.copies() if copy.channel == Channel.BUNDLE]
        if left:
            self.wait(1)
            self.act(dispatch.mark_left, registrar, delivery_ids=left)

    def copies(self) -> list[Delivery]:
        """The copies as they stand."""
        with acting_as(SYSTEM), transaction.atomic():
            return list(Delivery.objects.filter(document_id=self.document.pk).select_related("unit").order_by("id"))

    def receive(self) -> None:
        """回执, those that come."""
        paper, registrar = self.paper, self.cast["registrar"]
        with acting_as(SYSTEM), transaction.atomic():
            procedures.send_mails(by=SYSTEM, at=self.at)
            dispatch.take_in_mail(by=SYSTEM, at=self.at)
        copies = self.copies()
        if paper.extra == "recall":
            self.wait(0.5)
            first = next(copy for copy in copies if copy.state in UNREAD)
            self.act(chasing.recall_copy, registrar, delivery_id=first.pk, reason=self.say("recall"))
            copies = [copy for copy in copies if copy.pk != first.pk]
        if paper.extra == "withdraw":
            self.wait()
            self.act(inside.open_copy, self.cast["receiver"], document_id=copies[0].incoming_id)
            self.wait()
            by = self.cast.under(*paper.drafter)
            asked = self.act(correction.ask_withdrawal, by, document_id=self.document.pk, reason=self.say("withdraw"))
            self.wait()
            self.act(correction.confirm_withdrawal, self.cast["leader"], withdrawal_id=asked.pk)
            raise OutOfTime
        coming = copies if paper.until == "done" else copies[:-1] if len(copies) > 1 else []
        for place, copy in enumerate(coming):
            self.wait()
            self.receipt(copy, declines=paper.extra == "decline" and place == 0)
        if paper.until == "late":
            self.wait(24 * 6)
            late = [copy.pk for copy in copies[-1:]]
            self.act(chasing.urge, registrar, delivery_ids=late, note=self.say("urge"))
        if paper.until == "done":
            self.wait()
            self.press("receipts", "COMPLETE")

    def receipt(self, copy: Delivery, *, declines: bool = False) -> None:
        """One receipt, the way its copy went."""
        if copy.channel == Channel.INSIDE:
            self.sign_for(copy, declines=declines)
        elif copy.channel == Channel.EMAIL:
            token = letter_queries.token_of(copy)
            self.act(letters.confirm_letter, PUBLIC, token=token, name=self.say("by_hand"))
        else:
            today = clock.date_of(self.at)
            self.act(
                chasing.note_receipt, self.cast["registrar"], delivery_id=copy.pk, name=self.say("by_hand"), on=today
            )

    def sign_for(self, copy: Delivery, *, declines: bool) -> None:
        """At a desk of the house."""
        with acting_as(SYSTEM), transaction.atomic():
            at_desk = IncomingDocument.objects.select_related("unit").get(pk=copy.incoming_id or 0)
            tasks = {row["step"]: row["id"] for row in procedure_queries.open_tasks(at_desk.matter_id or 0)}
        by = self.cast[REGISTRARS[at_desk.unit.code]]
        is_office = at_desk.unit.code == "GO"
        outcome, opinion = ("DONE" if is_office else "SIGNED"), ""
        if declines and not is_office:
            outcome, opinion = "DECLINED", self.say("decline")
        self.act(procedures.complete, by, task_id=tasks["sign_for"], outcome=outcome, opinion=opinion)


def tell(*, cast: Cast, now: dt.datetime, count: int = 100, progress: Callable[[int, int], None] | None = None) -> int:
    """Tell the tales not told yet, each in one transaction. Returns how many."""
    story = CHINESE if settings.PROFILE == "cn" else ENGLISH
    papers = sorted(story, key=lambda one: -one.days_ago)[:count]  # numbers follow the days
    since = now - BEFORE
    with clock.fixed_at(since), acting_as(SYSTEM), transaction.atomic():
        _furnish(cast, since)
    with acting_as(SYSTEM), transaction.atomic():
        known = dict(OutgoingDocument.objects.exclude(act_token=None).values_list("act_token", "id"))
    told = {paper.key: known.get(uuid.uuid5(STORY, paper.key), 0) for paper in papers}
    done = 0
    with translation.override("zh-hans" if settings.PROFILE == "cn" else "en"):
        for place, paper in enumerate(papers, 1):
            if not told[paper.key]:
                with transaction.atomic():
                    Player(paper, cast, now, told).play()
                done += 1
            if progress is not None:
                progress(place, len(papers))
    return done


def _furnish(cast: Cast, now: dt.datetime) -> None:
    """What the story needs: desks in two more departments, numbering series, seals of the sample bodies."""
    year = clock.date_of(now).replace(month=1, day=1)
    is_chinese = settings.PROFILE == "cn"
    for unit, key in DESKS.items():
        for role in ROLES:
            post, over = cast.posts[key, unit], cast.units[unit]
            if not RoleGrant.objects.filter(post_id=post, role=role, unit_id=over).exists():
                grant_role(post_id=post, role=role, unit_id=over, valid_from=year, note=NOTE, by=SYSTEM, at=now)
    names = documents.unit_names(cast.units.values(), on=clock.date_of(now), language="zh" if is_chinese else "en")
    for unit, words in WORDS.items():
        if not IssuingSeries.objects.filter(code=unit.lower()).exists():
            series.open_series(
                issuer_id=cast.units[unit],
                code=unit.lower(),
                word=words[0 if is_chinese else 1],
                valid_from=year,
                by=SYSTEM,
                at=now,
            )
        if not Seal.objects.filter(code=f"{unit}-1").exists():
            name = names[cast.units[unit]]
            records.register_seal(
                code=f"{unit}-1",
                name_en=f"Seal of {unit} (sample)",
                name_zh=f"{name}印章（样例）",
                legal_name=f"{name}（样例）" if is_chinese else f"{name} (sample)",
                unit_id=cast.units[unit],
                kind="OFFICIAL",
                diameter_mm=Decimal(42),
                keeper_post_id=cast.posts["seal_keeper", "GO"],
                valid_from=year,
                by=SYSTEM,
                at=now,
            )
