"""The story is told, once; each state is in it."""

from __future__ import annotations

from typing import Any

import pytest

from chancery.departments.general_office.petitions.handling import demo
from chancery.departments.general_office.petitions.handling.models import PetitionExtension
from chancery.departments.general_office.petitions.models import Petition, PetitionPause
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

pytestmark = pytest.mark.django_db


def test_the_story_has_every_state(cast: Any) -> None:
    now = clock.now()
    demo.tell(cast=cast, now=now)
    demo.tell(cast=cast, now=now)
    with acting_as(SYSTEM):
        told = list(Petition.objects.values_list("state", "stage"))
        assert ("UNDER_WAY", "RE_REVIEW") in told
        assert {"ANSWERED", "NOT_ACCEPTED", "TRANSFERRED", "UNDER_WAY"} <= {state for state, _stage in told}
        assert Petition.objects.filter(state="UNDER_WAY", due_on__lt=clock.date_of(now)).exists()
        assert Petition.objects.filter(reopened_count=1).exists()
        assert PetitionPause.objects.filter(until_on=None).count() == 1
        assert PetitionExtension.objects.get().state == "ASKED"
