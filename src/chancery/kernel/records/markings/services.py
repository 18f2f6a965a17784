"""Refusing marked text, with a trace that survives the refusal."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.apart import apart
from chancery.foundations.postgres.row_security import service
from chancery.kernel.records.markings import forms, rules

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


def demand_unmarked_call(arguments: Mapping[str, Any]) -> None:
    """What every service asks of its arguments, whoever wrote it (`row_security.service`): none carries a marking.

    It is asked after the verb, inside its transaction, so that a service which names the field itself is heard first.
    """
    by, at = arguments.get("by"), arguments.get("at")
    if not isinstance(by, Actor) or not isinstance(at, dt.datetime):
        return
    for name, value in arguments.items():
        if name in {"by", "at"} or (level := rules.level_in(value)) is None:
            continue
        _leave_trace(level=level, where="service", field=name, by=by, at=at)
        raise rules.SecretMarking(rules.SENTENCE, basis=rules.BASIS)


@service
def trace_refusal(*, level: str, where: str, field: str, by: Actor, at: dt.datetime) -> None:
    """Leave the trace of a marked request. Answer it under `forms.traced_already`: one trace, not several."""
    _leave_trace(level=level, where=where, field=field, by=by, at=at)


def _leave_trace(*, level: str, where: str, field: str, by: Actor, at: dt.datetime) -> None:
    if forms.is_traced.get():
        return

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
