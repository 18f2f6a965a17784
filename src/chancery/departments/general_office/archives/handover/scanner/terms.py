"""What the scanner may say."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ScanState(enum.StrEnum):
    """CLEAN and FOUND are answers; the others say why there is none."""

    CLEAN = "CLEAN"
    FOUND = "FOUND"
    NOT_SET_UP = "NOT_SET_UP"
    SILENT = "SILENT"
    ODD = "ODD"
    TOO_LARGE = "TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Scan:
    """An answer. `name` is what was found."""

    state: ScanState
    name: str = ""


class BadAddress(ValueError):
    """The setting is neither host:port nor the path of a socket."""
