"""Two who propose at once, and an authority who presses twice."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.confidential_work.classification import services
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.tests.desk import GROUNDS
from chancery.departments.general_office.incoming_documents.tests.office import MONDAY
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused


def together(*acts):
    """Run the acts at once; what each was refused with."""
    refused = []

    def work(act):
        try:
            with clock.fixed_at(MONDAY):
                act()
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_leave_one_and_two_presses_decide_once(desk):
    subject = desk.paper()
    by = desk.cast.registrar

    def propose():
        services.propose_level(subject=subject, level="RESTRICTED", years=2, by=by, at=MONDAY, **GROUNDS)

    refused = together(propose, propose, propose)
    assert len(refused) == 2
    with acting_as(SYSTEM), transaction.atomic():
        proposed = Classification.objects.get()

    def decide():
        services.decide(classification_id=proposed.pk, outcome="APPROVE", by=desk.cast.classifier, at=MONDAY)

    assert len(together(decide, decide)) == 1
    with acting_as(SYSTEM), transaction.atomic():
        assert [one.state for one in Classification.objects.all()] == ["IN_FORCE"]
