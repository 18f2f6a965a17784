"""The hash of a text: what was signed is what is sealed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any


def digest(parts: Mapping[str, object]) -> str:
    """SHA-256 (hex) of the parts as canonical JSON: keys sorted, no spaces, UTF-8, every text in NFC.

    Parts hold text, whole numbers, booleans, null, dates, lists and mappings; anything else is a fault of the caller.
    """
    canonical = json.dumps(_canonical(parts), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


def _canonical(value: object) -> Any:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case None | bool() | int():
            return value
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case Mapping():
            found = {_name(key): _canonical(part) for key, part in value.items()}
            if len(found) != len(value):
                raise ValueError("two keys are one in NFC")
            return found
        case list() | tuple():
            return [_canonical(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text, not {type(key).__name__}")
    return unicodedata.normalize("NFC", key)
