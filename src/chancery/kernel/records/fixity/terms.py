"""Vocabulary of the storage check, and who is told of what it finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ARCHIVIST, ARCHIVE_HEAD = "archivist", "archive_head"


class RunState(models.TextChoices):
    """Where a run stands."""

    RUNNING = "RUNNING", pgettext_lazy("storage check", "Running")
    DONE = "DONE", pgettext_lazy("storage check", "Finished")
    STOPPED = "STOPPED", pgettext_lazy("storage check", "Stopped")


class RunCause(models.TextChoices):
    """Why there is a run."""

    CLOCK = "CLOCK", pgettext_lazy("storage check", "By the clock")
    ASKED = "ASKED", pgettext_lazy("storage check", "Asked for")


class ContentState(models.TextChoices):
    """What a reading of content says."""

    SOUND = "SOUND", pgettext_lazy("stored content", "Sound")
    DAMAGED = "DAMAGED", pgettext_lazy("stored content", "Damaged")
    MISSING = "MISSING", pgettext_lazy("stored content", "Missing")


class Place(models.TextChoices):
    """Which of the two stores."""

    STORE = "STORE", pgettext_lazy("stored content", "File store")
    COPY = "COPY", pgettext_lazy("stored content", "Second copy")


class Outcome(models.TextChoices):
    """What became of a finding."""

    OPEN = "OPEN", pgettext_lazy("finding of the storage check", "Open")
    RESTORED = "RESTORED", pgettext_lazy("finding of the storage check", "Restored")
    SOUND_AGAIN = "SOUND_AGAIN", pgettext_lazy("finding of the storage check", "Found sound again")
    GONE = "GONE", pgettext_lazy("finding of the storage check", "No longer kept")


@dataclass(frozen=True, slots=True)
class Content:
    """One content that rows name."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found of one content: in the store, and in the copy ("" when there is none or it was not reached)."""

    sha256: str
    size: int
    state: str
    read: int  # bytes
    copy_state: str = ""
    was_copied: bool = False


Listener = Callable[[int, int, int, dt.datetime], None]
_listeners: list[Listener] = []


def on_findings(listener: Listener) -> None:
    """Have `listener(run_id, found, restored, at)` called when a run found something. For who tells people: notices
    lie above the record."""
    if listener not in _listeners:
        _listeners.append(listener)


def listeners() -> tuple[Listener, ...]:
    """Who wants to be told."""
    return tuple(_listeners)


ACTS = {
    "fixity.started": _("Storage check started"),
    "fixity.finished": _("Storage check finished"),
    "fixity.stopped": _("Storage check stopped"),
    "fixity.found": _("Stored content found damaged or missing"),
    "fixity.restored": _("Stored content restored from the second copy"),
    "fixity.settled": _("Stored content found sound again"),
}
