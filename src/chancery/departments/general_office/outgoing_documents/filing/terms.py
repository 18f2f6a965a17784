"""Words of filing."""

from __future__ import annotations

#: What the file plan and the archive call an outgoing document.
KIND = "outgoing"
