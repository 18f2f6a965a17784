"""Handing over in the browser."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from chancery.departments.general_office.archives.handover import services
from chancery.departments.general_office.archives.handover.duties import services as duties
from chancery.departments.general_office.archives.handover.models import HandoverDuty, HandoverList, HandoverRow
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.tests.shelf import filed

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
ROOT = "/general-office/archives/handover/"


def items_of(cast, n=1, **more):
    return filed(cast, n, by=cast.drafter, unit="PF", **more)


def offered(cast, n=1):
    items = items_of(cast, n)
    one = services.hand_over(unit_id=cast.units["PF"], item_ids=[i.pk for i in items], by=cast.drafter, at=AT)
    services.check(list_id=one.pk, by=cast.archivist, at=AT)
    return one


def row_ids(cast, one):
    with acting_as(cast.archivist), transaction.atomic():
        return list(HandoverRow.objects.filter(list=one).values_list("id", flat=True))


def test_a_clerk_picks_items_and_hands_them_over(cast, client_as) -> None:
    items = items_of(cast, 2)
    client = client_as(cast.drafter)
    page = client.get(f"{ROOT}lists/new/").content.decode()
    assert items[0].code in page
    made = client.post(f"{ROOT}lists/begin/", {"pick": [item.pk for item in items]}, follow=True)
    assert "Hand-over list being made" in made.content.decode()
    address = made.redirect_chain[-1][0]
    signed = client.post(address, {"act": "offer", "reason": "The year 2026"}, follow=True).content.decode()
    assert "Handed over under your signature" in signed and "The year 2026" in signed
    assert client.get(f"{address}list.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{address}receipt.pdf").status_code == 404


def test_the_archivist_checks_decides_and_signs(cast, client_as) -> None:
    one = offered(cast, 2)
    first, second = row_ids(cast, one)
    client, address = client_as(cast.archivist), f"{ROOT}lists/{one.pk}/"
    assert "No virus scanner is set up in this house" in client.get(address).content.decode()
    assert "Authentic" in client.get(f"{address}checks/{first}/").content.decode()
    again = client.post(address, {"act": "check"}, follow=True).content.decode()
    assert "2 items checked." in again
    refused = client.post(address, {"act": "accept", "rows": [first], "reason": ""})
    assert refused.status_code == 422 and "left a doubt" in refused.content.decode()
    refused = client.post(address, {"act": "return", "rows": [first], "reason": ""})
    assert refused.status_code == 422 and "so that the department can mend it" in refused.content.decode()
    refused = client.post(address, {"act": "sign"})
    assert refused.status_code == 422
    client.post(address, {"act": "accept", "rows": [first], "reason": "Looked through by hand"})
    client.post(address, {"act": "return", "rows": [second], "reason": "A page is missing"})
    page = client.get(address).content.decode()
    assert "Sign: taken over" in page
    done = client.post(address, {"act": "sign"}, follow=True).content.decode()
    assert "Taken over under your signature." in done
    assert client.get(f"{address}receipt.pdf").content[:5] == b"%PDF-"
    assert "A page is missing" in client_as(cast.drafter).get(address).content.decode()


def test_a_list_of_others_does_not_exist(cast, client_as) -> None:
    one = offered(cast)
    client = client_as(cast.outsider)
    [row] = row_ids(cast, one)
    for tail in ("", "list.pdf", f"checks/{row}/"):
        assert client.get(f"{ROOT}lists/{one.pk}/{tail}").status_code == 404
    assert one.number not in client.get(f"{ROOT}lists/").content.decode()
    assert client.post(f"{ROOT}lists/{one.pk}/drop/").status_code == 404


def test_whoever_handed_over_is_told_why_he_does_not_take_over(cast, client_as) -> None:
    [item] = filed(cast, 1, by=cast.registrar, unit="GO")
    one = services.hand_over(unit_id=cast.units["GO"], item_ids=[item.pk], by=cast.archivist, at=AT)
    page = client_as(cast.archivist).get(f"{ROOT}lists/{one.pk}/").content.decode()
    assert "somebody else takes it over" in page and "Accept the picked" not in page


def test_the_step_in_the_inbox_leads_to_the_list(cast, client_as) -> None:
    one = offered(cast)
    page = client_as(cast.archivist).get(f"/procedures/matters/{one.matter_id}/", follow=True)
    if page.status_code == 404:
        page = client_as(cast.archivist).get(f"/matters/{one.matter_id}/")
    assert f"{ROOT}lists/{one.pk}/" in page.content.decode()


# --- What is owed -----------------------------------------------------------------------------------------------------
def test_a_year_not_handed_over_is_asked_of_the_department_and_reminded(cast, client_as) -> None:
    items_of(cast, 3, dated_on=dt.date(2025, 5, 5))
    duties.count_duties(by=SYSTEM, at=AT)
    duties.count_duties(by=SYSTEM, at=AT)
    clerk = client_as(cast.drafter).get(f"{ROOT}due/").content.decode()
    assert "2025" in clerk and "Remind the picked departments" not in clerk
    with acting_as(cast.archivist), transaction.atomic():
        duty = HandoverDuty.objects.get(unit_id=cast.units["PF"])
    assert (duty.year, duty.unfiled, duty.unhanded, duty.due_on.year) == (2025, 0, 3, 2026)
    client = client_as(cast.archivist)
    page = client.get(f"{ROOT}due/").content.decode()
    assert "1 overdue" in page
    done = client.post(f"{ROOT}due/", {"duties": [duty.pk], "note": "Please"}, follow=True).content.decode()
    assert "1 department reminded." in done
    nothing = client.post(f"{ROOT}due/", {"note": "Please"})
    assert nothing.status_code == 422
    inbox = client_as(cast.drafter).get("/inbox/").content.decode()
    assert "File and hand over the papers of 2025" in inbox


def test_the_duty_ends_by_itself_once_nothing_is_owed(cast) -> None:
    items = items_of(cast, 1, dated_on=dt.date(2025, 5, 5))
    duties.count_duties(by=SYSTEM, at=AT)
    one = services.hand_over(unit_id=cast.units["PF"], item_ids=[items[0].pk], by=cast.drafter, at=AT)
    assert duties.count_duties(by=SYSTEM, at=AT) == 0
    with acting_as(cast.drafter), transaction.atomic():
        duty = HandoverDuty.objects.select_related("matter").get()
        assert duty.settled_at is not None and duty.matter.state == "CLOSED"
    services.check(list_id=one.pk, by=cast.archivist, at=AT)
    services.return_list(list_id=one.pk, reason="Wrong", by=cast.archivist, at=AT)
    assert duties.count_duties(by=SYSTEM, at=AT) == 1  # what came back is owed again


def test_others_do_not_see_what_a_department_owes(cast, client_as) -> None:
    items_of(cast, 1, dated_on=dt.date(2025, 5, 5))
    duties.count_duties(by=SYSTEM, at=AT)
    assert "Nothing is owed" in client_as(cast.outsider).get(f"{ROOT}due/").content.decode()
    with acting_as(cast.archivist), transaction.atomic():
        duty = HandoverDuty.objects.get()
    refused = client_as(cast.outsider).post(f"{ROOT}due/", {"duties": [duty.pk]})
    assert refused.status_code == 422


def test_only_the_archive_reminds(cast, client_as) -> None:
    items_of(cast, 1, dated_on=dt.date(2025, 5, 5))
    duties.count_duties(by=SYSTEM, at=AT)
    with acting_as(cast.drafter), transaction.atomic():
        duty = HandoverDuty.objects.get()
    refused = client_as(cast.drafter).post(f"{ROOT}due/", {"duties": [duty.pk]})
    assert refused.status_code == 422 and "role" in refused.content.decode()


@pytest.mark.parametrize("path", ["due/", "due/unfiled/", "lists/", "lists/new/"])
def test_lists_ask_as_much_for_one_row_as_for_thirty(cast, client_as, path, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_as(cast.drafter)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{ROOT}{path}").status_code == 200
        return len(found)

    def add(n: int) -> None:
        for item in items_of(cast, n, dated_on=dt.date(2025, 5, 5)):
            if path == "lists/":
                services.make_list(unit_id=cast.units["PF"], item_ids=[item.pk], by=cast.drafter, at=AT)
        duties.count_duties(by=SYSTEM, at=AT)

    add(1)
    asked()
    before = asked()
    add(15)
    assert asked() == before


def test_a_list_that_is_made_may_be_given_up_on_its_page(cast, client_as) -> None:
    items = items_of(cast)
    made = services.make_list(unit_id=cast.units["PF"], item_ids=[items[0].pk], by=cast.drafter, at=AT)
    done = client_as(cast.drafter).post(f"{ROOT}lists/{made.pk}/drop/", follow=True)
    assert "was given up" in done.content.decode()
    with acting_as(cast.drafter), transaction.atomic():
        assert not HandoverList.objects.exists()
