"""What a check is given and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chancery.departments.general_office.archives.handover.scanner.terms import Scan
from chancery.departments.general_office.archives.handover.terms import GRAVITY, CheckName, Result
from chancery.kernel.records.seals.terms import Validation


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: which of the four, of which part (None: of the item), with what result, in a code and its data."""

    name: CheckName
    result: Result
    code: str
    part_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against it."""
        return self.result is Result.PASS


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part and what its content turned out to be. `found_sha256` "" means that the store does not hold it.

    `fault` is that of opening it ("" when it opens); `seal` None when it was not asked for one.
    """

    id: int
    role: str
    name: str
    media_type: str
    sha256: str
    found_sha256: str
    fault: str = ""
    fault_detail: str = ""
    pages: int | None = None
    seal: Validation | None = None
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """What the journal says of a subject: how many entries, and the place of the first that does not hold."""

    entries: int
    broken_at: int | None = None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item's catalogue line as the checks read it; `elements` maps their codes to what is written there."""

    kind: str
    carrier: str
    page_count: int | None
    elements: Mapping[str, Any]
    annexes_named: int | None
    chain: ChainFacts


@dataclass(frozen=True, slots=True)
class Law:
    """What the rulebook asks on the day."""

    elements: tuple[str, ...]
    parts: tuple[str, ...]
    kept_formats: frozenset[str]  # for long
    taken_formats: frozenset[str]


def worst(checks: list[Check]) -> Result:
    """The gravest result; could not be checked when there is none."""
    return max((check.result for check in checks), key=GRAVITY.__getitem__, default=Result.UNKNOWN)
