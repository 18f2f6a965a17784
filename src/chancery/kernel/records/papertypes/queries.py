"""Asking for types of paper, and reading the file they are shipped in."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from chancery.foundations.rulebook.terms import Profile
from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.records.papertypes import rules
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.papertypes.terms import RULES

SHIPPED = Path(__file__).parent / "paper_types.toml"
WORDS = ("name_en", "name_zh", "use_en", "use_zh", "basis_en", "basis_zh")


def holding(on: dt.date, *, profile: str | None = None) -> QuerySet[PaperType]:
    """The types that hold on a day, in their order."""
    return PaperType.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        profile=profile or settings.PROFILE,
        valid_from__lte=on,
        withdrawn_at__isnull=True,
    ).order_by("position", "code")


def paper_type(code: str, *, on: dt.date, profile: str | None = None) -> PaperType | None:
    """The type of that code that holds on a day."""
    return holding(on, profile=profile).filter(code=code).first()


def demanded(code: str, *, on: dt.date, profile: str | None = None) -> PaperType:
    """The same, or `UnknownType`."""
    found = paper_type(code, on=on, profile=profile)
    rules.may_exist(found, code).demand()
    assert found is not None  # noqa: S101 - demand() has refused None
    return found


def history(code: str, *, profile: str) -> list[PaperType]:
    """Every row a type ever had, newest period first, withdrawn rows after what replaced them."""
    return list(
        PaperType.objects.filter(code=code, profile=profile).order_by(
            "-valid_from", "withdrawn_at", "-created_at", "-id"
        )
    )


def version(rows: Iterable[PaperType]) -> str:
    """A mark of a type's rows that changes with any edit."""
    told = "|".join(
        f"{row.pk}:{row.valid_to}:{row.withdrawn_at is None}" for row in sorted(rows, key=lambda row: row.pk)
    )
    return hashlib.sha256(told.encode()).hexdigest()[:16]


# --- The file ---------------------------------------------------------------------------------------------------------
class BadTypes(Exception):
    """The file of types cannot be loaded; `faults` has one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Shipped:
    """One period of a type as the file says it."""

    profile: str
    code: str
    valid_from: dt.date
    valid_to: dt.date | None
    words: dict[str, Any]  # position, names, uses, bases, rules

    def __str__(self) -> str:
        return f"{self.profile}/{self.code} ({self.valid_from}–{self.valid_to or ''})"


def read_shipped(path: Path = SHIPPED) -> list[Shipped]:
    """Read and check the file; `BadTypes` lists every fault."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadTypes([f"{path.name}: {error}"]) from None
    faults: list[str] = []
    found: list[Shipped] = []
    places: dict[str, int] = {}
    bases = told.get("basis", {})
    phrases = told.get("phrases", {})
    for entry in told.get("type", []):
        name = f"{path.name}: {entry.get('profile')}/{entry.get('code')}"
        wrong = list(_faults(entry, bases, phrases))
        faults += [f"{name}: {fault}" for fault in wrong]
        if wrong:
            continue
        place = places[entry["profile"]] = places.get(entry["profile"], 0) + 1
        said = {rule: _rule(value, bases, phrases) for rule, value in entry.items() if rule in RULES}
        found.append(
            Shipped(
                entry["profile"],
                entry["code"],
                entry["valid_from"],
                entry.get("valid_to"),
                {
                    "position": place,
                    "rules": said,
                    "basis_en": bases[entry["basis"]]["en"],
                    "basis_zh": bases[entry["basis"]]["zh"],
                    **{word: entry[word] for word in ("name_en", "name_zh", "use_en", "use_zh")},
                },
            )
        )
    if faults:
        raise BadTypes(faults)
    return found


_OTHER = {"profile", "code", "name_en", "name_zh", "use_en", "use_zh", "basis", "valid_from", "valid_to"}


def _faults(entry: dict[str, Any], bases: dict[str, Any], phrases: dict[str, Any]) -> Iterator[str]:
    for word in sorted(_OTHER - {"valid_to"}):
        if not entry.get(word):
            yield f"“{word}” is missing"
    if entry.get("profile") not in Profile.values:
        yield f"“{entry.get('profile')}” is not a profile"
    for word in ("valid_from", "valid_to"):
        if word in entry and type(entry[word]) is not dt.date:
            yield f"“{word}” must be a date"
    if entry.get("basis") and entry["basis"] not in bases:
        yield f"there is no basis “{entry['basis']}”"
    for name, value in entry.items():
        if name in _OTHER:
            continue
        if not isinstance(value, dict) or "is" not in value or set(value) - {"is", "basis"}:
            yield f"{name}: write {{ is = …, basis = … }}"
            continue
        if "basis" in value and value["basis"] not in bases:
            yield f"{name}: there is no basis “{value['basis']}”"
        if fault := rules.fault_of(name, _value(value["is"], phrases), issuers=UnitKind.values):
            yield f"{name}: {fault}"


def _value(value: Any, phrases: dict[str, Any]) -> Any:
    """A list of phrases may be named instead of repeated."""
    return phrases[value] if isinstance(value, str) and value in phrases else value


def _rule(value: dict[str, Any], bases: dict[str, Any], phrases: dict[str, Any]) -> dict[str, Any]:
    basis = bases.get(str(value.get("basis")), {})
    return {
        "value": _value(value["is"], phrases),
        "basis_en": basis.get("en", ""),
        "basis_zh": basis.get("zh", ""),
    }
