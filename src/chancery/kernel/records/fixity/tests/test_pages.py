"""The pages of the storage check: who enters, what they see, what a file's page says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chancery.foundations.actor import SYSTEM, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.fixity import services
from chancery.kernel.records.fixity.models import FixityRun
from chancery.kernel.records.fixity.tests.test_services import check, content_of, flip, place_of, run_through

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)

Enter = Callable[..., Any]


def test_an_archivist_starts_a_check_and_reads_its_report(cast: Cast, client_as: Enter) -> None:
    [item, other] = filed(cast, 2)
    archivist = client_as(cast.archivist)
    assert "Check now" in archivist.get(reverse("records:fixity")).content.decode()
    assert archivist.post(reverse("records:fixity_start")).status_code == 302
    assert archivist.post(reverse("records:fixity_start")).status_code == 422  # one at a time
    with acting_as(SYSTEM):
        run = FixityRun.objects.get()
    assert "hx-get" in archivist.get(reverse("records:fixity_progress", args=[run.pk])).content.decode()
    flip(place_of(content_of(item)))
    run_through(run)
    page = archivist.get(reverse("records:fixity_run", args=[run.pk])).content.decode()
    assert item.code in page
    assert item.title in page
    assert other.code not in page
    assert "There is no second copy to restore it from." in page
    assert "hx-get" not in archivist.get(reverse("records:fixity_progress", args=[run.pk])).content.decode()
    assert "Broken now" in archivist.get(reverse("records:fixity")).content.decode()


def test_a_restricted_item_shows_by_its_code_alone(cast: Cast, client_as: Enter) -> None:
    [item] = filed(cast, label=Clearance.CONFIDENTIAL, by=cast.office_head, title="Hidden words")
    flip(place_of(content_of(item)))
    run = check(cast)
    page = client_as(cast.archivist).get(reverse("records:fixity_run", args=[run.pk])).content.decode()
    assert item.code in page
    assert "Hidden words" not in page
    assert "text.txt" not in page


def test_others_are_kept_out(cast: Cast, client_as: Enter) -> None:
    run = services.start_run(by=cast.archivist, at=NOON)
    for name, args in (("fixity", ()), ("fixity_run", (run.pk,)), ("fixity_findings", ())):
        assert client_as(cast.registrar).get(reverse(f"records:{name}", args=args)).status_code == 403
    assert client_as(cast.archive_head).get(reverse("records:fixity_run", args=[run.pk + 9])).status_code == 404


def test_findings_are_exported(cast: Cast, client_as: Enter) -> None:
    [item] = filed(cast)
    sha256 = content_of(item)
    flip(place_of(sha256))
    check(cast)
    answer = client_as(cast.archivist).get(reverse("records:fixity_findings"), {"export": "csv"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert sha256[:16] in content.decode("utf-8-sig")


def test_an_items_page_says_when_its_files_were_read(cast: Cast, client_as: Enter) -> None:
    [item] = filed(cast)
    check(cast)
    page = client_as(cast.archivist).get(reverse("records:archival_item", args=[item.pk])).content.decode()
    assert "Soundness of the files" in page
    assert f"{timezone.localtime(NOON):%Y-%m-%d %H:%M}" in page


def test_the_page_of_a_run_asks_no_more_for_many_findings_than_for_one(cast: Cast, client_as: Enter) -> None:
    archivist = client_as(cast.archivist)

    def count(run: FixityRun) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert archivist.get(reverse("records:fixity_run", args=[run.pk])).status_code == 200
        return len(asked)

    [item] = filed(cast)
    flip(place_of(content_of(item)))
    one = check(cast)
    count(one)
    small = count(one)
    for item in filed(cast, 12):
        flip(place_of(content_of(item)))
    assert count(check(cast)) == small
