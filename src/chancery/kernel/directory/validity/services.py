"""Writing a changed chain of terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.kernel.directory.finding.rules import post_keys, unit_keys
from chancery.kernel.directory.models import PostTerm, UnitTerm
from chancery.kernel.directory.validity.rules import Term

Terms = type[UnitTerm] | type[PostTerm]


def keys_of(facts: Mapping[str, Any]) -> str:
    """What a unit or a post with these facts is found by."""
    if "title_en" in facts:
        return post_keys(facts["title_en"], facts["title_zh"])
    return unit_keys(facts["name_en"], facts["name_zh"], facts["functions_en"], facts["functions_zh"])


def span(start: dt.date | None, end: dt.date | None) -> Any:
    """Days from `start` until (not including) `end`; an end on or before its start is refused by the database."""
    return DateRange(start, end)


NO_DAY: Any = DateRange(empty=True)


def hold_tree() -> None:
    """Until this transaction ends, nobody else changes the tree. Taken before any row: the law of the tree takes the
    same lock when it judges a change, and two who each held a row first would wait for one another for ever."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('directory.tree'))")


@service
def write_terms(
    *,
    model: Terms,
    owner: dict[str, int],
    before: list[Term],
    after: list[Term],
    decision: str,
    reason: str,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Store the difference between two chains; returns the number of rows touched.

    Rows are shortened before others are added, so that no two ever overlap; a row left out becomes void.
    """
    old = {term.id: term for term in before if term.id is not None}
    kept = {term.id: term for term in after if term.id is not None}
    touched = 0
    for gone in old.keys() - kept.keys():
        model.objects.filter(pk=gone).update(
            during=NO_DAY,
            is_void=True,
            reason=reason or decision or _("It ended before this came about."),
            version=F("version") + 1,
        )
        touched += 1
    for row_id, term in kept.items():
        was = old[row_id]
        if term == was:
            continue
        changes: dict[str, Any] = {name: value for name, value in term.facts.items() if was.facts[name] != value}
        if changes:
            # Ending a term is no change of its facts: its decision stays.
            changes |= {"decision": decision, "reason": reason, "keys": keys_of(term.facts)}
        if (term.start, term.end) != (was.start, was.end):
            changes["during"] = span(term.start, term.end)
        model.objects.filter(pk=row_id).update(**changes, version=F("version") + 1)
        touched += 1
    added = [
        model(
            **owner,
            **term.facts,
            keys=keys_of(term.facts),
            during=span(term.start, term.end),
            decision=decision,
            reason=reason,
        )
        for term in after
        if term.id is None
    ]
    model._default_manager.bulk_create(added)  # type: ignore[arg-type]  # rows of the one model given
    return touched + len(added)


@service
def bring_up_to_date(*, by: Actor, at: dt.datetime) -> None:
    """Repeat today's terms in `Unit`, `Post` and the tree: what was entered ahead comes into force by itself."""
    with connection.cursor() as cursor:
        cursor.execute("select directory_bring_up_to(%s)", [clock.date_of(at)])
