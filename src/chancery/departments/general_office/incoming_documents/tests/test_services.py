"""Registration, handling and filing through services, each act by the least privileged who may."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.conf import settings
from django.db import Error, IntegrityError, connection, transaction
from django.utils import translation

from chancery.departments.general_office.incoming_documents import queries, rules, services
from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.models import HandlingUnit, IncomingDocument, Reader
from chancery.departments.general_office.incoming_documents.printing.queries import slip
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.departments.general_office.incoming_documents.terms import State
from chancery.departments.general_office.incoming_documents.tests.office import numbered, planned
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Opinion

pytestmark = pytest.mark.django_db


def seen_by(actor, document):
    with acting_as(actor):
        return IncomingDocument.objects.filter(pk=document.pk).exists()


def test_registration_gives_the_number_and_asks_for_the_first_check(office):
    first, second = office.register(), office.register(sender_number="样天学字〔2026〕9号")
    assert (first.number, second.number) == (numbered(1), numbered(2))
    assert (first.state, office.open_steps(first)) == (State.REGISTERED, ["first_check"])
    routine = {"cn": dt.date(2026, 12, 7), "neutral": dt.date(2026, 11, 30)}  # fifteen and ten working days
    assert first.limit_on == routine[settings.PROFILE]


def test_only_a_registrar_opens_a_draft(office):
    for who in ("first_checker", "handler", "outsider", "administrator", "auditor", "leader"):
        with pytest.raises(Refused):
            intake.open_draft(by=getattr(office.cast, who), at=office.tick())


def test_a_draft_is_the_registrys_own(office):
    draft = office.draft()
    assert seen_by(office.cast.registrar, draft)
    assert not any(
        seen_by(getattr(office.cast, who), draft) for who in ("handler", "outsider", "administrator", "auditor")
    )


def test_the_same_sender_number_and_year_is_refused_with_the_number_it_has(office):
    first = office.register()
    with pytest.raises(rules.Duplicate) as refusal:
        office.register(sender_number="样天学字[2026] 第8号", sender="样例 天文学会")
    assert (refusal.value.document_id, refusal.value.number, refusal.value.field) == (
        first.pk,
        first.number,
        "sender_number",
    )


def test_the_database_refuses_the_duplicate_too(office):
    first, other = office.register(), office.register(sender_number="样天学字〔2026〕10号")
    with acting_as(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
        IncomingDocument.objects.filter(pk=other.pk).update(sender_number_key=first.sender_number_key)


def test_documents_without_a_number_are_never_duplicates(office):
    assert office.register(sender_number="").number != office.register(sender_number="").number


def test_an_urgent_document_without_limit_is_refused_and_takes_no_number(office):
    with pytest.raises(Refused) as refusal:
        office.register(urgency="URGENT")
    assert refusal.value.field == "limit_on"
    assert office.register().number == numbered(1)


def test_the_limit_of_an_urgent_document_becomes_the_matters(office):
    limit = dt.date(2026, 11, 17)
    document = office.register(urgency="URGENT", limit_on=limit)
    with acting_as(office.cast.registrar):
        assert (document.matter.due_on, document.matter.urgency) == (limit, "EXTRA_URGENT")


def test_an_important_document_without_chaser_is_refused(office):
    with pytest.raises(Refused) as refusal:
        office.register(is_important=True)
    assert refusal.value.field == "chaser"


def test_a_state_secret_marking_in_the_title_is_refused(office):
    with pytest.raises(Refused):
        office.draft(title="机密★20年 关于某事的函")


def test_a_state_secret_marking_in_a_file_is_refused_and_nothing_is_kept(office):
    draft = office.draft()
    content = io.BytesIO("机密★20年\n关于某事的函".encode())
    with pytest.raises(Refused):
        intake.add_file(document_id=draft.pk, name="a.txt", content=content, by=office.cast.registrar, at=office.tick())
    with acting_as(office.cast.registrar):
        assert queries.files(draft.pk) == []


def test_signing_only_opens_the_matter_and_waits_for_registration(office):
    draft = office.draft()
    signed = registration.sign_for_document(document_id=draft.pk, by=office.cast.registrar, at=office.tick())
    assert (signed.state, signed.number, office.open_steps(signed)) == (State.SIGNED, "", ["register"])
    done = registration.register_document(document_id=draft.pk, by=office.cast.registrar, at=office.tick())
    assert (done.number, office.open_steps(done)) == (numbered(1), ["first_check"])


def test_the_registration_step_cannot_be_pressed_past(office):
    draft = office.draft()
    signed = registration.sign_for_document(document_id=draft.pk, by=office.cast.registrar, at=office.tick())
    with pytest.raises(Refused):
        office.press(signed, "register", "DONE", "registrar")


def test_a_stale_draft_is_refused_and_nothing_changes(office):
    draft = office.draft()
    intake.save_draft(
        document_id=draft.pk,
        facts={"title": "Newer"},
        seen_version=draft.version,
        by=office.cast.registrar,
        at=office.tick(),
    )
    with pytest.raises(Stale):
        intake.save_draft(
            document_id=draft.pk,
            facts={"title": "Older"},
            seen_version=draft.version,
            by=office.cast.registrar,
            at=office.tick(),
        )
    with acting_as(SYSTEM):
        assert IncomingDocument.objects.get(pk=draft.pk).title == "Newer"


def test_registering_twice_is_refused(office):
    document = office.register()
    with pytest.raises(Refused):
        registration.register_document(document_id=document.pk, by=office.cast.registrar, at=office.tick())


def test_the_first_check_cannot_be_skipped(office):
    document = office.register()
    assert office.open_steps(document) == ["first_check"]
    with pytest.raises(Refused):
        office.press(document, "first_check", "DIRECT", "first_checker")
    with pytest.raises(rules.FirstCheckSkipped):
        rules.was_first_checked({"sign_for", "register"}).demand()


def test_who_registers_does_not_first_check(office):
    document = office.register()
    with pytest.raises(Refused):
        office.press(document, "first_check", "ACCEPT", "registrar")


def test_faulty_papers_go_back_with_reasons_and_may_come_again(office):
    document = office.register()
    with pytest.raises(Refused):
        office.press(document, "first_check", "RETURN", "first_checker", "缺页", faults=[])
    office.press(document, "first_check", "RETURN", "first_checker", "附件二缺页。", faults=["INCOMPLETE"])
    assert office.open_steps(document) == ["send_back"]
    office.press(document, "send_back", "DONE", "registrar")
    with acting_as(SYSTEM):
        document.refresh_from_db()
    assert (document.state, document.return_faults, document.return_reason) == (
        State.RETURNED,
        ["INCOMPLETE"],
        "附件二缺页。",
    )
    assert office.register().number == numbered(2)  # sent again under the same number of theirs


def test_two_departments_without_a_lead_are_refused(office):
    document = office.register()
    office.accept(document)
    units = office.cast.units
    with pytest.raises(rules.NoLead):
        office.propose(document, lead_unit=None, co_units=[units["PF"], units["AS"]])
    office.propose(document, lead_unit=units["PF"], co_units=[units["AS"]])
    with acting_as(office.cast.handler):
        named = [(row.unit_id, row.part) for row in queries.units(document.pk)]
    assert named == [(units["PF"], "LEAD"), (units["AS"], "CO")]


def test_the_database_refuses_a_co_unit_without_a_lead_and_a_second_lead(office):
    document = office.register()
    units = office.cast.units
    for part in ("CO", "LEAD"):
        with acting_as(SYSTEM), pytest.raises(Error), transaction.atomic():
            HandlingUnit.objects.create(document=document, unit_id=units["PF"], part=part, since=office.at)
            HandlingUnit.objects.create(document=document, unit_id=units["AS"], part="LEAD", since=office.at)
            HandlingUnit.objects.create(document=document, unit_id=units["EC"], part="LEAD", since=office.at)


def test_lead_and_co_unit_work_in_parallel_and_the_co_unit_sees_it_only_now(office):
    document = office.register()
    assert not seen_by(office.cast.co_handler, document)
    office.accept(document)
    office.propose(document, co_units=[office.cast.units["AS"]])
    assert office.open_steps(document) == ["cosign", "handle"]
    assert seen_by(office.cast.co_handler, document)
    assert seen_by(office.cast.handler, document)
    assert not seen_by(office.cast.outsider, document)


def test_circulation_outside_the_list_is_refused(office):
    document = office.register()
    office.accept(document)
    listed, other = office.cast.posts["auditor", "PF"], office.cast.posts["outsider", "IA"]
    office.propose(document, readers=[listed])
    with pytest.raises(rules.OutsideTheList):
        procedures.circulate(
            matter_id=document.matter_id, post_ids=[other], note="", by=office.cast.office_head, at=office.tick()
        )
    with pytest.raises(rules.OutsideTheList):
        services.note_reading(document_id=document.pk, post_id=other, by=office.cast.office_head, at=office.tick())
    assert not seen_by(office.cast.outsider, document)


def test_read_marks_are_given_by_the_listed_and_stay(office):
    document = office.register()
    office.accept(document)
    office.propose(document, "READ_ONLY", lead_unit=None, readers=[office.cast.posts["auditor", "PF"]])
    office.press(document, "circulate", "NOTED", "auditor", "已阅。")
    with acting_as(office.cast.office_head):
        (row,) = queries.readers(document.pk)
    assert (row["note"], row["read_by_zh"], bool(row["read_at"])) == ("已阅。", "丁昕", True)
    assert office.open_steps(document) == ["file"]
    for sql in ("update general_office_reader set post_id = 1", "delete from general_office_reader"):
        with acting_as(SYSTEM), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_office_head_adds_a_reader_and_says_why(office):
    document = office.register()
    office.accept(document)
    office.propose(document, readers=[office.cast.posts["auditor", "PF"]])
    post = office.cast.posts["administrator", "OP"]
    with pytest.raises(Refused):
        services.add_to_list(
            document_id=document.pk, post_id=post, reason="x", by=office.cast.handler, at=office.tick()
        )
    with pytest.raises(Refused):
        services.add_to_list(
            document_id=document.pk, post_id=post, reason=" ", by=office.cast.office_head, at=office.tick()
        )
    services.add_to_list(
        document_id=document.pk, post_id=post, reason="知悉", by=office.cast.office_head, at=office.tick()
    )
    assert seen_by(office.cast.administrator, document)


def test_a_reader_added_later_is_marked_on_the_list_and_the_slip_too(office):
    document = office.register()
    office.accept(document)
    office.propose(document, readers=[office.cast.posts["auditor", "PF"]])
    post = office.cast.posts["administrator", "OP"]
    services.add_to_list(
        document_id=document.pk, post_id=post, reason="知悉", by=office.cast.office_head, at=office.tick()
    )
    with acting_as(SYSTEM):
        (task,) = [row for row in procedure_queries.open_tasks(document.matter_id) if row["asked_post_id"] == post]
    assert task["step"] == ""  # sent round beside the procedure
    procedures.mark_read(task_id=task["id"], by=office.cast.administrator, at=office.tick())
    with acting_as(office.cast.office_head), translation.override("zh-hans"):
        document.refresh_from_db()
        marks = {row["post_id"]: (row["read_by_zh"], row["read_at"]) for row in queries.readers(document.pk)}
        assert marks[post] == (office.cast.administrator.name, office.at)
        assert marks[office.cast.posts["auditor", "PF"]] == (None, None)
        printed = slip(document, office.at)["readers"]
        assert queries.panel(document.matter_id, office.cast.office_head)["read_count"] == 1
    assert [row["read"] == "未阅" for row in printed] == [True, False]
    with acting_as(SYSTEM), pytest.raises(Error), transaction.atomic():
        Reader.objects.filter(post_id=post).delete()


def test_an_opinion_cannot_be_deleted_or_changed_even_by_sql(office):
    document = office.register()
    office.accept(document)
    office.propose(document)
    with acting_as(SYSTEM):
        assert Opinion.objects.filter(matter_id=document.matter_id).exists()
    for sql in ("delete from procedures_opinion", "update procedures_opinion set text = 'x'"):
        with acting_as(SYSTEM), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_a_registered_document_cannot_be_deleted_or_renumbered_by_sql(office):
    document = office.register()
    for sql in (
        "delete from general_office_incomingdocument",
        "update general_office_incomingdocument set number = 'x'",
    ):
        with acting_as(SYSTEM), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert seen_by(office.cast.registrar, document)


def test_a_document_travels_from_registration_to_the_file(office):
    cast, units = office.cast, office.cast.units
    document = office.register(is_important=True, chaser=cast.posts["chaser", "GO"])
    office.accept(document)
    office.propose(
        document,
        "TO_LEADER",
        co_units=[units["AS"]],
        readers=[cast.posts["auditor", "PF"]],
        leaders=[cast.posts["leader", "ES"]],
    )
    office.press(document, "instruct", "AGREE", "leader", "同意。")
    assert office.open_steps(document) == ["circulate", "cosign", "handle"]
    office.press(document, "handle", "REPLY_DUE", "handler", "拟同意。", result="已核。")
    office.press(document, "cosign", "AGREE", "co_handler", "无不同意见。")
    office.press(document, "reply", "REPLIED", "handler", reply_text="同意。", reply_number="样函〔2026〕1号")
    office.press(document, "office_check", "REWORK", "office_head", "请补充依据。")
    office.press(document, "reply", "REPLIED", "handler", reply_text="依规定同意。", reply_number="样函〔2026〕1号")
    office.press(document, "office_check", "PASS", "office_head")
    assert office.open_steps(document) == ["circulate"]
    office.press(document, "circulate", "NOTED", "auditor")
    with pytest.raises(Refused):
        office.press(document, "file", "FILED", "archivist", file_class="", retention="")
    where = planned(document.pk)
    office.press(document, "file", "FILED", "archivist", **where)
    with acting_as(cast.registrar):
        document = IncomingDocument.objects.select_related("matter", "record").get(pk=document.pk)
        assert (document.state, document.reply_text, document.file_class, document.matter.state) == (
            State.FILED,
            "依规定同意。",
            where["file_class"],
            "CLOSED",
        )
        assert document.record.number_text == document.number


def test_the_office_head_does_not_check_what_they_handled_themselves(office):
    document = office.register()
    office.accept(document)
    office.propose(document)
    office.press(document, "handle", "NO_REPLY", "handler", "已办。")
    with pytest.raises(Refused):
        office.press(document, "office_check", "PASS", "handler")


def test_a_late_important_document_calls_its_chaser(office):
    cast = office.cast
    chaser = cast.posts["chaser", "GO"]
    document = office.register(is_important=True, chaser=chaser, urgency="URGENT", limit_on=dt.date(2026, 11, 17))
    office.accept(document)
    office.propose(document)
    late = dt.datetime(2026, 11, 18, 3, 0, tzinfo=dt.UTC)
    procedures.run_timers(matter_id=document.matter_id, by=SYSTEM, at=late)
    assert office.open_steps(document) == ["chase", "handle"]
    office.press(document, "chase", "DONE", "chaser", "已电话催办。")
    assert office.open_steps(document) == ["handle"]


def test_a_registration_returned_for_correction_keeps_its_number(office):
    document = office.register()
    task = office.task(document, "first_check")
    procedures.return_to(
        task_id=task["id"], step="register", reason="标题有误", by=office.cast.first_checker, at=office.tick()
    )
    again = registration.register_document(
        document_id=document.pk, facts={"title": "更正后的标题"}, by=office.cast.registrar, at=office.tick()
    )
    assert (again.number, again.title, office.open_steps(document)) == (
        document.number,
        "更正后的标题",
        ["first_check"],
    )
