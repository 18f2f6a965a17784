"""Two registrars at once: every number once, none skipped."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection

from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.departments.general_office.incoming_documents.tests.office import FACTS, MONDAY
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused


@pytest.mark.django_db(transaction=True)
def test_registrations_at_once_take_numbers_without_gap_or_double(office):
    by = office.cast.registrar
    refused = []

    def work(first):
        try:
            with clock.fixed_at(MONDAY):
                for serial in range(first, first + 4):
                    facts = {**FACTS, "sender_number": f"样天学字〔2026〕{serial}号"}
                    draft = intake.open_draft(by=by, at=MONDAY)
                    try:
                        registration.register_document(document_id=draft.pk, facts=facts, by=by, at=MONDAY)
                    except Refused as refusal:
                        refused.append(str(refusal))
        finally:
            connection.close()

    # Each pair of neighbours wants one number of the same sender: one wins, the other is told.
    threads = [threading.Thread(target=work, args=(first,)) for first in (1, 4, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with acting_as(SYSTEM):
        from django.db import transaction

        with transaction.atomic():
            texts = IncomingDocument.objects.exclude(number="").values_list("number", flat=True)
            numbers = sorted(int("".join(re.findall(r"\d+", text)[1:])) for text in texts)
    assert numbers == list(range(1, 11))
    assert len(refused) == 2
