"""Django's backend over a pool, in a process of its own: after a kill, as owner stepping down."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from chancery.foundations.postgres.embedded import Server
from chancery.foundations.postgres.prepare import prepare

SOURCE = textwrap.dedent(
    """
    import os, sys, time
    import django; django.setup()
    from django.db import connection
    from chancery.foundations.postgres import embedded, keeper
    def ask():
        with connection.cursor() as cursor:
            cursor.execute("select current_user::text, session_user::text")
            row = cursor.fetchone()
        connection.close()
        return row
    print(*ask()); print(*ask())
    if len(sys.argv) > 1:
        os.kill(int(sys.argv[1]), 9)
        time.sleep(0.5)
        began = time.monotonic()
        print(*ask())
        print("quickly" if time.monotonic() - began < 4 else "slowly")
    """
)


def run(server: Server, *arguments: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SOURCE, *arguments],
        env={**os.environ, "CHANCERY_HOME": str(server.home.parent), "CHANCERY_DB_POOL": "1", **environment},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def prepared(place: Path) -> Iterator[Server]:
    import psycopg

    from chancery.foundations.postgres.embedded import FAST_TEST

    server = Server(place / "postgres", FAST_TEST).start()
    with psycopg.connect(**server.params(), dbname="postgres", autocommit=True) as connection:
        prepare(connection)
    yield server
    server.release()


def test_a_pool_under_one_address_steps_down_to_the_web_role(prepared: Server) -> None:
    address = f"postgresql://postgres@/postgres?host={prepared.socket_folder()}&port=5432"
    assert run(prepared, DATABASE_URL=address) == ["chancery_web postgres"] * 2


@pytest.mark.crash
def test_a_request_after_a_killed_server_is_served(prepared: Server) -> None:
    from chancery.foundations.postgres import keeper

    pid = keeper.postmaster_of(prepared.data)
    said = run(prepared, str(pid), CHANCERY_DB_NAME="postgres", DATABASE_URL="")
    assert said == ["chancery_web chancery_web"] * 3 + ["quickly"]
