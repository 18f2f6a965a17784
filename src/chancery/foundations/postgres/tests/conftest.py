"""Servers of these tests' own, in directories that are thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chancery.foundations.postgres import keeper
from chancery.foundations.postgres.embedded import FAST_TEST, Server

FAST = repr(FAST_TEST)


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory any account may enter (root's server steps down), with every server in it stopped at the end."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1_000_000_000
    path = Path(tempfile.mkdtemp(prefix="pg-", dir=memory if roomy else None))
    path.chmod(0o755)
    yield path
    for data in path.rglob("postmaster.pid"):
        keeper.stop(data.parent, 5)
    for folder in path.rglob("socket.path"):
        shutil.rmtree(folder.read_text(), ignore_errors=True)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def user_process(place: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a process that uses a server: it prints `up`, then waits for a line, releases and prints `released`."""
    started: list[subprocess.Popen[str]] = []
    source = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        import psycopg
        from chancery.foundations.postgres.embedded import ensure, ServerUnavailable
        try:
            server = ensure(Path(sys.argv[1]), {FAST})
        except ServerUnavailable as error:
            print("refused:", error, flush=True); sys.exit(1)
        with psycopg.connect(**server.params(), dbname="postgres") as connection:
            pid = connection.execute("select pg_postmaster_start_time()").fetchone()[0]
        print("up", pid, flush=True)
        sys.stdin.readline()
        server.release()
        print("released", flush=True)
        """
    )

    def start(home: Path, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", source, str(home)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment},
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def server(place: Path) -> Iterator[Server]:
    """A running server of this process."""
    found = Server(place / "home", FAST_TEST).start()
    yield found
    found.release()


def wait_for(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return true()


@pytest.fixture
def eventually() -> Callable[..., bool]:
    """`assert eventually(lambda: …)`."""
    return wait_for
