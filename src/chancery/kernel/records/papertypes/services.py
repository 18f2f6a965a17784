"""Amending, ending and loading types of paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.records.papertypes import queries, rules
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.papertypes.queries import WORDS, Shipped
from chancery.kernel.records.papertypes.terms import Origin


class NothingChanges(Refused):
    """The edit says what already holds."""


@dataclass(slots=True)
class Loaded:
    """What a load did. `kept` lists types the site edited that the release says otherwise."""

    added: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)


def subject(profile: str, code: str) -> str:
    """The journal's subject of a type: its whole history is one chain."""
    return f"records.papertype:{profile}/{code}"


@service
def amend_type(
    *,
    profile: str,
    code: str,
    said: Mapping[str, str],
    type_rules: Mapping[str, Mapping[str, Any]],
    valid_from: dt.date,
    reason: str,
    seen: str | None = None,
    by: Actor,
    at: dt.datetime,
) -> PaperType:
    """Let other words (`said`: names, uses, bases) or other rules hold from a day on."""
    rules.may_amend(by, basis_en=said["basis_en"], basis_zh=said["basis_zh"], reason=reason).demand()
    for rule, told in type_rules.items():
        if fault := rules.fault_of(rule, told.get("value"), issuers=UnitKind.values):
            raise Refused(f"{rule}: {fault}", field=rule)
    rows = list(
        PaperType.objects.select_for_update(no_key=True)
        .filter(profile=profile, code=code, withdrawn_at__isnull=True)
        .order_by("valid_from")
    )
    if seen is not None and seen != queries.version(queries.history(code, profile=profile)):
        raise Stale(_("Someone else changed this type meanwhile. Look at it again before you edit."))
    if not rows:
        raise rules.UnknownType(_("There is no such type of paper."))
    before = next((row for row in rows if _holds(row, valid_from)), None)
    words = {name: str(said[name]).strip() for name in WORDS}
    if before and before.rules == type_rules and all(getattr(before, name) == words[name] for name in words):
        raise NothingChanges(_("That already holds on that day."))
    after = [row.valid_from - dt.timedelta(days=1) for row in rows if row.valid_from > valid_from]
    ends = [day for day in (*after, before.valid_to if before else None) if day is not None]
    made = PaperType(
        profile=profile,
        code=code,
        position=rows[-1].position,
        rules=dict(type_rules),
        valid_from=valid_from,
        valid_to=min(ends, default=None),
        origin=Origin.SITE,
        created_at=at,
        **words,
    )
    changed = _changed(before, made)
    if before is not None:
        _give_way(before, made, at)
    else:
        made.save()
    PaperType.objects.filter(profile=profile, code=code, is_site_edited=False).update(is_site_edited=True)
    journal.write(
        by=by,
        at=at,
        act="paper_type.amended",
        on=subject(profile, code),
        data={"changed": changed, "valid_from": valid_from, "reason": reason},
    )
    return made


@service
def end_type(*, type_id: int, last_day: dt.date, reason: str, by: Actor, at: dt.datetime) -> PaperType:
    """Let a type end without a successor: a paper of it is refused from the next day on."""
    row = PaperType.objects.select_for_update(no_key=True).get(pk=type_id)
    rules.may_end(by, row, last_day=last_day, reason=reason).demand()
    row.valid_to = last_day
    row.is_site_edited = True
    row.save(update_fields=["valid_to", "is_site_edited"])
    journal.write(
        by=by,
        at=at,
        act="paper_type.ended",
        on=subject(row.profile, row.code),
        data={"last_day": last_day, "reason": reason},
    )
    return row


@service
def load_types(*, by: Actor, at: dt.datetime, shipped: Iterable[Shipped] | None = None) -> Loaded:
    """Load the shipped types. Idempotent; a type that the site edited is left alone and reported."""
    wanted: dict[tuple[str, str], list[Shipped]] = {}
    for line in queries.read_shipped() if shipped is None else shipped:
        wanted.setdefault((line.profile, line.code), []).append(line)
    stored: dict[tuple[str, str], list[PaperType]] = {}
    for row in PaperType.objects.order_by("valid_from", "id"):
        stored.setdefault((row.profile, row.code), []).append(row)
    report = Loaded()
    for place, lines in wanted.items():
        _load(place, lines, stored.get(place, []), report, by, at)
    return report


def _load(
    place: tuple[str, str], lines: list[Shipped], ever: list[PaperType], report: Loaded, by: Actor, at: dt.datetime
) -> None:
    rows = [row for row in ever if row.withdrawn_at is None]
    fresh = [line for line in lines if not any(_is(row, line) for row in rows)]
    gone = [row for row in rows if not any(_is(row, line) for line in lines)]
    name = f"{place[0]}/{place[1]}"
    if not fresh and not gone:
        report.unchanged += len(lines)
        return
    if any(row.is_site_edited or row.origin == Origin.SITE for row in ever):
        known = all(any(_was(row, line) for row in ever) for line in lines)
        if known:
            report.unchanged += len(lines)
        else:
            report.kept += [f"{name}: {line}" for line in fresh]
        return
    for row in gone:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
    PaperType.objects.bulk_create(
        PaperType(
            profile=line.profile,
            code=line.code,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            origin=Origin.SHIPPED,
            created_at=at,
            **line.words,
        )
        for line in fresh
    )
    (report.corrected if gone else report.added).append(name)
    journal.write(
        by=by,
        at=at,
        act="paper_type.corrected" if gone else "paper_type.loaded",
        on=subject(*place),
        data={"periods": [str(line) for line in fresh]},
    )


def _is(row: PaperType, line: Shipped) -> bool:
    return row.valid_to == line.valid_to and _was(row, line)


def _was(row: PaperType, line: Shipped) -> bool:
    same = all(getattr(row, name) == value for name, value in line.words.items() if name != "position")
    return same and row.valid_from == line.valid_from


def _holds(row: PaperType, day: dt.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


def _give_way(before: PaperType, made: PaperType, at: dt.datetime) -> None:
    """Close the row that held, then save the new one: the exclusion constraint knows no other order."""
    if before.valid_from == made.valid_from:
        before.withdrawn_at = at
    else:
        before.valid_to = made.valid_from - dt.timedelta(days=1)
    before.save(update_fields=["valid_to", "withdrawn_at"])
    made.save()
    before.superseded_by = made
    before.save(update_fields=["superseded_by"])


def _changed(before: PaperType | None, made: PaperType) -> dict[str, list[Any]]:
    """Field or rule → [was, is]."""
    was: dict[str, Any] = before.rules if before else {}
    changed = {
        rule: [was.get(rule), made.rules.get(rule)]
        for rule in {*was, *made.rules}
        if was.get(rule) != made.rules.get(rule)
    }
    return changed | {
        name: [getattr(before, name, ""), getattr(made, name)]
        for name in WORDS
        if getattr(before, name, "") != getattr(made, name)
    }
