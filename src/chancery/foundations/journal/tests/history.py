"""People, subjects, and the hands that tamper."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.rows import dict_row

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services, verify
from chancery.foundations.postgres.row_security import STAMP, stamp_of

MONDAY = dt.datetime(2026, 11, 16, 2, 30, tzinfo=dt.UTC)
TUESDAY = MONDAY + dt.timedelta(days=1)
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
LETTER, MINUTES, SEALS = "test.letter:1", "test.minutes:1", "test.seal:1"


def write(subject: str, act: str, *, at: dt.datetime = MONDAY, by: Actor = LIN_SHU, **data: Any) -> int:
    return services.write(by=by, at=at, act=act, on=subject, data=data)


def tell(write: Callable[..., int]) -> dict[str, list[int]]:
    """A short story of three subjects; ids by subject."""
    ids: dict[str, list[int]] = {LETTER: [], MINUTES: [], SEALS: []}
    for subject, act in (
        (LETTER, "letter.registered"),
        (MINUTES, "minutes.drafted"),
        (LETTER, "letter.checked"),
        (LETTER, "letter.handled"),
        (SEALS, "seal.used"),
        (LETTER, "letter.answered"),
        (MINUTES, "minutes.signed"),
        (LETTER, "letter.filed"),
    ):
        ids[subject].append(write(subject, act, note="照办", amount=1.10))
    return ids


class Hands:
    """The owner's hands: bound by no grant, policy or trigger."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        connection.execute("set session_replication_role = replica")

    def write(self, subject: str, act: str, *, at: dt.datetime = MONDAY, by: Actor = LIN_SHU, **data: Any) -> int:
        """What the service does, over this connection."""
        self.connection.execute(STAMP, stamp_of(by))
        row = self.connection.execute(
            "select journal_append(%s, %s, %s, %s, %s, %s, %s, null, %s, %s, %s, %s, %s, %s, null, 10)",
            [
                *(at, clock.date_of(at), by.kind.value, by.account_id, by.person_id, by.post_id, by.body_id),
                *(by.name, by.post_title, by.body_name, act, subject, json.dumps(data)),
            ],
        ).fetchone()
        assert row is not None
        return int(row[0])

    def seal(self, day: dt.date) -> None:
        self.connection.execute(STAMP, stamp_of(SYSTEM))
        self.connection.execute("select journal_seal_day(%s, 'UTC')", [day])

    def do(self, statement: str, *parameters: Any) -> int:
        return self.connection.execute(statement, parameters).rowcount

    def row(self, entry_id: int) -> dict[str, Any]:
        query = "select * from journal_entry where id = %s"
        found = self.connection.cursor(row_factory=dict_row).execute(query, [entry_id]).fetchone()
        assert found is not None
        return found

    def rehash(self, entry_id: int) -> None:
        """Make an entry consistent in itself after its columns were changed."""
        row = self.row(entry_id)
        told = {**verify.expected({**row, "data": "{}"}), "data": row["data"]}
        canonical = json.dumps(told, ensure_ascii=False)
        digest = hashlib.sha256(row["previous_hash"] + canonical.encode()).digest()
        self.do("update journal_entry set canonical = %s, hash = %s where id = %s", canonical, digest, entry_id)

    def forge(self, like: int, **changes: Any) -> int:
        """Insert a copy of an entry with some columns changed, consistent in itself."""
        row = {**self.row(like), **changes}
        row["data"] = json.dumps(row["data"])
        columns = list(row)
        marks = ", ".join(["%s"] * len(columns))
        self.do(f"insert into journal_entry ({', '.join(columns)}) values ({marks})", *row.values())
        self.rehash(row["id"])
        return int(row["id"])

    def found(self, **options: Any) -> list[tuple[str, str, int | None, int | None]]:
        """What the verifier says, without the sentences."""
        return [(one.what, one.subject, one.seq, one.id) for one in self.findings(**options)]

    def findings(self, **options: Any) -> list[verify.Finding]:
        return list(verify.Verifier(self.connection, **options).findings())
