"""Memory of two web workers and one job worker, as PSS: shared pages counted once, in parts.

Measured in the running demo after some pages were read. `rows` holds the MiB, `ratio` is to the 220 MiB reached for;
there are no milliseconds. Not counted, as with the peers: the holder, granian's parent, PostgreSQL and the keeper.
"""

from __future__ import annotations

import contextlib
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench import _process
from bench.frame import Row, empty_home

TARGET_MIB = 220
PAGES = ("/", "/enter/", "/inbox/", "/about/administrative-departments/")


def run() -> Iterator[Row]:
    """One row."""
    with empty_home() as home:
        port = _process.free_port()
        with _process.running(home, "demo", port) as holder:
            for _ in range(20):
                for page in PAGES:
                    with contextlib.suppress(urllib.error.HTTPError):
                        urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=60).read()
            time.sleep(2)
            mib = sum(_pss(process.pid) for process in _counted(holder.pid)) / 1024
    yield Row("memory", None, None, None, mib / TARGET_MIB, 1.0, round(mib))


def _counted(holder: int) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(holder).children():
        workers = child.children()
        found += workers or [child]  # granian's workers, not their parent; the job worker has none
    return found


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise ValueError("no Pss in smaps_rollup")
