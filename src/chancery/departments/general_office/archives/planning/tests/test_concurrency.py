"""Two at once: a version is checked and approved once; two approvals do not both set a day."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.archives.planning import services
from chancery.departments.general_office.archives.planning.tests.test_procedure import AT, decide, draft, sent
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.models import Matter
from chancery.kernel.records.fileplan.models import FilePlan
from chancery.kernel.records.fileplan.terms import PlanState

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[str]:
    """What became of each: "done", or why it was refused."""
    barrier, said = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(30)
            with clock.fixed_at(AT):
                work()
            said.append("done")
        except (Refused, AssertionError) as refusal:  # "nothing waits for this person" is an answer too
            said.append(str(refusal) or "refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said, key=lambda one: one != "done")


def test_a_version_approved_twice_at_once_is_approved_once(cast: Cast) -> None:
    with clock.fixed_at(AT):
        plan, matter = sent(cast.archivist)
        decide(matter, cast.archive_head, "PASS")

    def approve(number: str, day: dt.date) -> Callable[[], None]:
        return lambda: decide(matter, cast.leader, "APPROVE", approval_number=number, valid_from=day)

    said = at_once(approve("Sample 7", dt.date(2027, 1, 1)), approve("Sample 8", dt.date(2027, 2, 1)))
    assert said[0] == "done" and said[1] != "done"
    with acting_as(SYSTEM), transaction.atomic():
        now = FilePlan.objects.get(pk=plan.pk)
        assert now.state == PlanState.APPROVED
        assert (now.approval_number, now.valid_from) in {
            ("Sample 7", dt.date(2027, 1, 1)),
            ("Sample 8", dt.date(2027, 2, 1)),
        }
        assert FilePlan.objects.filter(fonds=now.fonds, state=PlanState.APPROVED, valid_to=None).count() == 1


def test_a_draft_sent_twice_at_once_is_one_matter(cast: Cast) -> None:
    with clock.fixed_at(AT):
        plan = draft(cast.archivist)

    def send() -> None:
        services.send_to_approval(plan_id=plan.pk, by=cast.archivist, at=AT)

    said = at_once(send, send)
    assert said[0] == "done" and said[1] != "done"
    with acting_as(SYSTEM), transaction.atomic():
        assert Matter.objects.filter(procedure="file_plan_approval").count() == 1
