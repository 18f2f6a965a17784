"""Questions about saved searches: one's own, under row security."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from chancery.foundations.actor import Actor
from chancery.kernel.access.queries import wardrobe
from chancery.kernel.records.search.models import SearchEntry
from chancery.kernel.records.search.queries import Found, filters_of, found_ids, shown, unit_names
from chancery.kernel.records.search.saved.models import SavedSearch
from chancery.kernel.records.search.saved.terms import REMEMBERED, Notify


def mine() -> list[dict[str, Any]]:
    """The actor's saved searches by name; of what is fresh only what they may see under this hat counts."""
    rows = list(SavedSearch.objects.order_by("name").values())
    every = {one for row in rows for one in row["fresh"]}
    seen = set(SearchEntry.objects.filter(pk__in=every).values_list("id", flat=True)) if every else set()
    return [
        {**row, "new": len(seen.intersection(row["fresh"])), "notify_words": Notify(row["notify"]).label}
        for row in rows
    ]


def one_of_mine(saved_id: int) -> SavedSearch | None:
    """One saved search of the actor."""
    return SavedSearch.objects.filter(pk=saved_id).first()


def fresh_finds(saved: SavedSearch) -> list[Found]:
    """What was told and not looked at, newest first, as far as the actor may see it."""
    return shown(saved.fresh, saved.question)


def unit_name(unit_id: int) -> str:
    """What a unit is called."""
    return unit_names([unit_id]).get(unit_id, str(unit_id))


def hats_of(account_id: int) -> list[Actor]:
    """The account's person in each post held today; none when they have left or may not sign in."""
    found = wardrobe(account_id)
    return [found.actor(hat.post_id) for hat in found.hats] if found else []


def seen_by(hats: Iterable[Actor], q: str, asked: dict[str, Any]) -> list[int]:
    """What the question finds under any of the hats, newest first: half of what is remembered, at most."""
    filters, found = filters_of(asked), {}
    for hat in hats:
        found.update(dict.fromkeys(found_ids(q, by=hat, filters=filters, most=REMEMBERED // 2)))
    return list(found)[: REMEMBERED // 2]


def due(at: dt.datetime, *, once_a_day: bool, limit: int) -> list[SavedSearch]:
    """Those to be run now, locked, longest not run first: at once, and from the day's hour on once a day."""
    wanted = Q(notify=Notify.AT_ONCE, ran_at__lt=at)
    if once_a_day:
        midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        wanted |= Q(notify=Notify.DAILY, ran_at__lt=midnight)
    rows = SavedSearch.objects.select_for_update(skip_locked=True, of=("self",)).filter(wanted)
    return list(rows.select_related("account").order_by("ran_at", "id")[:limit])
