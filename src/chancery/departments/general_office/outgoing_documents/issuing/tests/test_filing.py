"""A paper that went out becomes an archival item: sealed paper first, then what led to it; and what keeps it open."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.outgoing_documents.dispatch.chasing import services as chasing
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.drafting.models import DraftVersion, EditLock, UnsavedWork
from chancery.departments.general_office.outgoing_documents.filing import services as filing
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Opinion
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.queries import open_file


def to_receipts(desk):
    desk.register_seal()
    return desk.bring_to("receipts")


def settle(desk, document):
    with acting_as(SYSTEM), transaction.atomic():
        copies = list(Delivery.objects.filter(document_id=document.pk).values_list("pk", flat=True))
    for copy in copies:
        chasing.explain(delivery_id=copy, reason="已电话确认。", by=desk.cast.registrar, at=desk.tick())


def test_receipts_are_in_before_it_is_filed_and_then_it_is_one_item(desk):
    document = to_receipts(desk)
    with pytest.raises(Refused, match=r"eceipts|回执"):
        desk.press(document, "receipts", "COMPLETE", "registrar")
    settle(desk, document)
    desk.press(document, "receipts", "COMPLETE", "registrar")
    with acting_as(SYSTEM), transaction.atomic():
        item = ArchivalItem.objects.get(subject=f"general_office.OutgoingDocument:{document.pk}")
        roles = [part["role"] for part in archive.parts(item.pk)]
        metadata = StoredFile.objects.get(pk=item.parts.get(role="METADATA").file_id)
        with open_file(metadata) as content:
            assert document.title in content.read().decode()
    document = desk.fresh(document)
    assert roles[0] == "MAIN" and roles[-2:] == ["OPINIONS", "METADATA"] and "SLIP" in roles
    assert (item.document_number, item.kind, item.dated_on) == (document.number, "outgoing", document.dated_on)


def test_a_matter_is_not_closed_by_hand_while_somebody_has_the_text_open(desk):
    document = desk.submit()
    by, other = desk.cast.drafter, desk.cast.unit_checker
    with acting_as(SYSTEM), transaction.atomic():
        lock = EditLock.objects.create(
            document_id=document.pk, person_id=other.person_id, since=desk.at, beat_at=desk.tick()
        )
    with pytest.raises(Refused, match=r"Wen Bo|温博"):
        procedures.close(matter_id=document.matter_id, reason="不再需要。", by=by, at=desk.at)
    with acting_as(SYSTEM), transaction.atomic():
        lock.delete()
        work = UnsavedWork.objects.create(
            document_id=document.pk, person_id=other.person_id, base_version=1, fields={}, at=desk.at
        )
    with pytest.raises(Refused, match=r"Wen Bo|温博"):
        procedures.close(matter_id=document.matter_id, reason="不再需要。", by=by, at=desk.tick())
    with acting_as(SYSTEM), transaction.atomic():
        work.delete()
    procedures.close(matter_id=document.matter_id, reason="不再需要。", by=by, at=desk.tick())


def filed(desk):
    document = to_receipts(desk)
    settle(desk, document)
    desk.press(document, "receipts", "COMPLETE", "registrar")
    with acting_as(SYSTEM), transaction.atomic():
        return desk.fresh(document), ArchivalItem.objects.get(subject=f"general_office.OutgoingDocument:{document.pk}")


def test_what_is_missing_stands_on_the_page_with_a_link_for_whoever_files(desk, client_as):
    document = to_receipts(desk)
    shown = client_as(desk.cast.registrar).get(f"/matters/{document.matter_id}/").content.decode()
    assert f"/general-office/outgoing/{document.pk}/" in shown
    assert "eceipt" in shown or "回执" in shown


def test_nothing_of_a_paper_is_blanked_while_its_item_lives(desk):
    document, item = filed(desk)
    for function in ("general_office_purge_outgoing", "procedures_purge"):
        with acting_as(SYSTEM), pytest.raises(Exception, match="was not destroyed"), transaction.atomic():
            connection.cursor().execute(f"select {function}(%s)", [item.pk])
    with (
        acting_as(desk.cast.drafter),
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
    ):
        connection.cursor().execute("select general_office_purge_record(%s, %s)", [item.pk, document.record_id])


def test_a_setting_that_the_blanking_uses_opens_nothing_to_the_web_role(desk):
    document, _item = filed(desk)
    with (
        acting_as(desk.cast.drafter),
        pytest.raises(Exception, match=r"permission denied|signed|released|kept"),
        transaction.atomic(),
    ):
        cursor = connection.cursor()
        cursor.execute("select set_config('chancery.purging', 'yes', true)")
        cursor.execute("update general_office_outgoingdocument set title = 'x' where id = %s", [document.pk])
    assert desk.fresh(document).title == document.title


@pytest.mark.django_db(transaction=True)
def test_once_destroyed_the_paper_is_blanked_and_its_line_stays(desk, owner_connection):
    document, item = filed(desk)
    owner_connection.execute(
        "update records_archivalitem set state = 'DESTROYED', ended_at = now(), title = 'x' where id = %s", [item.pk]
    )
    with acting_as(SYSTEM), transaction.atomic():
        filing.purge(item.pk, item.subject)
        left = desk.fresh(document)
        assert (left.title, left.body, left.note, left.keywords) == ("x", {}, "", "")
        assert left.number == document.number
        assert not DraftVersion.objects.filter(document=document).exists()
        assert set(Opinion.objects.filter(matter_id=document.matter_id).values_list("text", flat=True)) == {""}
        assert set(document.annexes.values_list("name", flat=True)) <= {"-"}
