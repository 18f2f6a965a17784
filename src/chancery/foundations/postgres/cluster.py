"""Making a cluster, launching its server, and saying in one line what stopped either."""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from chancery.foundations.postgres.binaries import Account, Binaries, ServerUnavailable, environment

if TYPE_CHECKING:
    from collections.abc import Iterator


def account_for(home: Path) -> Account:
    """Who runs the server of `home`: this process's own account; for root, the owner of what is there already."""
    uid = os.geteuid()
    if uid != 0:
        return Account(uid, os.getegid(), _name(uid), steps_down=False)
    for path in (home / "data", home):
        with contextlib.suppress(OSError):
            owner = path.stat()
            if owner.st_uid != 0:
                return Account(owner.st_uid, owner.st_gid, _name(owner.st_uid), steps_down=True)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid, name, steps_down=True)
    raise ServerUnavailable(
        "PostgreSQL refuses root, and there is no account postgres or nobody to step down to: run as a user"
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@contextlib.contextmanager
def plain_errors(home: Path) -> Iterator[None]:
    """Turn an operating-system error about `home` into a line that says what to do."""
    try:
        yield
    except OSError as error:
        where = error.filename or home
        raise ServerUnavailable(_what_to_do(error, where)) from error


def _what_to_do(error: OSError, where: object) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"the disk that holds {where} is full: free some space and run again"
        case errno.EACCES | errno.EPERM:
            me = _name(os.geteuid())
            return f"{where} cannot be written by {me}: mend its permissions, or set CHANCERY_HOME to another directory"
        case errno.EROFS:
            return f"{where} is on a read-only file system: set CHANCERY_HOME to a directory that can be written"
        case errno.ENOTDIR | errno.EEXIST | errno.EISDIR:
            return f"{where} is in the way (a file in place of a directory?): move it, or change CHANCERY_HOME"
        case errno.ENAMETOOLONG:
            return "the path of CHANCERY_HOME is too long for this file system: choose a shorter one"
    return f"{where}: {error.strerror}"


def data_major(data: Path) -> int | None:
    """The version of the cluster in `data`, or None when there is none yet."""
    try:
        if not data.exists() or not any(data.iterdir()):
            return None
        major = int((data / "PG_VERSION").read_text().split(".")[0])
        if (data / "global" / "pg_control").stat().st_size > 0:
            return major
    except PermissionError:
        owner = _name(data.stat().st_uid)
        raise ServerUnavailable(
            f"{data} belongs to the account {owner!r}: run as {owner}, or set CHANCERY_HOME to a directory of your own"
        ) from None
    except (FileNotFoundError, ValueError):
        pass
    # initialise() renames a finished cluster into place, so this is damage. Never begin empty over someone's records.
    raise ServerUnavailable(
        f"{data} is not a complete PostgreSQL data directory: restore it from a backup, or move it away to begin empty"
    )


def own(path: Path, account: Account) -> None:
    """Make `path` a private directory of the server's account."""
    path.mkdir(exist_ok=True)
    if account.steps_down and path.stat().st_uid == 0:
        os.chown(path, account.uid, account.gid)
    if path.stat().st_uid != account.uid:
        raise ServerUnavailable(
            f"{path} belongs to {_name(path.stat().st_uid)!r}, not {account.name!r}: remove it or change its owner"
        )
    path.chmod(0o700)


def enterable(home: Path, account: Account) -> None:
    """Refuse a home that root made or chose where the stepped-down account cannot go."""
    if not account.steps_down:
        return
    done = subprocess.run(  # noqa: S603  # a fixed program, nothing interpolated
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(home)], check=False, capture_output=True, **account.options()
    )
    if done.returncode:
        raise ServerUnavailable(
            f"the account {account.name!r}, which runs the database for root, cannot enter {home}: "
            "set CHANCERY_HOME to a directory that other accounts may enter, such as /var/lib/chancery"
        )


def initialise(data: Path, found: Binaries, account: Account, *, durable: bool) -> None:
    """Make an empty cluster beside `data`, then rename it into place: there is no half of one."""
    for left in data.parent.glob("data.new*"):
        shutil.rmtree(left, ignore_errors=True)  # an initdb whose starter was killed may still be writing there
    new = data.with_name(f"data.new-{os.getpid()}-{secrets.token_hex(4)}")
    own(new, account)
    # The builtin provider sorts by code point and knows Chinese letters for pg_trgm; plain C does not.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if found.major >= 17 else []
    command = [
        *(str(found.folder / "initdb"), "-D", str(new), "-U", "postgres", "-E", "UTF8", "-A", "trust"),
        *("--no-instructions", "--locale=C.UTF-8", *builtin, *([] if durable else ["--no-sync"])),
    ]
    done = subprocess.run(  # noqa: S603  # a fixed program, nothing interpolated
        command, check=False, capture_output=True, text=True, errors="replace", env=environment(), **account.options()
    )
    if done.returncode:
        shutil.rmtree(new, ignore_errors=True)
        raise ServerUnavailable(diagnose(done.stdout + done.stderr, data.parent))
    new.rename(data)


def launch(data: Path, found: Binaries, account: Account, *, settings: dict[str, str], log: Path) -> int:
    """Start `postgres` in a session of its own, nobody's child; return its process id.

    Not by pg_ctl: that would put paths and settings through a shell's quoting.
    """
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    if account.steps_down:
        os.chown(log, account.uid, account.gid)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(found.folder / "postgres"), "-D", str(data), *options]
    done = subprocess.run(  # noqa: S603  # a fixed program, nothing interpolated
        ["/bin/sh", "-c", '"$@" </dev/null >>"$0" 2>&1 & echo $!', str(log), *command],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        env=environment(), **account.options(),
    )  # fmt: skip
    return int(done.stdout)


def gone(pid: int) -> bool:
    """True when the process ended, also when nobody has collected it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
    except OSError:
        if Path("/proc/self").exists():
            return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def held_by_the_dead(said: str) -> bool:
    """True when a start failed only because processes of a killed server have not quite gone."""
    return "pre-existing shared memory block" in said or 'lock file "postmaster.pid" already exists' in said


def diagnose(said: str, home: Path) -> str:
    """One line for what a server program said when it failed."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return f"the disk that holds {home} is full: free some space and run again"
    if "Read-only file system" in said:
        return f"{home} is on a read-only file system: set CHANCERY_HOME to a directory that can be written"
    if "could not look up effective user ID" in said:
        return f"PostgreSQL wants a named account, and number {os.geteuid()} has no name here: run as another user"
    if "Cannot allocate memory" in said or "could not map anonymous shared memory" in said:
        return "there is not enough memory to start PostgreSQL (it asks for about 300 MB): free some and run again"
    if "Permission denied" in said:
        return f"PostgreSQL may not read or write in {home}: mend the permissions there, or change CHANCERY_HOME"
    telling = [
        line for line in said.splitlines() if any(word in line for word in ("FATAL", "PANIC", "error:", "ERROR"))
    ]
    last = (telling or said.splitlines() or ["it said nothing"])[-1].strip()
    return f"PostgreSQL did not start: {last} (see {home / 'server.log'})"
