"""Tests' database: one throw-away server, one migrated template, one cloned database a worker.

Tests connect as the web role, never as the owner: what a test can do, the web can do. `owner_connection` is for
tampering and looking behind row security; it sees committed rows only, so pair it with `transactional_db`.

| variable | meaning |
|---|---|
| CHANCERY_TEST_HOME | where the throw-away server lives (default: in memory, else in the temp directory) |
| CHANCERY_TEST_DATABASE_URL | run on this server instead, as its owner (may create databases and roles) |
| CHANCERY_TEST_PROFILE | the site's profile under test: `cn` (default) or `neutral` |
| CHANCERY_NO_SKIPS | 1: a skipped test fails (same as `--no-skips`) |
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

# --- Environment: fixed before Django reads its settings (pyproject.toml names no settings module for that reason) ---
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_FORGOTTEN = (
    "DATABASE_",
    "CHANCERY_DB_",
    "CHANCERY_DEMO",
    "CHANCERY_DEBUG",
    "CHANCERY_PROFILE",
    "SITE_URL",
    "EMAIL_",
    "OIDC_",
    "S3_",
    "CONTENT_COPY",
    "AWS_",
    "SEAL_",
)
for _name in [n for n in os.environ if n.startswith(_FORGOTTEN)]:
    os.environ.pop(_name, None)
_RUN_HOME = Path(tempfile.mkdtemp(prefix=f"chancery-run-{_WORKER}-"))
(_RUN_HOME / "static").mkdir()  # whitenoise warns without it
os.environ.update(CHANCERY_HOME=str(_RUN_HOME), CHANCERY_DB_AS="web", DJANGO_SETTINGS_MODULE="chancery.config.settings")
if os.environ.get("CHANCERY_TEST_PROFILE"):
    os.environ["CHANCERY_PROFILE"] = os.environ["CHANCERY_TEST_PROFILE"]
if os.environ.get("CHANCERY_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["CHANCERY_TEST_DATABASE_URL"]


def _base() -> Path:
    """In memory where there is room: a clone is hundreds of small files."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    return memory if roomy else Path(tempfile.gettempdir())


_KIND = "-".join(["chancery-test", str(os.geteuid()), *os.environ.get("CHANCERY_PGBIN", "").split("/")[-2:-1]])
_SERVER_HOME = Path(os.environ.get("CHANCERY_TEST_HOME") or _base() / _KIND)


# The cast, and an S3 server for those who ask; imported after the environment is fixed.
pytest_plugins = ["chancery.demo.fixtures", "chancery.foundations.tests.s3_server"]

KEPT_TEMPLATES = 4
_TEMPLATE_LOCK = (
    471_101  # first key of advisory locks: a template in use (shared) or being built or dropped (exclusive)
)
_CLONE_LOCK = 471_102  # … a clone in use


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test is a failed test")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # English unless a test asks for another: what a test reads must not depend on compiled catalogues being there.
    settings.LANGUAGE_CODE = "en"
    # Argon2 is slow on purpose; no test here measures it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    if not config.option.collectonly and not os.environ.get("DATABASE_URL"):
        _server()  # the controller first, workers attach; the last one out stops it


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the other profile: they are about rules that this one does not have."""
    from django.conf import settings

    other = "neutral" if settings.PROFILE == "cn" else "cn"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


def pytest_unconfigure() -> None:
    shutil.rmtree(_RUN_HOME, ignore_errors=True)


def _no_skips(config: pytest.Config) -> bool:
    return bool(config.option.no_skips) or os.environ.get("CHANCERY_NO_SKIPS") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _no_skips(item.config):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and no skips are allowed: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    if report.outcome == "skipped" and _no_skips(collector.config):
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and no skips are allowed: {_reason(report)}"
    return report


def _reason(report: Any) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


# --- The server and its databases ------------------------------------------------------------------------------------
def _server() -> Any:
    from chancery.foundations.postgres import embedded

    return embedded.ensure(_SERVER_HOME, {**embedded.FAST_TEST, "max_wal_size": "512MB"})


@dataclass
class Database:
    """The worker's own database, cloned from the migrated template."""

    owner: dict[str, Any]  # connection parameters of the owner, without the database
    admin: psycopg.Connection[Any]
    template: str
    name: str

    def clone(self) -> None:
        """(Re)create the worker's database from the template."""
        self.admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self.name)))
        self.admin.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(self.name), sql.Identifier(self.template)
            )
        )

    def beside(self, what: str) -> str:
        """One more database from the template, for `what`; returns its name. Locked, so that no other run sweeps it."""
        name = f"{self.name}_{what}"
        self.admin.execute("select pg_advisory_lock(%s, %s)", [_CLONE_LOCK, _lock_key(name)])
        self.admin.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(self.template)
            )
        )
        return name

    def connect(self, **more: Any) -> psycopg.Connection[Any]:
        """A new connection of the owner to the worker's database."""
        return psycopg.connect(**{**self.owner, "dbname": self.name, "autocommit": True, **more})


def _owner_parameters() -> dict[str, Any]:
    from chancery.config import env

    address = env.database_address("DATABASE_URL")
    if address is None:
        return dict(_server().params())
    given = {"host": address.host, "port": address.port, "user": address.user, "password": address.password}
    return {**{key: value for key, value in given.items() if value}, **address.options}


def _fingerprint() -> str:
    """Changes with any migration, `prepare.py`, the list of apps, and the profile, by which migrations seed."""
    from django.apps import apps
    from django.conf import settings

    from chancery.foundations.postgres import prepare

    digest = hashlib.sha256(Path(prepare.__file__).read_bytes() + settings.PROFILE.encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path).glob("migrations/**/*")):
            if path.suffix in {".py", ".sql"}:
                digest.update(f"{app.label}/{path.name}\0".encode() + path.read_bytes())
    return f"chancery_template_{digest.hexdigest()[:12]}"


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)


def _exists(admin: psycopg.Connection[Any], template: str) -> bool:
    # Only a finished template has the flag: one abandoned half-way is built again.
    return bool(admin.execute("select 1 from pg_database where datname = %s and datistemplate", [template]).fetchone())


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    with contextlib.suppress(psycopg.errors.InvalidCatalogName, psycopg.errors.UndefinedObject):
        admin.execute(sql.SQL("alter database {} is_template false").format(sql.Identifier(name)))
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _sweep(admin: psycopg.Connection[Any], keep: str) -> None:
    """Drop clones of runs that were killed, and all but the newest templates, unless someone holds them."""
    rows = admin.execute("select datname, datistemplate from pg_database order by oid desc").fetchall()
    templates = [name for name, flag in rows if name.startswith("chancery_template_") and flag and name != keep]
    half_built = [name for name, flag in rows if name.startswith("chancery_template_") and not flag]
    clones = [name for name, _ in rows if name.startswith("chancery_test_")]
    for family, names in (
        (_TEMPLATE_LOCK, [*templates[KEPT_TEMPLATES - 1 :], *half_built]),
        (_CLONE_LOCK, clones),
    ):
        for name in names:
            key = [family, _lock_key(name)]
            if admin.execute("select pg_try_advisory_lock(%s, %s)", key).fetchone() == (True,):
                _drop(admin, name)
                admin.execute("select pg_advisory_unlock(%s, %s)", key)


def _build(owner: dict[str, Any], admin: psycopg.Connection[Any], template: str) -> None:
    """Create, prepare and migrate the template as owner; flag it finished."""
    from django.core.management import call_command
    from django.db import connections

    from chancery.foundations.postgres.prepare import prepare

    _drop(admin, template)
    admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(template)))
    with psycopg.connect(**owner, dbname=template, autocommit=True) as connection:
        prepare(connection)
    django = connections["default"]
    with _pointed_at(template, as_owner=True):
        call_command("migrate", verbosity=0, interactive=False)
    django.close()
    admin.execute(sql.SQL("alter database {} is_template true").format(sql.Identifier(template)))


@contextlib.contextmanager
def _pointed_at(name: str, *, as_owner: bool = False) -> Iterator[None]:
    """Point Django's connection at a database of the test server, as web role or owner."""
    from django.db import connections

    django = connections["default"]
    before = {**django.settings_dict, "OPTIONS": django.settings_dict["OPTIONS"]}
    options = dict(before["OPTIONS"])
    changes: dict[str, Any] = {"NAME": name, "OPTIONS": options}
    if "embedded_home" in options:
        from chancery.foundations.postgres import embedded

        options.update(embedded_home=str(_SERVER_HOME), embedded_config=embedded.FAST_TEST)
        if as_owner:
            changes["USER"] = "postgres"
    elif as_owner:
        options.pop("assume_role", None)
    django.close()
    django.settings_dict.update(changes)
    try:
        yield
    finally:
        django.close()
        django.settings_dict.update(before)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The set-up below names databases itself."""


@pytest.fixture(scope="session")
def test_database(django_test_environment: None, django_db_blocker: Any) -> Iterator[Database]:
    """The worker's database, for those who need a second connection."""
    owner = _owner_parameters()
    template = _fingerprint()
    with psycopg.connect(**{"dbname": "postgres", **owner}, autocommit=True) as admin, django_db_blocker.unblock():
        owner.pop("dbname", None)
        in_use = [_TEMPLATE_LOCK, _lock_key(template)]
        admin.execute("select pg_advisory_lock_shared(%s, %s)", in_use)  # held to the end: nobody drops it meanwhile
        while not _exists(admin, template):
            admin.execute("select pg_advisory_unlock_shared(%s, %s)", in_use)
            admin.execute("select pg_advisory_lock(%s, %s)", in_use)  # one worker builds, the others wait here
            try:
                if not _exists(admin, template):
                    _build(owner, admin, template)
            except Exception as error:
                _drop(admin, template)
                pytest.exit(f"the test database could not be migrated: {type(error).__name__}: {error}", returncode=3)
            finally:
                admin.execute("select pg_advisory_unlock(%s, %s)", in_use)
                admin.execute("select pg_advisory_lock_shared(%s, %s)", in_use)
        database = Database(owner, admin, template, f"chancery_test_{_WORKER}_{os.getpid()}")
        admin.execute("select pg_advisory_lock(%s, %s)", [_CLONE_LOCK, _lock_key(database.name)])
        _sweep(admin, keep=template)
        database.clone()
        try:
            yield database
        finally:
            _drop(admin, database.name)


@pytest.fixture(scope="session")
def django_db_setup(test_database: Database, django_db_blocker: Any) -> Iterator[None]:
    """Django's connection goes to the worker's clone, as the web role."""
    from django.db import connections
    from django.test import TransactionTestCase

    def clone_again(self: TransactionTestCase) -> None:
        # The web role may not truncate, and the journal forbids deleting: a committed test gets a fresh clone instead.
        connections.close_all()
        test_database.clone()

    flush = TransactionTestCase._fixture_teardown
    with django_db_blocker.unblock(), _pointed_at(test_database.name):
        TransactionTestCase._fixture_teardown = clone_again
        yield
        TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """No test inherits the language another one activated."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _nothing_written_apart_stays(request: pytest.FixtureRequest) -> Iterator[None]:
    """A refused secret is journalled on a connection of its own, so the trace outlives the test: take it away."""
    yield
    if "db" not in request.fixturenames:
        return
    database: Database = request.getfixturevalue("test_database")
    with database.connect() as owner:
        if owner.execute("select exists (select 1 from journal_entry)").fetchone() == (True,):
            owner.execute("set session_replication_role = replica")
            owner.execute("delete from journal_entry; delete from journal_head; delete from journal_seal")


@pytest.fixture
def owner_connection(django_db_setup: None, test_database: Database) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the database's owner, outside Django: sees committed rows, is bound by no policy or grant."""
    with test_database.connect() as connection:
        yield connection
