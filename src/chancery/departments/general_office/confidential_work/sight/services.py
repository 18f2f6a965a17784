"""Leaving a trace of every question about others."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.confidential_work.sight.rules import may_ask
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service


@service
def note_question(*, act: str, subject: str, by: Actor, at: dt.datetime) -> None:
    """Write down who asked about whom or what. Whoever may not ask is refused here too."""
    may_ask(by).demand()
    journal.write(by=by, at=at, act=act, on=subject, data={})
