"""Amending, ending and loading provisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import loading, queries, rules, values
from chancery.foundations.rulebook.models import Provision
from chancery.foundations.rulebook.terms import Origin
from chancery.foundations.verdict import Refused, Stale


class NothingChanges(Refused):
    """The edit says what already holds."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a provision says besides its dates."""

    value: str
    unit: str
    name_en: str
    name_zh: str
    basis_en: str
    basis_zh: str
    note_en: str = ""
    note_zh: str = ""
    is_verified: bool = False
    source: str = ""


@dataclass(slots=True)
class Loaded:
    """What a load did. `kept` lists keys the site edited, with what the release would have said."""

    added: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)


@service
def amend_provision(
    *,
    profile: str,
    key: str,
    text: Text,
    valid_from: dt.date,
    reason: str,
    by: Actor,
    at: dt.datetime,
    valid_to: dt.date | None = None,
    seen: str | None = None,
) -> Provision:
    """Let a new value hold from `valid_from`.

    The row that held on that day ends the day before, or is withdrawn if it began on that very day. `seen` is the
    `queries.version` of the key that the person was looking at; when it is another by now, nothing is done.
    """
    rules.may_amend(by, basis_en=text.basis_en, basis_zh=text.basis_zh, reason=reason).demand()
    if valid_to is not None and valid_to < valid_from:
        raise Refused(_("The last day lies before the first."), field="valid_to")
    text = replace(text, value=values.clean(text.value, text.unit))
    # Every row of the key: two editors of one key go one after the other.
    rows = list(
        Provision.objects.select_for_update(no_key=True)
        .filter(profile=profile, key=key, withdrawn_at__isnull=True)
        .order_by("valid_from")
    )
    if seen is not None and seen != queries.version(queries.history(key, profile=profile)):
        raise Stale(_("Someone else changed this provision meanwhile. Look at it again before you edit."))
    before = next((row for row in rows if _holds(row, valid_from)), None)
    if before is not None and before.value == text.value and _same_words(before, text) and valid_to is None:
        raise NothingChanges(_("This value already holds on that day."), field="value")
    last = _last_day(rows, before, valid_from, valid_to)
    made = _begin(profile, key, text, valid_from, last, Origin.SITE, at)
    if before is not None:
        act = _give_way(before, made, at)
    else:
        act = "provision.amended"
        made.save()
    _mark_edited(profile, key)
    journal.write(by=by, at=at, act=act, on=subject(profile, key), data=_told(before, made, reason))
    return made


@service
def end_provision(*, provision_id: int, last_day: dt.date, reason: str, by: Actor, at: dt.datetime) -> Provision:
    """Let a provision end without a successor: whoever asks for it on a later day is told that it expired."""
    row = Provision.objects.select_for_update(no_key=True).get(pk=provision_id)
    rules.may_end(by, row, last_day=last_day, reason=reason).demand()
    row.valid_to = last_day
    row.is_site_edited = True
    row.save(update_fields=["valid_to", "is_site_edited"])
    journal.write(
        by=by,
        at=at,
        act="provision.ended",
        on=subject(row.profile, row.key),
        data={"provision": row.pk, "last_day": last_day, "reason": reason},
    )
    return row


@service
def load_all(*, by: Actor, at: dt.datetime, shipped: Iterable[loading.Shipped] | None = None) -> Loaded:
    """Load every app's `provisions.toml`. Idempotent; a key that the site edited is left alone and reported.

    Raises `loading.BadProvisions`, which lists every fault with file and line, before anything is written.
    """
    wanted: dict[tuple[str, str], list[loading.Shipped]] = {}
    for line in loading.read_all() if shipped is None else shipped:
        wanted.setdefault((line.profile, line.key), []).append(line)
    stored: dict[tuple[str, str], list[Provision]] = {}
    for row in Provision.objects.order_by("valid_from", "id"):
        stored.setdefault((row.profile, row.key), []).append(row)
    report = Loaded()
    for place, lines in wanted.items():
        _load_key(place, lines, stored.get(place, []), report, by, at)
    return report


def subject(profile: str, key: str) -> str:
    """The journal's subject of a key: its whole history is one chain."""
    return f"rulebook.provision:{profile}/{key}"


def _load_key(
    place: tuple[str, str],
    lines: list[loading.Shipped],
    ever: list[Provision],
    report: Loaded,
    by: Actor,
    at: dt.datetime,
) -> None:
    rows = [row for row in ever if row.withdrawn_at is None]
    differences = _differences(lines, rows)
    name = f"{place[0]}/{place[1]}"
    if not differences:
        report.unchanged += len(lines)
        return
    if any(row.is_site_edited or row.origin == Origin.SITE for row in ever):
        # What the site knew when it made its edit is no news; it is told of what a later release says otherwise.
        if all(any(_was(row, line) for row in ever) for line in lines):
            report.unchanged += len(lines)
            return
        report.kept += [f"{name}: {difference}" for difference in differences]
        return
    # Untouched by the site: what the release no longer says is withdrawn, what it says anew is added.
    fresh = [line for line in lines if not any(_is(row, line) for row in rows)]
    gone = [row for row in rows if not any(_is(row, line) for line in lines)]
    for row in gone:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
    for line in fresh:
        _begin(line.profile, line.key, Text(**line.words), line.valid_from, line.valid_to, Origin.SHIPPED, at).save()
    (report.corrected if gone else report.added).append(name)
    journal.write(
        by=by,
        at=at,
        act="provision.corrected" if gone else "provision.loaded",
        on=subject(*place),
        data={"differences": differences, "reason": "release"} if gone else {"file": fresh[0].where},
    )


def _differences(lines: list[loading.Shipped], rows: list[Provision]) -> list[str]:
    """In one line each: what the release says and the table does not, or the other way about."""
    missing = [f"+ {line}" for line in lines if not any(_is(row, line) for row in rows)]
    extra = [f"- {row}" for row in rows if not any(_is(row, line) for line in lines)]
    return missing + extra


def _is(row: Provision, line: loading.Shipped) -> bool:
    return row.valid_to == line.valid_to and _was(row, line)


def _was(row: Provision, line: loading.Shipped) -> bool:
    """The row began as the line says, whatever ended it since."""
    same = all(getattr(row, name) == value for name, value in line.words.items())
    return same and row.valid_from == line.valid_from


def _same_words(row: Provision, text: Text) -> bool:
    return (row.unit, row.basis_en, row.basis_zh, row.note_en, row.note_zh) == (
        text.unit,
        text.basis_en,
        text.basis_zh,
        text.note_en,
        text.note_zh,
    )


def _holds(row: Provision, day: dt.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


def _last_day(
    rows: list[Provision], before: Provision | None, valid_from: dt.date, valid_to: dt.date | None
) -> dt.date | None:
    """The new row's last day: as told, but never past the end of what it replaces or the start of the next."""
    limits = [before.valid_to] if before is not None else []
    limits += [row.valid_from - dt.timedelta(days=1) for row in rows if row.valid_from > valid_from]
    known = [day for day in limits if day is not None]
    limit = min(known, default=None)
    if valid_to is not None and limit is not None and valid_to > limit:
        raise Refused(
            _("Another provision of this key begins after %(date)s; end the new one by then.") % {"date": str(limit)},
            field="valid_to",
        )
    return valid_to or limit


def _begin(
    profile: str,
    key: str,
    text: Text,
    valid_from: dt.date,
    valid_to: dt.date | None,
    origin: Origin,
    at: dt.datetime,
) -> Provision:
    words: dict[str, Any] = {name: getattr(text, name) for name in Text.__slots__}
    return Provision(
        profile=profile, key=key, valid_from=valid_from, valid_to=valid_to, origin=origin, created_at=at, **words
    )


def _give_way(before: Provision, made: Provision, at: dt.datetime) -> str:
    """Close the row that held, then save the new one: the exclusion constraint knows no other order."""
    if before.valid_from == made.valid_from:
        act = "provision.corrected"
        before.withdrawn_at = at
    else:
        act = "provision.amended"
        before.valid_to = made.valid_from - dt.timedelta(days=1)
    before.save(update_fields=["valid_to", "withdrawn_at"])
    made.save()
    before.superseded_by = made
    before.save(update_fields=["superseded_by"])
    return act


def _mark_edited(profile: str, key: str) -> None:
    Provision.objects.filter(Q(is_site_edited=False), profile=profile, key=key).update(is_site_edited=True)


def _told(before: Provision | None, made: Provision, reason: str) -> dict[str, Any]:
    def row(one: Provision) -> dict[str, Any]:
        dates = {"valid_from": one.valid_from, "valid_to": one.valid_to}
        return {"provision": one.pk, "value": one.value, "unit": one.unit, "basis": one.basis_en, **dates}

    return {"was": row(before) if before else None, "is": row(made), "reason": reason}
