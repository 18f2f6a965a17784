"""Writing: who may, what is kept, what is refused."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from chancery.foundations.actor import PUBLIC, SYSTEM, Actor, Clearance
from chancery.foundations.journal import queries, services
from chancery.foundations.journal.models import Entry, Head, Seal
from chancery.foundations.postgres.row_security import acting_as

AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
LIN_SHU = Actor(
    account_id=1,
    person_id=11,
    post_id=111,
    body_id=5,
    clearance=Clearance.INTERNAL,
    name="林舒",
    post_title="Registrar",
    body_name="General Office",
)
TANG_WEI = Actor(account_id=2, person_id=12, post_id=112, body_id=6, clearance=Clearance.INTERNAL, name="唐薇")


@pytest.fixture
def lin_shu(db: None):
    with acting_as(LIN_SHU):
        yield LIN_SHU


def test_an_entry_keeps_who_what_and_when(lin_shu: Actor) -> None:
    services.write(by=lin_shu, at=AT, act="document.registered", on="incoming.document:7", data={"number": "收〔2026〕1号"})
    (line,) = queries.history("incoming.document:7")
    del line["id"]
    assert line == {
        "seq": 1,
        "at": AT,
        "act": "document.registered",
        "data": {"number": "收〔2026〕1号"},
        "kind": "PERSON",
        "person_id": 11,
        "post_id": 111,
        "body_id": 5,
        "deputising_for": None,
        "person_name": "林舒",
        "post_title": "Registrar",
        "body_name": "General Office",
    }
