"""The story of letters and visits."""

from __future__ import annotations

from typing import Any

import pytest

from chancery.departments.general_office.petitions import demo
from chancery.departments.general_office.petitions.custody.models import IdentityOpening
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

pytestmark = pytest.mark.django_db


def test_it_is_told_once_and_waits_at_every_desk_of_the_core(cast: Any) -> None:
    demo.tell(cast=cast, now=clock.now())
    with acting_as(SYSTEM):
        first = Petition.objects.count()
        states = set(Petition.objects.values_list("state", flat=True))
        openings = set(IdentityOpening.objects.values_list("state", flat=True))
    assert {State.RECEIVED, State.REGISTERED} <= states and openings == {"ASKED", "ENDED"}
    demo.tell(cast=cast, now=clock.now())
    with acting_as(SYSTEM):
        assert Petition.objects.count() == first
