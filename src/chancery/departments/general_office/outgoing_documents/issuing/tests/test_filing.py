"""A paper that went out becomes an archival item: sealed paper first, then what led to it; and what keeps it open."""

from __future__ import annotations

import pytest
from django.db import transaction

from chancery.departments.general_office.outgoing_documents.dispatch.chasing import services as chasing
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.drafting.models import EditLock, UnsavedWork
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
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
