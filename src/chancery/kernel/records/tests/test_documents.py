"""Documents: registered once, corrected with a reason, filed for good."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.records.models import Document, DocumentFile, IssuedNumber, StoredFile
from chancery.kernel.records.queries import document_of, files_of, metadata_of, parts_of, same_number
from chancery.kernel.records.rules import SecretMarking
from chancery.kernel.records.services import (
    DuplicateDocument,
    attach_file,
    correct_document,
    file_document,
    issue_number,
    register_document,
    store_file,
    void_number,
)
from chancery.kernel.records.tests.world import AT, World

FACTS: dict[str, Any] = {
    "kind": "NOTICE",
    "title": "关于召开全国学会工作会议的通知",
    "sender": "某市科学技术协会",
    "sender_number": "科协发〔2026〕12号",
    "document_date": dt.date(2026, 11, 20),
    "urgency": "URGENT",
    "page_count": 3,
}


def register(world: World, **changes: Any) -> Document:
    by = changes.pop("by", world.clerk)
    return register_document(
        guard_id=changes.pop("guard_id", world.guard_id),
        unit_id=world.office_id,
        direction=changes.pop("direction", "IN"),
        label=10,
        series=changes.pop("series", None),
        number_id=changes.pop("number_id", None),
        by=by,
        at=AT,
        **(FACTS | changes),
    )


def test_a_document_is_registered_under_the_next_number_and_the_journal_says_so(world: World) -> None:
    first = register(world, series="test")
    second = register(world, series="test", sender_number="科协发〔2026〕13号")
    assert (first.number_text, second.number_text) == ("收〔2026〕1号", "收〔2026〕2号")
    with acting_as(world.clerk):
        number = IssuedNumber.objects.get(text="收〔2026〕1号")
        assert number.subject == f"records.document:{first.pk}"
        assert number.document.pk == first.pk
        assert [line["act"] for line in journal.history(first)] == ["document.registered"]
        assert document_of(first.pk) == first


@pytest.mark.parametrize(
    "again",
    [
        {},
        {"sender_number": "科协发[2026]12号"},
        {"sender_number": "科协发【２０２６】１２号"},
        {"sender_number": " 科协发 〔2026〕 12 号"},
        {"sender": "某市科学技术协会 "},
        {"document_date": dt.date(2025, 1, 1)},
        {"title": "另一标题"},
    ],
)
def test_the_same_number_of_the_same_sender_and_year_is_refused_however_it_is_typed(
    world: World, again: dict[str, Any]
) -> None:
    register(world)
    with pytest.raises(DuplicateDocument, match="registered already") as refusal:
        register(world, **again)
    assert refusal.value.field == "sender_number"
    assert register(world, sender_number="科协发〔2026〕99号").pk


@pytest.mark.parametrize(
    "other",
    [
        {"sender": "另一单位"},
        {"sender_number": "科协发〔2025〕12号"},
        {"sender_number": ""},
        {"direction": "OUT"},
        {"sender_number": "科协发〔2026〕1号"},
    ],
)
def test_another_sender_year_or_direction_is_another_document(world: World, other: dict[str, Any]) -> None:
    register(world)
    assert register(world, **other).pk


def test_a_number_issued_before_is_taken_over_unless_it_is_void(world: World) -> None:
    number = issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
    assert register(world, number_id=number.pk).number_text == "收〔2026〕1号"
    other = issue_number(series="test", year=2026, guard_id=world.guard_id, by=world.clerk, at=AT)
    void_number(number_id=other.pk, reason="twice", by=world.registrar, at=AT)
    with pytest.raises(Refused, match="void"):
        register(world, number_id=other.pk, sender_number="x〔2026〕7号")


def test_a_duplicate_gives_its_number_back(world: World) -> None:
    register(world, series="test")
    with pytest.raises(DuplicateDocument):
        register(world, series="test")
    assert register(world, series="test", sender_number="x〔2026〕7号").number_text == "收〔2026〕2号"


def test_a_duplicate_of_a_hidden_document_is_refused_without_telling_of_it(world: World) -> None:
    theirs = world.guard(world.outsider, world.elsewhere_id)
    register(world, by=world.outsider, guard_id=theirs, title="不可见的标题")
    with pytest.raises(DuplicateDocument) as refusal:
        register(world)
    assert "不可见" not in str(refusal.value)
    with acting_as(world.clerk):
        assert (
            same_number(
                direction="IN", sender=FACTS["sender"], sender_number=FACTS["sender_number"], document_date=None
            )
            is None
        )


def test_the_form_can_ask_for_the_visible_duplicate(world: World) -> None:
    known = register(world)
    with acting_as(world.clerk):
        found = same_number(
            direction="IN", sender=FACTS["sender"], sender_number="科协发(2026)12号", document_date=None
        )
        nothing = same_number(direction="IN", sender=FACTS["sender"], sender_number=" ", document_date=None)
    assert (found, nothing) == (known, None)


@pytest.mark.parametrize("field", ["title", "sender", "sender_number", "addressees", "note", "copy_number"])
def test_a_marking_in_any_text_is_refused(world: World, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chancery.kernel.records.markings.services._leave_trace", lambda **_: None)
    with pytest.raises(SecretMarking) as refusal:
        register(world, **{field: "机密★20年"})
    assert refusal.value.field == field
    document = register(world)
    with pytest.raises(SecretMarking):
        correct_document(
            document_id=document.pk, changes={field: "秘密★5年"}, reason="r", seen_version=1, by=world.clerk, at=AT
        )


def test_a_document_needs_a_title_and_no_unknown_facts(world: World) -> None:
    with pytest.raises(Refused, match="title"):
        register(world, title="  ")
    with pytest.raises(TypeError, match="filed_at"):
        register(world, filed_at=AT)


def test_a_correction_needs_a_reason_and_keeps_what_was(world: World) -> None:
    document = register(world)
    with pytest.raises(Refused, match="Say why"):
        correct_document(
            document_id=document.pk, changes={"title": "新"}, reason="", seen_version=1, by=world.clerk, at=AT
        )
    corrected = correct_document(
        document_id=document.pk,
        changes={"title": "新标题", "document_date": dt.date(2026, 11, 19)},
        reason="看错了",
        seen_version=1,
        by=world.clerk,
        at=AT,
    )
    assert (corrected.title, corrected.version) == ("新标题", 2)
    with acting_as(world.clerk):
        line = journal.history(document)[-1]
    assert line["data"]["was"] == {"title": FACTS["title"], "document_date": "2026-11-20"}
    assert line["data"]["reason"] == "看错了"


def test_a_correction_of_what_somebody_else_changed_is_stale(world: World) -> None:
    document = register(world)
    correct_document(
        document_id=document.pk, changes={"title": "甲"}, reason="r", seen_version=1, by=world.registrar, at=AT
    )
    with pytest.raises(Stale):
        correct_document(
            document_id=document.pk, changes={"title": "乙"}, reason="r", seen_version=1, by=world.clerk, at=AT
        )


def test_a_correction_that_changes_nothing_writes_nothing(world: World) -> None:
    document = register(world)
    same = correct_document(
        document_id=document.pk, changes={"title": FACTS["title"]}, reason="r", seen_version=1, by=world.clerk, at=AT
    )
    assert same.version == 1


def test_a_new_text_becomes_the_next_version_and_the_old_one_stays(world: World) -> None:
    document = register(world)
    files = [
        store_file(guard_id=world.guard_id, name=f"{n}.txt", content=io.BytesIO(b"words %d" % n), by=world.clerk, at=AT)
        for n in range(3)
    ]
    attach_file(document_id=document.pk, file_id=files[0].pk, role="MAIN", by=world.clerk, at=AT)
    attach_file(document_id=document.pk, file_id=files[1].pk, role="MAIN", by=world.clerk, at=AT)
    attach_file(document_id=document.pk, file_id=files[2].pk, role="ATTACHMENT", by=world.clerk, at=AT)
    with acting_as(world.clerk):
        parts = parts_of(document.pk)
        owned = files_of(f"records.document:{document.pk}")
    assert [(part["role"], part["version"], part["replaced_at"] is None) for part in parts] == [
        ("ATTACHMENT", 1, True),
        ("MAIN", 1, False),
        ("MAIN", 2, True),
    ]
    assert len(owned) == 3


def test_a_filed_document_is_closed(world: World) -> None:
    document = register(world)
    with pytest.raises(Refused, match="class"):
        file_document(document_id=document.pk, filing_class=" ", retention="D10", by=world.registrar, at=AT)
    with pytest.raises(Refused, match="how long"):
        file_document(document_id=document.pk, filing_class="WS", retention="", by=world.registrar, at=AT)
    filed = file_document(document_id=document.pk, filing_class="WS", retention="D10", by=world.registrar, at=AT)
    assert (filed.filed_at, filed.filed_post_id) == (AT, world.registrar.post_id)
    for again in (
        lambda: file_document(document_id=document.pk, filing_class="WS", retention="Y", by=world.clerk, at=AT),
        lambda: correct_document(
            document_id=document.pk, changes={"title": "x"}, reason="r", seen_version=2, by=world.clerk, at=AT
        ),
    ):
        with pytest.raises(Refused, match="filed"):
            again()


def test_an_outsider_sees_no_document_and_changes_none(world: World) -> None:
    document = register(world)
    with acting_as(world.outsider):
        assert (Document.objects.count(), DocumentFile.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
        assert document_of(document.pk) is None
    with pytest.raises(Refused, match="no such document"):
        correct_document(
            document_id=document.pk, changes={"title": "x"}, reason="r", seen_version=1, by=world.outsider, at=AT
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        register(world, by=world.outsider, sender_number="y〔2026〕1号")


@pytest.mark.parametrize(
    "statement",
    ["delete from records_document", "delete from records_documentfile", "update records_documentfile set version = 9"],
)
def test_raw_sql_as_the_web_role_deletes_nothing(world: World, statement: str) -> None:
    register(world)
    with acting_as(world.clerk), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_database_itself_refuses_the_same_number_twice(world: World) -> None:
    document = register(world)
    with acting_as(world.clerk), pytest.raises(IntegrityError, match="records_document_once"), transaction.atomic():
        Document.objects.create(
            guard_id=world.guard_id,
            unit_id=world.office_id,
            direction="IN",
            kind="NOTICE",
            title="x",
            registered_at=AT,
            sender_key=document.sender_key,
            number_key=document.number_key,
            number_year=document.number_year,
        )


def test_metadata_carry_the_names_of_the_standard(world: World) -> None:
    elements = metadata_of(register(world))
    assert elements["标题"] == FACTS["title"]
    assert elements["发文字号"] == "科协发〔2026〕12号"
    assert "份号" not in elements
