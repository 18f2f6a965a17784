"""The archive's desk, for whom it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.kernel.records.archive.tests.shelf import filed

URL = "/general-office/archives/"


def test_a_clerk_finds_the_own_departments_duties(cast, client_as) -> None:
    filed(cast, 2, by=cast.drafter, unit="PF")
    page = client_as(cast.drafter).get(URL).content.decode()
    assert "My department" in page and "Items filed and not handed over" in page
    assert "Taking over" not in page


def test_the_archivist_finds_what_waits_for_the_archive(cast, client_as) -> None:
    page = client_as(cast.archivist).get(URL).content.decode()
    for words in ("Taking over", "Keeping", "Periods and holds", "Hand-over lists to be checked"):
        assert words in page


def test_somebody_without_a_duty_finds_the_catalogue(cast, client_as) -> None:
    page = client_as(cast.auditor).get(URL)
    assert page.status_code == 200 and "Find in the catalogue" in page.content.decode()


@pytest.mark.parametrize("who", ["archivist", "drafter"])
def test_the_desk_asks_as_much_of_one_item_as_of_thirty(cast, client_as, who) -> None:
    client = client_as(cast[who])

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(URL).status_code == 200
        return len(found)

    filed(cast, 1, by=cast.drafter, unit="PF")
    asked()
    before = asked()
    filed(cast, 30, by=cast.drafter, unit="PF")
    assert asked() == before
