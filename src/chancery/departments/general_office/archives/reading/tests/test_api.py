"""The REST door of requests to read: scopes, the same refusals, and 404 for what one may not know of."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client

from chancery.departments.general_office.archives.reading.models import ReadingRequest
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.tokens.services import make_token
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.tests.shelf import filed

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

JSON = "application/json"
TOLD = {"purpose": "To answer a society", "wanted_until": "2026-11-30", "wants_copy": True}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC))


def bearer(by: Actor, *scopes: str) -> Client:
    _token, key = make_token(
        name="t",
        scopes=list(scopes or ("records:read", "records:write")),
        expires_at=clock.now() + dt.timedelta(days=1),
        by=by,
        at=clock.now(),
    )
    return Client(headers={"Authorization": f"Bearer {key}"})


def asking(item_id: int) -> str:
    return f"/api/archives/items/{item_id}/readings"


@pytest.fixture
def item(cast: Cast) -> ArchivalItem:
    return filed(cast)[0]


def test_one_asks_and_learns_what_was_decided(cast: Cast, item: ArchivalItem) -> None:
    api = bearer(cast.outsider)
    answer = api.post(asking(item.pk), TOLD, JSON)
    body = answer.json()
    assert (answer.status_code, body["item_id"], body["state"], body["ends_on"]) == (201, item.pk, "ASKED", None)
    with acting_as(cast.archive_head), transaction.atomic():
        task = Task.objects.get(matter_id=body["matter_id"], done_at=None)
        procedures.complete(
            task_id=task.pk, outcome="GRANT", opinion="Needed", data={}, by=cast.archive_head, at=clock.now()
        )
    told = api.get(f"/api/archives/readings/{body['id']}").json()
    assert (told["state"], told["ends_on"], told["decision_note"]) == ("GRANTED", "2026-11-30", "Needed")


@pytest.mark.parametrize(
    ("told", "field"),
    [({"purpose": " "}, "purpose"), ({"wanted_until": "2026-11-22"}, "wanted_until")],
)
def test_a_refusal_names_its_field_and_keeps_nothing(
    cast: Cast, item: ArchivalItem, told: dict[str, str], field: str
) -> None:
    answer = bearer(cast.outsider).post(asking(item.pk), {**TOLD, **told}, JSON)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    with acting_as(SYSTEM):
        assert not ReadingRequest.objects.exists()


def test_what_one_may_not_know_of_answers_as_what_is_not_there(cast: Cast) -> None:
    hidden = filed(cast, unit="PF", by=cast.unit_checker, label=Clearance.RESTRICTED)[0]
    api = bearer(cast.outsider)
    unknown, absent = (api.post(asking(key), TOLD, JSON) for key in (hidden.pk, 99_999_999))
    assert unknown.status_code == absent.status_code == 404
    assert unknown.content == absent.content
    with acting_as(SYSTEM):
        assert not ReadingRequest.objects.exists()


def test_a_request_of_another_is_not_found_by_guessing(cast: Cast, item: ArchivalItem) -> None:
    made = bearer(cast.outsider).post(asking(item.pk), TOLD, JSON).json()["id"]
    other = bearer(cast.handler)
    for key in range(made - 2, made + 3):
        assert other.get(f"/api/archives/readings/{key}").status_code == 404
    assert bearer(cast.archive_head).get(f"/api/archives/readings/{made}").status_code == 200  # he decides


def test_a_token_goes_no_further_than_its_scopes(cast: Cast, item: ArchivalItem) -> None:
    assert Client().post(asking(item.pk), TOLD, JSON).status_code == 401
    assert bearer(cast.outsider, "records:read").post(asking(item.pk), TOLD, JSON).status_code == 422
    assert bearer(cast.outsider, "records:write").get("/api/archives/readings/1").status_code == 422
    with acting_as(SYSTEM):
        assert not ReadingRequest.objects.exists()
