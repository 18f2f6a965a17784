"""The command line: `chancery COMMAND`, the same from a checkout's launcher and from the installed package.

Standard library only at the top: listing the commands needs no environment.
"""

from __future__ import annotations

import difflib
import errno
import importlib
import os
import sys
import traceback
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the list. `target` is `module:function` below `chancery.config.commands`; it takes the arguments."""

    name: str
    usage: str
    says: str
    target: str


GROUPS: dict[str, tuple[Command, ...]] = {
    "See it": (
        Command("demo", "", "a living headquarters on http://127.0.0.1:8000 (PORT, CHANCERY_HOME)", "demo:demo"),
        Command("demo-reset", "", "forget the demo's data; the next demo starts over", "demo:demo_reset"),
    ),
    "Run a site": (
        Command("serve", "", "the web server (HOST, PORT, WEB_WORKERS, DATABASE_URL …)", "serving:serve"),
        Command("worker", "", "the job worker beside it", "serving:worker"),
        Command(
            "migrate", "", "create the database if need be, bring it up to date, load the rulebook", "data:migrate"
        ),
        Command("check", "", "what a production site still lacks", "checks:check"),
        Command(
            "directory", "load FILE [--on DAY] [--apply]", "compare a directory file, or apply it", "data:directory"
        ),
        Command("rulebook", "load", "load every app's dated provisions", "data:rulebook"),
        Command(
            "journal",
            "verify|seal|seals",
            "verify the hash chains, seal the past days, print the seals",
            "data:journal",
        ),
        Command(
            "vault",
            "status|rotate|drop",
            "keys of what is sealed: how much is sealed with which, wrap all anew, remove unused ones",
            "vaults:vault",
        ),
        Command("shell", "", "a Python shell with the models at hand", "data:shell"),
        Command("manage", "COMMAND …", "any Django management command", "data:manage"),
    ),
    "Work on it": (
        Command("test", "[PYTEST ARGUMENTS]", "everything CI runs; with arguments, those tests alone", "quality:test"),
        Command("lint", "", "ruff, mypy and the import contracts", "quality:lint"),
        Command("words", "extract|check|compile", "the translations", "words:words"),
        Command("bench", "[NAME …]", "benchmarks: ratios to a floor measured in the same run", "benches:bench"),
    ),
}
COMMANDS = {command.name: command for group in GROUPS.values() for command in group}


class Halt(Exception):
    """A command cannot go on. The message is one line that says what to do."""


def usage() -> str:
    """The list of commands."""
    width = max(len(f"{c.name} {c.usage}") for c in COMMANDS.values()) + 2
    lines = ["chancery COMMAND …"]
    for title, commands in GROUPS.items():
        lines += ["", title, *(f"  {f'{c.name} {c.usage}':{width}}{c.says}" for c in commands)]
    lines += ["", "CHANCERY_HOME holds the data (default ~/.local/share/chancery; for root /var/lib/chancery)."]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit status. Known failures are one line on standard error."""
    given = sys.argv[1:] if arguments is None else arguments
    if not given or given[0] in {"help", "-h", "--help"}:
        return _told(usage())
    command = COMMANDS.get(given[0])
    if command is None:
        near = difflib.get_close_matches(given[0], COMMANDS, n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        return _fail(f"there is no command {given[0]!r}{meant}; `chancery` alone lists them", 2)
    if given[1:2] in (["-h"], ["--help"]) and command.name not in {"manage", "test"}:
        return _told(f"chancery {command.name} {command.usage}\n{command.says}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.config.settings")
    try:
        module, _, function = command.target.partition(":")
        status = getattr(importlib.import_module(f"chancery.config.commands.{module}"), function)(given[1:])
        return int(status or 0)
    except KeyboardInterrupt:
        return _fail("interrupted; what was begun is finished or begun again the next time", 130)
    except BrokenPipeError:
        return _unread()
    except Exception as error:
        if os.environ.get("CHANCERY_DEBUG"):
            raise
        line = _one_line(error)
        if line is None:
            traceback.print_exc()
            line = f"{type(error).__name__}: {error}".splitlines()[0]
        return _fail(line)


def _told(words: str) -> int:
    try:
        print(words, flush=True)
    except BrokenPipeError:
        return _unread()
    return 0


def _unread() -> int:
    """The reader of our output, such as head, went away; what is still in the buffer must not complain at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141


def _fail(line: str, status: int = 1) -> int:
    print(f"chancery: {line}", file=sys.stderr)
    return status


def _one_line(error: BaseException) -> str | None:
    """What to tell of a failure that is nobody's programming mistake; None for one that may be."""
    known = {"Halt", "ServerUnavailable", "BadSetting", "Refused", "BadProvisions", "BadBinding", "CommandError"}
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & known:
        return str(error)
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("chancery"):
        return f"{error}: the environment is incomplete; run ./chancery again, or pip install chancery"
    if isinstance(error, OSError):
        return _system_line(error)
    if "OperationalError" in names or "PoolTimeout" in names:
        if "does not exist" in str(error) and "FATAL" in str(error):
            return "there is no database yet: run `chancery migrate` first (the demo makes its own)"
        return f"the database cannot be reached: {' '.join(str(error).split())}"
    if "InsufficientPrivilege" in names:
        return f"the database refuses: {str(error).splitlines()[0]} (run as the owner, see docs/operations.md)"
    return None


def _system_line(error: OSError) -> str | None:
    where = error.filename or "CHANCERY_HOME"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"the disk that holds {where} is full: free some space and run again"
        case errno.EACCES | errno.EPERM:
            return f"{where} may not be written by this account: mend its permissions, or set CHANCERY_HOME elsewhere"
        case errno.EROFS:
            return f"{where} is on a read-only file system: set CHANCERY_HOME to a directory that can be written"
        case errno.ENOTDIR | errno.EEXIST | errno.EISDIR:
            return f"{where} is in the way (a file in place of a directory?): move it, or set CHANCERY_HOME elsewhere"
        case errno.ENAMETOOLONG:
            return "the path of CHANCERY_HOME is too long for this file system: choose a shorter one"
    return None


if __name__ == "__main__":
    sys.exit(main())
