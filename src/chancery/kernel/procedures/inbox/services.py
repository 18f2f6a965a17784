"""Verbs of the inbox: watch, act on many at once, note that one has looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.deadlines.services import urge
from chancery.kernel.procedures.inbox.models import Watch
from chancery.kernel.procedures.matters.models import Matter, Task
from chancery.kernel.procedures.moving.queries import NotThere
from chancery.kernel.procedures.tasks.services import claim, mark_read

MOST_AT_ONCE = 100


@service
def watch(*, matter_id: int, on: bool = True, by: Actor, at: dt.datetime) -> None:
    """Keep an eye on a matter, or stop."""
    if by.person_id is None:
        raise Refused(_("Only a person watches a matter."))
    if not Matter.objects.filter(pk=matter_id).exists():
        raise NotThere(matter_id)
    if on:
        Watch.objects.bulk_create([Watch(person_id=by.person_id, matter_id=matter_id, since=at)], ignore_conflicts=True)
    else:
        Watch.objects.filter(person_id=by.person_id, matter_id=matter_id).delete()


@service
def act_on_many(
    *, act: str, task_ids: Iterable[int], note: str = "", by: Actor, at: dt.datetime
) -> tuple[int, list[tuple[int, str]]]:
    """Claim, mark as read or urge several tasks; (how many succeeded, [(task, why not)]). Each stands for itself."""
    ids = list(dict.fromkeys(task_ids))[:MOST_AT_ONCE]
    if act not in {"claim", "read", "urge"}:
        raise Refused(_("There is no such act."), field="act")
    matters = dict(Task.objects.filter(pk__in=ids).values_list("id", "matter_id"))
    done, refused = 0, []
    for task_id in ids:
        if task_id not in matters:
            continue
        try:
            with transaction.atomic():
                if act == "claim":
                    claim(task_id=task_id, by=by, at=at)
                elif act == "read":
                    mark_read(task_id=task_id, by=by, at=at)
                else:
                    urge(matter_id=matters[task_id], task_id=task_id, note=note, by=by, at=at)
        except Refused as refusal:
            refused.append((task_id, str(refusal)))
        except NotThere:
            continue
        else:
            done += 1
    return done, refused


@service
def look_at(*, matter_id: int, by: Actor, at: dt.datetime) -> None:
    """Note that the actor has seen what waits for them in a matter: it cannot be recalled from under them any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update procedures_task t set read_at = %(at)s
            where t.matter_id = %(matter)s and t.read_at is null and t.done_at is null and not t.to_read
              and (t.post_id in (select p.post_id from access_my_posts() p)
                   or (t.post_id is null
                       and %(post)s in (select access_answering_posts(t.role, t.unit_id, t.procedure))))
            """,
            {"at": at, "matter": matter_id, "post": by.post_id},
        )
        cursor.execute(
            "update procedures_notice set seen_at = %s where matter_id = %s and seen_at is null"
            " and post_id = any ((select access_sight_posts())::bigint[])",
            [at, matter_id],
        )
