"""Bilingual columns, read one way: `name_en`, `name_zh` → the words of the active language, or else of the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def is_chinese(language: str | None = None) -> bool:
    """True when pages are being made in Chinese (or `language` is a Chinese tag)."""
    return (language or get_language() or "").lower().startswith("zh")


def words(of: Any, name: str = "name", language: str | None = None) -> str:
    """The words of `<name>_en` / `<name>_zh` on a model, dataclass or mapping; "" when neither is filled."""
    first, second = ("zh", "en") if is_chinese(language) else ("en", "zh")
    return _read(of, f"{name}_{first}") or _read(of, f"{name}_{second}")


def column(name: str = "name", language: str | None = None) -> str:
    """The name of the column of the active language, for ordering: `order_by(column("title"))`."""
    return f"{name}_zh" if is_chinese(language) else f"{name}_en"


def _read(of: Any, key: str) -> str:
    value = of.get(key) if isinstance(of, Mapping) else getattr(of, key, None)
    return "" if value is None else str(value)
