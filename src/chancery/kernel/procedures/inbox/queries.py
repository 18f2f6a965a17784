"""The lists of the inbox, as `values()` rows for a list page."""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres import statements
from chancery.kernel.calendar.queries import amber_until
from chancery.kernel.procedures.inbox.models import Watch
from chancery.kernel.procedures.inbox.terms import COUNT_CAP, LIST_CAP
from chancery.kernel.procedures.matters.models import Matter, Task
from chancery.kernel.procedures.matters.terms import MatterState, TaskState

_counted: ContextVar[tuple[Actor, dict[str, int]] | None] = ContextVar("chancery_inbox_counts", default=None)
Rows = QuerySet[Any, dict[str, Any]]


def counts(by: Actor) -> dict[str, int]:
    """To do, to read, overdue and unseen notices of the stamped actor, each counted no further than the cap.

    Menu, tabs and bell ask for them on one page: the last answer is kept with the very actor object (one a request).
    """
    known = _counted.get()
    if known is not None and known[0] is by:
        return known[1]
    todo, read, overdue, notices = statements.run(
        "select todo, read, overdue, notices from procedures_counts(%s::int)", [COUNT_CAP]
    )[0]
    found = {"todo": todo, "read": read, "overdue": overdue, "notices": notices}
    _counted.set((by, found))
    return found


def waiting(by: Actor) -> int:
    """What is to do and to read, for the number beside the menu line."""
    found = counts(by)
    return min(found["todo"] + found["read"], COUNT_CAP)


def forget_counts() -> None:
    """Ask again: something was done since."""
    _counted.set(None)


def rows_of(tab: str, by: Actor, *, first: int = LIST_CAP) -> tuple[Rows, int | None]:
    """The rows of a tab, and how many they are where that is known already.

    `first`: no more than the first so many are wanted (a page in the list's own order), so no more are looked for.
    """
    if tab in {"todo", "read"}:
        ids = _ids("select procedures_asked(%s::boolean, %s::int)", [tab == "read", min(first, LIST_CAP)])
        return _task_rows(Task.objects.filter(pk__in=ids)), counts(by)[tab] if len(ids) >= first else len(ids)
    if tab == "done":
        done = Task.objects.filter(doer_person_id=by.person_id, done_at__isnull=False).exclude(
            state=TaskState.CANCELLED
        )
        return _task_rows(done), None
    if tab == "overdue":
        ids = _ids("select procedures_overdue(%s::int)", [LIST_CAP])
        return _matter_rows(Matter.objects.filter(pk__in=ids)), len(ids)
    if tab == "watched":
        watched = Watch.objects.filter(person_id=by.person_id or 0).values("matter_id")
        return _matter_rows(Matter.objects.filter(pk__in=watched)), None
    return _matter_rows(Matter.objects.filter(opened_person_id=by.person_id)), None


def order_of(tab: str) -> list[Any]:
    """The order a tab begins in: what is due first, or what was done last."""
    if tab == "done":
        return ["-done_at"]
    return ["due_on", "id"] if tab in {"todo", "read", "overdue"} else ["-id"]


def _ids(sql: str, parameters: list[Any]) -> list[int]:
    return [row[0] for row in statements.run(sql, parameters)]


def _lateness(done: Any, today: dt.date) -> Case:
    return Case(
        When(**done, then=Value("DONE")),
        When(due_on__lt=today, then=Value("RED")),
        When(due_on__lte=amber_until(today), then=Value("AMBER")),
        default=Value("ON_TIME"),
        output_field=CharField(),
    )


_ALIKE = (
    "id",
    "due_on",
    "due_on_lateness",
    "procedure",
    "urgency",
    "number",
    "title",
    "matter_state",
    "matter_pk",
    "unit_en",
    "unit_zh",
    "step",
    "asked_at",
)


def _task_rows(tasks: QuerySet[Task]) -> Rows:
    rows: Rows = tasks.annotate(
        due_on_lateness=_lateness({"done_at__isnull": False}, clock.today()),
        number=F("matter__number"),
        title=F("matter__title"),
        matter_state=F("matter__state"),
        matter_pk=F("matter_id"),
        unit_pk=F("matter__unit_id"),
        unit_en=F("matter__unit__name_en"),
        unit_zh=F("matter__unit__name_zh"),
    ).values(*_ALIKE, "state", "read_at", "done_at", "outcome")
    return rows


def _matter_rows(matters: QuerySet[Matter]) -> Rows:
    here = Task.objects.filter(matter_id=OuterRef("pk"), done_at=None, key__isnull=False).order_by()
    steps = here.values("matter_id").annotate(all=StringAgg("step", ",", distinct=True)).values("all")
    rows: Rows = matters.annotate(
        due_on_lateness=_lateness({"state": MatterState.CLOSED}, clock.today()),
        matter_state=F("state"),
        matter_pk=F("id"),
        unit_pk=F("unit_id"),
        unit_en=F("unit__name_en"),
        unit_zh=F("unit__name_zh"),
        step=Coalesce(Subquery(steps), Value("", output_field=TextField())),
        asked_at=F("opened_at"),
    ).values(*_ALIKE)
    return rows


def unanswered(limit: int = 200) -> list[dict[str, Any]]:
    """Open steps nobody answers for, that the stamped actor may see: one row a (role, unit), with how many wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with asked as materialized (
                select t.role, t.unit_id, count(*) as waiting, min(t.asked_at) as since, min(t.matter_id) as matter_id
                from procedures_task t
                where t.post_id is null and t.done_at is null group by t.role, t.unit_id limit 5000
            )
            select a.role, a.unit_id, a.waiting, a.since, a.matter_id, u.name_en as unit_en, u.name_zh as unit_zh
            from asked a join directory_unit u on u.id = a.unit_id
            where not exists (select 1 from access_answering_posts(a.role, a.unit_id)) order by a.since limit %s
            """,
            [limit],
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def bell(request: Any) -> dict[str, Any]:
    """The bell in the bar: how many notices are unseen."""
    by: Actor = request.actor
    return {"notice_count": counts(by)["notices"] if by.is_person and by.post_id else 0}
