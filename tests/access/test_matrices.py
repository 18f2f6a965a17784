"""The leak matrix and the permission matrix, generated: every address × every member of the cast.

The leak matrix reads each answer (pages, exports, pictures, feeds, history) as each person and looks for words that
occur in guarded things only. The permission matrix compares who may enter where with `permissions.csv`; after a
wanted change write it anew with `CHANCERY_WRITE_MATRIX=1 ./chancery test tests/access` and read the difference before
committing it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.access.addresses import Address, every_address
from tests.access.world import ASKED, KEYS, Guarded, World, build

from chancery.foundations.postgres.row_security import acting_as

PERMISSIONS = Path(__file__).with_name("permissions.csv")
AT = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
QUESTIONS: tuple[dict[str, str], ...] = ({}, {"q": ASKED}, {"export": "csv"})

# Addresses of other people's code whose pages are not ours to enter with made-up arguments.
FOREIGN_ARGUMENTS = {"uidb36", "key", "provider_id", "secret"}
# What leads to one of the guarded things.
GUARDED_ARGUMENTS = {
    "document_id", "matter_id", "task_id", "file_id", "number_id", "annex_id", "comment_id", "hold_id",
    "opening_id", "saved_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for the module, inside a transaction that is rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(AT)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    """A signed-in client for each member, with a token for the API as well, and one for nobody."""
    from chancery.kernel.access.accounts.models import Account
    from chancery.kernel.access.middleware import HAT
    from chancery.kernel.access.terms import TOKEN_SCOPES
    from chancery.kernel.access.tokens.services import make_token

    made = {}
    for key, actor in world.actors.items():
        client = Client(raise_request_exception=False)
        if actor.account_id is not None:
            client.force_login(Account.objects.get(pk=actor.account_id))
            session = client.session
            session[HAT] = actor.post_id
            session.save()
            with acting_as(actor):
                until = AT + dt.timedelta(days=30)
                _token, secret = make_token(name="matrix", scopes=list(TOKEN_SCOPES), expires_at=until, by=actor, at=AT)
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        made[key] = client
    return made


def _visible_to(world: World, key: str, thing: Guarded) -> bool:
    """What the database itself says, asked in raw SQL under the person's stamp."""
    if not thing.guard_id:  # its owner's alone
        return key in thing.insiders
    with acting_as(world.actors[key]), connection.cursor() as cursor:
        cursor.execute("select count(*) from access_guard where id = %s", [thing.guard_id])
        return bool(cursor.fetchone()[0])


def _hidden_from(world: World, key: str) -> list[Guarded]:
    """The things the person may not see."""
    return [thing for thing in world.things if not _visible_to(world, key, thing)]


def _secrets(things: list[Guarded]) -> list[str]:
    return [secret for thing in things for secret in thing.secrets]


def _rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def samples(world: World) -> dict[str, list[Any]]:
    """Values for each argument name: those of the guarded matter, and open ones for the rest."""
    from chancery.foundations.actor import SYSTEM

    things = world.things
    guarded = f"where guard_id in ({', '.join(str(thing.guard_id) for thing in things)})"
    of_ours = f"where document_id = {world.outgoing.document_ids[0]}"
    with acting_as(SYSTEM):
        return {
            "document_id": list(world.incoming.document_ids),
            "outgoing document_id": list(world.outgoing.document_ids),
            "annex_id": _rows(f"select id from general_office_annex {of_ours}"),
            "comment_id": _rows(f"select id from general_office_comment {of_ours}"),
            "matter_id": world.matters,
            "task_id": _rows("select id from procedures_task where matter_id = any(%s)", world.matters),
            "item_id": list(world.item.document_ids),
            "hold_id": list(world.hold.document_ids),
            "opening_id": list(world.opening.document_ids),
            "saved_id": list(world.saved.document_ids),
            "file_id": _rows(f"select id from records_storedfile {guarded}"),
            "number_id": _rows(f"select id from records_issuednumber {guarded}"),
            "tab": ["read", "done", "started", "watched", "overdue"],
            "number": [1],
            "entry_id": _rows(f"select id from journal_entry {guarded}"),
            "code": ["PF"],
            "procedures code": ["incoming_document"],
            "person code": _rows("select code from directory_person order by id limit 1"),
            "digest": _rows("select hash from procedures_definition limit 1"),
            "post_id": _rows("select id from directory_post order by id limit 1"),
            "holding_id": _rows("select id from directory_holding order by id limit 1"),
            "account_id": _rows("select id from access_account order by id limit 1"),
            "grant_id": _rows("select id from access_rolegrant order by id limit 1"),
            "profile": ["cn"],
            "key": _rows("select key from rulebook_provision where profile = 'cn' order by key limit 1"),
            "form": ["csv", "jsonld", "vcf"],
            "year": [2026],
            "day": ["2026-11-23"],
            "page": [1],
            "series": ["incoming"],
            "procedure": ["incoming_document"],
            "suffix": ["csv", "xlsx"],
            "nothing": [2**31],
        }


def _paths(address: Address, samples: dict[str, list[Any]]) -> Iterator[str]:
    """Each way to fill the address's arguments. An argument without a sample gets a number that exists nowhere."""
    if not address.arguments:
        yield reverse(address.name)
        return
    choices: list[dict[str, Any]] = [{}]
    for argument in address.arguments:
        kind = address.name.partition(":")[0]
        if "person" in address.route or "people" in address.route:
            kind = "person"
        elif "/outgoing/" in address.route or "outgoing-documents" in address.route:
            kind = "outgoing"
        values = samples.get(f"{kind} {argument}") or samples.get(argument) or samples["nothing"]
        choices = [{**choice, argument: value} for choice in choices for value in values]
    for choice in choices:
        try:
            yield reverse(address.name, kwargs=choice)
        except NoReverseMatch:
            for text in ("nothing-here", "csv"):
                try:
                    yield reverse(address.name, kwargs=dict.fromkeys(choice, text))
                    break
                except NoReverseMatch:
                    continue


def _text_of(response: Any) -> str:
    """All that an answer says: headers, body, and what lies inside a packed sheet or document."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    parts = [" ".join(f"{name}: {value}" for name, value in response.items()), body.decode("utf-8", "replace")]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    return "\n".join(parts)


def _ours() -> list[Address]:
    return [
        address for address in every_address() if not FOREIGN_ARGUMENTS & set(address.arguments) or ":" in address.name
    ]


def test_the_database_shows_the_matter_to_those_who_had_it_in_hand_and_to_nobody_else(world: World) -> None:
    for thing in world.things:
        assert {key for key in world.actors if _visible_to(world, key, thing)} == thing.insiders


@pytest.mark.parametrize("key", ("nobody", *KEYS))
def test_no_answer_tells_an_outsider_of_the_matter(
    key: str, world: World, clients: dict[str, Client], samples: dict[str, list[Any]]
) -> None:
    secrets = _secrets(_hidden_from(world, key))
    leaks = []
    for address in _ours():
        for path in _paths(address, samples):
            for query in QUESTIONS if not address.arguments else QUESTIONS[:1]:
                mark = transaction.savepoint()
                response = clients[key].get(path, query)
                said = _text_of(response)
                transaction.savepoint_rollback(mark)
                told = [secret for secret in secrets if secret in said]
                if told:
                    leaks.append((path, query, response.status_code, told))
    assert leaks == []


def test_an_insider_is_told_so_the_search_for_leaks_can_fail(
    world: World, clients: dict[str, Client], samples: dict[str, list[Any]]
) -> None:
    for key, thing, least in (
        ("registrar", world.incoming, {"general_office:incoming", "procedures:matter", "records:file"}),
        ("unit_checker", world.outgoing, {"general_office:outgoing_document", "procedures:matter", "records:file"}),
    ):
        told = set()
        for address in _ours():
            for path in _paths(address, samples):
                mark = transaction.savepoint()
                said = _text_of(clients[key].get(path))
                if any(secret in said for secret in thing.secrets):
                    told.add(address.name)
                transaction.savepoint_rollback(mark)
        assert least <= told


@pytest.mark.parametrize("key", ("nobody", *KEYS))
def test_no_form_of_an_outsider_reaches_the_matter(
    key: str, world: World, clients: dict[str, Client], samples: dict[str, list[Any]]
) -> None:
    hidden = _hidden_from(world, key)
    secrets = _secrets(hidden)
    # Who may see one of the things may act on that one: the functions' own tests say who may do what.
    seen = [thing for thing in world.things if thing not in hidden]
    reached = []
    for address in _ours():
        if seen or not GUARDED_ARGUMENTS & set(address.arguments):
            continue
        for path in _paths(address, samples):
            mark = transaction.savepoint()
            response = clients[key].post(
                path, {"outcome": "PASS", "opinion": "x", "reason": "x", "note": "x", "post_id": "1"}
            )
            said = _text_of(response)
            transaction.savepoint_rollback(mark)
            if response.status_code not in (302, 403, 404, 405) or any(secret in said for secret in secrets):
                reached.append((path, response.status_code))
            if response.status_code == 302 and key != "nobody":
                reached.append((path, response["Location"]))
    assert reached == []


def test_raw_sql_as_the_web_role_shows_an_outsider_no_row_of_the_matter(world: World) -> None:
    """Every table that carries a guard, found in the catalogue: a new one is in the test the day it is made."""
    tables = _rows(
        "select table_name from information_schema.columns where column_name = 'guard_id' and table_schema = 'public'"
    )
    assert {"procedures_matter", "procedures_task", "records_storedfile", "journal_entry"} <= set(tables)
    seen = []
    for key, actor in world.actors.items():
        hidden = [thing.guard_id for thing in _hidden_from(world, key)]
        with acting_as(actor):
            for table in tables:
                if _rows(f'select 1 from "{table}" where guard_id = any(%s)', hidden):
                    seen.append((key, table))
    assert seen == []


def test_without_a_stamp_the_web_role_sees_no_guarded_row(world: World) -> None:
    with connection.cursor() as cursor:
        for setting in ("app.kind", "app.clearance", "app.post", "app.account", "app.person"):
            cursor.execute("select set_config(%s, '', true)", [setting])
        cursor.execute("select count(*) from access_guard")
        assert cursor.fetchone()[0] == 0


def _kind_of(status: int, location: str) -> str:
    if status in (301, 302):
        return "sign in" if "/accounts/login/" in location else "on"
    return {200: "yes", 204: "yes", 304: "yes", 403: "no", 404: "hidden", 405: "form"}.get(status, str(status))


def test_who_may_enter_where_is_as_written_down(
    world: World, clients: dict[str, Client], samples: dict[str, list[Any]]
) -> None:
    keys = sorted(clients)
    table = []
    for address in _ours():
        path = next(_paths(address, samples))
        row = [address.name]
        for key in keys:
            mark = transaction.savepoint()
            response = clients[key].get(path)
            transaction.savepoint_rollback(mark)
            assert response.status_code < 500, (key, path, response.status_code)
            row.append(_kind_of(response.status_code, response.get("Location", "")))
        table.append(row)
    if os.environ.get("CHANCERY_WRITE_MATRIX"):
        with PERMISSIONS.open("w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([["address", *keys], *table])
    with PERMISSIONS.open(newline="") as kept:
        assert [["address", *keys], *table] == list(csv.reader(kept))


@pytest.mark.parametrize("language", ("en", "zh-hans"))
def test_every_page_answers_in_both_languages_without_a_server_error(
    language: str, world: World, clients: dict[str, Client], samples: dict[str, list[Any]]
) -> None:
    broken = []
    for key in ("nobody", "registrar", "administrator"):
        for address in _ours():
            for path in _paths(address, samples):
                mark = transaction.savepoint()
                response = clients[key].get(path, headers={"accept-language": language})
                if response.status_code >= 500:
                    broken.append((key, path, response.status_code))
                transaction.savepoint_rollback(mark)
    assert broken == []
