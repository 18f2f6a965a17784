"""Reading the journal: always what the stamped actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.utils.translation import gettext

from chancery.foundations.actor import ActorKind
from chancery.foundations.journal import terms
from chancery.foundations.journal.models import Entry
from chancery.foundations.words import is_chinese

LINE = (
    "id", "seq", "at", "act", "data", "kind", "person_id", "post_id", "body_id", "deputising_for",
    "person_name", "post_title", "body_name",
)  # fmt: skip


def subject_of(on: Model | str) -> str:
    """The subject of a row: "label.model:pk"."""
    return on if isinstance(on, str) else f"{on._meta.label_lower}:{on.pk}"


def history(on: Model | str, *, limit: int | None = None) -> list[dict[str, Any]]:
    """The entries of a subject, oldest first (with `limit`: the newest `limit` of them)."""
    rows = Entry.objects.filter(subject=subject_of(on)).values(*LINE)
    if limit is None:
        return list(rows.order_by("seq"))
    return list(rows.order_by("-seq")[:limit])[::-1]


def by_name(word: str) -> Q:
    """The entries of whoever has the word in their name, as they were called at the time."""
    with connection.cursor() as cursor:
        cursor.execute("select journal_names_with(%s)", [word])
        names = [name for (name,) in cursor.fetchall()]
    return Q(person_name__in=names)


def under(beginning: str) -> Q:
    """The entries whose subject begins so. As a range: row security keeps `like` from the index."""
    return Q(subject__gte=beginning, subject__lt=f"{beginning}\U0010ffff")


def timeline(on: Model | str, *, limit: int | None = None) -> list[dict[str, Any]]:
    """`history` in words, for the partial "journal/history.html": title, who, at, text."""
    return [
        {
            "title": terms.act_words(line["act"]),
            "who": who(line),
            "at": line["at"],
            "text": line["data"].get("reason", ""),
        }
        for line in history(on, limit=limit)
    ]


def who(line: Mapping[str, Any]) -> str:
    """The words of who acted: name, post, body, as they were at the time."""
    if line["kind"] == ActorKind.SYSTEM:
        return gettext("the system")
    if line["kind"] == ActorKind.PUBLIC:
        return gettext("the public")
    words = [line["person_name"], line["post_title"], line["body_name"]]
    told = ("，" if is_chinese() else ", ").join(word for word in words if word)
    return gettext("%(who)s (as deputy)") % {"who": told} if line["deputising_for"] else told
