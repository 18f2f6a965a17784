"""The story that the demo tells of outgoing documents: once, by the cast, to every stage."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from chancery.departments.general_office.outgoing_documents import demo
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.tests.house import MONDAY, House
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures.models import Task


@pytest.mark.slow
@pytest.mark.django_db
def test_the_story_reaches_every_stage_and_is_told_once(house: House, settings: Any, tmp_path: Any) -> None:
    settings.SEAL_KEYS = tmp_path / "seals"
    assert demo.tell(cast=house.cast, now=MONDAY) > 15
    assert demo.tell(cast=house.cast, now=MONDAY) == 0
    with acting_as(SYSTEM), transaction.atomic():
        waiting = set(Task.objects.filter(done_at=None).values_list("step", flat=True))
        states = set(OutgoingDocument.objects.values_list("state", flat=True))
        copies = set(Delivery.objects.values_list("state", flat=True))
        actors = set(Task.objects.exclude(doer_person=None).values_list("doer_person__is_sample", flat=True))
    assert waiting >= {
        "unit_check", "countersign_parallel", "draft", "office_review", "sign", "recheck", "number", "seal", "release",
        "dispatch", "receipts",
    }  # fmt: skip
    assert states >= {"DRAFT", "UNDER_WAY", "SIGNED", "NUMBERED", "SEALED", "RELEASED", "CANCELLED", "WITHDRAWN"}
    assert copies >= {"SENT", "ARRIVED", "RECEIPTED", "RECALLED", "EXPLAINED"}
    assert actors == {True}
