"""Reading anew what changed."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import Min

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.postgres.row_security import service
from chancery.kernel.access.services import open_guard
from chancery.kernel.directory.models import Unit
from chancery.kernel.records.search.following.models import SearchGuard
from chancery.kernel.records.search.following.queries import keys_of
from chancery.kernel.records.search.models import SearchEntry
from chancery.kernel.records.search.services import index_many
from chancery.kernel.records.search.terms import Source, all_sources

_TAKE = """
with taken as (
    delete from records_searchdue where id in (
        select id from records_searchdue order by id limit %s for update skip locked)
    returning source, key
)
select source, array_agg(distinct key) from taken group by 1
"""


@service
def catch_up(*, by: Actor, at: dt.datetime, batch: int = 2000) -> int:
    """Read anew what is noted as changed, so many notes at most; how many there were. By the system."""
    _open_guards(by, at)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [batch])
        noted: dict[str, list[int]] = dict(cursor.fetchall())
    for name, source in all_sources().items():
        if name in noted:
            _read(source, noted[name], by, at)
    return sum(map(len, noted.values()))


@service
def fill_index(*, by: Actor, at: dt.datetime, batch: int = 2000) -> int:
    """Read every source from the beginning, a batch a statement; how many things. For a new index. By the system."""
    _open_guards(by, at)
    done = 0
    for source in all_sources().values():
        keys = list(keys_of(source.table))
        for start in range(0, len(keys), batch):
            done += _read(source, keys[start : start + batch], by, at)
    return done


def _read(source: Source, keys: list[int], by: Actor, at: dt.datetime) -> int:
    entries = list(source.entries(keys, clock.date_of(at)))
    gone = {f"{source.subject}:{key}" for key in keys} - {entry.subject for entry in entries}
    if gone:
        SearchEntry.objects.filter(subject__in=gone).delete()
    return index_many(entries=entries, by=by, at=at)


def _open_guards(by: Actor, at: dt.datetime) -> None:
    """One guard for each label that a person's entry may have, once and for all."""
    labels = [Clearance.INTERNAL, Clearance.RESTRICTED, Clearance.CONFIDENTIAL]
    known = set(SearchGuard.objects.values_list("label", flat=True))
    root = Unit.objects.aggregate(first=Min("id"))["first"]
    if root is None or known >= set(labels):
        return
    for label in labels:
        if label not in known:
            guard = open_guard(unit_id=root, label=label, is_public=True, by=by, at=at)
            SearchGuard.objects.create(label=label, guard=guard)
