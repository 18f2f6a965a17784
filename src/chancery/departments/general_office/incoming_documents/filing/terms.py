"""Words of filing."""

from __future__ import annotations

#: What the file plan and the archive call an incoming document, and one from inside the house.
KIND = "incoming"
INSIDE = "inside"
