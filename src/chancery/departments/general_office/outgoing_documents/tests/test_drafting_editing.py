"""The one editor: who has it, taking over, unsaved work, going back to a version."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from chancery.departments.general_office.outgoing_documents.drafting import queries, services
from chancery.departments.general_office.outgoing_documents.drafting.editing import services as editing
from chancery.departments.general_office.outgoing_documents.drafting.editing.services import Hold
from chancery.departments.general_office.outgoing_documents.drafting.models import UnsavedWork
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


@pytest.fixture
def draft(cast: Cast) -> OutgoingDocument:
    by, at = cast.drafter, clock.now()
    made = services.open_draft(paper_type="NOTICE", profile="cn", facts={"title": "甲"}, by=by, at=at)
    services.ask_along(document_id=made.pk, post_ids=[cast.unit_checker.post_id or 0], by=by, at=at)
    return made


def test_the_first_page_has_the_editor_and_the_second_is_told_who(cast: Cast, draft: OutgoingDocument) -> None:
    at = clock.now()
    assert editing.beat(document_id=draft.pk, by=cast.drafter, at=at).hold is Hold.YOURS
    told = editing.beat(document_id=draft.pk, by=cast.unit_checker, at=at)
    assert (told.hold, told.name) == (Hold.HELD, "Lu Jia")
    with pytest.raises(services.BeingEdited):
        services.save_draft(document_id=draft.pk, facts={"title": "乙"}, by=cast.unit_checker, at=at)
    for act in (services.submit_draft, services.discard_draft):
        with pytest.raises(services.BeingEdited):
            act(document_id=draft.pk, by=cast.unit_checker, at=at)


def test_a_page_not_heard_of_loses_the_editor(cast: Cast, draft: OutgoingDocument) -> None:
    at = clock.now()
    editing.beat(document_id=draft.pk, by=cast.drafter, at=at)
    later = at + dt.timedelta(seconds=91)
    assert editing.beat(document_id=draft.pk, by=cast.unit_checker, at=later).hold is Hold.YOURS
    assert editing.beat(document_id=draft.pk, by=cast.drafter, at=later).hold is Hold.HELD


def test_taking_over_tells_the_other_and_keeps_what_was_typed(cast: Cast, draft: OutgoingDocument) -> None:
    at = clock.now()
    editing.beat(document_id=draft.pk, by=cast.drafter, at=at)
    fields = {"title": ["陆嘉的标题"], "body": ["正文"]}
    editing.autosave(document_id=draft.pk, base_version=1, fields=fields, by=cast.drafter, at=at)
    assert editing.take_over(document_id=draft.pk, by=cast.unit_checker, at=at).hold is Hold.YOURS
    told = editing.beat(document_id=draft.pk, by=cast.drafter, at=at)
    assert (told.hold, told.name) == (Hold.TAKEN, "Wen Bo")
    services.save_draft(document_id=draft.pk, facts={"title": "温博的标题"}, by=cast.unit_checker, at=at)
    with acting_as(cast.unit_checker):
        (kept,) = queries.unsaved(draft.pk)
    assert kept.fields["title"] == ["陆嘉的标题"]
    # Letting go frees it for whoever comes next.
    editing.let_go(document_id=draft.pk, by=cast.unit_checker, at=at)
    assert editing.beat(document_id=draft.pk, by=cast.drafter, at=at).hold is Hold.YOURS


def test_who_may_not_edit_gets_neither_editor_nor_autosave(cast: Cast, draft: OutgoingDocument) -> None:
    at = clock.now()
    for by in (cast.outsider, cast.handler):
        with pytest.raises(Refused):
            editing.take_over(document_id=draft.pk, by=by, at=at)
        with pytest.raises(Refused):
            editing.autosave(document_id=draft.pk, base_version=1, fields={}, by=by, at=at)


def test_unsaved_work_is_one_a_person_and_goes_when_saved_or_dropped(cast: Cast, draft: OutgoingDocument) -> None:
    by, at = cast.drafter, clock.now()
    for title in ("一", "二"):
        editing.autosave(document_id=draft.pk, base_version=1, fields={"title": [title]}, by=by, at=at)
    with acting_as(by):
        found = queries.unsaved_of(draft.pk, by)
    assert found is not None
    assert found.fields == {"title": ["二"]}
    services.save_draft(document_id=draft.pk, facts={"title": "二"}, by=by, at=at)
    with acting_as(SYSTEM):
        assert not UnsavedWork.objects.exists()
    editing.autosave(document_id=draft.pk, base_version=2, fields={"title": ["三"]}, by=by, at=at)
    editing.drop_unsaved(document_id=draft.pk, by=by, at=at)
    with acting_as(SYSTEM):
        assert not UnsavedWork.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ["机密★20年"]},
        {"outside-name": ["甲", "绝密★启用前"]},
        {
            "body": [
                '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"机"},'
                '{"type":"text","text":"密★长期","marks":[{"type":"strong"}]}]}]}'
            ]
        },
    ],
)
def test_a_marked_text_is_not_even_kept_as_unsaved_work(
    cast: Cast, draft: OutgoingDocument, fields: dict[str, list[str]]
) -> None:
    with pytest.raises(Refused):
        editing.autosave(document_id=draft.pk, base_version=1, fields=fields, by=cast.drafter, at=clock.now())
    with acting_as(SYSTEM):
        assert not UnsavedWork.objects.exists()


def test_an_earlier_version_stands_again_as_a_new_one(cast: Cast, draft: OutgoingDocument) -> None:
    by, at = cast.drafter, clock.now()
    services.save_draft(document_id=draft.pk, facts={"title": "乙", "main": [cast.units["AS"]]}, by=by, at=at)
    restored = editing.restore_version(document_id=draft.pk, number=1, by=by, at=at)
    assert (restored.version, restored.title) == (3, "甲")
    with acting_as(by):
        one, three = queries.version(draft.pk, 1), queries.version(draft.pk, 3)
    assert one and three
    assert one.text_hash == three.text_hash
    with pytest.raises(services.NotThere):
        editing.restore_version(document_id=draft.pk, number=9, by=by, at=at)
