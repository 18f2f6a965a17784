"""From a submitted draft to the released paper, and what each hand leaves behind."""

from __future__ import annotations

import pytest

from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.issuing import queries, services
from chancery.departments.general_office.outgoing_documents.issuing.models import Signature
from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import numbered, text
from chancery.departments.general_office.outgoing_documents.queries import subject_of
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import queries as matters
from chancery.kernel.procedures import services as procedures
from chancery.kernel.publishing import queries as publishing
from chancery.kernel.records import queries as records
from chancery.kernel.records.numbers.models import IssuedNumber

pytestmark = pytest.mark.django_db


def test_a_paper_goes_from_hand_to_hand_to_its_record(desk):
    desk.register_seal()
    document = desk.bring_to("unit_check")
    assert document.state == "UNDER_WAY"
    document = desk.bring_to("recheck", document)
    assert (document.state, document.dated_on.isoformat()) == ("SIGNED", "2026-11-23")
    assert document.signed_person_id == desk.cast.leader.person_id
    document = desk.bring_to("seal", document)
    assert (document.state, document.number) == ("NUMBERED", numbered(1))
    document = desk.bring_to("release", document)
    assert document.state == "SEALED"
    assert document.verify_code
    document = desk.bring_to("receipts", document)
    assert document.state == "RELEASED"
    with acting_as(SYSTEM):
        assert publishing.issued_of(subject_of(document)).state == "GENUINE"
        roles = {row["role"] for row in records.parts_of(document.record_id)}
        assert "MAIN" in roles
    with acting_as(desk.cast.drafter):
        found = records.search(document.number, by=desk.cast.drafter)
        assert [row.subject for row in found.rows if row.kind == "outgoing"] == [subject_of(document)]
    with acting_as(desk.cast.outsider):
        assert records.search(document.number, by=desk.cast.outsider).total == 0


def test_units_countersign_at_once_and_an_objection_goes_to_the_drafter_with_what_was_said(desk):
    units = desk.two_units()
    document = desk.submit()
    desk.press(document, "unit_check", "PARALLEL", "unit_checker", countersign_units=units[:1])
    task = desk.task(document, "countersign_parallel")
    procedures.add_signer(
        task_id=task["id"], item=units[1], reason="It concerns them too.", by=desk.cast.receiver, at=desk.tick()
    )
    desk.press(document, "countersign_parallel", "OBJECT", "receiver", "期限太短。", item=units[0])
    assert desk.open_steps(document) == ["countersign_parallel"]  # the others are still heard
    desk.press(document, "countersign_parallel", "AGREE", "chaser", item=units[1])
    assert desk.open_steps(document) == ["draft"]
    with acting_as(desk.cast.drafter):
        said = [(row["step"], row["text"]) for row in matters.opinions(document.matter_id) if row["text"]]
    assert ("countersign_parallel", "期限太短。") in said


def test_units_countersign_in_turn_and_the_first_objection_ends_it(desk):
    units = desk.two_units()
    document = desk.submit()
    desk.press(document, "unit_check", "SERIAL", "unit_checker", countersign_units=units)
    assert desk.task(document, "countersign_serial", units[1]) is None
    desk.press(document, "countersign_serial", "OBJECT", "receiver", "请补充依据。", item=units[0])
    assert desk.open_steps(document) == ["draft"]
    document = desk.press(document, "draft", "SUBMIT", "drafter")
    desk.press(document, "unit_check", "SERIAL", "unit_checker", countersign_units=units)
    desk.press(document, "countersign_serial", "AGREE", "receiver", item=units[0])
    desk.press(document, "countersign_serial", "AGREE", "chaser", item=units[1])
    assert desk.open_steps(document) == ["office_review"]


def test_a_change_at_the_recheck_goes_back_to_the_signer_and_is_shown(desk):
    document = desk.bring_to("recheck")
    drafting.save_draft(
        document_id=document.pk,
        facts={"body": text("请各部门于十二月二十日前报送。")},
        by=desk.cast.first_checker,
        at=desk.tick(),
    )
    document = desk.press(document, "recheck", "CHANGED", "first_checker", "期限有误，已改。")
    assert (desk.open_steps(document), document.signed_hash, document.state) == (["sign"], "", "UNDER_WAY")
    with acting_as(desk.cast.leader):
        assert queries.changes_since_signed(document).is_changed
    document = desk.bring_to("number", document)
    with acting_as(desk.cast.leader):
        assert Signature.objects.filter(document=document).count() == 2


def test_a_return_before_signing_takes_the_signature_back(desk):
    document = desk.bring_to("recheck")
    task = desk.task(document, "recheck")
    procedures.return_to(
        task_id=task["id"], step="office_review", reason="附件缺失。", by=desk.cast.first_checker, at=desk.tick()
    )
    document = desk.fresh(document)
    assert (document.state, document.signed_hash, document.signed_at) == ("UNDER_WAY", "", None)
    document = desk.bring_to("seal", document)
    assert document.number == numbered(1)


def test_the_signer_recalls_what_nobody_has_read_and_the_text_is_unsigned_again(desk):
    document = desk.bring_to("recheck")
    with acting_as(SYSTEM):
        done = next(row for row in matters.tasks(document.matter_id) if row["step"] == "sign")
    procedures.recall(task_id=done["id"], reason="再改一处。", by=desk.cast.leader, at=desk.tick())
    assert desk.open_steps(document) == ["sign"]
    assert desk.fresh(document).signed_hash == ""


def test_a_recalled_number_is_kept_and_not_given_twice(desk):
    document = desk.bring_to("seal")
    with acting_as(SYSTEM):
        done = next(row for row in matters.tasks(document.matter_id) if row["step"] == "number")
    procedures.recall(task_id=done["id"], reason="漏看一处。", by=desk.cast.registrar, at=desk.tick())
    document = desk.press(document, "number", "NUMBERED", "registrar")
    assert document.number == numbered(1)
    with acting_as(SYSTEM):
        assert IssuedNumber.objects.filter(series="outgoing.pf").count() == 1


def test_a_step_is_handed_over_and_urged(desk):
    document = desk.bring_to("office_review")
    task = desk.task(document, "office_review")
    procedures.urge(matter_id=document.matter_id, note="请抓紧。", by=desk.cast.drafter, at=desk.tick())
    procedures.delegate(
        task_id=task["id"],
        post_id=desk.cast.office_head.post_id,
        reason="外出。",
        by=desk.cast.office_reviewer,
        at=desk.tick(),
    )
    document = desk.press(document, "office_review", "PASS", "office_head")
    assert desk.open_steps(document) == ["sign"]


def test_a_paper_set_wrongly_is_set_and_sealed_again_under_its_number(desk):
    desk.register_seal()
    document = desk.bring_to("release")
    before = document.sealed_file_id
    document = desk.press(document, "release", "RESET", "office_head", "印章偏了。")
    assert (document.state, document.sealed_file_id, document.number) == ("NUMBERED", None, numbered(1))
    document = desk.bring_to("dispatch", document)
    assert document.state == "RELEASED"
    assert document.sealed_file_id != before


def test_a_joint_paper_takes_the_leads_number_and_every_issuers_seal(desk):
    desk.register_seal()
    desk.register_seal("AS", "AS-1", "receiver")
    units = [desk.cast.units["AS"]]
    document = desk.submit(joint_issuers=units, main=[desk.cast.units["GO"]], countersign_units=units)
    desk.press(document, "unit_check", "PARALLEL", "unit_checker", countersign_units=units)
    desk.press(document, "countersign_parallel", "AGREE", "receiver")
    document = desk.bring_to("seal", document)
    assert document.number == numbered(1)
    document = desk.press(document, "seal", "NEXT", "seal_keeper", seal_keeper_post=desk.cast.receiver.post_id)
    assert (document.state, desk.open_steps(document)) == ("NUMBERED", ["seal"])
    document = desk.press(document, "seal", "SEALED", "receiver")
    assert document.state == "SEALED"
    document = desk.bring_to("dispatch", document)
    assert document.state == "RELEASED"


def test_a_cancelled_number_stays_void_with_its_reason_and_the_next_is_another(desk):
    document = desk.bring_to("seal")
    document = desk.press(document, "seal", "CANCEL", "seal_keeper", "内容重复。")
    assert (document.state, document.end_reason, desk.open_steps(document)) == ("CANCELLED", "内容重复。", [])
    with acting_as(SYSTEM):
        void = IssuedNumber.objects.get(series="outgoing.pf")
    assert (void.state, void.void_reason) == ("VOID", "内容重复。")
    assert desk.bring_to("seal", title="关于报送统计年报的通知").number == numbered(2)


def test_closing_the_matter_by_hand_cancels_the_document_for_the_same_reason(desk):
    document = desk.bring_to("seal")
    procedures.close(matter_id=document.matter_id, reason="不再需要。", by=desk.cast.drafter, at=desk.tick())
    document = desk.fresh(document)
    assert (document.state, document.end_reason) == ("CANCELLED", "不再需要。")


def test_at_the_end_the_slip_joins_the_record(desk):
    desk.register_seal()
    document = desk.bring_to("receipts")
    services.put_slip_on_record(document_id=document.pk, by=desk.cast.registrar, at=desk.tick())
    with acting_as(SYSTEM):
        assert "SLIP" in {row["role"] for row in records.parts_of(document.record_id)}
