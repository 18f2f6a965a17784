"""Everything that must not be: each refused, and nothing of it kept."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import DatabaseError, connection, transaction

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.issuing import queries, services
from chancery.departments.general_office.outgoing_documents.issuing.rules import NotSigned, TextDiffers
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.absence.services import declare_absence
from chancery.kernel.directory.services import dissolve_unit
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.queries import NotThere
from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.numbers.services import void_number
from chancery.kernel.records.seals import services as seals

pytestmark = pytest.mark.django_db


def raw(actor, sql, *parameters):
    """A statement of the web role, as an actor, without any service."""
    with acting_as(actor), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


# --- Signing and rechecking -------------------------------------------------------------------------------------------
def test_the_drafter_does_not_check_or_sign(desk):
    document = desk.bring_to("sign", signer_post=desk.cast.leader.post_id)
    with pytest.raises(Refused):
        services.note_signature(document_id=document.pk, by=desk.cast.drafter, at=desk.tick())
    assert desk.fresh(document).signed_hash == ""


def test_whoever_checked_does_not_sign(desk):
    document = desk.bring_to("sign")
    with pytest.raises(Refused, match=r"checked|审核"):
        services.note_signature(document_id=document.pk, by=desk.cast.office_reviewer, at=desk.tick())


def test_an_incomplete_paper_is_not_signed(desk):
    document = desk.bring_to("sign")
    drafting.save_draft(document_id=document.pk, facts={"title": ""}, by=desk.cast.leader, at=desk.tick())
    with pytest.raises(Refused) as refused:
        desk.press(document, "sign", "SIGN", "leader")
    assert refused.value.field == "title"


def test_refusing_to_sign_needs_its_reason_and_goes_to_the_drafter(desk):
    document = desk.bring_to("sign")
    with pytest.raises(Refused) as refused:
        desk.press(document, "sign", "REFUSE", "leader")
    assert refused.value.field == "opinion"
    document = desk.press(document, "sign", "REFUSE", "leader", "不宜发文。")
    assert desk.open_steps(document) == ["draft"]


def test_the_signer_does_not_recheck_and_an_unchanged_text_is_not_signed_again(desk):
    document = desk.bring_to("recheck")
    with pytest.raises(Refused):
        services.note_recheck(document_id=document.pk, outcome="PASS", by=desk.cast.leader, at=desk.tick())
    with pytest.raises(Refused):
        desk.press(document, "recheck", "CHANGED", "first_checker", "看不出改动。")


def test_a_changed_text_does_not_pass_the_recheck(desk):
    document = desk.bring_to("recheck")
    drafting.save_draft(document_id=document.pk, facts={"note": "附注"}, by=desk.cast.first_checker, at=desk.tick())
    with pytest.raises(TextDiffers):
        desk.press(document, "recheck", "PASS", "first_checker")


# --- Text after signing -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("column", ["title = 'x'", "body = '{}'", "note = 'x'", "issuer_id = issuer_id + 1"])
def test_a_signed_text_is_not_edited_by_raw_sql(desk, column):
    document = desk.bring_to("recheck")
    with pytest.raises(DatabaseError):
        raw(desk.cast.leader, f"update general_office_outgoingdocument set {column} where id = %s", document.pk)


def test_a_signature_is_not_exchanged_or_invented_by_raw_sql(desk):
    document = desk.bring_to("recheck")
    table = "update general_office_outgoingdocument"
    with pytest.raises(DatabaseError):
        raw(desk.cast.leader, f"{table} set title = 'x', signed_hash = repeat('0', 64) where id = %s", document.pk)
    other = desk.bring_to("sign", title="关于另一件事的通知")
    with pytest.raises(DatabaseError):
        raw(
            desk.cast.leader,
            f"{table} set state = 'SIGNED', signed_hash = repeat('0', 64), signed_at = now(), signed_person_id = %s"
            " where id = %s",
            desk.cast.leader.person_id,
            other.pk,
        )


def test_addressees_of_a_signed_paper_stay_whoever_asks(desk):
    document = desk.bring_to("recheck")
    with pytest.raises(DatabaseError):
        raw(desk.cast.leader, "delete from general_office_addressee where document_id = %s", document.pk)


def test_after_its_number_the_text_never_changes_and_the_matter_does_not_go_back(desk):
    document = desk.bring_to("seal")
    with pytest.raises(Refused):
        drafting.save_draft(document_id=document.pk, facts={"title": "x"}, by=desk.cast.seal_keeper, at=desk.tick())
    with pytest.raises(Refused):
        services.withdraw_signature(document_id=document.pk, reason="x", by=desk.cast.registrar, at=desk.tick())
    with pytest.raises(Refused):
        services.note_going_back(document_id=document.pk, step="draft", by=desk.cast.registrar, at=desk.tick())
    with pytest.raises(DatabaseError):
        raw(
            desk.cast.registrar,
            "update general_office_outgoingdocument set signed_hash = '', title = 'x' where id = %s",
            document.pk,
        )


# --- Numbers ----------------------------------------------------------------------------------------------------------
def test_no_number_before_signing_nor_before_the_recheck(desk):
    document = desk.bring_to("sign")
    with pytest.raises(NotSigned):
        services.give_number(document_id=document.pk, by=desk.cast.leader, at=desk.tick())
    document = desk.bring_to("recheck", document)
    with pytest.raises(Refused, match=r"rechecked|复核"):
        services.give_number(document_id=document.pk, by=desk.cast.leader, at=desk.tick())
    with pytest.raises(DatabaseError):
        raw(
            desk.cast.leader,
            "update general_office_outgoingdocument set number = 'X〔2026〕1号' where id = %s",
            document.pk,
        )
    with acting_as(SYSTEM):
        assert not IssuedNumber.objects.filter(series="outgoing.pf").exists()


def test_no_number_without_a_series_of_the_issuer(desk):
    document = desk.bring_to("number", issuer=desk.cast.units["GO"])
    with pytest.raises(Refused) as refused:
        desk.press(document, "number", "NUMBERED", "registrar")
    assert refused.value.field == "series"


def test_a_documents_number_is_not_voided_on_its_own(desk):
    document = desk.bring_to("seal")
    with pytest.raises(Refused, match=r"cancel|作废"):
        void_number(number_id=document.issued_number_id, reason="x", by=desk.cast.registrar, at=desk.tick())


# --- Seals ------------------------------------------------------------------------------------------------------------
def test_only_the_keeper_seals(desk):
    desk.register_seal(keeper="archivist")
    document = desk.bring_to("seal")
    with pytest.raises(Refused) as refused:
        services.set_and_seal(document_id=document.pk, by=desk.cast.seal_keeper, at=desk.tick())
    assert refused.value.field == "seal"


def test_the_approver_does_not_seal_though_the_seal_is_theirs(desk):
    desk.register_seal(keeper="leader")
    document = desk.bring_to("seal")
    with pytest.raises(Refused):
        desk.press(document, "seal", "SEALED", "leader")
    with pytest.raises(Refused):
        services.set_and_seal(document_id=document.pk, by=desk.cast.leader, at=desk.tick())


def test_the_approver_does_not_seal_as_the_keepers_deputy_either(desk):
    desk.register_seal()
    declare_absence(
        absent_post_id=desk.cast.seal_keeper.post_id,
        deputy_post_id=desk.cast.leader.post_id,
        starts_on=dt.date(2026, 11, 23),
        ends_on=dt.date(2026, 11, 30),
        by=SYSTEM,
        at=desk.tick(),
    )
    document = desk.bring_to("seal")
    with pytest.raises(Refused):
        services.set_and_seal(document_id=document.pk, by=desk.cast.leader, at=desk.tick())
    assert desk.fresh(document).sealed_file_id is None


def test_a_retired_seal_is_not_used(desk):
    seal = desk.register_seal()
    document = desk.bring_to("seal")
    seals.retire_seal(seal_id=seal.pk, reason="刻了新印。", by=SYSTEM, at=desk.tick())
    with pytest.raises(Refused, match=r"no seal in use|没有"):
        desk.press(document, "seal", "SEALED", "seal_keeper")


def test_the_seal_of_a_dissolved_body_is_not_used(desk):
    desk.register_seal()
    document = desk.bring_to("seal")
    on = dt.date(2026, 11, 23)
    dissolve_unit(unit_id=desk.cast.units["PF"], on=on, with_posts=True, decision="样例", by=SYSTEM, at=desk.tick())
    with pytest.raises(Refused):
        services.set_and_seal(document_id=document.pk, by=desk.cast.seal_keeper, at=desk.tick())
    assert desk.fresh(document).sealed_file_id is None


def test_a_text_that_is_not_the_signed_one_is_not_sealed(desk, monkeypatch):
    desk.register_seal()
    document = desk.bring_to("seal")
    # The law in the database keeps the text; should it ever differ all the same, the seal stays off.
    monkeypatch.setattr(documents, "text_hash", lambda document, parts=None: "0" * 64)
    with pytest.raises(TextDiffers):
        desk.press(document, "seal", "SEALED", "seal_keeper")
    assert desk.fresh(document).sealed_file_id is None


def test_a_sealed_file_that_was_touched_is_not_released(desk, monkeypatch):
    desk.register_seal()
    document = desk.bring_to("release")
    real = queries.records.open_file
    monkeypatch.setattr(queries.records, "open_file", lambda file: io.BytesIO(real(file).read() + b" "))
    with pytest.raises(Refused):
        desk.press(document, "release", "RELEASE", "office_head")
    assert desk.fresh(document).state == "SEALED"


# --- Releasing, cancelling --------------------------------------------------------------------------------------------
def test_what_is_not_sealed_is_not_released_and_the_drafter_releases_nothing(desk):
    desk.register_seal()
    document = desk.bring_to("seal")
    with pytest.raises(Refused):
        services.release(document_id=document.pk, by=desk.cast.office_head, at=desk.tick())
    document = desk.bring_to("release", document)
    with pytest.raises(Refused):
        services.release(document_id=document.pk, by=desk.cast.drafter, at=desk.tick())


def test_a_released_paper_is_not_cancelled_reset_or_released_again(desk):
    desk.register_seal()
    document = desk.bring_to("dispatch")
    for verb in (services.release, services.set_and_seal):
        with pytest.raises(Refused):
            verb(document_id=document.pk, by=desk.cast.office_head, at=desk.tick())
    with pytest.raises(Refused):
        services.cancel(document_id=document.pk, reason="x", by=desk.cast.office_head, at=desk.tick())
    with pytest.raises(Refused):
        services.note_going_back(document_id=document.pk, step="seal", by=desk.cast.registrar, at=desk.tick())


def test_cancelling_needs_a_reason(desk):
    document = desk.bring_to("number")
    with pytest.raises(Refused) as refused:
        desk.press(document, "number", "CANCEL", "registrar")
    assert refused.value.field == "opinion"


# --- Countersigning ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("outcome", "named"), [("PASS", ["AS"]), ("PARALLEL", []), ("SERIAL", [])])
def test_units_named_and_the_way_chosen_agree(desk, outcome, named):
    document = desk.submit()
    with pytest.raises(Refused) as refused:
        units = [desk.cast.units[code] for code in named]
        desk.press(document, "unit_check", outcome, "unit_checker", countersign_units=units)
    assert refused.value.field == "countersign_units"


def test_the_drafting_unit_does_not_countersign_its_own_paper(desk):
    document = desk.submit()
    with pytest.raises(Refused) as refused:
        desk.press(document, "unit_check", "PARALLEL", "unit_checker", countersign_units=[desk.cast.units["PF"]])
    assert refused.value.field == "countersign_units"


def test_a_joint_issuer_is_asked_to_countersign(desk):
    document = desk.submit(joint_issuers=[desk.cast.units["AS"]], main=[desk.cast.units["GO"]])
    with pytest.raises(Refused) as refused:
        desk.press(document, "unit_check", "PASS", "unit_checker")
    assert refused.value.field == "countersign_units"


# --- Who --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("unit_check", "PASS"),
        ("office_review", "PASS"),
        ("sign", "SIGN"),
        ("recheck", "PASS"),
        ("number", "NUMBERED"),
        ("seal", "SEALED"),
    ],
)
def test_a_step_is_taken_only_by_whom_it_asks(desk, step, outcome):
    document = desk.bring_to(step)
    task = desk.task(document, step)
    others = {"drafter", "archivist", "outsider", "two_hats"}
    for who in others:
        with pytest.raises((Refused, NotThere)):
            procedures.complete(task_id=task["id"], outcome=outcome, by=getattr(desk.cast, who), at=desk.tick())
    assert step in desk.open_steps(document)


def test_who_never_had_it_in_hand_finds_nothing(desk):
    document = desk.bring_to("seal")
    with acting_as(desk.cast.outsider):
        assert not OutgoingDocument.objects.filter(pk=document.pk).exists()
        assert not IssuedNumber.objects.filter(pk=document.issued_number_id).exists()
