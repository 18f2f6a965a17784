"""Words of filing."""

from __future__ import annotations

from collections.abc import Callable

#: What the file plan and the archive call an outgoing document.
KIND = "outgoing"

#: Which papers are filed with something else and not by themselves: f(document's key) → yes. Filled at start.
FILED_WITH: list[Callable[[int], bool]] = []


def is_filed_with(document_id: int) -> bool:
    """Whether it belongs to the file of something else."""
    return any(claims(document_id) for claims in FILED_WITH)
