"""Stops an embedded server when nobody uses it any more, even when its users were killed. Standard library only.

Run as a program beside each server: `python keeper.py HOME`. Users hold a shared lock on HOME/users.lock, which the
kernel drops however they end. The keeper looks once a second whether it could have that lock alone; then it stops the
server and ends. Starting, stopping and this look all happen under HOME/start.lock, so they cannot cross.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path


def postmaster_of(data: Path) -> int | None:
    """The process id of the server running on `data`, or None.

    A process id in a stale file may by now belong to someone else, and a killed server nobody has waited for is still
    in the process table: what counts is a live process whose working directory is the data directory.
    """
    try:
        pid = int((data / "postmaster.pid").read_text(errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if Path("/proc/self/cwd").exists():
        try:
            return pid if Path(f"/proc/{pid}/cwd").samefile(data) else None
        except OSError:
            return None
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return pid
    return None


def stop(data: Path, seconds: float = 60) -> bool:
    """Stop the server on `data`: fast (roll back, disconnect, checkpoint), then at once. True when it is down."""
    for wanted, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 10.0)):
        pid = postmaster_of(data)
        if pid is None:
            return True
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, wanted)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if postmaster_of(data) != pid:
                return True
            time.sleep(0.02)
    return postmaster_of(data) is None


def keep(home: Path) -> None:
    """Wait until nobody uses the server of `home`; stop it."""
    with (home / "keeper.lock").open("r+") as mine:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # another keeper is at it
        mine.truncate(0)
        mine.write(str(os.getpid()))
        mine.flush()
        while True:
            time.sleep(1)
            try:
                start, users = (home / "start.lock").open("r"), (home / "users.lock").open("r")
            except OSError:
                return  # the directory was taken away
            with start, users:
                fcntl.flock(start, fcntl.LOCK_EX)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    stop(home / "data")
                    return


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
