"""Petitions of one sample sender on every way there is: told once, searched by the test of leaks."""

from __future__ import annotations

import datetime as dt
import io
from email.message import EmailMessage
from typing import Any

from django.db import transaction

from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import Desk
from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions import services
from chancery.departments.general_office.petitions.counting import services as counting
from chancery.departments.general_office.petitions.counting.tests.cases import Case
from chancery.departments.general_office.petitions.counting.tests.cases import told as counted
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.desk import services as taking_in
from chancery.departments.general_office.petitions.desk.visits import services as visits
from chancery.departments.general_office.petitions.door.tests.visitor import Visitor, code_in, text, upload
from chancery.departments.general_office.petitions.handling import services as handling
from chancery.departments.general_office.petitions.handling.clocks import services as clocks
from chancery.departments.general_office.petitions.handling.passing_on import services as passing_on
from chancery.departments.general_office.petitions.handling.tests.office import WHOLE, accepted, assigned, drafted, step
from chancery.departments.general_office.petitions.keeping import services as keeping
from chancery.departments.general_office.petitions.letters import services as letters
from chancery.departments.general_office.petitions.letters.tests.writing import begun, issued
from chancery.departments.general_office.petitions.likeness import services as likeness
from chancery.departments.general_office.petitions.likeness.tests.letters import TEXT, letter
from chancery.departments.general_office.petitions.models import Petition, PetitionFile, PetitionText
from chancery.departments.general_office.petitions.terms import Channel, GivenFile, Kind
from chancery.departments.general_office.petitions.tests.desk import REQUEST, SENDER, registered, text_file
from chancery.departments.general_office.petitions.tests.searching import told_by
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.records.archive.tests.shelf import plan_of

#: What the sender writes wherever one may write, in several spellings.
CASE = "/petitions/follow/case/"
TELLING = "我叫欧阳晓明，电话 13800138000"
AGAIN = (
    "欧 阳 晓 明再次说明：电话 １３８ ００１３ ８０００，XIAOMING.OY@EXAMPLE.NET，11010519491231002x，珠江路８８号。"
)


class Story:
    """One sender, every way."""

    def __init__(self, cast: Any, desk: Desk, visitor: Visitor) -> None:
        self.cast, self.desk, self.visitor = cast, desk, visitor

    def step(self, petition: Petition, who: str, press: str, **more: Any) -> None:
        """A step of the procedure."""
        step(petition, self.cast[who], press, self.desk.tick(), **more)

    def behind(self, code: str, act: str, **data: Any) -> None:
        """What the sender does behind the code."""
        with clock.fixed_at(self.desk.tick()):
            assert self.visitor.opens(code).status_code == 200
            done = self.visitor.post(f"{CASE}{act}/", data)
        assert done.status_code == 302 and done["Location"] == CASE, (act, text(done))

    def whole(self) -> Petition:
        """From the public door to the end for good: everything that may happen on the way."""
        cast, desk = self.cast, self.desk
        with clock.fixed_at(desk.tick()):
            page = self.visitor.send(
                request=REQUEST, facts=AGAIN, name=SENDER.name, phone=SENDER.phone, email=SENDER.email,
                address=SENDER.address, id_number=SENDER.id_number, keep_data="on",
                files=[upload("欧阳晓明的证明.txt", TELLING.encode()), upload("日程.txt", b"no")],
            )  # fmt: skip
        code = code_in(page)
        with acting_as(SYSTEM), transaction.atomic():
            made = Petition.objects.latest("pk")
        registrar, officer, handler = cast.petition_registrar, cast.petition_officer, cast.handler
        services.register(petition_id=made.pk, title="对评审结果的申诉", field="awards", by=registrar, at=desk.tick())
        self.look_through(made)
        with acting_as(SYSTEM), transaction.atomic():
            telling, plain = PetitionFile.objects.filter(petition=made).order_by("number").values_list("pk", flat=True)
        copy = GivenFile("遮蔽.txt", io.BytesIO("来信人的证明".encode()))
        custody.replace_file(file_id=telling, copy=copy, by=registrar, at=desk.tick())
        custody.clear_file(file_id=plain, by=registrar, at=desk.tick())
        self.step(made, "petition_officer", "ACCEPT")
        self.step(made, "petition_officer", "TOLD", text="您的信访事项已受理。")
        issued(desk, begun(desk, made, "ACCEPTANCE", officer), officer)
        given = {"unit": cast.units["PF"], "handler_unit": cast.units["PF"], "handler_post": None}
        self.step(made, "petition_officer", "ASSIGN", **given)
        self.step(made, "handler", "ASK")
        self.step(made, "handler", "DONE", question="评审是在哪一天？")
        self.behind(code, "add", text=AGAIN, files=[upload("晓明.txt", b"diary")])
        self.release(made)
        self.step(made, "handler", "GO_ON")
        self.step(made, "handler", "HEAR")
        self.step(made, "handler", "DONE", held_on=clock.date_of(desk.at), record="听证笔录。")
        self.more_time(made)
        self.opening(made)
        self.step(made, "handler", "OPINION")
        self.step(made, "handler", "SUBMIT", **WHOLE, outcome="PARTLY")
        self.step(made, "office_head", "APPROVE")
        opinion = begun(desk, made, "OPINION", handler)
        issued(desk, opinion, handler, checker="unit_checker")
        self.cover(made, opinion.pk)
        self.behind(code, "rate", rating="2", note=AGAIN)
        for who in ("petition_reviewer", "petition_rereviewer"):
            self.behind(code, "review", text=AGAIN)
            self.release(made)
            self.step(made, who, "OPINION")
            self.step(made, who, "UPHOLD", **WHOLE)
        keeping.file_petition(petition_id=made.pk, by=officer, at=desk.tick())
        return made

    def look_through(self, petition: Petition) -> None:
        """The registrar blacks out whom nobody declared, and where they live."""
        by = self.cast.petition_registrar
        with acting_as(by), transaction.atomic():
            telling = [text["id"] for text in petitions.texts(petition.pk, by) if told_by(text["text"])]
        for text_id in telling:
            words = ("Margaret Thistlewood", SENDER.address, "珠江路88号")
            custody.black_out(text_id=text_id, words=words, by=by, at=self.desk.tick())

    def release(self, petition: Petition) -> None:
        """The registrar lets those who handle read what waits."""
        with acting_as(SYSTEM), transaction.atomic():
            waiting = list(
                PetitionText.objects.filter(petition=petition, released_at=None).values_list("pk", flat=True)
            )
        for text_id in waiting:
            custody.release_text(text_id=text_id, by=self.cast.petition_registrar, at=self.desk.tick())

    def more_time(self, petition: Petition) -> None:
        """Asked for by the handler, granted by the head."""
        asked = clocks.ask_more_time(
            petition_id=petition.pk, days=10, reason="情况复杂。", by=self.cast.handler, at=self.desk.tick()
        )
        with acting_as(SYSTEM), transaction.atomic():
            task = Task.objects.get(matter_id=asked.matter_id, done_at=None)
        head = self.cast.office_head
        with acting_as(head), transaction.atomic():
            procedures.complete(task_id=task.pk, outcome="GRANT", opinion="", data={}, by=head, at=self.desk.tick())

    def opening(self, petition: Petition) -> None:
        """One identity asked for, opened, read and closed again; one refused."""
        at, handler, custodian = self.desk.tick(), self.cast.handler, self.cast.petition_custodian
        reason = "需要核实评审材料的来源。"
        opened = custody.ask_opening(petition_id=petition.pk, purpose="REACH", reason=reason, by=handler, at=at)
        custody.open_identity(opening_id=opened.pk, by=custodian, at=at)
        custody.read_identity(opening_id=opened.pk, by=handler, at=at)
        custody.end_opening(opening_id=opened.pk, by=handler, at=at)
        other = custody.ask_opening(petition_id=petition.pk, purpose="VERIFY", reason=reason, by=handler, at=at)
        custody.refuse_opening(opening_id=other.pk, note="材料中已有。", by=custodian, at=at)

    def cover(self, petition: Petition, letter_id: int) -> None:
        """The address on an envelope, under an opening of its own."""
        at, officer = self.desk.tick(), self.cast.petition_officer
        asked = custody.ask_opening(
            petition_id=petition.pk, purpose="DELIVER", reason="邮寄答复意见书，需要通信地址。", by=officer, at=at
        )
        custody.open_identity(opening_id=asked.pk, by=self.cast.petition_custodian, at=at)
        letters.print_cover(letter_id=letter_id, opening_id=asked.pk, by=officer, at=self.desk.tick())
        custody.end_opening(opening_id=asked.pk, by=officer, at=self.desk.tick())

    def transferred(self) -> Petition:
        """To another body, with both letters."""
        officer = self.cast.petition_officer
        made = registered(self.cast, title="反映评审程序问题")
        self.step(made, "petition_officer", "TRANSFER", direction="ACROSS", to_body="某市科学技术协会")
        self.step(made, "petition_officer", "TOLD", text="已转送。")
        for kind in ("TRANSFER_BODY", "TRANSFER_SENDER"):
            issued(self.desk, begun(self.desk, made, kind, officer), officer)
        return made

    def merged(self) -> Petition:
        """The same sender three times: merged, split, merged again; one linked."""
        officer = self.cast.petition_officer
        leading, other, third = (registered(self.cast, title=f"同一申诉之{n}") for n in (1, 2, 3))
        facts: dict[str, Any] = {"reason": "反映同一评审事项。", "by": officer, "at": self.desk.tick()}
        likeness.merge(petition_id=other.pk, into_id=leading.pk, **facts)
        likeness.split(petition_id=other.pk, **facts)
        likeness.merge(petition_id=other.pk, into_id=leading.pk, **facts)
        likeness.link(petition_id=leading.pk, other_id=third.pk, **facts)
        return leading

    def campaign(self) -> Petition:
        """One text by many, the sender among them; one reply to all."""
        cast = self.cast
        many = [letter(n) for n in range(4)] + [letter(9, TEXT, identity=SENDER, facts=AGAIN)]
        made = likeness.open_campaign(
            petition_ids=[one.pk for one in many], title="多人同文来信", by=cast.petition_registrar, at=self.desk.tick()
        )
        likeness.reply_to_all(
            campaign_id=made.pk, text="评选程序将在网站公布。", by=cast.petition_officer, at=self.desk.tick()
        )
        return many[-1]

    def visit(self) -> Petition:
        """In person, with a representative."""
        cast, by, at = self.cast, self.cast.petition_registrar, self.desk.tick()
        place = visits.name_place(
            name_en="Reception hall", name_zh="来访接待室", address="样例路1号", by=cast.petition_officer, at=at
        )
        hours = [(range(7), dt.time(0), dt.time(23))]
        visits.set_hours(place_id=place.pk, hours=hours, by=cast.petition_officer, at=at)
        room = visits.open_room(place_id=place.pk, name="1", by=cast.petition_officer, at=at)
        visits.arrive(place_id=place.pk, group_size=3, representatives=1, by=by, at=at)
        came = visits.call_next(place_id=place.pk, room_id=room.pk, by=by, at=at)
        visits.begin(visit_id=came.pk, by=by, at=at)
        got = visits.hear(
            visit_id=came.pk, kind=Kind.APPEAL, language="zh-hans", request=REQUEST, facts=AGAIN, identity=SENDER,
            files=[text_file("欧阳晓明")], by=by, at=self.desk.tick(),
        )  # fmt: skip
        visits.end(visit_id=came.pk, end="HEARD", conduct="来访人情绪平稳。", by=by, at=self.desk.tick())
        return got.petition

    def mailed(self) -> Petition:
        """By e-mail, taken in at the desk as it came."""
        by, message = self.cast.petition_registrar, EmailMessage()
        message["From"] = f"{SENDER.name} <{SENDER.email}>"
        message["To"] = "letters@example.org"
        message["Subject"] = f"{SENDER.name}的来信"
        message["Date"] = "Mon, 23 Nov 2026 09:30:00 +0800"
        message.set_content(REQUEST)
        message.add_attachment("附件".encode(), maintype="text", subtype="plain", filename="欧阳晓明.txt")
        got = taking_in.take_in(
            channel=Channel.EMAIL, kind=Kind.APPEAL, language="zh-hans", mail=message.as_bytes(), by=by,
            at=self.desk.tick(),
        )  # fmt: skip
        self.look_through(got.petition)
        taking_in.give_receipt(petition_id=got.petition.pk, how="POST", by=by, at=self.desk.tick())
        return got.petition

    def called(self) -> Petition:
        """By telephone; withdrawn later by its sender."""
        by = self.cast.petition_registrar
        got = taking_in.take_in(
            channel=Channel.PHONE, kind=Kind.ACCUSATION, language="zh-hans", request=REQUEST, reasons=AGAIN,
            identity=SENDER, subject_unit_id=self.cast.units["EC"], by=by, at=self.desk.tick(),
        )  # fmt: skip
        self.behind(got.receipt_code, "withdraw", reason=AGAIN, sure="on")
        return got.petition

    def passed_on(self) -> Petition:
        """Sent back, assigned to others, one steps aside, answered, opened again."""
        cast, desk = self.cast, self.desk
        made = assigned(cast, desk.tick(), unit="AS")
        co_handler, officer = cast.co_handler, cast.petition_officer
        with acting_as(co_handler), transaction.atomic():
            handling.send_back(petition_id=made.pk, reason="非本部门职责。", by=co_handler, at=desk.tick())
        given = {"unit": cast.units["OP"], "handler_unit": cast.units["OP"], "handler_post": None}
        self.step(made, "petition_officer", "ASSIGN", **given)
        aside = cast.personnel_handler
        with acting_as(aside), transaction.atomic():
            passing_on.stand_aside(
                petition_id=made.pk, ground="RELATIVE", reason="与信访人系亲属。", by=aside, at=desk.tick()
            )
        with acting_as(officer), transaction.atomic():
            passing_on.reassign(
                petition_id=made.pk, unit_id=cast.units["PF"], reason="承办人回避。", by=officer, at=desk.tick()
            )
        self.step(made, "handler", "OPINION")
        self.step(made, "handler", "SUBMIT", **WHOLE, outcome="PARTLY")
        self.step(made, "office_head", "APPROVE")
        return made

    def counted(self) -> None:
        """Figures released, a unit advised, a rising subject noted."""
        cast, at = self.cast, self.desk.tick()
        day = clock.date_of(at)
        quiet = [Case(day - dt.timedelta(days=40 + 30 * n), field="funds") for n in range(6)]
        counted(cast, [*quiet, *[Case(day - dt.timedelta(days=n), field="funds") for n in range(9)]])
        counting.release_year(year=2025, by=cast.office_head, at=at)
        counting.recommend(
            unit_id=cast.units["AS"], title="公开评审程序", text="建议公布程序。", field="awards",
            due_on=clock.date_of(at).replace(year=2027), by=cast.petition_officer, at=at,
        )  # fmt: skip
        counting.note_rising(by=SYSTEM, at=at)

    def tell(self) -> list[Petition]:
        """All of it; the petitions, the one that went the whole way first."""
        plan_of(self.cast)
        came = self.visit()  # within the hours of the place
        made = [self.whole(), came, self.transferred(), self.merged(), self.campaign(), self.mailed(), self.called()]
        made += [self.passed_on(), accepted(self.cast, self.desk.tick())]
        made += [drafted(self.cast, self.desk.tick())]
        self.counted()
        return made
