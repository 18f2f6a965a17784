"""Two at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.seals import services
from chancery.kernel.records.seals.models import Seal, SealUse
from chancery.kernel.records.seals.tests.office import NOON, affix, paper


@pytest.mark.django_db(transaction=True)
def test_of_a_use_and_a_retirement_at_once_one_is_first_and_the_log_agrees_with_the_register(
    cast: Any, seal: Any
) -> None:
    pdf, told = paper(), []
    begin = threading.Barrier(4)

    def use() -> None:
        _run(lambda: affix(cast, seal, pdf), "used")

    def retire() -> None:
        _run(lambda: services.retire_seal(seal_id=seal.pk, reason="worn", by=cast.registrar, at=NOON), "retired")

    def _run(act: Any, word: str) -> None:
        try:
            begin.wait()
            with clock.fixed_at(NOON):
                act()
            told.append(word)
        except Refused as refusal:
            told.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use) for _turn in range(3)] + [threading.Thread(target=retire)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting_as(SYSTEM), transaction.atomic():
        assert Seal.objects.get().state == "RETIRED"
        assert SealUse.objects.count() == told.count("used")
    assert told.count("retired") == 1
    assert told.count("used") + told.count("SealNotInUse") == 3
