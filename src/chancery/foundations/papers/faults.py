"""Why a file is not accepted, as codes."""

from __future__ import annotations

import enum


class Fault(enum.StrEnum):
    """Reasons to refuse a file."""

    EMPTY = "EMPTY"
    TOO_LARGE = "TOO_LARGE"
    UNKNOWN_TYPE = "UNKNOWN_TYPE"
    EXTENSION_MISMATCH = "EXTENSION_MISMATCH"
    ENCRYPTED = "ENCRYPTED"
    MACROS = "MACROS"
    OLD_OFFICE = "OLD_OFFICE"
    ARCHIVE = "ARCHIVE"
    EXPANDS_TOO_FAR = "EXPANDS_TOO_FAR"
    DAMAGED = "DAMAGED"
    UNREADABLE_TEXT = "UNREADABLE_TEXT"
    TOO_DEEP = "TOO_DEEP"


class Unacceptable(Exception):
    """A file is refused. `detail` is a fact for the message (an extension, a type, an attachment's name)."""

    def __init__(self, fault: Fault, detail: str = "", inside: str = "") -> None:
        super().__init__(f"{fault.value} {detail} {inside}".strip())
        self.fault = fault
        self.detail = detail
        self.inside = inside
