"""The story of letters, counting and keeping, on top of that of handling."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from chancery.departments.general_office.petitions import demo
from chancery.departments.general_office.petitions.counting.models import (
    PetitionRecommendation,
    PetitionRelease,
    PetitionWarning,
)
from chancery.departments.general_office.petitions.counting.open_figures.queries import published
from chancery.departments.general_office.petitions.letters.models import PetitionLetter
from chancery.departments.general_office.petitions.letters.tests.conftest import desk
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.tests.shelf import plan_of

pytestmark = pytest.mark.django_db

__all__ = ["desk"]


def told() -> tuple[Any, ...]:
    with acting_as(SYSTEM), transaction.atomic():
        return (
            sorted(PetitionLetter.objects.values_list("kind", "document__state")),
            list(PetitionRelease.objects.values_list("notice__state", flat=True)),
            sorted(PetitionRecommendation.objects.values_list("state", flat=True)),
            ArchivalItem.objects.filter(kind="petition").count(),
            PetitionWarning.objects.count(),
        )


def test_it_is_told_once_with_letters_a_year_recommendations_a_warning_and_a_filed_petition(
    cast: Any, desk: Any
) -> None:
    plan_of(cast)
    now = clock.now() + dt.timedelta(days=1)  # the seals of the desk are a day old
    demo.tell(cast=cast, now=now)
    letters, releases, advice, filed, rising = first = told()
    assert [state for _kind, state in letters].count("RELEASED") == 2 and len(letters) == 3
    assert releases == ["PUBLISHED"] and advice == ["ADOPTED", "NOT_ADOPTED", "OPEN"]
    assert (filed, rising > 0) == (1, True)
    with acting_as(PUBLIC), transaction.atomic():
        assert len(published()) == 1
    demo.tell(cast=cast, now=now)
    assert told() == first
