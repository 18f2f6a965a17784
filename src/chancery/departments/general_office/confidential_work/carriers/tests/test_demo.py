"""The story of confidential work can be told, and told again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from chancery.departments.general_office.confidential_work import demo
from chancery.departments.general_office.confidential_work.carriers import queries
from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.receipts.models import CarrierReceipt
from chancery.foundations.postgres.row_security import acting_as

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def test_it_is_told_once(cast: Cast) -> None:
    for _again in range(2):
        demo.tell(cast=cast, now=NOW)
    with acting_as(cast.confidential_officer):
        assert Carrier.objects.count() == len(demo.CARRIERS)
        assert CarrierCopy.objects.filter(state="DESTROYED").count() == 2
        assert CarrierReceipt.objects.filter(state="OPEN").count() == 1
    assert len(queries.copies_out_with(cast.handler.person_id or 0)) == 1
