"""Refusing marked text, with a trace that survives the refusal."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.apart import apart
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records.markings import rules

logger = logging.getLogger(__name__)


@service
def demand_unmarked(*, texts: Mapping[str, str], where: str = "text", by: Actor, at: dt.datetime) -> None:
    """Refuse (`SecretMarking`) when any of the texts, by field name, carries a state-secret marking.

    The refusal is journalled on a connection of its own, because the caller's transaction is rolled back. The entry
    says who, when, where and which level; never the text, a name or a hash of it.
    """
    for field, text in texts.items():
        level = rules.marking_in(text)
        if level is None:
            continue
        _leave_trace(level=level, where=where, field=field, by=by, at=at)
        rules.refuse_marked(text, field=field).demand()


def _leave_trace(*, level: str, where: str, field: str, by: Actor, at: dt.datetime) -> None:
    def write() -> None:
        journal.write(
            by=by,
            at=at,
            act="secret_marking.refused",
            on=f"records.marking:{by.account_id or 0}",
            data={"level": level, "where": where, "field": field},
        )

    try:
        apart(write, by=by, at=at)
    except Exception:
        # The refusal stands whatever happens to its trace.
        logger.exception("a refused state-secret marking could not be journalled")
