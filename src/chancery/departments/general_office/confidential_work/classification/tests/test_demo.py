"""The story is told once."""

from __future__ import annotations

from chancery.departments.general_office.confidential_work.classification import demo
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.review.models import ReviewEntry, YearlyReview
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.models import Reading


def test_the_demo_tells_of_levels_a_review_and_readings(desk):
    for serial in range(1, 6):
        desk.paper(sender_number=f"样天学字〔2026〕{serial}号")
    now = clock.now()

    def told():
        with acting_as(SYSTEM):
            return (
                sorted(Classification.objects.values_list("state", flat=True)),
                YearlyReview.objects.count(),
                ReviewEntry.objects.exclude(decision="").count(),
                Reading.objects.count(),
            )

    demo.tell(cast=desk.cast, now=now)
    assert told() == (["IN_FORCE"] * 3 + ["PROPOSED"], 1, 1, 9)
    demo.tell(cast=desk.cast, now=now)
    assert told() == (["IN_FORCE"] * 3 + ["PROPOSED"], 1, 1, 9)
