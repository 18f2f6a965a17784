"""`demo` and `demo-reset`: a living headquarters on this machine."""

from __future__ import annotations

import os
import shutil
import time
import unicodedata
import urllib.error
import urllib.request
from pathlib import Path

from chancery.config import databases, env
from chancery.config.cli import Halt
from chancery.config.commands import Progress, say, serving, upkeep, words
from chancery.config.commands.household import Household
from chancery.foundations.postgres import embedded

HOST = "127.0.0.1"  # the demo lets anyone enter as anyone: never beyond loopback
LOADING, LOADED = "demo loading", "demo loaded"


def demo(arguments: list[str]) -> int:
    """Set up what is missing, serve, tell the address and the cast, stop on Ctrl-C."""
    if arguments:
        raise Halt("demo takes no arguments; it reads PORT and CHANCERY_HOME")
    began = time.monotonic()
    port = env.number("PORT", 8000)
    address = f"http://{HOST}:{port}"
    os.environ.update(CHANCERY_DEMO="1", SITE_URL=address)
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
    home = upkeep.open_home()
    lock = upkeep.hold(home, "demo", f"{address} (process {os.getpid()})")
    if lock is None:
        raise Halt(f"this data directory is in use: the demo runs at {upkeep.noted(home, 'demo')}")
    with lock:
        serving.refuse_taken_port(HOST, port, "demo")
        server = serving.embedded_server()
        set_up()
        household = Household(
            [serving.web_child(HOST, port, CHANCERY_DEMO="1"), serving.worker_child(CHANCERY_DEMO="1")], server
        )

        def told(running: Household) -> None:
            if _answers(running, address):
                _welcome(address, home, time.monotonic() - began)

        status = household.run(told)
        say("stopped")
        return status


def set_up() -> None:
    """Database, words, rulebook and the demo's story; each part that was interrupted is done again."""
    words.compile_stale()
    upkeep.set_up_django()
    upkeep.ensure_database()
    was = upkeep.marked()
    if was == LOADING:
        say("the demo's first load was interrupted; starting that part again")
        _forget()
        upkeep.ensure_database()
    elif was not in {"", LOADED}:
        raise Halt(f"{env.home()} holds a site's database, not a demo: set CHANCERY_HOME to another directory")
    elif not was and _holds_tables():
        raise Halt(f"{env.home()} holds a database that the demo did not make: set CHANCERY_HOME to another directory")
    if was != LOADED:
        upkeep.mark(LOADING)
    upkeep.bring_up_to_date()
    if was != LOADED:
        _build()
        upkeep.mark(LOADED)


def _holds_tables() -> bool:
    with upkeep.owner_connection() as connection:
        return bool(connection.execute("select 1 from pg_tables where schemaname = 'public' limit 1").fetchone())


def _build() -> None:
    from chancery.demo.build import build

    upkeep.load_rulebook()
    progress = Progress("Loading the demo")
    build(progress=progress)
    progress.finish()


def _forget() -> None:
    """Drop the demo's database and its files."""
    from django.db import connections

    if "default" in connections:
        connections.close_all()
    upkeep.drop_database()
    shutil.rmtree(env.home() / "files", ignore_errors=True)


def demo_reset(arguments: list[str]) -> int:
    """Forget the demo's data."""
    if arguments:
        raise Halt("demo-reset takes no arguments; it reads CHANCERY_HOME")
    home = env.home()
    if not home.exists():
        say(f"{home} holds nothing yet")
        return 0
    ran_here = (home / "demo.lock").exists()
    lock = upkeep.hold(home, "demo", f"demo-reset (process {os.getpid()})")
    if lock is None:
        raise Halt(f"stop the demo first: it runs at {upkeep.noted(home, 'demo')}")
    with lock:
        if env.text("DATABASE_URL"):
            if not upkeep.ensure_database() and upkeep.marked() not in {"", LOADING, LOADED}:
                raise Halt(
                    f"{databases.describe(as_owner=True)['NAME']} in DATABASE_URL is a site's database, not a demo's"
                )
            upkeep.drop_database()
        else:
            _refuse_a_site(home, ran_here=ran_here)
            embedded.Server(home / "postgres").remove()
        shutil.rmtree(home / "files", ignore_errors=True)
    say("the demo is forgotten; `chancery demo` starts over")
    return 0


def _refuse_a_site(home: Path, *, ran_here: bool) -> None:
    """Never delete a site. A cluster too broken to tell is the demo's where the demo has run."""
    import psycopg

    if not (home / "postgres" / "data").exists():
        return
    try:
        upkeep.ensure_database()
        found = upkeep.marked()
    except (embedded.ServerUnavailable, psycopg.Error):
        if not ran_here:
            raise
        return
    if found and found not in {LOADING, LOADED}:
        raise Halt(f"{home} holds a site's database, not a demo: it is left alone")
    embedded.ensure(home / "postgres").release()


def _answers(running: Household, address: str) -> bool:
    """Wait until the web server answers; False when it fell or is being stopped."""
    end = time.monotonic() + 60
    while time.monotonic() < end and not running.stopping:
        if any(child.process is not None and child.process.poll() is not None for child in running.children):
            return False  # the household looks after that
        try:
            with urllib.request.urlopen(f"{address}/", timeout=5):  # noqa: S310  # our own loopback address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.05)
    return False


def _welcome(address: str, home: Path, seconds: float) -> None:
    lines = ["", f"Chancery is open at {address}  (ready in {seconds:.1f} s; data in {home})", ""]
    cast = _cast()
    if cast:
        lines += ["Enter as one of the sample staff, at " + address + _entrance() + ":", ""]
        width = max(_columns(name) for name, _ in cast) + 2
        lines += [f"  {name}{' ' * (width - _columns(name))}{does}" for name, does in cast]
        lines.append("")
    lines.append("Ctrl-C stops it. `chancery demo-reset` starts over.")
    print("\n".join(lines), flush=True)


def _cast() -> list[tuple[str, str]]:
    from chancery.demo.members import CAST

    return [(f"{member.name_en} {member.name_zh}", member.part_en) for member in CAST]


def _columns(text: str) -> int:
    """Width on a terminal, where a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _entrance() -> str:
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse("access:enter_as")
    except NoReverseMatch:
        return "/"
