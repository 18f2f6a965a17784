"""Beginning, saving, completeness, submitting, discarding; every refusal at its field."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import docx
import pytest
from django.db import DatabaseError, transaction

from chancery.departments.general_office.outgoing_documents import queries, rules
from chancery.departments.general_office.outgoing_documents.annexes import services as annexes
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.drafting import services
from chancery.departments.general_office.outgoing_documents.drafting.interchange import queries as exporting
from chancery.departments.general_office.outgoing_documents.drafting.interchange import services as interchange
from chancery.departments.general_office.outgoing_documents.drafting.models import DraftVersion
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import RelationKind, State
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access.models import Guard
from chancery.kernel.directory.services import create_unit, dissolve_unit
from chancery.kernel.records.papertypes import queries as paper_types
from chancery.kernel.records.papertypes.services import end_type

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

TITLE = "关于报送二〇二七年度预算的通知"


def facts(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "title": TITLE,
        "body": manuscript.from_plain("各部门：\n请于十二月十日前报送预算。", profile="cn"),
        "issuer": cast.units["PF"],
        "main": [cast.units["AS"], cast.units["SP"]],
        "direction": "PARALLEL",
        **more,
    }


def request(cast: Cast, **more: Any) -> dict[str, Any]:
    """A request that is complete."""
    return facts(
        cast,
        title="关于追加经费的请示",
        body=manuscript.from_plain("现就追加经费请示如下。\n妥否，请批示。", profile="cn"),
        main=[cast.units["ES"]],
        direction="UPWARD",
        signer_post=cast.leader.post_id,
        **more,
    )


def opened(cast: Cast, paper_type: str, given: dict[str, Any]) -> OutgoingDocument:
    return services.open_draft(paper_type=paper_type, profile="cn", facts=given, by=cast.drafter, at=clock.now())


def missing(cast: Cast, paper_type: str, given: dict[str, Any]) -> dict[str, str]:
    """Field → basis of everything that keeps such a draft from being submitted."""
    draft = opened(cast, paper_type, given)
    with pytest.raises(services.Incomplete) as found:
        services.submit_draft(document_id=draft.pk, by=cast.drafter, at=clock.now())
    with acting_as(SYSTEM):
        assert OutgoingDocument.objects.get(pk=draft.pk).state == State.DRAFT
    return {str(one.field): one.basis for one in found.value.faults}


@pytest.fixture
def draft(cast: Cast) -> OutgoingDocument:
    return opened(cast, "NOTICE", facts(cast))


# --- Saving -----------------------------------------------------------------------------------------------------------
def test_a_draft_is_begun_saved_and_every_version_kept(cast: Cast, draft: OutgoingDocument) -> None:
    by = cast.drafter
    kept = services.save_draft(
        document_id=draft.pk, facts={"title": "关于报送预算的通知"}, seen_version=1, note="短些", by=by, at=clock.now()
    )
    assert kept.version == 2
    with acting_as(by):
        assert [(row["number"], row["note"]) for row in drafting.versions(draft.pk)] == [(2, "短些"), (1, "")]
        assert rules.is_complete(kept)
        first, second = (drafting.version(draft.pk, n) for n in (1, 2))
        assert first and second
        assert first.parts["title"] == TITLE
        assert second.text_hash == queries.text_hash(kept) != first.text_hash
    with pytest.raises(Stale):
        services.save_draft(document_id=draft.pk, facts={"title": "x"}, seen_version=1, by=by, at=clock.now())


def test_saving_what_stands_makes_no_version(cast: Cast, draft: OutgoingDocument) -> None:
    kept = services.save_draft(document_id=draft.pk, facts=facts(cast), by=cast.drafter, at=clock.now())
    assert kept.version == 1


def test_a_version_cannot_be_rewritten_or_deleted_once_submitted(cast: Cast, draft: OutgoingDocument) -> None:
    with pytest.raises(DatabaseError), acting_as(SYSTEM), transaction.atomic():
        DraftVersion.objects.filter(document=draft).update(note="x")
    services.submit_draft(document_id=draft.pk, by=cast.drafter, at=clock.now())
    with pytest.raises(DatabaseError), acting_as(SYSTEM), transaction.atomic():
        DraftVersion.objects.filter(document=draft).delete()


def test_an_outsider_neither_sees_nor_saves_it(cast: Cast, draft: OutgoingDocument) -> None:
    for by in (cast.outsider, cast.handler):  # not even a colleague of the same unit, unless asked along
        with acting_as(by):
            assert queries.document(draft.pk) is None
            assert not drafting.versions(draft.pk)
        with pytest.raises(services.NotThere):
            services.save_draft(document_id=draft.pk, facts={"title": "x"}, by=by, at=clock.now())


def test_the_paper_types_of_neutral_can_be_drafted_too(cast: Cast) -> None:
    made = services.open_draft(
        paper_type="MEMO",
        profile="neutral",
        facts={
            "title": "Where the archive goes",
            "body": manuscript.from_plain("1 Purpose\nTo choose a room.", profile="neutral"),
            "main": [cast.units["AS"]],
            "direction": "PARALLEL",
            "signer_post": cast.unit_checker.post_id,
        },
        by=cast.drafter,
        at=clock.now(),
    )
    with acting_as(cast.drafter):
        assert rules.faults(made) == []
    assert (made.language, made.format) == ("en", "MEMO")


def test_markup_and_formulas_are_words_like_others(cast: Cast) -> None:
    said = '<script>alert(1)</script> =HYPERLINK("x") #{panic} $x$ 的通知'
    draft = opened(cast, "NOTICE", facts(cast, title=said))
    with acting_as(cast.drafter):
        paper = queries.paper_of(draft, draft=True)
        assert paper.title == said
        assert exporting.export(draft, "docx")[:2] == b"PK"
        assert exporting.export(draft, "odt")[:2] == b"PK"


def test_the_guard_follows_the_label_and_nobody_labels_above_what_they_see(cast: Cast, draft: OutgoingDocument) -> None:
    by, at = cast.drafter, clock.now()
    services.ask_along(document_id=draft.pk, post_ids=[cast.unit_checker.post_id or 0], by=by, at=at)
    services.save_draft(document_id=draft.pk, facts={"label": 20}, by=cast.unit_checker, at=at)
    with acting_as(SYSTEM):
        assert Guard.objects.get(pk=draft.guard_id).label == 20
    with pytest.raises(Refused) as found:
        services.save_draft(document_id=draft.pk, facts={"label": 30}, by=cast.unit_checker, at=at)
    assert found.value.field == "label"


# --- What the type demands --------------------------------------------------------------------------------------------
def test_an_empty_draft_says_all_that_is_missing(cast: Cast) -> None:
    found = missing(cast, "REQUEST", {"title": "", "body": manuscript.EMPTY})
    assert {"title", "body", "main", "signer_post"} <= set(found)
    assert "条例" in found["main"] or "Rules" in found["main"]


def test_a_complete_request_goes_its_way(cast: Cast) -> None:
    draft = opened(cast, "REQUEST", request(cast))
    done = services.submit_draft(document_id=draft.pk, by=cast.drafter, at=clock.now())
    assert done.state == State.UNDER_WAY
    assert done.matter_id
    with pytest.raises(Refused):
        services.submit_draft(document_id=draft.pk, by=cast.drafter, at=clock.now())


def test_an_upward_paper_shows_its_signatory(cast: Cast) -> None:
    assert set(missing(cast, "REQUEST", {**request(cast), "signer_post": None})) == {"signer_post"}


def test_a_request_has_one_main_addressee(cast: Cast) -> None:
    two = [cast.units["ES"], cast.units["CAST"]]
    assert set(missing(cast, "REQUEST", {**request(cast), "main": two})) == {"main"}


def test_a_request_is_not_copied_to_subordinates(cast: Cast) -> None:
    given = {**request(cast), "issuer": cast.units["HQ"], "copy_to": [cast.units["AS"]]}
    assert set(missing(cast, "REQUEST", given)) == {"copy_to"}


def test_a_report_carries_no_request(cast: Cast) -> None:
    given = {**request(cast), "title": "关于经费情况的报告"}
    assert set(missing(cast, "REPORT", given)) == {"body"}


def test_an_order_is_issued_by_nobody_and_a_reply_answers_a_request(cast: Cast) -> None:
    given = facts(cast, title="关于发布制度的命令", direction="DOWNWARD", issuer=cast.units["CAST"], main=[])
    assert set(missing(cast, "ORDER", given)) == {"paper_type"}
    given = facts(cast, title="关于经费的批复", direction="DOWNWARD", main=[cast.units["AS"]])
    assert set(missing(cast, "REPLY", given)) == {"relations"}
    answered = [{"kind": RelationKind.ANSWERS, "earlier_number": "科协学发〔2026〕3号"}]
    draft = opened(cast, "REPLY", {**given, "relations": answered})
    with acting_as(cast.drafter):
        assert rules.faults(draft) == []


def test_an_unknown_type_is_refused_and_an_expired_one_with_it(cast: Cast) -> None:
    with pytest.raises(Refused) as found:
        opened(cast, "TELEGRAM", {})
    assert found.value.field == "paper_type"
    draft = opened(cast, "NOTICE", facts(cast))
    row = paper_types.demanded("NOTICE", on=clock.today(), profile="cn")
    end_type(type_id=row.pk, last_day=clock.today(), reason="停用", by=cast.office_head, at=clock.now())
    with clock.fixed_at(clock.now() + dt.timedelta(days=1)):
        with pytest.raises(Refused) as found:
            opened(cast, "NOTICE", {})
        assert found.value.field == "paper_type"
        with acting_as(cast.drafter):
            assert [one.field for one in rules.faults(draft)] == ["paper_type"]


def test_an_addressee_outside_the_directory_needs_an_address(cast: Cast) -> None:
    outside = [{"part": "MAIN", "name": "样例大学", "email": "", "postal": ""}]
    with pytest.raises(Refused) as found:
        opened(cast, "NOTICE", facts(cast, outside=outside))
    assert found.value.field == "outside"
    draft = opened(cast, "NOTICE", facts(cast, outside=[{**outside[0], "postal": "样例路1号"}]))
    with acting_as(cast.drafter):
        assert "样例大学" in queries.paper_of(draft, draft=True).addressees


def test_a_body_is_not_main_addressee_and_copied(cast: Cast) -> None:
    with pytest.raises(Refused) as found:
        opened(cast, "NOTICE", facts(cast, copy_to=[cast.units["AS"]]))
    assert found.value.field == "copy_to"


def test_a_dissolved_unit_is_no_addressee_or_issuer(cast: Cast) -> None:
    facts_of_unit = {"code": "X1", "name_en": "Old office", "name_zh": "旧办公室", "kind": "OFFICE"}
    begun = {"on": dt.date(2026, 1, 1), "decision": "样例", "parent_id": cast.units["HQ"]}
    unit = create_unit(**facts_of_unit, **begun, by=SYSTEM, at=clock.now())
    draft = opened(cast, "NOTICE", facts(cast, main=[unit.pk]))
    dissolve_unit(unit_id=unit.pk, on=clock.today(), decision="样例", by=SYSTEM, at=clock.now())
    with acting_as(cast.drafter):
        assert {str(one.field) for one in rules.faults(draft)} == {"main"}


def test_the_drafter_does_not_sign_and_nobody_signs_in_an_empty_post(cast: Cast) -> None:
    assert set(missing(cast, "REQUEST", {**request(cast), "signer_post": cast.drafter.post_id})) == {"signer_post"}


def test_a_public_paper_bears_no_house_label(cast: Cast) -> None:
    given = facts(cast, title="关于征文的通告", direction="PUBLIC", main=[], label=20)
    assert set(missing(cast, "PUBLIC_NOTICE", given)) == {"label"}


def test_the_drafting_unit_does_not_countersign_itself(cast: Cast) -> None:
    found = missing(cast, "NOTICE", facts(cast, countersign_units=[cast.units["PF"], cast.units["AS"]]))
    assert set(found) == {"countersign_units"}


@pytest.mark.parametrize(
    "number",
    ["科协办发[2026]8号", "科协办发〔2026〕08号", "科协办发〔2026〕第8号", "科协办发（2026）8号", "科协办发〔26〕8号",
     "科协办发〔2026年〕8号", "科协办发〔2031〕8号", "8号", "科协办发 2026 8"],
)  # fmt: skip
def test_a_number_is_written_as_the_standard_says(cast: Cast, number: str) -> None:
    verdict = rules.number_form(number, profile="cn")
    assert not verdict
    assert verdict.basis == rules.BASIS_NUMBER
    relation = [{"kind": RelationKind.SUPERSEDES, "earlier_number": number}]
    assert "relations" in missing(cast, "NOTICE", facts(cast, relations=relation))


def test_right_numbers_pass_and_wrong_ones_in_the_title_do_not(cast: Cast) -> None:
    for number in ("科协办发〔2026〕8号", "科协办发调字〔2017〕22号", "中办发〔2012〕14号"):
        assert rules.number_form(number, profile="cn")
    assert rules.number_form("GO/2026/8", profile="neutral")
    assert set(missing(cast, "NOTICE", facts(cast, title="关于废止学字[2025]3号文件的通知"))) == {"title"}


def test_only_what_was_issued_is_superseded(cast: Cast, draft: OutgoingDocument) -> None:
    given = facts(cast, relations=[{"kind": RelationKind.SUPERSEDES, "earlier_id": draft.pk}])
    assert set(missing(cast, "NOTICE", given)) == {"relations"}


# --- State secrets ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "given",
    [
        {"title": "机密★20年 的通知"},
        {"note": "绝密★启用前"},
        {"keywords": "秘密★5年"},
        {"body": manuscript.from_plain("正文\n机密★长期", profile="cn")},
        {"outside": [{"part": "MAIN", "name": "机密★20年", "email": "a@example.org", "postal": ""}]},
        {"relations": [{"kind": "ANSWERS", "earlier_number": "x", "earlier_title": "机密★20年"}]},
    ],
    ids=["title", "note", "keywords", "body", "outside", "relations"],
)
def test_a_marked_text_is_refused_in_every_field_and_nothing_kept(
    cast: Cast, draft: OutgoingDocument, given: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        services.save_draft(document_id=draft.pk, facts=given, by=cast.drafter, at=clock.now())
    with acting_as(SYSTEM):
        assert OutgoingDocument.objects.get(pk=draft.pk).version == 1


# --- Annexes ----------------------------------------------------------------------------------------------------------
def annex(draft: OutgoingDocument, cast: Cast, name: str, content: bytes) -> Any:
    return annexes.add_annex(
        document_id=draft.pk, name=name, content=io.BytesIO(content), by=cast.drafter, at=clock.now()
    )


def test_annexes_are_added_ordered_and_taken_off(cast: Cast, draft: OutgoingDocument) -> None:
    one, two = (annex(draft, cast, name, name.encode()) for name in ("甲.txt", "乙.csv"))
    annexes.order_annexes(document_id=draft.pk, annex_ids=[two.pk], by=cast.drafter, at=clock.now())
    with acting_as(cast.drafter):
        assert [row["name"] for row in queries.annexes_of(draft.pk)] == ["乙.csv", "甲.txt"]
        assert queries.paper_of(draft, draft=True).annexes == ["乙", "甲"]
    annexes.remove_annex(document_id=draft.pk, annex_id=one.pk, by=cast.drafter, at=clock.now())
    with acting_as(cast.drafter):
        assert [row["name"] for row in queries.annexes_of(draft.pk)] == ["乙.csv"]
        assert OutgoingDocument.objects.get(pk=draft.pk).version == 5


@pytest.mark.parametrize(
    ("name", "content"),
    [("run.exe", b"MZ"), ("page.html", b"<html>"), ("a.pdf", b"not a pdf"), ("marked.txt", "机密★20年".encode())],
)
def test_a_forbidden_a_disguised_and_a_marked_annex_are_refused(
    cast: Cast, draft: OutgoingDocument, name: str, content: bytes
) -> None:
    with pytest.raises(Refused) as found:
        annex(draft, cast, name, content)
    assert found.value.field == "annexes"
    with acting_as(cast.drafter):
        assert queries.annexes_of(draft.pk) == []


# --- Files in and out -------------------------------------------------------------------------------------------------
def word(*lines: str) -> io.BytesIO:
    paper, out = docx.Document(), io.BytesIO()
    for line in lines:
        paper.add_paragraph(line)
    paper.save(out)
    out.seek(0)
    return out


def test_a_word_file_becomes_a_version_and_a_marked_one_does_not(cast: Cast, draft: OutgoingDocument) -> None:
    by, at = cast.drafter, clock.now()
    interchange.import_docx(
        document_id=draft.pk, name="稿.docx", content=word("各部门：", "一、时间", "十二月十日。"), by=by, at=at
    )
    with acting_as(by):
        kept = OutgoingDocument.objects.get(pk=draft.pk)
        assert kept.version == 2
        assert "十二月十日。" in manuscript.plain(kept.body)
    for content in (word("机密★20年"), io.BytesIO(b"not a word file")):
        with pytest.raises(Refused):
            interchange.import_docx(document_id=draft.pk, name="x.docx", content=content, by=by, at=at)


# --- Ending -----------------------------------------------------------------------------------------------------------
def test_only_a_draft_is_discarded_and_everything_of_it_goes(cast: Cast, draft: OutgoingDocument) -> None:
    annex(draft, cast, "甲.txt", b"x")
    services.discard_draft(document_id=draft.pk, by=cast.drafter, at=clock.now())
    with acting_as(SYSTEM):
        assert not OutgoingDocument.objects.exists()
        assert not DraftVersion.objects.exists()
    other = opened(cast, "NOTICE", facts(cast))
    services.submit_draft(document_id=other.pk, by=cast.drafter, at=clock.now())
    with pytest.raises(Refused):
        services.discard_draft(document_id=other.pk, by=cast.drafter, at=clock.now())


def test_a_new_draft_from_a_document_says_the_same(cast: Cast, draft: OutgoingDocument) -> None:
    services.submit_draft(document_id=draft.pk, by=cast.drafter, at=clock.now())
    made = services.new_from(document_id=draft.pk, by=cast.drafter, at=clock.now())
    with acting_as(cast.drafter):
        assert (made.title, made.state, made.matter_id) == (TITLE, State.DRAFT, None)
        assert queries.text_hash(made) == queries.text_hash(draft)
    with pytest.raises(services.NotThere):
        services.new_from(document_id=draft.pk, by=cast.outsider, at=clock.now())


def test_after_submitting_only_who_has_it_in_hand_edits(cast: Cast, draft: OutgoingDocument) -> None:
    services.submit_draft(document_id=draft.pk, by=cast.drafter, at=clock.now())
    with pytest.raises(rules.NotEditable):
        services.save_draft(document_id=draft.pk, facts={"title": "x"}, by=cast.drafter, at=clock.now())
    kept = services.save_draft(
        document_id=draft.pk, facts={"title": "关于预算的通知"}, by=cast.unit_checker, at=clock.now()
    )
    with acting_as(cast.unit_checker):
        latest = drafting.version(draft.pk, kept.version)
    assert latest is not None
    assert latest.person_id == cast.unit_checker.person_id
