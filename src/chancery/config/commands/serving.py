"""`serve` and `worker`: a site's two processes, run apart."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from chancery.config import env
from chancery.config.cli import Halt
from chancery.config.commands import say, upkeep, words
from chancery.config.commands.household import Child, Household
from chancery.foundations.postgres import embedded


def serve(arguments: list[str]) -> int:
    """The web server alone."""
    if arguments:
        raise Halt("serve takes no arguments; it reads HOST, PORT, WEB_WORKERS and WEB_THREADS")
    _site()
    host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000)
    if env.flag("CHANCERY_DEMO") and host not in {"127.0.0.1", "::1", "localhost"}:
        raise Halt(f"CHANCERY_DEMO lets anyone enter as anyone: unset it, or serve on 127.0.0.1 and not on {host}")
    refuse_taken_port(host, port, "serve")
    say(f"serving on http://{f'[{host}]' if ':' in host else host}:{port}")
    return Household([web_child(host, port)], embedded_server()).run()


def worker(arguments: list[str]) -> int:
    """The job worker alone."""
    if arguments:
        raise Halt("worker takes no arguments; it reads WORKER_JOBS, how many jobs run at once")
    _site()
    say("working on jobs")
    return Household([worker_child()], embedded_server()).run()


def _site() -> None:
    """Ready to run, or a line that says what is missing."""
    upkeep.open_home()
    words.compile_stale()
    upkeep.set_up_django()
    import psycopg

    try:
        upkeep.owner_connection().close() if not env.text("DATABASE_WEB_URL") else None
    except psycopg.OperationalError as error:
        if "does not exist" in str(error):
            raise Halt("there is no database yet: run `chancery migrate` first") from None
        raise
    pending = _pending()
    if pending:
        raise Halt(f"the database lacks {len(pending)} migrations ({pending[0]} …): run `chancery migrate` first")


def _pending() -> list[str]:
    from django.db import ProgrammingError

    try:
        return upkeep.pending_migrations()
    except ProgrammingError:
        return ["the whole schema"]  # the web role may not even read what is there


def embedded_server() -> embedded.Server | None:
    """The embedded server, started; None when DATABASE_URL names another."""
    return None if env.text("DATABASE_URL") else embedded.ensure(env.home() / "postgres")


def refuse_taken_port(host: str, port: int, command: str) -> None:
    """Refuse at once what the web server would find out after a while."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError:
            raise Halt(
                f"this account may not use port {port}: choose one above 1023, PORT=8000 chancery {command}"
            ) from None
        except OverflowError:
            raise Halt(f"there is no port {port}: choose one from 1024 to 65535") from None
        except OSError as error:
            raise Halt(
                f"port {port} on {host} cannot be used ({error.strerror}): stop what uses it, or choose another, "
                f"such as PORT={port + 1} chancery {command}"
            ) from None


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "CHANCERY_DB_AS": "web", **more}


def web_child(host: str, port: int, **more: str) -> Child:
    """Granian, two workers by default, with connection pools."""
    command: list[Any] = [
        *(sys.executable, "-m", "chancery.config.commands.web_process", "chancery.config.wsgi:application"),
        *("--interface", "wsgi"),
        *("--host", host, "--port", port, "--workers", env.number("WEB_WORKERS", 2)),
        *("--blocking-threads", env.number("WEB_THREADS", 4)),
        *("--respawn-failed-workers", "--workers-kill-timeout", 10, "--no-ws", "--log-level", "warning"),
    ]
    return Child("web server", [str(part) for part in command], _environment(CHANCERY_DB_POOL="1", **more))


def worker_child(**more: str) -> Child:
    """The job worker; it listens for notifications and so needs a direct connection, no pool."""
    command = [sys.executable, "-m", "chancery.config.commands.job_process"]
    environment = _environment(**more)
    environment.pop("CHANCERY_DB_POOL", None)
    return Child("job worker", command, environment)
