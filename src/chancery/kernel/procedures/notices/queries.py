"""Notices to show, and what goes into mails."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures.notices.models import Mail, Notice
from chancery.kernel.procedures.notices.terms import NoticeKind

# A long random word in an address opens something for whoever has it: not for those who look after the mail.
_A_KEY = re.compile(r"(?<=/)[A-Za-z0-9_-]{40,}(?=/)")

# Whoever is kept from a thing (`access.guards.GuardBar`) is told nothing of it by mail either. Of a notice or task `n`
# and the holding `h` by which somebody would be told.
_KEPT_OUT = """exists (
    select 1 from access_guard g
    where g.id = n.guard_id and (
        h.person_id = any (g.barred_people)
        or g.barred_units <> '{}' and exists (
            select 1 from directory_holding o join directory_post q on q.id = o.post_id
            join directory_unitclosure k on k.descendant_id = q.unit_id
            where o.person_id = h.person_id and o.during @> chancery_today()
              and k.ancestor_id = any (g.barred_units))))"""


def unseen(limit: int = 20) -> list[dict[str, Any]]:
    """The actor's unseen notices, newest first; what is done meanwhile needs no telling. Row security limits them."""
    rows = Notice.objects.filter(Q(task=None) | Q(task__done_at=None), seen_at=None).order_by("-id")[:limit]
    found = rows.values("id", "kind", "note", "at", "matter_id", "matter__number", "matter__title")
    return [{**row, "why": NoticeKind(row["kind"]).label} for row in found]


def unmailed(limit: int) -> dict[str, Any]:
    """Notices not mailed yet, with the addresses of whoever holds the post today, if they are not kept from it. For
    the mail job."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with waiting as (
                select n.id from procedures_notice n where n.mailed_at is null order by n.id limit %s
                for update skip locked
            )
            select n.id, n.kind, n.note, n.matter_id, m.number, m.title, m.due_on, a.email,
                   coalesce(nullif(p.name_zh, ''), p.name_en)
            from waiting w join procedures_notice n on n.id = w.id
            join procedures_matter m on m.id = n.matter_id
            left join directory_holding h on h.post_id = n.post_id and h.during @> chancery_today()
            left join directory_person p on p.id = h.person_id
            left join access_account a on a.person_id = h.person_id and a.is_active
                and not {_KEPT_OUT}
            """,  # noqa: S608 - put together from constants of this file
            [limit],
        )
        names = ("id", "kind", "note", "matter_id", "number", "title", "due_on", "email", "name")
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {"ids": list({row["id"] for row in found}), "rows": [row for row in found if row["email"]]}


def notice_text(row: dict[str, Any]) -> str:
    """The words of a notice mail. A confidential title never leaves: the mail only says where to look."""
    lines = [NoticeKind(row["kind"]).label + ": " + row["number"], row["title"]]
    if row["due_on"]:
        lines.append(_("Due on %(day)s") % {"day": row["due_on"].isoformat()})
    if row["note"]:
        lines.append(row["note"])
    lines.append(f"{settings.SITE_URL}/matters/{row['matter_id']}/")
    return "\n".join(str(line) for line in lines)


def digest_rows(at: dt.datetime) -> list[dict[str, Any]]:
    """One row an account with something to do: what waits for its person's posts, how much is late, the first ten."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with waiting as (
                select t.id, t.due_on, t.to_read, m.number, m.title, m.id as matter_id, asked.post_id, t.guard_id
                from procedures_task t join procedures_matter m on m.id = t.matter_id and m.state = 'OPEN'
                cross join lateral (
                    select t.post_id where t.post_id is not null
                    union all
                    select x from access_answering_posts(t.role, t.unit_id, t.procedure) x where t.post_id is null
                ) asked (post_id)
                where t.state in ('READY', 'CLAIMED')
            )
            select a.id, a.email, coalesce(nullif(p.name_zh, ''), p.name_en), count(distinct n.id),
                   count(distinct n.id) filter (where n.due_on < chancery_today()),
                   (array_agg(n.number || ' ' || n.title order by n.due_on nulls last, n.id))[1:10]
            from waiting n
            join directory_holding h on h.post_id = n.post_id and h.during @> chancery_today() and not {_KEPT_OUT}
            join directory_person p on p.id = h.person_id
            join access_account a on a.person_id = p.id and a.is_active
            group by a.id, a.email, p.name_zh, p.name_en
            """  # noqa: S608 - put together from constants of this file
        )
        names = ("account_id", "email", "name", "todo", "overdue", "first")
        day = clock.date_of(at).isoformat()
        return [{**dict(zip(names, row, strict=True)), "day": day} for row in cursor.fetchall()]


def digest_text(row: dict[str, Any]) -> str:
    """The words of the daily digest."""
    lines = [
        ngettext("%(count)s task waits for you.", "%(count)s tasks wait for you.", row["todo"])
        % {"count": row["todo"]},
        ngettext("%(count)s of them is overdue.", "%(count)s of them are overdue.", row["overdue"])
        % {"count": row["overdue"]},
        "",
        *row["first"],
        "",
        f"{settings.SITE_URL}/inbox/",
    ]
    return "\n".join(lines)


def outbox(*, by: Actor, limit: int = 200) -> list[dict[str, Any]]:
    """The latest mails. The table is the post room's alone; the page's door has asked who may look."""
    with acting_as(SYSTEM):
        rows = Mail.objects.order_by("-written_at", "-id")[:limit]
        return [
            {**row, "text": row["text"] if settings.DEMO else _A_KEY.sub("…", row["text"])}
            for row in rows.values(
                "id", "to_email", "to_name", "subject", "text", "state", "written_at", "sent_at", "error"
            )
        ]


def mail_states(mail_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What became of mails, by their numbers: state, sent_at, error. For functions that wait for them, as SYSTEM."""
    rows = Mail.objects.filter(pk__in=list(mail_ids)).values("id", "state", "sent_at", "error")
    return {row["id"]: {**row} for row in rows}


def addresses_of_duty(role: str, unit_ids: Iterable[int]) -> list[tuple[str, str]]:
    """(e-mail, name) of whoever answers today for a role in units; as SYSTEM."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select distinct a.email, coalesce(nullif(p.name_zh, ''), p.name_en)
            from unnest(%s::bigint[]) unit (id) cross join lateral access_answering_posts(%s, unit.id) asked (post_id)
            join directory_holding h on h.post_id = asked.post_id and h.during @> chancery_today()
            join directory_person p on p.id = h.person_id
            join access_account a on a.person_id = p.id and a.is_active
            order by 1
            """,
            [list(unit_ids), role],
        )
        return [(str(email), str(name)) for email, name in cursor.fetchall()]
