"""Letting a duty read what many guards keep, in one statement."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from chancery.foundations.actor import Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.guards.models import Guard
from chancery.kernel.access.services import add_reader_to_guards, open_guard

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def test_a_duty_reads_what_many_guards_keep_and_twice_is_as_good_as_once(cast: Cast) -> None:
    by = cast.registrar
    guards = [open_guard(unit_id=cast.units["GO"], label=Clearance.INTERNAL, by=by, at=AT).pk for _n in range(3)]
    with acting_as(cast.personnel_handler), transaction.atomic():
        assert not Guard.objects.filter(pk__in=guards).exists()
    for _twice in range(2):
        add_reader_to_guards(
            guard_ids=[*guards, guards[0]], role="handler", unit_id=cast.units["OP"], how="test", by=by, at=AT
        )
    with acting_as(cast.personnel_handler), transaction.atomic():
        assert Guard.objects.filter(pk__in=guards).count() == 3
        assert [guard.reader_duties for guard in Guard.objects.filter(pk__in=guards)] == [
            [f"handler@{cast.units['OP']}"]
        ] * 3
