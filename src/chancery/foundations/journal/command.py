"""`chancery journal verify | seal | seals`."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterable, Sequence

import psycopg
from django.db import connection, transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal import services, verify
from chancery.foundations.journal.models import Seal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused


def main(arguments: Sequence[str]) -> int:
    """Run a journal command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="chancery journal", description="The hash-chained record of every act.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("verify", help="check every entry, chain and seal")
    check.add_argument("dsn", nargs="?", help="another database; default: this site's")
    check.add_argument("--seals", help="file of published seal lines")
    check.add_argument("--json", action="store_true", help="one JSON object a finding")
    seal = commands.add_parser("seal", help="seal yesterday, or a given day, and any day before it")
    seal.add_argument("--day", type=dt.date.fromisoformat, help="YYYY-MM-DD")
    commands.add_parser("seals", help="print the seal lines, to be published or kept elsewhere")
    chosen = parser.parse_args(arguments)
    if chosen.command == "verify":
        options = [*(["--seals", chosen.seals] if chosen.seals else []), *(["--json"] if chosen.json else [])]
        return verify.main([chosen.dsn or own_address(), *options])
    if chosen.command == "seal":
        return _seal(chosen.day or clock.today() - dt.timedelta(days=1))
    with acting_as(SYSTEM), transaction.atomic():
        _print(Seal.objects.order_by("day").iterator())
    return 0


def own_address() -> str:
    """This site's database as the web role reaches it."""
    connection.ensure_connection()
    parameters = connection.get_connection_params()
    wanted = ("host", "port", "dbname", "user", "password", "options", "sslmode")
    return psycopg.conninfo.make_conninfo(**{name: parameters[name] for name in wanted if parameters.get(name)})


def _seal(day: dt.date) -> int:
    try:
        made = services.seal_day(day=day, by=SYSTEM, at=clock.now())
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    _print(made)
    return 0


def _print(seals: Iterable[Seal]) -> None:
    for seal in seals:
        sys.stdout.write(verify.seal_line(seal.day, seal.count, bytes(seal.digest)) + "\n")
