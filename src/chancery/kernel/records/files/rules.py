"""Names made safe; faults said in words."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings

from chancery.foundations.papers import Unacceptable
from chancery.foundations.verdict import Refused, Verdict, no
from chancery.kernel.records.files.terms import FAULTS, LONGEST_NAME


class FileRefused(Refused):
    """The file is not of a kind that is kept; nothing of it was stored."""


_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, direction marks, line separators
_RESERVED = re.compile(r'[<>:"/\\|?*]')


def clean_name(name: str) -> str:
    """A name that is safe on every disk and cannot deceive: no path, no control or direction characters, no markup.

    Direction marks could make `gpj.exe` read as `exe.jpg`. The ending is kept when a long name is cut.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if char.isspace() else char for char in name if unicodedata.category(char) not in _INVISIBLE)
    name = _RESERVED.sub("_", re.sub(r" {2,}", " ", name)).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem = stem.strip(" .") or "file"
    ending = f".{ending}" if ending else ""
    return f"{stem[: LONGEST_NAME - len(ending)]}{ending}"


def refusal_of(fault: Unacceptable, *, name: str) -> Verdict:
    """What a fault means for the person who brought the file."""
    words = str(FAULTS[fault.fault]) % {
        "detail": (fault.detail or "?").upper()[:20],
        "limit": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024),
    }
    where = f"{name} › {fault.inside}" if fault.inside else name
    return no(f"{where}: {words}", field="file", refusal=FileRefused)
