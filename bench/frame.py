"""What benchmarks share: timing, rows, a database of their own, and the runner.

A benchmark is a module here with `run()`, which yields `Row`s:

    def run() -> Iterator[Row]:
        with site() as home:                      # Django is set up, the database migrated, nothing in it
            floor = timed(raw_statement, 500)
            ours = timed(complete_a_task, 200)
        yield Row.of("transition", ours, floor, target=20, rows=10_000)

Every ratio is to a floor measured in the same run on the same machine, so that it says something elsewhere too. Each
benchmark runs in a process of its own.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.jsonl"
FRAME = {"__init__", "frame"}


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of many calls."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Row:
    """One result. `ratio` is p50 to the floor, or what the benchmark's docstring says; `rows` the size it ran at."""

    name: str
    p50_ms: float | None
    p95_ms: float | None
    floor_ms: float | None
    ratio: float | None
    target: float | None
    rows: int | None

    @classmethod
    def of(cls, name: str, ours: Timing, floor: Timing, *, target: float | None, rows: int | None) -> Row:
        """A row of two timings."""
        return cls(name, ours.p50, ours.p95, floor.p50, ours.p50 / floor.p50, target, rows)


def timed(call: Callable[[], object], times: int, *, warm: int | None = None) -> Timing:
    """Call it `times` times, after some that do not count, with the garbage collector still."""
    for _ in range(max(1, times // 10) if warm is None else warm):
        call()
    gc.collect()
    gc.disable()
    try:
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            call()
            taken.append((time.perf_counter() - began) * 1000)
    finally:
        gc.enable()
    return summed(taken)


def summed(taken: Sequence[float]) -> Timing:
    """Median and 95th percentile."""
    ordered = sorted(taken)
    return Timing(statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])


@contextlib.contextmanager
def empty_home() -> Iterator[Path]:
    """A data directory that is thrown away, on a real disk: commits are as durable as a site's."""
    home = Path(tempfile.mkdtemp(prefix="chancery-bench-", dir=os.environ.get("CHANCERY_BENCH_HOME")))
    home.chmod(0o755)
    (home / "static").mkdir()
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def site() -> Iterator[Path]:
    """Django set up on an empty, migrated database of its own, as the web role. Once a process."""
    with empty_home() as home:
        os.environ["CHANCERY_HOME"] = str(home)
        for name in ("DATABASE_URL", "DATABASE_WEB_URL"):
            os.environ.pop(name, None)
        from chancery.config.commands import upkeep
        from chancery.foundations.postgres import embedded

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.config.settings")
        upkeep.set_up_django()
        upkeep.bring_up_to_date()
        server = embedded.ensure(home / "postgres")
        try:
            yield home
        finally:
            from django.db import connections

            connections.close_all()
            server.release()


# --- Runner ----------------------------------------------------------------------------------------------------------
def names() -> list[str]:
    """Every benchmark."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in FRAME and not path.stem.startswith("_"))


def main(wanted: Sequence[str]) -> int:
    """Run those named, or all; 1 when one of them failed."""
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        print(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    source = HERE.parent / "src"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(source)])}
    print(f"{'name':32}{'p50 ms':>10}{'p95 ms':>10}{'floor ms':>10}{'ratio':>8}{'target':>8}{'rows':>12}")
    failed = []
    for name in wanted or names():
        done = subprocess.run([sys.executable, "-m", "bench.frame", name], env=environment, check=False)
        failed += [name] if done.returncode else []
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _tell(rows: Iterable[Row]) -> None:
    for row in rows:
        values = dataclasses.asdict(row)
        values = {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps(values) + "\n")
        cells = [values["p50_ms"], values["p95_ms"], values["floor_ms"], values["ratio"], values["target"]]
        shown = "".join(
            f"{'–' if cell is None else f'{cell:g}':>{width}}"
            for cell, width in zip(cells, (10, 10, 10, 8, 8), strict=True)
        )
        size = "–" if row.rows is None else f"{row.rows:,}"
        print(f"{row.name:32}{shown}{size:>12}", flush=True)


if __name__ == "__main__":
    _tell(importlib.import_module(f"bench.{sys.argv[1]}").run())
