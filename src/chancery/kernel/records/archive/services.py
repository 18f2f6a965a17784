"""Filing, one item or thousands; correcting a description; moving an item on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.access.guards.services import add_reader_to_guards
from chancery.kernel.records.archive import queries, rules
from chancery.kernel.records.archive.judging.queries import Judged, Judges
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import KEEPS, SEARCH_KIND, Filed, ItemFacts, ItemState
from chancery.kernel.records.fileplan.terms import ARCHIVIST
from chancery.kernel.records.numbers.services import issue_numbers
from chancery.kernel.records.search.services import index_many
from chancery.kernel.records.search.services import set_state as set_found_state
from chancery.kernel.records.search.terms import Entry

#: What may be corrected while an item is with its department.
DESCRIPTION = ("title", "author", "document_number", "dated_on", "page_count", "carrier", "note")
_BULK = 0x46494C49  # the advisory lock of those who file many into a fonds


class AlreadyFiled(Refused):
    """The same thing was filed before, or somebody files it this moment."""


class NoSuchItem(Refused):
    """The item does not exist for the actor."""


@service
def file_item(*, facts: ItemFacts, by: Actor, at: dt.datetime) -> ArchivalItem:
    """File one thing: it gets its archival code and its line in the catalogue, and archivists may read it.

    Refused at their fields: no class, or one that takes nothing; a period shorter than the class's; no day; no title.
    """
    [(item_id, _code)] = _file([facts], Judges(), by, at)
    return ArchivalItem.objects.select_related("fonds").get(pk=item_id)


@service
def file_many(*, facts: Iterable[ItemFacts], by: Actor, at: dt.datetime, batch: int = 2000) -> Filed:
    """File a stream of things, all or none, a batch at a time: a dozen statements each, no more memory than one."""
    judges, stream = Judges(), iter(facts)
    count, first, last = 0, "", ""
    with connection.cursor() as cursor:
        # Single filers hold one counter each; two who file many would each want the other's.
        cursor.execute("select pg_advisory_xact_lock(%s)", [_BULK])
    while some := list(islice(stream, batch)):
        made = _file(some, judges, by, at)
        count += len(made)
        first, last = first or made[0][1], made[-1][1]
    return Filed(count, first, last)


@service
def correct_item(
    *,
    item_id: int,
    changes: Mapping[str, Any],
    reason: str,
    seen_version: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> ArchivalItem:
    """Correct the description of an item that is not handed over yet; the journal keeps what it said before."""
    item = _locked(item_id)
    if seen_version is not None and item.version != seen_version:
        raise Stale(_("Somebody else changed this entry meanwhile. Look at it again; your text is kept below."))
    rules.may_correct(by, item, item.fonds.keeper_unit_id).demand()
    rules.gives_a_reason(reason).demand()
    if unknown := set(changes) - set(DESCRIPTION):
        raise TypeError(f"not the description of an item: {', '.join(sorted(unknown))}")
    if not str(changes.get("title", item.title)).strip():
        raise Refused(_("An item needs a title."), field="title")
    if not changes.get("dated_on", item.dated_on):
        raise Refused(_("An item without a day cannot be filed."), field="dated_on")
    before = {name: getattr(item, name) for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if not changed:
        return item
    for name, value in changed.items():
        setattr(item, name, value)
    item.version += 1
    item.save(update_fields=[*changed, "version"])
    index_many(entries=[_entry_of(item)], by=by, at=at)
    journal.write(
        by=by,
        at=at,
        act="item.corrected",
        on=item,
        data={
            "reason": reason.strip(),
            "was": {name: _plain(before[name]) for name in changed},
            "is": {name: _plain(value) for name, value in changed.items()},
        },
    )
    return item


@service
def relabel_item(*, item_id: int, label: int, by: Actor, at: dt.datetime) -> None:
    """Say that an item is more or less confidential. A restricted one is known only to those who may read it.

    The guard of the content is relabelled by whoever calls (`access.services.relabel`), before this.
    """
    item = _locked(item_id)
    if label > by.clearance:
        raise Refused(_("The label is above your own clearance."), field="label")
    content = queries.labels_of_guards([item.content_guard_id]).get(item.content_guard_id)
    if content is None:
        raise NoSuchItem(_("There is no such item."))
    if label < content:
        raise Refused(_("The files of this item are labelled higher than that."), field="label")
    before, item.label = item.label, label
    item.guard_id = (
        queries.catalogue_guard(item.fonds_id, label) if label <= Clearance.INTERNAL else item.content_guard_id
    )
    item.version += 1
    item.save(update_fields=["label", "guard", "version"])
    index_many(entries=[_entry_of(item)], by=by, at=at)
    journal.write(by=by, at=at, act="item.relabelled", on=item, data={"before": before, "label": label})


@service
def set_state(*, item_ids: Collection[int], state: str, by: Actor, at: dt.datetime) -> int:
    """Offer items, take them back, accept them into the archive: set-based. The caller's rule says who may."""
    items = list(
        ArchivalItem.objects.select_for_update(of=("self",))
        .filter(pk__in=item_ids)
        .order_by("pk")
        .values_list("id", "state", "guard_id", "label")
    )
    if len(items) != len(set(item_ids)):
        raise NoSuchItem(_("There is no such item."))
    for before in {row[1] for row in items}:
        rules.may_go(before, state).demand()
    changes: dict[str, Any] = {"state": state}
    if state == ItemState.HELD:
        changes["held_at"] = at
    ArchivalItem.objects.filter(pk__in=item_ids).update(**changes)
    set_found_state(subjects=[f"records.archivalitem:{row[0]}" for row in items], state=state, by=by, at=at)
    journal.write_many(
        act="item.state_changed",
        lines=[
            journal.Line(f"records.archivalitem:{item_id}", {"before": before, "state": state}, guard_id, label)
            for item_id, before, guard_id, label in items
        ],
        by=by,
        at=at,
    )
    return len(items)


# --- Filing -----------------------------------------------------------------------------------------------------------
def _file(some: Sequence[ItemFacts], judges: Judges, by: Actor, at: dt.datetime) -> list[tuple[int, str]]:
    """Judge the batch, number it, write it; (id, code) in the batch's order."""
    judged = judges.judge(some, by, at)
    try:
        with transaction.atomic():
            made = _write(judged, by, at)
    except IntegrityError as error:
        if "records_item_subject_once" not in str(error):
            raise
        raise AlreadyFiled(_("This was filed already, by somebody else at the same moment.")) from None
    return made


def _write(judged: Sequence[Judged], by: Actor, at: dt.datetime) -> list[tuple[int, str]]:
    ids = _new_ids(len(judged))
    numbers = _number(judged, ids, by, at)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, _columns(judged, ids, numbers, by, at))
        lying = [
            (item_id, part.file_id, part.role, place, part.title[:300], part.page_count)
            for item_id, one in zip(ids, judged, strict=True)
            for place, part in enumerate(one.facts.parts)
        ]
        if lying:
            cursor.execute(_INSERT_PARTS, [list(column) for column in zip(*lying, strict=True)])
    by_keeper: dict[int, list[int]] = {}
    for one in judged:
        by_keeper.setdefault(one.place.keeper_unit_id, []).append(one.facts.content_guard_id)
    for unit_id, guard_ids in by_keeper.items():
        add_reader_to_guards(guard_ids=guard_ids, role=ARCHIVIST, unit_id=unit_id, how=KEEPS, by=by, at=at)
    index_many(
        entries=[_entry(item_id, one, code) for item_id, one, (_n, _v, code) in zip(ids, judged, numbers, strict=True)],
        by=by,
        at=at,
    )
    journal.write_many(
        act="item.filed",
        lines=[
            journal.Line(
                f"records.archivalitem:{item_id}",
                {"code": code, "class": one.place.code, "period": one.period, "parts": len(one.facts.parts)},
                one.guard_id,
                one.label,
            )
            for item_id, one, (_n, _v, code) in zip(ids, judged, numbers, strict=True)
        ],
        by=by,
        at=at,
    )
    return [(item_id, code) for item_id, (_n, _v, code) in zip(ids, numbers, strict=True)]


def _new_ids(many: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('records_archivalitem_id_seq') from generate_series(1, %s)", [many])
        return [row[0] for row in cursor.fetchall()]


def _number(judged: Sequence[Judged], ids: Sequence[int], by: Actor, at: dt.datetime) -> list[tuple[int, int, str]]:
    """(number's id, value, code) of each, in order; a series after another in the order of their names."""
    groups: dict[tuple[str, int], list[int]] = {}
    for place, one in enumerate(judged):
        groups.setdefault((one.series, one.year), []).append(place)
    numbers: list[tuple[int, int, str]] = [(0, 0, "")] * len(judged)
    for series, year in sorted(groups):
        places = groups[series, year]
        block = issue_numbers(
            series=series,
            year=year,
            form=judged[places[0]].form,
            subjects=[f"records.archivalitem:{ids[place]}" for place in places],
            guard_ids=[judged[place].guard_id for place in places],
            by=by,
            at=at,
        )
        for place, number in zip(places, block, strict=True):
            numbers[place] = number
    return numbers


_INSERT = """
insert into records_archivalitem (
    id, guard_id, content_guard_id, fonds_id, plan_class_id, number_id, code, category, class_code, year, period,
    unit_id, unit_code, item_number, title, author, document_number, dated_on, page_count, label, note, kind, subject,
    matter_number, carrier, retain_from, retain_until, state, filed_at, filed_person_id, filed_post_id, version)
select u.*, 'FILED', %s, %s, %s, 1
from unnest(
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
    %s::text[], %s::int[], %s::text[], %s::bigint[], %s::text[], %s::int[], %s::text[], %s::text[], %s::text[],
    %s::date[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[],
    %s::date[]) as u
"""
_INSERT_PARTS = """
insert into records_itempart (item_id, file_id, role, position, title, page_count)
select * from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::text[], %s::int[])
"""


def _columns(
    judged: Sequence[Judged],
    ids: Sequence[int],
    numbers: Sequence[tuple[int, int, str]],
    by: Actor,
    at: dt.datetime,
) -> list[Any]:
    rows = []
    for item_id, one, (number_id, value, code) in zip(ids, judged, numbers, strict=True):
        facts, place = one.facts, one.place
        rows.append(
            (
                item_id, one.guard_id, facts.content_guard_id, place.fonds_id, place.id, number_id, code,
                place.category, place.code, one.year, one.period, facts.unit_id, one.unit_code, value,
                facts.title.strip()[:300], facts.author[:200], facts.document_number[:120], facts.dated_on,
                facts.page_count, one.label, facts.note, facts.kind, facts.subject, facts.matter_number[:60],
                str(facts.carrier), one.retain_from, one.retain_until,
            )
        )  # fmt: skip
    return [at, by.person_id, by.post_id, *(list(column) for column in zip(*rows, strict=True))]


def _entry(item_id: int, one: Judged, code: str) -> Entry:
    facts = one.facts
    if facts.dated_on is None:
        raise RuntimeError("judged facts have a day")
    return Entry(
        guard_id=one.guard_id,
        kind=SEARCH_KIND,
        subject=f"records.archivalitem:{item_id}",
        dated=facts.dated_on,
        title_en=facts.title,
        title_zh=facts.title,
        body=" ".join(filter(None, (code, facts.document_number, facts.author, facts.matter_number))),
        unit_id=facts.unit_id,
        label=one.label,
        class_code=one.place.code,
        state=ItemState.FILED,
    )


def _entry_of(item: ArchivalItem) -> Entry:
    return Entry(
        guard_id=item.guard_id,
        kind=SEARCH_KIND,
        subject=f"records.archivalitem:{item.pk}",
        dated=item.dated_on,
        title_en=item.title,
        title_zh=item.title,
        body=" ".join(filter(None, (item.code, item.document_number, item.author, item.matter_number))),
        unit_id=item.unit_id,
        label=item.label,
        class_code=item.class_code,
        state=item.state,
    )


def _locked(item_id: int) -> ArchivalItem:
    item = ArchivalItem.objects.select_for_update(of=("self",)).select_related("fonds").filter(pk=item_id).first()
    if item is None:
        raise NoSuchItem(_("There is no such item."))
    return item


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
