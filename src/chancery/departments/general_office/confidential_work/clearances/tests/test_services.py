"""Cleared persons and leavers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from chancery.departments.general_office.confidential_work.carriers.tests import (
    clear,
    copies_of,
    handed_over,
    registered,
)
from chancery.departments.general_office.confidential_work.clearances import queries, services
from chancery.departments.general_office.confidential_work.clearances.leaving import queries as leavers
from chancery.departments.general_office.confidential_work.clearances.leaving import services as leaving
from chancery.departments.general_office.confidential_work.clearances.leaving.rules import CarriersOut
from chancery.departments.general_office.confidential_work.clearances.rules import NotCleared, months_after
from chancery.departments.general_office.confidential_work.clearances.terms import LeavingState
from chancery.foundations import clock
from chancery.foundations.actor import Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.accounts.services import change_clearance, close_account
from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.services import end_holding

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def test_nobody_is_cleared_by_themselves_by_the_proposer_or_untrained(cast: Cast) -> None:
    at = clock.now()
    officer = cast.confidential_officer
    with pytest.raises(Refused):
        services.propose_clearance(
            person_id=officer.person_id or 0, kind="CORE", basis="b", trained_on=clock.today(), by=officer, at=at
        )
    with pytest.raises(Refused) as untrained:
        services.propose_clearance(
            person_id=cast.handler.person_id or 0, kind="CORE", basis="b", trained_on=None, by=officer, at=at
        )
    assert untrained.value.field == "trained_on"
    made = services.propose_clearance(
        person_id=cast.handler.person_id or 0, kind="GENERAL", basis="b", trained_on=clock.today(), by=officer, at=at
    )
    for by in (officer, cast.handler, cast.office_head):
        with pytest.raises(Refused):
            services.decide_clearance(clearance_id=made.pk, approve=True, by=by, at=at)
    granted = services.decide_clearance(clearance_id=made.pk, approve=True, by=cast.classifier, at=at)
    assert granted.review_on is not None
    assert queries.may_know(cast.handler.person_id, "CONFIDENTIAL", clock.today())
    assert not queries.may_know(cast.handler.person_id, "SECRET", clock.today())


def test_a_new_kind_takes_the_place_of_the_old(cast: Cast) -> None:
    clear(cast, "handler", kind="GENERAL")
    clear(cast, "handler", kind="IMPORTANT")
    assert queries.standing(cast.handler.person_id, clock.today()) == "IMPORTANT"


def test_an_account_sees_further_only_after_an_approved_clearance(cast: Cast) -> None:
    at = clock.now()
    account = cast.accounts["handler"]
    Account.objects.filter(pk=cast.accounts["administrator"].pk).update(clearance=Clearance.RESTRICTED)
    by = cast.administrator
    high = type(by)(**{name: getattr(by, name) for name in by.__slots__} | {"clearance": Clearance.CONFIDENTIAL})
    with pytest.raises(NotCleared) as refused:
        change_clearance(account_id=account.pk, clearance=Clearance.CONFIDENTIAL, by=high, at=at)
    assert refused.value.field == "clearance"
    with pytest.raises(DatabaseError), acting_as(high), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update access_account set clearance = 30 where id = %s", [account.pk])
    clear(cast, "handler", kind="IMPORTANT")
    change_clearance(account_id=account.pk, clearance=Clearance.CONFIDENTIAL, by=high, at=at)


def test_journeys_are_asked_before_and_decided_by_the_authority(cast: Cast) -> None:
    clear(cast, "handler")
    at = clock.now()
    today = clock.today()
    with acting_as(cast.handler):
        own = queries.mine(cast.handler.person_id)
    assert own is not None
    day = dt.timedelta(days=1)
    with pytest.raises(Refused) as late:
        services.ask_exit(
            clearance_id=own.pk, where_to="Lisbon", purpose="congress", leaves_on=today, returns_on=today + day,
            by=cast.handler, at=at,
        )  # fmt: skip
    assert late.value.field == "leaves_on"
    asked = services.ask_exit(
        clearance_id=own.pk, where_to="Lisbon", purpose="congress", leaves_on=today + day, returns_on=today + 3 * day,
        by=cast.handler, at=at,
    )  # fmt: skip
    with pytest.raises(Refused):
        services.decide_exit(exit_id=asked.pk, approve=True, by=cast.confidential_officer, at=at)
    assert services.decide_exit(exit_id=asked.pk, approve=True, by=cast.classifier, at=at).state == "APPROVED"


def test_a_leaver_with_carriers_out_is_not_cleared_and_they_are_named(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    handed_over(cast, carrier, giver="confidential_officer", receiver="handler", copy_ids=ids[:1])
    at = clock.now()
    officer = cast.confidential_officer
    person = cast.handler.person_id or 0
    found = leaving.open_leaving(person_id=person, last_day=clock.today(), reason="retires", by=officer, at=at)
    with pytest.raises(CarriersOut) as out:
        leaving.clear_leaver(leaving_id=found.pk, by=officer, at=at)
    assert f"{carrier.number} / 1" in str(out.value)
    with pytest.raises(DatabaseError), acting_as(officer), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update general_office_leaving set state = 'CLEARED' where id = %s", [found.pk])
    handed_over(cast, carrier, giver="handler", receiver="confidential_officer", copy_ids=ids[:1])
    with pytest.raises(Refused) as nobody:
        leaving.clear_leaver(leaving_id=found.pk, by=officer, at=at)
    assert nobody.value.field == "handed_to"
    leaving.note_handing_on(
        leaving_id=found.pk, handed_to_id=cast.drafter.person_id or 0, note="all", by=officer, at=at
    )
    cleared = leaving.clear_leaver(leaving_id=found.pk, by=officer, at=at)
    assert cleared.state == LeavingState.CLEARED
    assert cleared.cooling_until is not None
    assert queries.standing(person, clock.today()) == ""


def test_the_last_post_of_a_holder_does_not_end_while_carriers_are_out(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    handed_over(cast, carrier, giver="confidential_officer", receiver="handler", copy_ids=ids[:1])
    at = clock.now()
    with acting_as(cast.administrator):
        holding = Holding.objects.get(person_id=cast.handler.person_id)
    with pytest.raises(CarriersOut):
        end_holding(holding_id=holding.pk, on=clock.today(), by=cast.administrator, at=at)
    shorten = "update directory_holding set during = daterange(lower(during), chancery_today()) where id = %s"
    by = cast.administrator
    with pytest.raises(DatabaseError), acting_as(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(shorten, [holding.pk])
    handed_over(cast, carrier, giver="handler", receiver="confidential_officer", copy_ids=ids[:1])
    end_holding(holding_id=holding.pk, on=clock.today(), by=cast.administrator, at=at)


def test_closing_an_account_is_never_refused_but_opens_the_clearing_list(cast: Cast) -> None:
    carrier = registered(cast)
    ids = copies_of(cast.confidential_officer, carrier)
    handed_over(cast, carrier, giver="confidential_officer", receiver="handler", copy_ids=ids[:1])
    person = cast.handler.person_id
    close_account(account_id=cast.accounts["handler"].pk, by=cast.administrator, at=clock.now())
    with acting_as(cast.confidential_officer):
        found = leavers.open_of(person)
    assert found is not None


def test_pages_of_clearances_and_leavers(cast: Cast, client_as: object) -> None:
    enter = client_as
    assert callable(enter)
    officer, authority = enter(cast.confidential_officer), enter(cast.classifier)
    form = {
        "person": cast.drafter.person_id, "kind": "GENERAL", "basis": "post", "trained_on": clock.today().isoformat()
    }  # fmt: skip
    assert officer.post(reverse("general_office:clearance_new"), {**form, "basis": ""}).status_code == 422
    page = officer.post(reverse("general_office:clearance_new"), form)["Location"]
    assert enter(cast.outsider).get(page).status_code == 404
    assert authority.post(page, {"act": "refuse", "answer": ""}).status_code == 422
    assert authority.post(page, {"act": "grant", "answer": ""}).status_code == 302
    assert officer.post(page, {"act": "review", "note": "in order"}).status_code == 302
    assert officer.post(page, {"act": "training", "trained_on": "2026-01-05"}).status_code == 302
    assert enter(cast.drafter).get(page).status_code == 200
    told = {"person": cast.drafter.person_id, "last_day": clock.today().isoformat(), "reason": "moves"}
    leaver = officer.post(reverse("general_office:clearance_leaving_new"), told)["Location"]
    refused = officer.post(leaver, {"act": "clear"})
    assert refused.status_code == 422
    assert officer.get(reverse("general_office:clearance_leavings")).status_code == 200
    assert officer.get(reverse("general_office:clearances")).status_code == 200


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 11, 30), 36, dt.date(2029, 11, 30)),
        (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28)),
        (dt.date(2026, 12, 15), 1, dt.date(2027, 1, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(day: dt.date, months: int, then: dt.date) -> None:
    assert months_after(day, months) == then
