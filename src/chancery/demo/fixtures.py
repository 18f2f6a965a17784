"""Pytest fixtures with the cast: every test enters as somebody of it, the least privileged who will do.

Building the cast takes some hundred service calls. It is done once a worker, for real; the rows are put aside in a
schema of the throw-away database, and each test that asks for the cast gets them back in one statement, inside its own
transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast
    from chancery.foundations.actor import Actor

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # noon in Beijing, a Monday

_TABLES = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
# Constraints were checked when the rows were made; here they come back as they were, in any order.
_RESTORE = """
create function put_aside.restore() returns void language plpgsql security definer
set session_replication_role = replica set search_path = pg_catalog, public as
$$
declare t text;
begin
    for t in select table_name from information_schema.tables where table_schema = 'put_aside' loop
        execute format('insert into public.%I select * from put_aside.%I', t, t);
    end loop;
end
$$
"""


def _build() -> None:
    from chancery.demo.cast import PASSWORD, build_cast
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.foundations.rulebook.services import load_all

    with acting_as(SYSTEM):
        load_all(by=SYSTEM, at=clock.now())
        build_cast(at=clock.now(), password=PASSWORD)


@pytest.fixture(scope="session")
def cast_put_aside(django_db_setup: None, django_db_blocker: Any, test_database: Any) -> None:
    """The rows of the cast, in the schema `put_aside` of the worker's database."""
    with test_database.connect() as owner:
        before = _counts(owner)
        with django_db_blocker.unblock():
            _build()
        after = _counts(owner)
        owner.execute("set session_replication_role = replica")
        owner.execute("create schema put_aside; grant usage on schema put_aside to chancery_web")
        for table in [table for table in after if after[table] != before[table]]:
            if before[table]:
                raise RuntimeError(f"the cast adds to {table}, which migrations fill: it cannot be put aside")
            owner.execute(f'create table put_aside."{table}" as table public."{table}"')
            owner.execute(f'delete from public."{table}"')  # noqa: S608 - our own names
        owner.execute(_RESTORE)


def _counts(owner: Any) -> dict[str, int]:
    names = [row[0] for row in owner.execute(_TABLES).fetchall()]
    return {name: owner.execute(f'select count(*) from public."{name}"').fetchone()[0] for name in names}  # noqa: S608 - our own names


@pytest.fixture
def cast(cast_put_aside: None, db: None) -> Cast:
    """A site with its rulebook and the cast, as Actors: `cast.registrar`, `cast.two_hats_enterprise` …"""
    from django.db import connection

    from chancery.demo.cast import load_cast

    with connection.cursor() as cursor:
        cursor.execute("select to_regprocedure('put_aside.restore()') is not null")
        row = cursor.fetchone()
        if row and row[0]:
            cursor.execute("select put_aside.restore()")
        else:
            _build()  # a fresh clone, after a test that committed
    return load_cast()


@pytest.fixture
def client_as() -> Callable[[Actor], Client]:
    """A test client signed in as an Actor, under that Actor's hat: `client_as(cast.registrar).get("/inbox/")`."""
    from django.test import Client

    from chancery.kernel.access.accounts.models import Account
    from chancery.kernel.access.middleware import HAT

    def enter(actor: Actor) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=actor.account_id or 0))
        session = client.session
        session[HAT] = actor.post_id
        session.save()
        return client

    return enter
