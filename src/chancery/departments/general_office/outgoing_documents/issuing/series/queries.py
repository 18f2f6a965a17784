"""Which series fits a document, what its numbers look like, who keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.issuing.models import IssuingSeries
from chancery.departments.general_office.outgoing_documents.issuing.series import rules
from chancery.departments.general_office.outgoing_documents.issuing.terms import PATTERN_KEY, SERIES_PREFIX
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import REGISTRAR, State
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.foundations.words import is_chinese, words
from chancery.kernel.access import rules as access_rules
from chancery.kernel.records.numbers.models import IssuedNumber
from chancery.kernel.records.papertypes import queries as paper_types
from chancery.kernel.records.terms import Series


def series_on(on: dt.date) -> Any:
    """The periods of series that hold on a day."""
    return IssuingSeries.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


def series_for(document: OutgoingDocument, on: dt.date) -> list[IssuingSeries]:
    """The series a document may be numbered in: those of its issuer that name its type, else those for every type."""
    held = list(series_on(on).filter(issuer_id=document.issuer_id).order_by("code"))
    naming = [row for row in held if document.paper_type in row.types]
    return naming or [row for row in held if not row.types]


def key_of(series: IssuingSeries) -> str:
    """The key under which kernel.records counts."""
    return f"{SERIES_PREFIX}{series.code}"


def series_subject(code: str) -> str:
    """The journal's subject of a series: all its periods are one history."""
    return f"general_office.issuingseries:{code}"


def periods_of(code: str) -> list[IssuingSeries]:
    """The periods of a series, the latest first."""
    return list(IssuingSeries.objects.filter(code=code).select_related("issuer").order_by("-valid_from"))


def pattern_of(series: IssuingSeries, on: dt.date, profile: str = "") -> str:
    """The pattern with its code word in place; {year} and {n} are still open. `profile`: of the document."""
    profile = profile or settings.PROFILE
    pattern = series.pattern or rulebook.provision(PATTERN_KEY, on=on, profile=profile).value
    rules.is_pattern(pattern, profile=settings.PROFILE if series.pattern else profile).demand()
    return str(pattern).replace("{code}", series.word)


def sample_of(series: IssuingSeries, on: dt.date, last: str = "", profile: str = "") -> str:
    """What a number of the series looks like, and the last one given."""
    try:
        looks = pattern_of(series, on, profile).replace("{year}", str(on.year)).replace("{n}", "…")
    except Refused:
        looks = series.word
    return _("%(looks)s (last: %(last)s)") % {"looks": looks, "last": last} if last else looks


def last_numbers(codes: Collection[str], year: int) -> dict[str, str]:
    """The latest number of each series in a year that the actor may see."""
    rows = (
        IssuedNumber.objects.filter(series__in=[f"{SERIES_PREFIX}{code}" for code in codes], year=year)
        .order_by("series", "-value")
        .distinct("series")
        .values_list("series", "text")
    )
    return {series.removeprefix(SERIES_PREFIX): text for series, text in rows}


@dataclass(frozen=True, slots=True)
class Told:
    """A period of a series, in words."""

    row: IssuingSeries
    issuer: str
    types: str
    looks: str
    last: str
    holds: bool


def told(rows: Sequence[IssuingSeries], on: dt.date) -> list[Told]:
    """Periods of series in words."""
    named = {row.code: words(row) for row in paper_types.holding(on)}
    last = last_numbers({row.code for row in rows}, on.year)
    comma = "、" if is_chinese() else ", "
    return [
        Told(
            row=row,
            issuer=words(row.issuer, "name"),
            types=comma.join(named.get(code, code) for code in row.types) or _("every type not named elsewhere"),
            looks=sample_of(row, on),
            last=last.get(row.code, ""),
            holds=row.valid_from <= on and (row.valid_to is None or on <= row.valid_to),
        )
        for row in rows
    ]


def all_series(on: dt.date) -> list[Told]:
    """The latest period of every series, by issuer."""
    latest = IssuingSeries.objects.order_by("code", "-valid_from").distinct("code").values("pk")
    rows = IssuingSeries.objects.filter(pk__in=latest).select_related("issuer").order_by("issuer__position", "code")
    return told(list(rows), on)


def years_of(code: str) -> list[int]:
    """The years in which the actor sees a number of the series, newest first."""
    rows = IssuedNumber.objects.filter(series=f"{SERIES_PREFIX}{code}").values_list("year", flat=True)
    return sorted(set(rows.distinct()), reverse=True)


def series_named(codes: Collection[str]) -> dict[str, Series]:
    """The names of our series, for the register of numbers."""
    keys = {code.removeprefix(SERIES_PREFIX): code for code in codes}
    rows = IssuingSeries.objects.filter(code__in=list(keys)).select_related("issuer").order_by("code", "valid_from")
    return {
        keys[row.code]: Series(
            keys[row.code],
            f"{row.word} ({words(row.issuer, 'name', 'en')})",
            f"{row.word}（{words(row.issuer, 'name', 'zh')}）",
            may_void,
        )
        for row in rows
    }


def may_void(by: Actor, number: IssuedNumber) -> Verdict:
    """A document's number is given up by cancelling the document, never on its own."""
    document = OutgoingDocument.objects.filter(issued_number_id=number.pk).only("state").first()
    if document is not None and document.state == State.CANCELLED:
        return yes()
    return no(_("The number belongs to a document: cancel the document, and its number is voided with it."))


def may_keep_series(by: Actor) -> Verdict:
    """Whether the actor keeps the series: a registrar over the General Office."""
    try:
        return access_rules.holds_role(by, REGISTRAR, documents.office_id())
    except Refused as refusal:
        return no(refusal.reason)
