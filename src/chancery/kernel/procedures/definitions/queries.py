"""Versions of drawings and the plans made from them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations.card import all_roles
from chancery.foundations.verdict import Refused
from chancery.foundations.words import is_chinese, words
from chancery.kernel.procedures.bindings import ProcedureBinding, all_bindings, binding
from chancery.kernel.procedures.definitions.models import Definition
from chancery.kernel.procedures.engine.diagram import BrokenDiagram, read
from chancery.kernel.procedures.engine.plan import Plan, build

_plans: dict[tuple[str, str], Plan] = {}
_lock = Lock()


class NoSuchProcedure(Refused):
    """No installed function brings the procedure."""


class LostProcedure(Refused):
    """The version a matter runs on can no longer be run with the installed binding."""


def binding_of(code: str) -> ProcedureBinding:
    """The binding of a procedure, or a refusal a person can read."""
    try:
        return binding(code)
    except KeyError:
        raise NoSuchProcedure(_("No installed function brings the procedure “%(code)s”.") % {"code": code}) from None


def procedure_words(code: str) -> str:
    """A procedure's name in the reader's language; its code where no function brings it."""
    return next((words(of) for of in all_bindings() if of.code == code), code)


def fresh_plan(of: ProcedureBinding) -> Plan:
    """The plan of the file as it lies on disk, judged strictly. Raises `BrokenDiagram`."""
    return build(of.bpmn.read_bytes(), of.bpmn.name, of, all_roles().keys())


def plan_of(code: str, definition_hash: str, definition_id: int) -> Plan:
    """The plan of a stored version, made once a process."""
    known = _plans.get((code, definition_hash))
    if known is not None:
        return known
    with _lock:
        known = _plans.get((code, definition_hash))
        if known is None:
            of = binding_of(code)
            source = Definition.objects.values_list("source", flat=True).get(pk=definition_id)
            try:
                known = build(source.encode(), of.bpmn.name, of, all_roles().keys(), strict=False)
            except BrokenDiagram as broken:
                raise LostProcedure(
                    _(
                        "This matter runs on an older version of its procedure that can no longer be run:"
                        " move it to the current one."
                    )
                ) from broken
            _plans[code, definition_hash] = known
    return known


def forget_plans() -> None:
    """Drop plans made in this process (tests, after bindings change)."""
    _plans.clear()
    _step_names.cache_clear()


def current(code: str) -> tuple[int, str] | None:
    """(id, hash) of the version new matters begin on; None while it has not been loaded."""
    return Definition.objects.filter(code=code, is_current=True).values_list("id", "hash").first()


def listed() -> list[dict[str, Any]]:
    """Current definitions, for the list."""
    rows = Definition.objects.filter(is_current=True).order_by("code")
    return [{**row} for row in rows.values("id", "code", "hash", "name_en", "name_zh", "steps", "loaded_at")]


def step_names() -> dict[str, dict[str, str]]:
    """procedure → step → its words in the active language, read from the drawings once a process and language."""
    return _step_names(is_chinese())


@lru_cache(maxsize=8)
def _step_names(chinese: bool) -> dict[str, dict[str, str]]:
    named: dict[str, dict[str, str]] = {}
    for of in all_bindings():
        nodes = read(of.bpmn.read_bytes(), of.bpmn.name).nodes.values()
        named[of.code] = {node.id: (node.name_zh if chinese else node.name_en) or node.id for node in nodes}
    return named


A_YEAR = dt.timedelta(days=365)
NO_FIGURES: dict[str, Any] = {"n": 0, "median": None, "longest": None}


def running() -> dict[str, tuple[int, int]]:
    """procedure → (running matters, of them overdue), as far as the actor sees them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select procedure, count(*), count(*) filter (where due_on < chancery_today())
            from (select procedure, due_on from procedures_matter where state <> 'CLOSED' limit 20000) m
            group by procedure
            """
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def days_by_step(code: str, *, since: dt.date, until: dt.date | None = None) -> dict[str, dict[str, Any]]:
    """step → how many were done since (and before `until`), and their median and longest days, over the latest of what
    the actor sees."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select step, count(*), percentile_cont(0.5) within group (order by took), max(took)
            from (select step, extract(epoch from done_at - asked_at) / 86400 as took from procedures_task
                  where procedure = %s and state = 'DONE' and done_at >= %s and done_at < %s and step <> ''
                  limit 20000) t
            group by step
            """,
            [code, since, until or dt.date.max],
        )
        return {
            row[0]: {"n": row[1], "median": round(float(row[2]), 1), "longest": round(float(row[3]), 1)}
            for row in cursor.fetchall()
        }
