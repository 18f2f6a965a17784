"""Statements that are run again and again: parsed and planned once a connection, then only executed.

Django binds parameters on the client, so PostgreSQL sees a new text each time and plans it anew; for a long statement
under row security that costs more than running it. Behind a pooler that cannot keep prepared statements (pgbouncer
before 1.21 in transaction mode) set CHANCERY_DB_PREPARE=0.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

_KEPT = os.environ.get("CHANCERY_DB_PREPARE", "1") != "0"


def run(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Execute with server-side parameters, prepared; the rows, or [] of a statement without rows.

    PostgreSQL types a parameter from its place in the statement: where it cannot tell, cast it there.
    """
    return _run(sql, parameters, named=False)[0]


def mappings(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[dict[str, Any]]:
    """`run`, each row a mapping by column name."""
    rows, names = _run(sql, parameters, named=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _run(
    sql: str, parameters: Mapping[str, Any] | Sequence[Any], *, named: bool
) -> tuple[list[tuple[Any, ...]], list[str]]:
    if not _KEPT or connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:  # Django's way, so that it is counted or wrapped
            cursor.execute(sql, parameters)
            return _read(cursor, named)
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = 5
    with connection.wrap_database_errors, psycopg.Cursor(raw) as prepared:
        prepared.execute(sql, parameters, prepare=True)
        return _read(prepared, named)


def _read(cursor: Any, named: bool) -> tuple[list[tuple[Any, ...]], list[str]]:
    result = cursor.pgresult
    if result is None or not result.nfields:
        return [], []
    # `description` makes an object a column: asked for only where the names are wanted.
    return list(cursor.fetchall()), [column[0] for column in cursor.description] if named else []
