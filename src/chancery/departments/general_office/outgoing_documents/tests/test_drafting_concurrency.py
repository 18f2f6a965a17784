"""Two at one draft at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.outgoing_documents.drafting import services
from chancery.departments.general_office.outgoing_documents.drafting.editing import services as editing
from chancery.departments.general_office.outgoing_documents.drafting.editing.services import Hold
from chancery.departments.general_office.outgoing_documents.drafting.models import DraftVersion, EditLock
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import State
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.procedures.models import Matter

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned, or the refusal it met."""
    found: list[Any] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            ready.wait(20)
            found[place] = act()
        except Refused as refusal:
            found[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def begun(cast: Cast) -> OutgoingDocument:
    by, at = cast.drafter, clock.now()
    facts = {
        "title": "关于报送预算的通知",
        "body": manuscript.from_plain("请报送预算。", profile="cn"),
        "main": [cast.units["AS"]],
        "direction": "PARALLEL",
    }
    draft = services.open_draft(paper_type="NOTICE", profile="cn", facts=facts, by=by, at=at)
    services.ask_along(document_id=draft.pk, post_ids=[cast.unit_checker.post_id or 0], by=by, at=at)
    return draft


def test_of_two_saves_at_once_one_is_kept_and_the_other_is_told(cast: Cast) -> None:
    draft, at = begun(cast), clock.now()

    def save(title: str, by: Any) -> Callable[[], Any]:
        return lambda: services.save_draft(document_id=draft.pk, facts={"title": title}, seen_version=1, by=by, at=at)

    found = at_once(save("甲的通知", cast.drafter), save("乙的通知", cast.unit_checker))
    assert sorted(type(one).__name__ for one in found) == ["OutgoingDocument", "Stale"]
    assert any(isinstance(one, Stale) for one in found)
    with acting_as(SYSTEM), transaction.atomic():
        assert list(DraftVersion.objects.filter(document=draft).values_list("number", flat=True)) == [2, 1]


def test_a_double_submit_opens_one_matter(cast: Cast) -> None:
    draft, at = begun(cast), clock.now()

    def submit() -> Any:
        return services.submit_draft(document_id=draft.pk, by=cast.drafter, at=at)

    found = at_once(submit, submit)
    assert sorted(type(one).__name__ for one in found) == ["OutgoingDocument", "Refused"]
    with acting_as(SYSTEM), transaction.atomic():
        assert OutgoingDocument.objects.get(pk=draft.pk).state == State.UNDER_WAY
        assert Matter.objects.count() == 1


def test_two_open_the_page_at_once_and_one_has_the_editor(cast: Cast) -> None:
    draft, at = begun(cast), clock.now()
    found = at_once(
        lambda: editing.beat(document_id=draft.pk, by=cast.drafter, at=at).hold,
        lambda: editing.beat(document_id=draft.pk, by=cast.unit_checker, at=at).hold,
    )
    assert sorted(found) == [Hold.HELD, Hold.YOURS]


def test_two_take_over_at_once_and_one_stays_with_it(cast: Cast) -> None:
    draft, at = begun(cast), clock.now()
    services.ask_along(document_id=draft.pk, post_ids=[cast.handler.post_id or 0], by=cast.drafter, at=at)
    editing.beat(document_id=draft.pk, by=cast.drafter, at=at)
    found = at_once(
        lambda: editing.take_over(document_id=draft.pk, by=cast.unit_checker, at=at).hold,
        lambda: editing.take_over(document_id=draft.pk, by=cast.handler, at=at).hold,
    )
    assert found == [Hold.YOURS, Hold.YOURS]  # one after the other: the last one has it
    with acting_as(SYSTEM), transaction.atomic():
        lock = EditLock.objects.get(document=draft)
    assert lock.person_id in {cast.unit_checker.person_id, cast.handler.person_id}
    last, first = sorted((cast.unit_checker, cast.handler), key=lambda one: one.person_id != lock.person_id)
    assert editing.beat(document_id=draft.pk, by=last, at=at).hold is Hold.YOURS
    assert editing.beat(document_id=draft.pk, by=first, at=at).hold is Hold.TAKEN
