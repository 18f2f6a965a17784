"""Running `chancery` as a person does, in a process, for the benchmarks that measure it whole."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def run(home: Path, *command: str, port: int = 0) -> None:
    """A command that ends."""
    subprocess.run([sys.executable, "-m", "chancery.config.cli", *command], env=_environment(home, port), check=True)


@contextlib.contextmanager
def running(home: Path, command: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server command, from start until it answers, stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "chancery.config.cli", command],
        env=_environment(home, port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(process, port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _environment(home: Path, port: int) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DATABASE_WEB_URL"}}
    return {**kept, "CHANCERY_HOME": str(home), "PORT": str(port)}


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the server did not answer")
