"""Who may start a check and read its reports."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access.rules import holds_role
from chancery.kernel.records.fixity.terms import ARCHIVE_HEAD, ARCHIVIST


def may_read(by: Actor) -> Verdict:
    """Archivists and the head of the archive, of whatever unit: the store is one."""
    return yes() if holds_role(by, ARCHIVE_HEAD) else holds_role(by, ARCHIVIST)


def may_start(by: Actor, running_since: dt.datetime | None) -> Verdict:
    """One check runs at a time."""
    if running_since is not None:
        return no(_("A check is running already; wait for its end."))
    return may_read(by)


def is_due(last_started: dt.datetime | None, every_days: int, at: dt.datetime) -> bool:
    """Whether the clock starts a run. Half a day's grace, so that a run that began late does not skip a turn."""
    return last_started is None or at - last_started >= dt.timedelta(days=every_days) - dt.timedelta(hours=12)
