"""The story that the demo tells: it is told once, by the cast, to every stage."""

from __future__ import annotations

import pytest
from django.db import transaction

from chancery.departments.general_office.incoming_documents import demo
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.tests.office import MONDAY
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures.models import Task


@pytest.mark.slow
@pytest.mark.django_db
def test_the_story_reaches_every_stage_and_is_told_once(office):
    told = demo.tell(cast=office.cast, now=MONDAY, texts=[], count=50)
    assert told == 50
    assert demo.tell(cast=office.cast, now=MONDAY, texts=[], count=50) == 0
    with acting_as(SYSTEM), transaction.atomic():
        waiting = set(Task.objects.filter(done_at=None).values_list("step", flat=True))
        states = set(IncomingDocument.objects.values_list("state", flat=True))
        actors = set(Task.objects.exclude(doer_person=None).values_list("doer_person__is_sample", flat=True))
    assert waiting >= {
        "register", "first_check", "send_back", "propose", "instruct", "handle", "cosign", "circulate", "chase",
        "reply", "office_check", "file",
    }  # fmt: skip
    assert states >= {"DRAFT", "SIGNED", "REGISTERED", "FILED"}
    assert actors == {True}
