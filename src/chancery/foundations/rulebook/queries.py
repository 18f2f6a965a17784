"""Asking the rulebook for the figure that held on a day.

One indexed query a question, never a cache: an edit holds in every process from the next question on. Who needs several
figures at once asks `held`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chancery.foundations.rulebook.models import Provision
from chancery.foundations.rulebook.terms import DAYS, WORDS, Unit
from chancery.foundations.verdict import Refused


class MissingProvision(Refused):
    """No provision of that key holds on that day."""


class ExpiredProvision(MissingProvision):
    """The provision of that key had ended by that day."""


class WrongUnit(TypeError):
    """A figure was asked for as something it is not: a fault of the program, or of an edit that changed the unit."""


@dataclass(frozen=True, slots=True)
class Period:
    """A number of days with its unit, "WD" or "CD", as `calendar.due_date` takes them."""

    count: int
    unit: str


def holding(on: dt.date, *, profile: str | None = None) -> QuerySet[Provision]:
    """The provisions that hold on a day."""
    return Provision.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        profile=profile or settings.PROFILE,
        valid_from__lte=on,
        withdrawn_at__isnull=True,
    )


def provision(key: str, *, on: dt.date, profile: str | None = None) -> Provision:
    """The provision that holds on a day; `MissingProvision` or `ExpiredProvision` when none does."""
    found = holding(on, profile=profile).filter(key=key).first()
    return found if found is not None else _missing(key, on, profile)


def held(keys: Iterable[str], *, on: dt.date, profile: str | None = None) -> dict[str, Provision]:
    """Several provisions in one query, by key; every one must hold."""
    wanted = list(keys)
    found = {row.key: row for row in holding(on, profile=profile).filter(key__in=wanted)}
    return {key: found.get(key) or _missing(key, on, profile) for key in wanted}


def days(key: str, *, on: dt.date) -> int:
    """A figure counted in working or calendar days."""
    return period(key, on=on).count


def period(key: str, *, on: dt.date) -> Period:
    """A figure counted in days, with its unit."""
    row = provision(key, on=on)
    if row.unit not in DAYS:
        raise WrongUnit(f"{key} is counted in {row.unit}, not in days")
    return Period(int(row.number), row.unit)


def number(key: str, *, on: dt.date) -> Decimal:
    """A figure, whatever it counts."""
    return provision(key, on=on).number


def text(key: str, *, on: dt.date) -> str:
    """A text, a pattern, a time of day (09:00) or a day of the year (06-30)."""
    row = provision(key, on=on)
    if row.unit not in WORDS:
        raise WrongUnit(f"{key} is a {row.unit}, not a text")
    return row.value


def flag(key: str, *, on: dt.date) -> bool:
    """A yes or no."""
    row = provision(key, on=on)
    if row.unit != Unit.FLAG:
        raise WrongUnit(f"{key} is a {row.unit}, not a flag")
    return row.value == "yes"


def history(key: str, *, profile: str) -> list[Provision]:
    """Every row a key ever had in a profile, newest period first, withdrawn rows after what replaced them."""
    return list(
        Provision.objects.filter(key=key, profile=profile).order_by("-valid_from", "withdrawn_at", "-created_at", "-id")
    )


def version(rows: Iterable[Provision]) -> str:
    """A mark of a key's rows that changes with any edit."""
    told = "|".join(
        f"{row.pk}:{row.valid_to}:{row.withdrawn_at is None}" for row in sorted(rows, key=lambda row: row.pk)
    )
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _missing(key: str, on: dt.date, profile: str | None) -> Any:
    chosen = profile or settings.PROFILE
    words = {"key": key, "date": on.isoformat(), "profile": chosen}
    last = (
        Provision.objects.filter(key=key, profile=chosen, withdrawn_at__isnull=True, valid_to__lt=on)
        .order_by("-valid_to")
        .first()
    )
    if last is not None:
        raise ExpiredProvision(
            _("The rulebook's provision “%(key)s” (%(profile)s) ended on %(ended)s and nothing holds on %(date)s.")
            % {**words, "ended": str(last.valid_to)},
            basis=key,
        )
    raise MissingProvision(_("The rulebook has no provision “%(key)s” (%(profile)s) for %(date)s.") % words, basis=key)
