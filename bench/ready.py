"""Empty database to ready: from an empty data directory to the first page answered.

`ready` makes the embedded cluster, migrates, loads the rulebook and serves; `ready_demo` also loads the demo's story.
The floor is what cannot be saved: an empty cluster made and started.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import _process
from bench.frame import Row, Timing, empty_home, summed

TARGET_MS = 10_000.0
ROUNDS = 3


def run() -> Iterator[Row]:
    """Three rounds each."""
    floor = summed([_once(_bare_server) for _ in range(ROUNDS)])
    for name, whole in (("ready", _site), ("ready_demo", _demo)):
        taken: Timing = summed([_once(whole) for _ in range(ROUNDS)])
        yield Row(name, taken.p50, taken.p95, floor.p50, taken.p50 / floor.p50, TARGET_MS / floor.p50, None)


def _once(whole: Callable[[Path], float]) -> float:
    with empty_home() as home:
        return whole(home)


def _bare_server(home: Path) -> float:
    from chancery.foundations.postgres.embedded import Server

    began = time.perf_counter()
    server = Server(home / "postgres").start()
    taken = (time.perf_counter() - began) * 1000
    server.release()
    return taken


def _site(home: Path) -> float:
    port = _process.free_port()
    began = time.perf_counter()
    _process.run(home, "migrate")
    with _process.running(home, "serve", port):
        return (time.perf_counter() - began) * 1000


def _demo(home: Path) -> float:
    port = _process.free_port()
    began = time.perf_counter()
    with _process.running(home, "demo", port):
        return (time.perf_counter() - began) * 1000
