"""The leak matrix and the permission matrix, generated: every address × every member of the cast.

The leak matrix reads each answer (pages, exports, pictures, feeds, history) as each person and looks for words that
occur in guarded things only. The permission matrix compares who may enter where with `permissions.csv`; after a
wanted change write it anew with `CHANCERY_WRITE_MATRIX=1 ./chancery test tests/access` and read the difference before
committing it. A test for each member, so that several workers share them.
"""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.access.kept import Guarded
from tests.access.walking import leads_of, ours, paths, questions, rows, samples_of, text_of, undone
from tests.access.world import KEYS, World

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

PERMISSIONS = Path(__file__).with_name("permissions.csv")
EVERYBODY = ("nobody", *KEYS)


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


def test_the_database_shows_each_thing_to_those_who_have_it_in_hand_and_to_nobody_else(world: World) -> None:
    seen = {thing.name: {key for key in world.actors if _visible_to(world, key, thing)} for thing in world.things}
    assert seen == {thing.name: set(thing.insiders) for thing in world.things}


def _kind_of(status: int, location: str) -> str:
    if status in (301, 302):
        return "sign in" if "/accounts/login/" in location else "on"
    return {200: "yes", 204: "yes", 304: "yes", 403: "no", 404: "hidden", 405: "form"}.get(status, str(status))


def _write(key: str, column: dict[str, str]) -> None:
    """Put one member's column into the table; workers take turns."""
    with PERMISSIONS.open("r+", newline="", encoding="utf-8") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        before = {row["address"]: row for row in csv.DictReader(kept)}
        kept.seek(0)
        kept.truncate()
        table = csv.DictWriter(kept, ["address", *sorted(EVERYBODY)], lineterminator="\n", extrasaction="ignore")
        table.writeheader()
        table.writerows({**before.get(name, {}), "address": name, key: said} for name, said in column.items())


@pytest.mark.parametrize("key", EVERYBODY)
def test_each_answer_is_as_written_down_and_tells_an_outsider_nothing(
    key: str, world: World, clients: dict[str, Client], samples: dict[str, list[Any]]
) -> None:
    """One walk for both: whether the page opens, and what it says."""
    secret = re.compile("|".join(map(re.escape, _secrets(_hidden_from(world, key)))))
    column: dict[str, str] = {}
    leaks, broken = [], []
    for address in ours():
        for path in paths(address, samples):
            for query in questions(address):
                with undone():
                    response = clients[key].get(path, query)
                    said = text_of(response)
                column.setdefault(address.name, _kind_of(response.status_code, response.get("Location", "")))
                if response.status_code >= 500:
                    broken.append((path, query, response.status_code))
                if told := secret.search(said):
                    leaks.append((path, query, response.status_code, told[0]))
    assert broken == []
    assert leaks == []
    if os.environ.get("CHANCERY_WRITE_MATRIX"):
        _write(key, column)
    with PERMISSIONS.open(newline="", encoding="utf-8") as kept:
        written = {row["address"]: row.get(key) for row in csv.DictReader(kept)}
    assert set(column) == set(written)
    assert {name: (said, written[name]) for name, said in column.items() if said != written[name]} == {}


# Who sees a thing, and where they are told of it at least.
TOLD = (
    ("registrar", "incoming", {"general_office:incoming", "procedures:matter", "records:file", "records:search"}),
    ("unit_checker", "outgoing", {"general_office:outgoing_document", "procedures:matter", "records:file"}),
    ("archivist", "item", {"records:archival_item", "records:archive", "records:search", "records:suggest"}),
    ("auditor", "hold", {"records:hold", "records:holds"}),
    ("archive_head", "opening", {"general_office:opening"}),
    ("supervisor", "appraisal", {"general_office:appraisal"}),
    ("co_handler", "reading", {"general_office:reading"}),
    ("co_handler", "loan", {"general_office:loan"}),
    ("handler", "handover", {"general_office:handover_list"}),
    ("archive_head", "transfer", {"general_office:transfer"}),
    ("classifier", "carrier", {"general_office:carrier", "general_office:carriers"}),
    ("classifier", "classification", {"general_office:classification"}),
    ("confidential_officer", "breach", {"general_office:breach"}),
    ("classifier", "clearance", {"general_office:clearance"}),
    ("confidential_officer", "undefined", {"general_office:undefined_matter"}),
    ("handler", "petition", {"general_office:petition", "procedures:matter"}),
    ("petition_officer", "petition", {"general_office:petition", "general_office:petition_list", "records:search"}),
    ("petition_officer", "campaign", {"general_office:petition_campaign", "general_office:petition_campaigns"}),
    ("petition_registrar", "visit", {"general_office:petition_visit"}),
    ("two_hats", "recommendation", {"general_office:petition_recommendation"}),
    ("chaser", "notice", {"publishing:notice", "publishing:notices"}),
    ("registrar", "saved", {"records:saved_searches", "records:saved_search"}),
)


@pytest.mark.parametrize(("key", "name", "least"), TOLD)
def test_an_insider_is_told_so_the_search_for_leaks_can_fail(
    key: str, name: str, least: set[str], world: World, clients: dict[str, Client]
) -> None:
    thing = world[name]
    samples = samples_of(world, (thing,))
    told = set()
    for address in (one for one in ours() if one.name in least):
        for path in paths(address, samples):
            for query in questions(address):
                with undone():
                    said = text_of(clients[key].get(path, query))
                if any(secret in said for secret in thing.secrets):
                    told.add(address.name)
    assert told == least


SENT = {"outcome": "PASS", "opinion": "x", "reason": "x", "note": "x", "post_id": "1", "purpose": "x",
        "wanted_until": "2026-11-24"}  # fmt: skip


@pytest.mark.parametrize("key", EVERYBODY)
def test_no_form_of_an_outsider_reaches_a_thing(key: str, world: World, clients: dict[str, Client]) -> None:
    reached = []
    for thing in _hidden_from(world, key):
        samples = samples_of(world, (thing,))
        for address in ours():
            if not leads_of(address, thing, samples):
                continue
            for path in paths(address, samples):
                if str(samples["nothing"][0]) in path:
                    continue  # of two arguments one leads nowhere
                body: dict[str, Any] = {"data": SENT}
                if path.startswith("/api/"):
                    body = {"data": json.dumps(SENT), "content_type": "application/json"}
                with undone():
                    response = clients[key].post(path, **body)
                    said = text_of(response)
                on = response.status_code == 302 and key != "nobody"
                if on or response.status_code not in (302, 401, 403, 404, 405) or _said(said, thing):
                    reached.append((path, response.status_code, response.get("Location", "")))
    assert reached == []


def _said(text: str, thing: Guarded) -> bool:
    return any(secret in text for secret in thing.secrets)


# Columns that point to a guard, found in the catalogue: those of a new table are in the test the day it is made.
_POINT_TO_GUARDS = """
select conrelid::regclass::text, attname
from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
where contype = 'f' and confrelid = 'access_guard'::regclass and has_table_privilege(conrelid, 'select')
union
select attrelid::regclass::text, attname from pg_attribute join pg_class on pg_class.oid = attrelid
where relkind = 'r' and attname = 'guard_id' and relnamespace = 'public'::regnamespace
and has_table_privilege(attrelid, 'select')
"""
# Tables whose rows hang on such a row.
_HANG_ON = """
select c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text
from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
where c.contype = 'f' and c.confrelid::regclass::text = any(%s) and has_table_privilege(c.conrelid, 'select')
"""


def _pairs(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_raw_sql_as_the_web_role_shows_an_outsider_no_row_of_a_thing(world: World) -> None:
    """The rows that carry its guard, and the rows that hang on one of those."""
    pointing = _pairs(_POINT_TO_GUARDS)
    tables = {table for table, column in pointing if column == "guard_id"}
    assert {"procedures_matter", "procedures_task", "records_storedfile", "journal_entry"} <= tables
    hanging = _pairs(_HANG_ON, sorted(tables))
    own = {}
    with acting_as(SYSTEM):
        for thing in (one for one in world.things if one.guard_id):
            for table in {of for _table, _column, of in hanging}:
                own[thing.name, table] = rows(f"select id from {table} where guard_id = %s", thing.guard_id)
    seen = []
    for key, actor in world.actors.items():
        hidden = [thing for thing in _hidden_from(world, key) if thing.guard_id]
        guards = [thing.guard_id for thing in hidden]
        with acting_as(actor):
            for table, column in pointing:
                if rows(f"select 1 from {table} where {column} = any(%s)", guards):
                    seen.append((key, table, column))
            for table, column, of in hanging:
                ids = [one for thing in hidden for one in own[thing.name, of]]
                if ids and rows(f"select 1 from {table} where {column} = any(%s)", ids):
                    seen.append((key, table, column))
    assert seen == []


def test_without_a_stamp_the_web_role_sees_no_guarded_row(world: World) -> None:
    with connection.cursor() as cursor:
        for setting in ("app.kind", "app.clearance", "app.post", "app.account", "app.person"):
            cursor.execute("select set_config(%s, '', true)", [setting])
        cursor.execute("select count(*) from access_guard")
        assert cursor.fetchone()[0] == 0


@pytest.mark.parametrize("key", ("nobody", "registrar", "administrator", "archivist", "confidential_officer"))
def test_every_page_answers_in_chinese_without_a_server_error(
    key: str, clients: dict[str, Client], samples: dict[str, list[Any]]
) -> None:
    """The walks above are English."""
    broken = []
    for address in ours():
        for path in paths(address, samples):
            with undone():
                response = clients[key].get(path, headers={"accept-language": "zh-hans"})
            if response.status_code >= 500:
                broken.append((path, response.status_code))
    assert broken == []
