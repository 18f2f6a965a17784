"""What the checking process answers."""

from __future__ import annotations

from typing import Literal, TypedDict


class Signature(TypedDict):
    """What was found out about one signature. Times are ISO 8601 with their zone."""

    field: str
    name: str
    certificate: str  # fingerprint
    signed_at: str | None
    has_timestamp: bool
    is_intact: bool
    is_trusted: bool
    covers_whole_file: bool
    revision: str  # SHA-256 of the file as it was when this signature had been put on


class Findings(TypedDict):
    """All signatures in the order in which they were put on; `fault` is set when the file could not be read."""

    fault: Literal["", "not_pdf", "encrypted", "broken", "too_many", "too_slow", "too_large", "busy"]
    signatures: list[Signature]
