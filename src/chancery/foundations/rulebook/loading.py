"""Reading `provisions.toml`: every fault is named with its file and line, and nothing is loaded until there is none.

    [[provision]]
    key = "incoming.limit.urgent"
    name_en = "Limit for urgent documents"
    name_zh = "特急文件办理时限"
    unit = "WD"

    [[provision.cn]]
    value = 1
    valid_from = 2012-07-01
    basis_en = "…"
    basis_zh = "…"
    verified = false
    source = "…"

Each `[[provision.<profile>]]` is one period; `unit`, `name_*` may be given for the period instead.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.apps import apps

from chancery.foundations.rulebook import values
from chancery.foundations.rulebook.terms import Profile, Unit

FILE = "provisions.toml"
_SHARED = {"key", "name_en", "name_zh", "unit", "basis_en", "basis_zh", "note_en", "note_zh"}
_PERIOD = (_SHARED - {"key"}) | {"value", "valid_from", "valid_to", "verified", "source"}
_NEEDED = ("name_en", "name_zh", "unit", "basis_en", "basis_zh", "value", "valid_from")
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_HEADER = re.compile(r"^\s*\[\[\s*provision(?:\s*\.\s*(?P<profile>\w+))?\s*\]\]")


class BadProvisions(Exception):
    """A file of provisions cannot be loaded; `faults` has one line each: "file:line: what"."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Shipped:
    """One period of a key as a file says it. `words`: the columns of `Provision` besides key, profile and dates."""

    profile: str
    key: str
    valid_from: dt.date
    valid_to: dt.date | None
    words: dict[str, Any]
    where: str  # "file:line"

    def __str__(self) -> str:
        words = f"{self.words['value']} {self.words['unit']}"
        return f"{self.key} = {words} ({self.profile}, {self.valid_from}–{self.valid_to or ''})"


def files() -> list[Path]:
    """Every app's files of provisions, including those in its function folders."""
    roots = [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("chancery.")]
    return [path for root in roots for path in sorted(root.rglob(FILE)) if "tests" not in path.relative_to(root).parts]


def read_all(paths: Iterable[Path] | None = None) -> list[Shipped]:
    """Read and check the files together; `BadProvisions` lists every fault."""
    faults: list[str] = []
    found: list[Shipped] = []
    for path in files() if paths is None else paths:
        found += _read(path, faults)
    faults += _overlaps(found)
    if faults:
        raise BadProvisions(faults)
    return found


def _read(path: Path, faults: list[str]) -> list[Shipped]:
    name = _short(path)
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        faults.append(f"{name}:1: not UTF-8")
        return []
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"line (\d+)", str(error))
        faults.append(f"{name}:{told.group(1) if told else 1}: not TOML: {error}")
        return []
    lines = _Lines(text)
    for stray in sorted(set(document) - {"provision"}):
        faults.append(f"{name}:1: unknown table “{stray}”; a file holds [[provision]] tables only")
    entries = document.get("provision", [])
    if not isinstance(entries, list):
        faults.append(f"{name}:1: write [[provision]], in double brackets")
        return []
    found: list[Shipped] = []
    for index, entry in enumerate(entries):
        for line, fault_or_period in _periods(name, entry, index, lines):
            if isinstance(fault_or_period, str):
                faults.append(f"{name}:{line}: {fault_or_period}")
            else:
                found.append(fault_or_period)
    return found


def _periods(name: str, entry: dict[str, Any], index: int, lines: _Lines) -> Iterator[tuple[int, str | Shipped]]:
    start = lines.entry(index)
    key = entry.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        yield start, "“key” must be dotted lower-case words, such as incoming.limit.urgent"
        return
    profiles = [profile for profile in Profile.values if profile in entry]
    for stray in sorted(set(entry) - _SHARED - set(profiles)):
        yield start, f"{key}: unknown field “{stray}”"
    if not profiles:
        yield start, f"{key}: no period; add [[provision.cn]] or [[provision.neutral]]"
    shared = {field: entry[field] for field in _SHARED - {"key"} if field in entry}
    for profile in profiles:
        periods = entry[profile]
        if not isinstance(periods, list):
            yield start, f"{key}: write [[provision.{profile}]], in double brackets"
            continue
        for number, period in enumerate(periods):
            line = lines.period(index, profile, number)
            faults = list(_faults({**shared, **period}, period))
            for fault in faults:
                yield line, f"{key}: {fault}"
            if not faults:
                yield line, _shipped(f"{name}:{line}", profile, key, {**shared, **period})


def _faults(period: dict[str, Any], own: dict[str, Any]) -> Iterator[str]:
    for stray in sorted(set(own) - _PERIOD):
        yield f"unknown field “{stray}”"
    missing = [field for field in _NEEDED if field not in period or period[field] == ""]
    for field in missing:
        yield f"“{field}” is missing"
    for field in ("valid_from", "valid_to"):
        if field in period and type(period[field]) is not dt.date:
            yield f"“{field}” must be a date such as 2012-07-01, without quotes"
            return
    if "valid_to" in period and "valid_from" in period and period["valid_to"] < period["valid_from"]:
        yield "“valid_to” lies before “valid_from”"
    if not isinstance(period.get("verified", False), bool):
        yield "“verified” must be true or false"
    for field in sorted((_SHARED - {"key", "unit"}) | {"source"}):
        if field in period and not isinstance(period[field], str):
            yield f"“{field}” must be text"
    if "unit" in missing or "value" in missing:
        return
    if period["unit"] not in Unit.values:
        yield f"“{period['unit']}” is not a unit; one of {', '.join(Unit.values)}"
        return
    try:
        values.clean(period["value"], period["unit"])
    except values.BadValue as error:
        yield f"value {period['value']!r} ({period['unit']}): {error}"


def _shipped(where: str, profile: str, key: str, period: dict[str, Any]) -> Shipped:
    words = {
        "value": values.clean(period["value"], period["unit"]),
        "unit": period["unit"],
        "is_verified": period.get("verified", False),
        **{field: period.get(field, "") for field in ("name_en", "name_zh", "basis_en", "basis_zh")},
        **{field: period.get(field, "") for field in ("note_en", "note_zh", "source")},
    }
    return Shipped(profile, key, period["valid_from"], period.get("valid_to"), words, where)


def _overlaps(found: list[Shipped]) -> Iterator[str]:
    places: dict[tuple[str, str], list[Shipped]] = {}
    for line in found:
        places.setdefault((line.profile, line.key), []).append(line)
    for (profile, key), periods in places.items():
        periods.sort(key=lambda one: one.valid_from)
        for earlier, later in pairwise(periods):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                yield f"{later.where}: {key}: this period ({profile}) overlaps the one at {earlier.where}"


def _short(path: Path) -> str:
    parts = path.parts
    return "/".join(parts[parts.index("chancery") :]) if "chancery" in parts else str(path)


class _Lines:
    """Where each table of a file begins; the parser itself tells only where a syntax error is."""

    def __init__(self, text: str) -> None:
        self._entries: list[tuple[int, dict[str, list[int]]]] = []
        for number, line in enumerate(text.splitlines(), start=1):
            header = _HEADER.match(line)
            if header and header["profile"] is None:
                self._entries.append((number, {}))
            elif header and self._entries:
                self._entries[-1][1].setdefault(header["profile"], []).append(number)

    def entry(self, index: int) -> int:
        """The line of the `index`-th [[provision]]; 1 when the file writes its tables in another way."""
        return self._entries[index][0] if index < len(self._entries) else 1

    def period(self, index: int, profile: str, number: int) -> int:
        """The line of the `number`-th period of a profile in that entry."""
        starts = self._entries[index][1].get(profile, []) if index < len(self._entries) else []
        return starts[number] if number < len(starts) else self.entry(index)
