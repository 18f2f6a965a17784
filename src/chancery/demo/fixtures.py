"""Pytest fixtures with the cast: every test enters as somebody of it, the least privileged who will do.

Building the cast takes some hundred service calls. It is done once a worker, for real; the rows are put aside on a
shelf, a schema of the throw-away database, and each test that asks for the cast gets them back in one statement, inside
its own transaction. Other sets of rows that many tests start from are put aside the same way: see `shelf`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast
    from chancery.foundations.actor import Actor

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # noon in Beijing, a Monday

_TABLES = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
# Constraints were checked when the rows were made; here they come back as they were, in any order.
_TAKE_DOWN = """
create function {name}.take_down() returns void language plpgsql security definer
set session_replication_role = replica set search_path = pg_catalog, public as
$$
declare t text;
begin
    for t in select table_name from information_schema.tables where table_schema = '{name}' loop
        execute format('insert into public.%I select * from {name}.%I', t, t);
    end loop;
end
$$
"""


class Shelf:
    """Sets of rows put aside by name, each made once a worker by the services and given back as often as wanted."""

    def __init__(self, database: Any, unblock: Callable[[], AbstractContextManager[Any]]) -> None:
        self.database, self.unblock = database, unblock
        self.made: dict[str, Any] = {}

    def give(self, name: str, build: Callable[[], Any]) -> Any:
        """The rows that `build` makes, in the test's own transaction; returns what `build` returned when it made them.

        `build` must return nothing that the rows do not say again: numbers of rows, not model instances.
        """
        from django.db import connection

        if name not in self.made:
            raise LookupError(f"{name!r} was never put aside: ask for it in a fixture of the session first")
        with connection.cursor() as cursor:
            cursor.execute("select to_regprocedure(%s) is not null", [f"aside_{name}.take_down()"])
            if not (cursor.fetchone() or [False])[0]:
                return build()  # a fresh clone, after a test that committed
            cursor.execute(f"select aside_{name}.take_down()")
        return self.made[name]

    def put(self, name: str, build: Callable[[], Any]) -> None:
        """Have the rows made and put aside, in the schema `aside_<name>` of the worker's database."""
        schema = f"aside_{name}"
        with self.database.connect() as owner:
            before = _counts(owner)
            with self.unblock():
                self.made[name] = build()
            after = _counts(owner)
            owner.execute("set session_replication_role = replica")
            owner.execute(f"create schema {schema}; grant usage on schema {schema} to chancery_web")
            for table in [table for table in after if after[table] != before[table]]:
                if before[table]:
                    raise RuntimeError(f"{name} adds to {table}, which migrations fill: it cannot be put aside")
                owner.execute(f'create table {schema}."{table}" as table public."{table}"')
                owner.execute(f'delete from public."{table}"')  # noqa: S608 - our own names
            owner.execute(_TAKE_DOWN.format(name=schema))


@pytest.fixture(scope="session")
def shelf(django_db_setup: None, django_db_blocker: Any, test_database: Any) -> Shelf:
    """Where rows that many tests start from are put aside: `shelf.put` once a session, `shelf.give` in each test."""
    return Shelf(test_database, django_db_blocker.unblock)


def _build() -> None:
    from chancery.demo.cast import PASSWORD, build_cast
    from chancery.departments.general_office.outgoing_documents.drafting.beginnings.services import load_templates
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.postgres.row_security import acting_as
    from chancery.foundations.rulebook.services import load_all
    from chancery.kernel.records.fileplan.services import load_plan
    from chancery.kernel.records.papertypes.services import load_types

    with acting_as(SYSTEM):
        load_all(by=SYSTEM, at=clock.now())
        load_types(by=SYSTEM, at=clock.now())
        load_templates(by=SYSTEM, at=clock.now())
        units = build_cast(at=clock.now(), password=PASSWORD).units
        load_plan(unit_id=units["CAST"], keeper_unit_id=units["GO"], by=SYSTEM, at=clock.now())


@pytest.fixture(scope="session")
def cast_put_aside(shelf: Shelf) -> Shelf:
    """The shelf, with the rows of the cast on it."""
    shelf.put("cast", _build)
    return shelf


def _counts(owner: Any) -> dict[str, int]:
    names = [row[0] for row in owner.execute(_TABLES).fetchall()]
    return {name: owner.execute(f'select count(*) from public."{name}"').fetchone()[0] for name in names}  # noqa: S608 - our own names


@pytest.fixture
def cast(cast_put_aside: Shelf, db: None) -> Cast:
    """A site with its rulebook and the cast, as Actors: `cast.registrar`, `cast.two_hats_enterprise` …"""
    from chancery.demo.cast import load_cast

    cast_put_aside.give("cast", _build)
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
