"""Random histories: untouched ones are in order, and no single blow to one passes."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chancery.foundations.journal import verify
from chancery.foundations.journal.tests.history import MONDAY

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
numbers = st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
data = st.dictionaries(words, st.recursive(st.one_of(st.none(), words, numbers), st.lists, max_leaves=4), max_size=4)
acts = st.tuples(st.sampled_from(["a.a:1", "a.a:2", "b.b:1"]), words.filter(bool), data)
histories = st.lists(acts, min_size=1, max_size=12)
several = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class Told:
    """One history in a transaction of the owner that is rolled back at the end."""

    def __init__(self, connection: psycopg.Connection[Any], history: list[tuple[str, str, dict[str, Any]]]) -> None:
        self.connection = connection
        connection.execute("select set_config('app.kind', 'SYSTEM', true)")
        self.ids: list[tuple[int, str]] = []
        for subject, act, told in history:
            row = connection.execute(
                "select journal_append(%s, %s, 'SYSTEM', null, null, null, null, null, '', '', '',"
                " %s, %s, %s, null, 0)",
                [MONDAY, MONDAY.date(), act, subject, json.dumps(told)],
            ).fetchone()
            assert row is not None
            self.ids.append((row[0], subject))
        connection.execute("set local session_replication_role = replica")

    def findings(self) -> list[verify.Finding]:
        return list(verify.Verifier(self.connection).findings())


@given(histories)
@several
def test_an_untouched_history_is_in_order(owner_connection: psycopg.Connection[Any], history: list[Any]) -> None:
    with owner_connection.transaction(force_rollback=True):
        assert Told(owner_connection, history).findings() == []


@given(histories, st.data())
@several
def test_a_removed_entry_is_missed(owner_connection: psycopg.Connection[Any], history: list[Any], draw: Any) -> None:
    with owner_connection.transaction(force_rollback=True):
        told = Told(owner_connection, history)
        entry_id, subject = draw.draw(st.sampled_from(told.ids))
        owner_connection.execute("delete from journal_entry where id = %s", [entry_id])
        assert [(one.what, one.subject, one.id) for one in told.findings()] == [("removed", subject, entry_id)]


@given(histories, st.data(), words, data)
@several
def test_a_changed_entry_is_named(
    owner_connection: psycopg.Connection[Any], history: list[Any], draw: Any, act: str, other: dict[str, Any]
) -> None:
    with owner_connection.transaction(force_rollback=True):
        told = Told(owner_connection, history)
        entry_id, subject = draw.draw(st.sampled_from(told.ids))
        before = owner_connection.execute("select act, data from journal_entry where id = %s", [entry_id]).fetchone()
        owner_connection.execute(
            "update journal_entry set act = %s, data = %s where id = %s", [act, json.dumps(other), entry_id]
        )
        after = owner_connection.execute("select act, data from journal_entry where id = %s", [entry_id]).fetchone()
        assume(before != after)
        assert [(one.what, one.subject, one.id) for one in told.findings()] == [("changed", subject, entry_id)]


@given(histories, st.data())
@several
def test_two_entries_that_change_places_are_named(
    owner_connection: psycopg.Connection[Any], history: list[Any], draw: Any
) -> None:
    with owner_connection.transaction(force_rollback=True):
        told = Told(owner_connection, history)
        subject = draw.draw(st.sampled_from([subject for _, subject in told.ids]))
        mine = [entry_id for entry_id, of in told.ids if of == subject]
        assume(len(mine) >= 2)
        one, other = draw.draw(st.permutations(mine))[:2]
        owner_connection.execute("set constraints all deferred")
        places = dict(
            owner_connection.execute("select id, seq from journal_entry where id = any(%s)", [[one, other]]).fetchall()
        )
        for entry_id, seq in ((one, 10_000), (other, places[one]), (one, places[other])):
            owner_connection.execute("update journal_entry set seq = %s where id = %s", [seq, entry_id])
        found = {(finding.what, finding.id) for finding in told.findings()}
        assert {("reordered", one), ("reordered", other)} <= found
        assert {what for what, _ in found} == {"reordered"}


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
@settings(max_examples=50, deadline=None)
def test_the_stream_gives_the_tree_of_rfc_6962(leaves: list[bytes]) -> None:
    import hashlib

    def root(part: list[bytes]) -> bytes:
        if not part:
            return hashlib.sha256(b"").digest()
        if len(part) == 1:
            return hashlib.sha256(b"\0" + part[0]).digest()
        left = 1 << (len(part) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + root(part[:left]) + root(part[left:])).digest()

    tree = verify.Merkle()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.root() == root(leaves)


@pytest.mark.parametrize("text", ["{}", "{[1,2)}", "{[1,5),[7,8)}"])
def test_ids_of_a_seal_are_read_as_postgresql_writes_them(text: str) -> None:
    assert "{" + ",".join(f"[{low},{high})" for low, high in verify.ranges(text)) + "}" == text
