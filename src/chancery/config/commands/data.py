"""Commands on a site's data: migrate, directory, rulebook, journal, shell, manage."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from chancery.config.cli import Halt
from chancery.config.commands import say, upkeep, words


def migrate(arguments: list[str]) -> int:
    """Create the database if need be, bring it up to date, load the rulebook."""
    if arguments:
        raise Halt("migrate takes no arguments; for Django's own, use `chancery manage migrate …`")
    upkeep.open_home()
    words.compile_stale()
    upkeep.set_up_django()
    count = upkeep.bring_up_to_date()
    if not count:  # else it is loaded
        _tell(upkeep.load_rulebook())
    say(f"applied {count} migrations" if count else "the schema is up to date")
    return 0


def _as_web() -> None:
    upkeep.open_home()
    upkeep.set_up_django()


def directory(arguments: list[str]) -> int:
    """`load FILE [--on DAY] [--apply]`: validate, show the differences, and with --apply write them as of the day."""
    match arguments:
        case ["load", file, *options] if not file.startswith("-"):
            pass
        case _:
            raise Halt("directory load FILE [--on YYYY-MM-DD] [--apply]")
    _as_web()
    from chancery.foundations import clock
    from chancery.foundations.actor import SYSTEM
    from chancery.kernel.directory.loading.services import load_file

    on: dt.date | None = None  # the file's own day
    apply = False
    rest = iter(options)
    for option in rest:
        if option == "--apply":
            apply = True
        elif option == "--on":
            on = _day(next(rest, ""))
        else:
            raise Halt(f"directory load knows no option {option!r}; it knows --on YYYY-MM-DD and --apply")
    path = Path(file)
    if not path.is_file():
        raise Halt(f"there is no file {path}")
    report = load_file(path=path, on=on, by=SYSTEM, at=clock.now(), apply=apply)
    print(f"{report.title}, as of {report.on}")
    print(report if report.steps else "no difference")
    if report.steps and not apply:
        say(f"{len(report.steps)} differences; nothing was written: add --apply to apply them")
    return 0


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Halt(f"{text!r} is no day; write it as 2026-01-31") from None


def rulebook(arguments: list[str]) -> int:
    """`load`: every app's dated provisions."""
    if arguments != ["load"]:
        raise Halt("rulebook load")
    _as_web()
    _tell(upkeep.load_rulebook())
    return 0


def _tell(report: Any) -> None:
    for name in report.kept:
        print(f"kept as the site edited it: {name}")
    print(
        f"rulebook: {len(report.added)} added, {len(report.corrected)} corrected, {report.unchanged} unchanged,"
        f" {len(report.kept)} kept as the site edited them"
    )


def journal(arguments: list[str]) -> int:
    """`verify`, `seal` or `seals`, as the journal's own command has them."""
    if arguments[:1] not in (["verify"], ["seal"], ["seals"]):
        raise Halt("journal verify [ADDRESS] [--seals FILE], journal seal [--day DAY] or journal seals")
    _as_web()
    from chancery.foundations.journal.command import main

    return main(arguments)


def shell(arguments: list[str]) -> int:
    """A Python shell; protected rows show inside `acting_as(…)` only."""
    say("Protected rows show inside `with acting_as(SYSTEM), transaction.atomic(): …` only.")
    return manage(["shell", *arguments])


def manage(arguments: list[str]) -> int:
    """Any Django management command; `migrate` and its like run as the owner."""
    import os

    owners = {"migrate", "sqlmigrate", "showmigrations", "makemigrations", "dbshell", "pgtrigger"}
    upkeep.open_home()
    os.environ["CHANCERY_DB_AS"] = "owner" if arguments[:1] and arguments[0] in owners else "web"
    from django.core.management import execute_from_command_line

    execute_from_command_line(["chancery manage", *arguments])
    sys.stdout.flush()
    return 0
