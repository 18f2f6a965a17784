"""Verbs of numbering series: open, change from a day on, end. Nothing is overwritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.issuing.models import IssuingSeries
from chancery.departments.general_office.outgoing_documents.issuing.series import queries, rules
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused


@service
def open_series(
    *,
    issuer_id: int,
    code: str,
    word: str,
    types: Sequence[str] = (),
    pattern: str = "",
    valid_from: dt.date,
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> IssuingSeries:
    """A new numbering series of an issuer, for some types or for every type no other series of the issuer names."""
    queries.may_keep_series(by).demand()
    rules.is_series_key(code).demand()
    rules.is_word(word).demand()
    rules.may_begin(valid_from, None, clock.date_of(at), is_loader=by.is_system).demand()
    if IssuingSeries.objects.filter(code=code).exists():
        raise Refused(_("That key is in use: choose another, or change the series that has it."), field="code")
    _demand_apart(code, issuer_id, word, types, valid_from)
    return _begin(issuer_id, code, word, types, pattern, valid_from, note, act="series.opened", by=by, at=at)


@service
def change_series(
    *,
    code: str,
    word: str,
    types: Sequence[str] = (),
    pattern: str = "",
    valid_from: dt.date,
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> IssuingSeries:
    """From a day on a series has another word, other types or another pattern; it counts on without a gap."""
    queries.may_keep_series(by).demand()
    rules.is_word(word).demand()
    standing = _standing(code)
    rules.may_begin(valid_from, standing.valid_from, clock.date_of(at), is_loader=by.is_system).demand()
    _demand_apart(code, standing.issuer_id, word, types, valid_from)
    standing.valid_to = valid_from - dt.timedelta(days=1)
    standing.save(update_fields=["valid_to"])
    return _begin(standing.issuer_id, code, word, types, pattern, valid_from, note, act="series.changed", by=by, at=at)


@service
def end_series(*, code: str, last_day: dt.date, note: str, by: Actor, at: dt.datetime) -> IssuingSeries:
    """The last day on which a series gives numbers. What it gave stays."""
    queries.may_keep_series(by).demand()
    standing = _standing(code)
    rules.may_end_on(last_day, standing.valid_from, clock.date_of(at)).demand()
    if not note.strip():
        raise Refused(_("Say why the series ends."), field="note")
    standing.valid_to, standing.note = last_day, note.strip()[:300]
    standing.save(update_fields=["valid_to", "note"])
    journal.write(
        by=by,
        at=at,
        act="series.ended",
        on=queries.series_subject(code),
        data={"last_day": last_day.isoformat(), "reason": standing.note},
    )
    return standing


def _standing(code: str) -> IssuingSeries:
    found = IssuingSeries.objects.select_for_update(of=("self",)).filter(code=code, valid_to__isnull=True).first()
    if found is None:
        raise Refused(_("This series has ended."))
    return found


def _demand_apart(code: str, issuer_id: int, word: str, types: Sequence[str], valid_from: dt.date) -> None:
    """No other series bears the same word, and none of the issuer's numbers the same types."""
    others = IssuingSeries.objects.exclude(code=code).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
    if others.filter(word=word.strip()).exists():
        raise Refused(_("Another series bears this code word: their numbers would be the same."), field="word")
    for other in others.filter(issuer_id=issuer_id):
        if (set(other.types) & set(types)) or (not other.types and not types):
            raise Refused(
                _("The series %(word)s of this issuer numbers these types already.") % {"word": other.word},
                field="types",
            )


def _begin(
    issuer_id: int,
    code: str,
    word: str,
    types: Sequence[str],
    pattern: str,
    valid_from: dt.date,
    note: str,
    *,
    act: str,
    by: Actor,
    at: dt.datetime,
) -> IssuingSeries:
    if pattern:
        rules.is_pattern(pattern, profile=settings.PROFILE).demand()
    series = IssuingSeries.objects.create(
        issuer_id=issuer_id,
        code=code,
        word=word.strip(),
        types=sorted(set(types)),
        pattern=pattern,
        valid_from=valid_from,
        note=note.strip()[:300],
        opened_at=at,
    )
    journal.write(
        by=by,
        at=at,
        act=act,
        on=queries.series_subject(code),
        data={"word": series.word, "types": series.types, "pattern": pattern, "from": valid_from.isoformat()},
    )
    return series
