"""The story of desk and likeness is told once, and what it says is there."""

from __future__ import annotations

from typing import Any

import pytest

from chancery.departments.general_office.petitions.desk import demo as desk
from chancery.departments.general_office.petitions.desk.visits.models import PetitionVisit
from chancery.departments.general_office.petitions.likeness import demo, queries
from chancery.departments.general_office.petitions.models import Petition, PetitionCampaign
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as


@pytest.mark.django_db
def test_the_story_is_told_once(cast: Any) -> None:
    for _time in range(2):
        for part in (desk, demo):
            part.tell(cast=cast, now=clock.now())
    with acting_as(SYSTEM):
        campaign = PetitionCampaign.objects.get()
        visits = [one.number for one in PetitionVisit.objects.order_by("day", "number")][: len(desk.VISITS)]
        letters = Petition.objects.filter(campaign=campaign).count()
    with acting_as(cast.petition_registrar):
        (proposed,) = queries.proposals(on=clock.today())
        late = queries.of_one_text(campaign.leading_id or 0, on=clock.today())
    assert visits == [1, 2, 3, 4] and letters == demo.LETTERS - 1
    assert (len(proposed.ids), len(late)) == (6, demo.LATE + 1)  # those late, and the one taken out
