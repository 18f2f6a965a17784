"""A version of the file plan goes from the archivist through the head of the archive to a leader, and holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client

from chancery.departments.general_office.archives.planning import services
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Matter, Task
from chancery.kernel.records.fileplan.drafting.services import draft_version
from chancery.kernel.records.fileplan.models import FilePlan, Fonds
from chancery.kernel.records.fileplan.terms import PlanState

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
FROM = dt.date(2027, 1, 1)


def draft(by: Actor) -> FilePlan:
    with acting_as(by):
        return draft_version(fonds_id=Fonds.objects.get().pk, note="Letters are kept longer", by=by, at=AT)


def sent(by: Actor) -> tuple[FilePlan, Matter]:
    plan = draft(by)
    return plan, services.send_to_approval(plan_id=plan.pk, by=by, at=AT)


def decide(matter: Matter, by: Actor, outcome: str, opinion: str = "", **form: object) -> None:
    with acting_as(by), transaction.atomic():
        task = Task.objects.filter(matter_id=matter.pk, done_at=None).first()
        assert task is not None, "nothing waits for this person"
        procedures.complete(task_id=task.pk, outcome=outcome, opinion=opinion, data=form, by=by, at=AT)


def state(plan: FilePlan, by: Actor) -> FilePlan:
    with acting_as(by):
        return FilePlan.objects.get(pk=plan.pk)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def test_checked_and_approved_it_is_in_force_from_its_day(cast: Cast) -> None:
    plan, matter = sent(cast.archivist)
    decide(matter, cast.archive_head, "PASS")
    decide(matter, cast.leader, "APPROVE", approval_number="Sample 7", valid_from=FROM)
    now = state(plan, cast.outsider)
    assert (now.state, now.approval_number, now.valid_from) == (PlanState.APPROVED, "Sample 7", FROM)
    assert now.approved_person_id == cast.leader.person_id


def test_without_number_or_day_the_leader_is_told_at_the_field(cast: Cast) -> None:
    _plan, matter = sent(cast.archivist)
    decide(matter, cast.archive_head, "PASS")
    for form, field in (
        ({"approval_number": "", "valid_from": FROM}, "approval_number"),
        ({"approval_number": "x", "valid_from": None}, "valid_from"),
    ):
        with pytest.raises(Refused) as caught:
            decide(matter, cast.leader, "APPROVE", **form)
        assert caught.value.field == field


def test_returned_it_is_a_draft_again_with_the_reason(cast: Cast) -> None:
    plan, matter = sent(cast.archivist)
    with pytest.raises(Refused):
        decide(matter, cast.archive_head, "RETURN")
    decide(matter, cast.archive_head, "RETURN", "Class 05.2 is too short")
    assert state(plan, cast.archivist).state == PlanState.DRAFT
    again = services.send_to_approval(plan_id=plan.pk, by=cast.archivist, at=AT)
    assert again.pk != matter.pk


def test_the_head_who_made_it_does_not_check_it(cast: Cast) -> None:
    _plan, matter = sent(cast.archive_head)
    with pytest.raises(Refused):
        decide(matter, cast.archive_head, "PASS")


def test_the_pages_send_and_show_it(cast: Cast, client_as: Callable[[Actor], Client]) -> None:
    plan = draft(cast.archivist)
    keeper = client_as(cast.archivist)
    assert f"plans/{plan.pk}/submit/" in keeper.get(f"/records/fileplan/versions/{plan.pk}/").content.decode()
    address = f"/general-office/archives/plans/{plan.pk}/submit/"
    assert keeper.get(address).status_code == 200
    assert client_as(cast.outsider).get(address).status_code == 422
    matter = keeper.post(address)["Location"]
    shown = client_as(cast.archive_head).get(matter).content.decode()
    assert "Letters are kept longer" in shown
    assert keeper.post(address).status_code == 422
