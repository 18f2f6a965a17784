"""A level that rises ends what earlier readers had: grant, circulated copy, request; with a trace and a task."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from chancery.departments.general_office.archives.reading import services as reading
from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.departments.general_office.confidential_work.classification.tests.desk import Desk
from chancery.departments.general_office.confidential_work.classification.tests.test_deriving import answer
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access import services as access
from chancery.kernel.access.models import GuardReader
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures import services as verbs
from chancery.kernel.procedures.matters.models import Matter, Task
from chancery.kernel.procedures.notices.models import Notice
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.tests.shelf import filed


def _standing(guard_id: int, post_id: int | None) -> bool:
    with acting_as(SYSTEM), transaction.atomic():
        return GuardReader.objects.filter(guard_id=guard_id, post_id=post_id, ended_at=None).exists()


def _returns() -> list[Matter]:
    with acting_as(SYSTEM), transaction.atomic():
        return list(Matter.objects.filter(procedure="level_return").order_by("id"))


def test_a_circulated_copy_ends_for_whoever_is_not_cleared(desk: Desk, client_as: Any) -> None:
    cast = desk.cast
    document = desk.register(title="关于人选考察安排的函")
    desk.accept(document)
    below, above = cast.posts["auditor", "PF"], cast.leader.post_id
    desk.propose_handling(document, "READ_ONLY", lead_unit=None, readers=[below, above])
    page = reverse("procedures:matter", args=[document.matter_id])
    reader, leader = client_as(cast.auditor), client_as(cast.leader)
    assert (reader.get(page).status_code, leader.get(page).status_code) == (200, 200)

    desk.held(f"general_office.incomingdocument:{document.pk}", who="office_head", level="CONFIDENTIAL")
    assert (reader.get(page).status_code, leader.get(page).status_code) == (404, 200)
    guard_id = document.guard_id
    assert (_standing(guard_id, below), _standing(guard_id, above)) == (False, True)
    with acting_as(SYSTEM), transaction.atomic():
        states = dict(
            Task.objects.filter(matter_id=document.matter_id, to_read=True).values_list("asked_post_id", "state")
        )
        assert states == {below: "CANCELLED", above: "READY"}
        entry = Entry.objects.get(act="classification.readers_ended", guard_id=guard_id)
        assert below in entry.data["grants"]

    (asked,) = _returns()
    inbox = reader.get(reverse("procedures:inbox")).content.decode()
    assert asked.title in inbox
    assert document.title not in inbox
    with acting_as(cast.auditor), transaction.atomic():
        assert Notice.objects.filter(matter=asked).exists()
        (task,) = [row for row in procedures.open_tasks(asked.pk) if row["post_id"] == below]
    verbs.complete(task_id=task["id"], outcome="RETURNED", by=cast.auditor, at=desk.tick())
    desk.press(document, "circulate", "NOTED", "leader", "已阅。")
    assert "file" in desk.open_steps(document)


def test_a_lower_level_or_the_same_ends_nobody(desk: Desk) -> None:
    document = desk.register()
    post = desk.cast.drafter.post_id
    access.add_reader(guard_id=document.guard_id, post_id=post, how="circulated", by=SYSTEM, at=desk.tick())
    subject = f"general_office.incomingdocument:{document.pk}"
    desk.held(subject, level="INTERNAL")
    assert (_standing(document.guard_id, post), _returns()) == (True, [])


@pytest.mark.parametrize("granted", [True, False])
def test_a_reading_request_ends_and_its_reader_is_told(desk: Desk, granted: bool) -> None:
    cast = desk.cast
    item: ArchivalItem = filed(cast, name="paper.txt", content=b"paper", at=desk.tick())[0]
    asker = cast.outsider
    today = desk.at.date()
    until = today + dt.timedelta(days=1)
    made = reading.ask_to_read(
        item_id=item.pk, purpose="To answer", wanted_until=until, wants_copy=False, by=asker, at=desk.tick()
    )
    if granted:
        with acting_as(cast.archive_head), transaction.atomic():
            task = Task.objects.filter(matter_id=made.matter_id, done_at=None).get()
        verbs.complete(
            task_id=task.pk, outcome="GRANT", opinion="needed", data={}, by=cast.archive_head, at=desk.tick()
        )
        assert _standing(item.content_guard_id, asker.post_id)
    desk.held(f"records.archivalitem:{item.pk}", who="office_head", level="CONFIDENTIAL")
    assert not _standing(item.content_guard_id, asker.post_id)
    with acting_as(asker), transaction.atomic():
        assert ReadingRequest.objects.get(pk=made.pk).state == ("ENDED" if granted else "REFUSED")
        assert Notice.objects.filter(matter_id=made.matter_id, kind="CLOSED").exists()


def test_readers_of_what_is_derived_end_with_those_of_the_thing(desk: Desk) -> None:
    subject = desk.paper()
    draft = answer(desk)
    post = desk.cast.posts["auditor", "PF"]
    access.add_reader(guard_id=draft.guard_id, post_id=post, how="copied", by=SYSTEM, at=desk.tick())
    desk.held(subject, who="office_head", level="CONFIDENTIAL")
    assert not _standing(draft.guard_id, post)
    # The drafter, who is not cleared so far either, is asked to give back the draft.
    asked = [matter for matter in _returns() if desk.cast.drafter.post_id in _asked(matter)]
    assert len(asked) == 1


def _asked(matter: Matter) -> set[int]:
    with acting_as(SYSTEM), transaction.atomic():
        return set(Task.objects.filter(matter=matter).values_list("asked_post_id", flat=True))
