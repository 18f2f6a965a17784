"""Two archivists lend one original at the same moment: it leaves once, the other is told."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.archives.loans import services
from chancery.departments.general_office.archives.loans.models import Loan
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.terms import Carrier
from chancery.kernel.records.archive.tests.shelf import filed

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


@pytest.mark.django_db(transaction=True)
def test_an_original_leaves_once(cast: Cast) -> None:
    with clock.fixed_at(AT):
        item = filed(cast, carrier=Carrier.PAPER)[0]
    post, by = cast.posts["outsider", "IA"], cast.archivist
    said: list[str] = []

    def work() -> None:
        try:
            with clock.fixed_at(AT):
                services.lend(code=item.code, borrower_post_id=post, purpose="An exhibition", by=by, at=AT)
                said.append("lent")
        except Refused as refusal:
            said.append(refusal.field or "")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == ["code", "code", "lent"]
    with acting_as(SYSTEM), transaction.atomic():
        assert Loan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_comes_back_once(cast: Cast) -> None:
    with clock.fixed_at(AT):
        item = filed(cast, carrier=Carrier.PAPER)[0]
        loan = services.lend(
            code=item.code, borrower_post_id=cast.posts["outsider", "IA"], purpose="x", by=cast.archivist, at=AT
        )
    said: list[str] = []

    def work(condition: str) -> None:
        try:
            with clock.fixed_at(AT):
                services.take_back(
                    loan_id=loan.pk, condition=condition, condition_note="p. 3 torn", by=cast.archivist, at=AT
                )
                said.append(condition)
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(one,)) for one in ("SOUND", "DAMAGED")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert said.count("refused") == 1
    with acting_as(SYSTEM), transaction.atomic():
        assert Loan.objects.get(pk=loan.pk).condition in said
