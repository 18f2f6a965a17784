"""Who holds what, who answers for what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.columns import Rows
from chancery.kernel.access.roles.models import RoleGrant
from chancery.kernel.directory.models import Holding


def grants(on: dt.date | None = None) -> QuerySet[RoleGrant]:
    """All grants, or those that count on a day."""
    rows = RoleGrant.objects.all()
    if on is not None:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    return rows


def grant_rows(on: dt.date | None = None) -> Rows:
    """Grants with names, for lists; `is_held` says whether anybody holds the post that day."""
    held = Holding.objects.filter(post_id=OuterRef("post_id"), during__contains=on) if on else Holding.objects.none()
    return (
        grants(on)
        .annotate(
            post_en=F("post__title_en"),
            post_zh=F("post__title_zh"),
            body_en=F("post__unit__name_en"),
            body_zh=F("post__unit__name_zh"),
            over_en=F("unit__name_en"),
            over_zh=F("unit__name_zh"),
            is_held=Exists(held),
        )
        .values(
            "id",
            "role",
            "post_id",
            "unit_id",
            "valid_from",
            "valid_to",
            "note",
            "post_en",
            "post_zh",
            "body_en",
            "body_zh",
            "over_en",
            "over_zh",
            "is_held",
        )
    )


def answering_posts(role: str, unit_id: int, scope: str | None = None) -> list[int]:
    """The posts that answer for a role in a unit today: the nearest grant's, and those who stand in for them."""
    with connection.cursor() as cursor:
        cursor.execute("select access_answering_posts(%s, %s, %s)", [role, unit_id, scope])
        return [row[0] for row in cursor.fetchall()]


def my_duties(by: Actor) -> list[tuple[str, int, int, list[str] | None]]:
    """(role, unit, post, scopes) that fall to the actor's hat today."""
    with acting_as(by), connection.cursor() as cursor:
        cursor.execute("select role, unit_id, post_id, scope from access_my_duties()")
        return [tuple(row) for row in cursor.fetchall()]


def my_posts(by: Actor) -> list[tuple[int, list[str] | None]]:
    """(post, scopes) the hat acts for today: itself first, then the posts it stands in for."""
    with acting_as(by), connection.cursor() as cursor:
        cursor.execute("select post_id, scope from access_my_posts()")
        return [tuple(row) for row in cursor.fetchall()]


def acting_post_for(
    by: Actor, *, post_id: int | None = None, role: str | None = None, unit_id: int | None = None, scope: str = ""
) -> int | None:
    """The post in whose name the actor may act: their own hat, or the absent post they stand in for; None if neither.

    Give the post the work belongs to, or the duty (role and unit) it waits on. `scope` is the procedure's code: a
    deputy for some procedures only answers for those. When the answer is not `by.post_id`, record it as
    `deputising_for`.
    """
    if role is not None and unit_id is not None:
        found = [(post, scopes) for r, u, post, scopes in my_duties(by) if r == role and u == unit_id]
    else:
        found = [(post, scopes) for post, scopes in my_posts(by) if post == post_id]
    able = {post for post, scopes in found if scopes is None or scope in scopes}
    if by.post_id in able:
        return by.post_id
    return min(able, default=None)


def who_answers(role: str, unit_id: int, on: dt.date) -> list[dict[str, Any]]:
    """The answering posts with names: who holds each, where the grant sits, and whom they stand in for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from access_who_answers(%s, %s)",
            [role, unit_id],
        )
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    holders: dict[int, list[dict[str, Any]]] = {}
    held: Rows = Holding.objects.filter(post_id__in=[row["post_id"] for row in rows], during__contains=on)
    for one in held.values("post_id", name_en=F("person__name_en"), name_zh=F("person__name_zh")):
        holders.setdefault(one["post_id"], []).append(one)
    for row in rows:
        row["people"] = holders.get(row["post_id"], [])
    return rows
