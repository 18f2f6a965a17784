"""A household of server processes: started together, restarted when they fall, stopped together.

The holder (this process) owns the embedded server's life and starts it again when it is killed; web server and job
worker are its children, each in a process group of its own. Ctrl-C, SIGTERM or SIGHUP stop them gracefully, then the
database. A child whose holder was killed is told by the kernel (Linux) and stops by itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connections

from chancery.config.cli import Halt
from chancery.config.commands import say
from chancery.foundations.postgres.embedded import Server, ServerUnavailable, State

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

GRACE_SECONDS = 15  # to finish requests and jobs
FALLS_ALLOWED = 5  # within FALL_WINDOW, then the household gives up
FALL_WINDOW = 60.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    falls: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Run it in a process group of its own, so that a Ctrl-C in the terminal reaches the holder alone."""
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def signal_group(self, number: int) -> None:
        """Signal the process and its own children."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Household:
    """Keeps `children` and, if given, the embedded `server` alive until told to stop."""

    def __init__(self, children: list[Child], server: Server | None) -> None:
        self.children = children
        self.server = server
        self._stopping = False

    def run(self, when_started: Callable[[Household], None] | None = None) -> int:
        """Start all, call `when_started`, keep until a signal, stop all. 0 after a signal, 1 when it gave up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        connections.close_all()  # what set-up used; the holder itself asks the database nothing
        try:
            for child in self.children:
                child.start()
            if when_started is not None:
                when_started(self)
            while not self._stopping:
                self._look_after()
                time.sleep(0.25)
        finally:
            self._stop_all()
        return 0

    @property
    def stopping(self) -> bool:
        """True once a signal came."""
        return self._stopping

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _look_after(self) -> None:
        if self.server is not None and self.server.state() is State.DOWN:
            say("the database went down; starting it again")
            with contextlib.suppress(ServerUnavailable):  # tried again at the next look
                self.server.start()
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            now = time.monotonic()
            child.falls = [*(fall for fall in child.falls if now - fall < FALL_WINDOW), now]
            child.signal_group(signal.SIGKILL)  # what it left behind would hold the port
            if len(child.falls) > FALLS_ALLOWED:
                raise Halt(f"the {child.name} ended {len(child.falls)} times in a minute; its last words are above")
            say(f"the {child.name} ended ({_how(child.process.returncode)}); starting it again")
            child.start()

    def _stop_all(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # once is enough
        for child in self.children:
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, end - time.monotonic()))
                child.signal_group(signal.SIGKILL)
                child.process.wait()
        if self.server is not None:
            self.server.release()


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
