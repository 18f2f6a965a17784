"""Holds: placed by one, lifted by another; they cover what is and what will be; others learn only that there is one."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.tests.shelf import AT, filed
from chancery.kernel.records.holds import queries, services
from chancery.kernel.records.holds.models import Hold
from chancery.kernel.records.holds.services import Cover

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast

Enter = Callable[[Actor], "Client"]
SOON = dt.date(2027, 3, 1)


def placed(cast: Cast, *covers: Cover, by: Actor | None = None, **more: Any) -> Hold:
    given = {
        "kind": "LEGAL",
        "title": "Case 7",
        "reason": "A claim is pending.",
        "basis": "Court 7/2026",
        "review_on": SOON,
    }
    return services.place_hold(**{**given, **more}, covers=covers, by=by or cast.office_head, at=AT)


def held(by: Actor, *items: Any) -> list[bool]:
    with acting_as(by), transaction.atomic():
        caught = queries.held([one.pk for one in items])
    return [one.pk in caught for one in items]


def test_it_covers_single_items_classes_units_and_years_also_to_come(cast: Cast) -> None:
    now, other = filed(cast, unit="PF")[0], filed(cast, unit="AS")[0]
    hold = placed(cast, Cover(fonds_id=now.fonds_id, unit_id=cast.units["PF"], from_year=2026, to_year=2027))
    assert held(cast.archivist, now, other) == [True, False]
    later = filed(cast, unit="PF")[0]
    assert held(cast.archivist, later) == [True]
    services.add_covers(hold_id=hold.pk, covers=[Cover(item_id=other.pk)], by=cast.office_head, at=AT)
    assert held(cast.archivist, other) == [True]
    with acting_as(cast.office_head), transaction.atomic():
        assert queries.covered(hold.pk).count() == 3
        assert [one["title"] for one in queries.holds_of(later.pk)] == ["Case 7"]


def test_a_class_is_held_with_what_stands_below_it(cast: Cast) -> None:
    item = filed(cast)[0]
    above = item.class_code.rpartition(".")[0] or item.class_code
    placed(cast, Cover(fonds_id=item.fonds_id, class_code=above))
    assert held(cast.archivist, item) == [True]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"reason": ""}, "reason"),
        ({"basis": ""}, "basis"),
        ({"review_on": dt.date(2026, 11, 23)}, "review_on"),
        ({"review_on": dt.date(2030, 1, 1)}, "review_on"),
        ({"review_on": None}, "review_on"),
        ({"kind": "WISH"}, "kind"),
    ],
)
def test_what_is_missing_is_named_at_its_field(cast: Cast, given: dict[str, Any], field: str) -> None:
    item = filed(cast)[0]
    with pytest.raises(Refused) as refusal:
        placed(cast, Cover(item_id=item.pk), **given)
    assert refusal.value.field == field


def test_covers_that_cover_nothing_are_refused(cast: Cast) -> None:
    item = filed(cast)[0]
    for covers, field in (
        ((), "codes"),
        ((Cover(item_id=10**9),), "codes"),
        ((Cover(class_code="01"),), "fonds"),
        ((Cover(fonds_id=item.fonds_id, class_code="NO.SUCH"),), "class_code"),
        ((Cover(fonds_id=item.fonds_id, from_year=2020, to_year=2019),), "to_year"),
    ):
        with pytest.raises(Refused) as refusal:
            placed(cast, *covers)
        assert refusal.value.field == field


def test_only_a_keeper_places_and_only_another_lifts(cast: Cast) -> None:
    item = filed(cast)[0]
    with pytest.raises(Refused):
        placed(cast, Cover(item_id=item.pk), by=cast.archivist)
    hold = placed(cast, Cover(item_id=item.pk))
    for by, reason in ((cast.office_head, "Settled."), (cast.auditor, " "), (cast.archivist, "Settled.")):
        with pytest.raises(Refused):
            services.lift_hold(hold_id=hold.pk, reason=reason, by=by, at=AT)
    services.lift_hold(hold_id=hold.pk, reason="Settled.", by=cast.auditor, at=AT)
    assert held(cast.archivist, item) == [False]
    for act in (
        lambda: services.lift_hold(hold_id=hold.pk, reason="Again.", by=cast.auditor, at=AT),
        lambda: services.add_covers(hold_id=hold.pk, covers=[Cover(item_id=item.pk)], by=cast.auditor, at=AT),
        lambda: services.review_hold(hold_id=hold.pk, review_on=SOON, note="x", by=cast.auditor, at=AT),
    ):
        with pytest.raises(Refused):
            act()


def test_the_reason_is_for_keepers_and_that_it_is_held_for_those_who_dispose(cast: Cast, client_as: Enter) -> None:
    item = filed(cast)[0]
    hold = placed(cast, Cover(item_id=item.pk))
    assert client_as(cast.auditor).get(f"/records/holds/{hold.pk}/").status_code == 200
    assert client_as(cast.archivist).get(f"/records/holds/{hold.pk}/").status_code == 403
    page = client_as(cast.archivist).get(f"/records/archive/{item.pk}/").content.decode()
    assert "A hold keeps this item from disposal." in page
    assert "A claim is pending." not in page
    assert "Case 7" not in page
    outside = client_as(cast.outsider).get(f"/records/archive/{item.pk}/").content.decode()
    assert "A hold keeps" not in outside


def test_a_count_does_not_tell_of_items_one_may_not_know_of(cast: Cast) -> None:
    item = filed(cast, unit="PF")[0]
    secret = filed(cast, unit="PF", label=Clearance.RESTRICTED, by=cast.drafter)[0]
    hold = placed(cast, Cover(fonds_id=item.fonds_id, unit_id=cast.units["PF"]), by=cast.auditor)
    with acting_as(cast.office_head), transaction.atomic():
        seen = set(queries.covered(hold.pk).values_list("pk", flat=True))
    assert item.pk in seen
    assert secret.pk not in seen
    assert held(cast.archivist, secret) == [True]


def test_codes_are_pasted_or_come_from_a_sheet_and_unknown_ones_are_named(cast: Cast, client_as: Enter) -> None:
    one, two = filed(cast, 2)
    client = client_as(cast.office_head)
    given = {"kind": "AUDIT", "title": "Audit", "reason": "R", "basis": "B", "review_on": SOON.isoformat()}
    answer = client.post("/records/holds/new/", {**given, "codes": f"{one.code}\nNO-SUCH"})
    assert answer.status_code == 422
    assert "NO-SUCH" in answer.content.decode()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Title", "Code"])
    book.worksheets[0].append(["Notice", two.code])
    content = io.BytesIO()
    book.save(content)
    upload = SimpleUploadedFile("codes.xlsx", content.getvalue())
    answer = client.post("/records/holds/new/", {**given, "codes": one.code, "sheet": upload})
    assert answer.status_code == 302
    assert held(cast.archivist, one, two) == [True, True]
