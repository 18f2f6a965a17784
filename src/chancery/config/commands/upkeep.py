"""Bringing a data directory and its database up to date: shared by `demo`, `migrate`, `serve` and `worker`."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import psycopg
from psycopg import sql

from chancery.config import databases, env
from chancery.config.cli import Halt
from chancery.config.commands import Progress, say
from chancery.foundations.postgres import embedded
from chancery.foundations.postgres.prepare import WEB_ROLE, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

MAKER = "chancery"  # database comments begin with it
LEAST_FREE_BYTES = 200 * 1024 * 1024


def open_home() -> Path:
    """Make the data directory; refuse early what would fail half-way."""
    home = env.home()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o755)
    except FileNotFoundError:  # in /proc and the like
        raise Halt(f"{home} cannot be made: set CHANCERY_HOME to another directory") from None
    trial = home / f".trial-{os.getpid()}"
    trial.write_bytes(b"\0" * 4096)
    trial.unlink()
    (home / "static").mkdir(exist_ok=True)  # whitenoise warns without it; files come from the packages
    free = os.statvfs(home)
    if free.f_bavail * free.f_frsize < LEAST_FREE_BYTES:
        raise Halt(
            f"the disk that holds {home} is almost full: free 200 MB, or set CHANCERY_HOME elsewhere, and run again"
        )
    return home


def hold(home: Path, name: str, note: str) -> TextIO | None:
    """A lock of this process on the data directory; None when another process has it. `note` tells others who."""
    lock = (home / f"{name}.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    lock.truncate(0)
    lock.write(note)
    lock.flush()
    return lock


def noted(home: Path, name: str) -> str:
    """The note of whoever holds the lock."""
    with contextlib.suppress(OSError):
        return (home / f"{name}.lock").read_text().strip()
    return ""


def owner_connection(database: str | None = None) -> psycopg.Connection[Any]:
    """A connection of the owner: to the site's database, or to another of its cluster."""
    wanted = databases.describe(as_owner=True)
    options = dict(wanted["OPTIONS"])
    home = options.pop("embedded_home", None)
    if home:
        address = psycopg.conninfo.make_conninfo(**embedded.ensure(home).params())
        return psycopg.connect(address, dbname=database or wanted["NAME"], autocommit=True)
    given = {"host": wanted["HOST"], "port": wanted["PORT"], "user": wanted["USER"], "password": wanted["PASSWORD"]}
    address = psycopg.conninfo.make_conninfo(**{key: value for key, value in given.items() if value}, **options)
    return psycopg.connect(address, dbname=database or wanted["NAME"], autocommit=True)


def ensure_database() -> bool:
    """Create the database unless it exists; True when it was created now."""
    name = databases.describe(as_owner=True)["NAME"]
    with contextlib.suppress(psycopg.OperationalError):
        owner_connection().close()
        return False
    with owner_connection("postgres") as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            owner_connection().close()  # it exists: say why it cannot be entered
            return False
        with contextlib.suppress(psycopg.errors.DuplicateDatabase):  # another process was quicker
            connection.execute(
                sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name))
            )
    return True


def drop_database() -> None:
    """Drop the database, whoever is connected."""
    name = databases.describe(as_owner=True)["NAME"]
    with owner_connection("postgres") as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def prepare_database() -> None:
    """Role, extensions, stamp functions."""
    with owner_connection() as connection:
        version = connection.info.server_version
        if version < 150000:
            raise Halt(f"the database is PostgreSQL {version // 10000}: Chancery needs 15 or newer")
        try:
            prepare(connection)
        except psycopg.errors.InsufficientPrivilege as error:
            raise Halt(
                f"the owner may not prepare the database ({str(error).splitlines()[0]}): as a superuser, create role "
                f"{WEB_ROLE} and the extensions btree_gist, pg_trgm and ltree, and grant the role to the owner"
            ) from error


def mark(words: str) -> None:
    """Note on the database itself how far its making got."""
    name = databases.describe(as_owner=True)["NAME"]
    with owner_connection() as connection:
        connection.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(name), f"{MAKER}: {words}"))


def marked() -> str:
    """The note, or an empty string."""
    with owner_connection() as connection:
        row = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        ).fetchone()
    found = str(row[0]) if row and row[0] else ""
    return found.removeprefix(f"{MAKER}: ") if found.startswith(f"{MAKER}: ") else ""


def set_up_django(*, as_owner: bool = False) -> None:
    """Load settings and apps."""
    os.environ["CHANCERY_DB_AS"] = "owner" if as_owner else "web"
    import django
    from django.utils import translation

    django.setup()
    # What a command says is for whoever sits at the terminal, not in the site's language.
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    translation.activate("zh-hans" if spoken.startswith("zh") else "en")


@contextlib.contextmanager
def connected_as_owner() -> Iterator[None]:
    """Django's connection is the owner's inside the block: schema only, never a service."""
    from django.db import connections

    connection = connections["default"]
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(databases.describe(as_owner=True))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


def pending_migrations() -> list[str]:
    """Migrations that the database lacks, as `app.name`."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date() -> int:
    """Create, prepare and migrate the database; load the rulebook where there was something to migrate.

    Returns how many migrations were applied.

    Every part can be killed and run again: creating and preparing are idempotent, a migration is one transaction.
    """
    if ensure_database():
        say("made the database")
    prepare_database()
    with connected_as_owner():
        pending = pending_migrations()
        if pending:
            _migrate(len(pending))
    if pending or not marked():
        load_rulebook()
        if not marked():
            mark("site")
    return len(pending)


def _migrate(count: int) -> None:
    from django.core.management import call_command
    from django.core.management.commands import migrate

    progress = Progress(f"Applying {count} migrations")

    class Told(migrate.Command):
        """Django's command, telling us instead of the terminal."""

        applied = 0

        def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
            if action == "apply_start":
                progress(self.applied, count, str(migration))
            elif action == "apply_success":
                self.applied += 1

    call_command(Told(), verbosity=0, interactive=False)
    progress.finish()


def load_rulebook() -> Any:
    """Every app's dated provisions and the types of paper; what the site edited is left alone."""
    from chancery.departments.general_office.outgoing_documents.drafting.beginnings.services import load_templates
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.foundations.rulebook.services import load_all
    from chancery.kernel.records.papertypes.services import load_types

    load_types(by=SYSTEM, at=clock.now())
    load_templates(by=SYSTEM, at=clock.now())
    return load_all(by=SYSTEM, at=clock.now())
