"""An incoming document becomes an archival item: its parts, its place in the plan, what keeps it from being filed."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.urls import reverse

from chancery.departments.general_office.incoming_documents.filing import services as filing
from chancery.departments.general_office.incoming_documents.filing.queries import hindrances
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.tests.office import planned
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Opinion
from chancery.kernel.records.archive import queries as archive
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.fileplan.models import PlanClass, RetentionPeriod


def to_the_last_step(office, *, kind="LETTER", reply=True, **facts):
    document = office.register(kind=kind, **facts)
    office.accept(document)
    office.propose(document)
    if reply:
        office.press(document, "handle", "REPLY_DUE", "handler", "拟同意。", result="已核。")
        office.press(document, "reply", "REPLIED", "handler", reply_text="同意。", reply_number="样函〔2026〕1号")
    else:
        office.press(document, "handle", "NO_REPLY", "handler", "已阅办。", result="已核。")
    office.press(document, "office_check", "PASS", "office_head")
    return document


def item_of(document):
    with acting_as(SYSTEM), transaction.atomic():
        item = ArchivalItem.objects.get(subject=f"general_office.IncomingDocument:{document.pk}")
        return item, archive.parts(item.pk)


def test_document_slip_and_opinions_become_one_item(office):
    document = to_the_last_step(office)
    where = planned(document.pk)
    office.press(document, "file", "FILED", "archivist", **where)
    item, parts = item_of(document)
    assert (item.title, item.author, item.document_number) == (document.title, document.sender, document.sender_number)
    assert (item.class_code, item.period, item.dated_on) == (where["file_class"], where["retention"], document.dated_on)
    assert [part["role"] for part in parts][-2:] == ["SLIP", "OPINIONS"]
    assert item.matter_number == document.number
    assert item.unit_id == office.cast.units["PF"]  # the unit that led
    with acting_as(office.cast.archivist), transaction.atomic():
        assert archive.may_read(item)
    with acting_as(office.cast.personnel_handler), transaction.atomic():
        assert archive.item(item.pk) is not None and not archive.may_read(item)


def test_the_page_of_the_step_proposes_what_the_plan_says(office, client_as):
    document = to_the_last_step(office)
    where = planned(document.pk)
    text = client_as(office.cast.archivist).get(f"/matters/{document.matter_id}/").content.decode()
    assert f'<option value="{where["file_class"]}" selected>' in text
    assert f'<option value="{where["retention"]}" selected>' in text


def test_a_period_shorter_than_the_classes_is_refused_at_its_field(office):
    document = to_the_last_step(office)
    with acting_as(SYSTEM), transaction.atomic():
        years = dict(RetentionPeriod.objects.values_list("code", "years"))
        nodes = PlanClass.objects.filter(parent__isnull=False).values("parent")
        good = next(
            one for one in PlanClass.objects.exclude(pk__in=nodes).exclude(period="") if years[one.period] is None
        )
        short = min((code for code in years if years[code]), key=lambda code: years[code])
    with pytest.raises(Refused) as refusal:
        office.press(document, "file", "FILED", "archivist", file_class=good.code, retention=short)
    assert refusal.value.field == "retention"
    with pytest.raises(Refused) as refusal:
        office.press(document, "file", "FILED", "archivist", file_class="NO-SUCH", retention=short)
    assert refusal.value.field == "file_class"


def test_a_request_is_not_filed_unanswered_and_the_page_says_so_with_a_link(office, client_as):
    document = to_the_last_step(office, kind="REQUEST", reply=False)
    with pytest.raises(Refused, match=r"not answered|答复"):
        office.press(document, "file", "FILED", "archivist", **planned(document.pk))
    text = client_as(office.cast.archivist).get(f"/matters/{document.matter_id}/").content.decode()
    assert "not answered" in text or "未答复" in text
    assert f'<a href="{reverse("procedures:matter", args=[document.matter_id])}">' in text
    # It goes back to whoever handles it, is answered, and can be filed.
    task = office.task(document, "file")
    procedures.return_to(task_id=task["id"], step="handle", reason="请答复", by=office.cast.archivist, at=office.tick())
    office.press(document, "handle", "REPLY_DUE", "handler", "拟同意。", result="已核。")
    office.press(document, "reply", "REPLIED", "handler", reply_text="同意。", reply_number="")
    office.press(document, "office_check", "PASS", "office_head")
    office.press(document, "file", "FILED", "archivist", **planned(document.pk))
    assert item_of(document)[0].document_number == document.sender_number


def test_open_steps_and_unread_copies_hinder_by_name_and_link(office):
    document = office.register(kind="LETTER")
    office.accept(document)
    office.propose(document, readers=[office.cast.posts["auditor", "PF"]])
    with acting_as(SYSTEM), transaction.atomic():
        document = IncomingDocument.objects.get(pk=document.pk)
        found = hindrances(document)
    assert len(found) == 2
    assert all(f"/matters/{document.matter_id}/#task-" in one.url for one in found)
    assert any("not read" in str(one.text) or "未阅" in str(one.text) for one in found)


def test_a_matter_of_an_undated_document_is_not_closed_by_hand(office):
    document = office.register(kind="LETTER")
    with acting_as(SYSTEM), transaction.atomic():
        IncomingDocument.objects.filter(pk=document.pk).update(dated_on=None)
    with pytest.raises(Refused, match=r"no date|日期"):
        procedures.close(matter_id=document.matter_id, reason="done", by=office.cast.office_head, at=office.tick())


def test_nothing_is_blanked_while_the_item_lives(office):
    document = to_the_last_step(office)
    office.press(document, "file", "FILED", "archivist", **planned(document.pk))
    item, _parts = item_of(document)
    for function in ("general_office_purge_incoming", "procedures_purge"):
        with acting_as(SYSTEM), pytest.raises(Exception, match="was not destroyed"), transaction.atomic():
            connection.cursor().execute(f"select {function}(%s)", [item.pk])


@pytest.mark.django_db(transaction=True)
def test_once_destroyed_the_register_forgets_the_content(office, owner_connection):
    document = to_the_last_step(office)
    office.press(document, "file", "FILED", "archivist", **planned(document.pk))
    item, _parts = item_of(document)
    owner_connection.execute(
        "update records_archivalitem set state = 'DESTROYED', ended_at = now(), title = 'x' where id = %s", [item.pk]
    )
    with acting_as(SYSTEM), transaction.atomic():
        filing.purge(item.pk, item.subject)
        document.refresh_from_db()
        assert (document.title, document.result, document.reply_text, document.summary) == ("x", "", "", "")
        assert document.number  # the register's line stays
        assert set(Opinion.objects.filter(matter_id=document.matter_id).values_list("text", flat=True)) == {""}
