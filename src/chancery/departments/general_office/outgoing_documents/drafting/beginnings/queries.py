"""The shipped templates, read from their file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, cast

from chancery.foundations import manuscript

FILE = Path(__file__).parent / "templates.toml"


def shipped() -> list[dict[str, Any]]:
    """Every template of the file, with its text as a manuscript."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [
        {
            "code": one["code"],
            "profile": one["profile"],
            "paper_type": one["type"],
            "name_en": one["name_en"],
            "name_zh": one["name_zh"],
            "language": one.get("language", "zh" if one["profile"] == "cn" else "en"),
            "direction": one.get("direction", ""),
            "title": one.get("title", ""),
            "note": one.get("note", ""),
            "body": manuscript.check(
                manuscript.from_plain(one["text"].strip(), profile=cast(manuscript.Profile, one["profile"]))
            ),
        }
        for one in told["template"]
    ]
