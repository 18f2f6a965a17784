"""Words of matters and tasks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Urgency(models.TextChoices):
    """How soon. The rulebook turns it into days."""

    NORMAL = "NORMAL", _("Normal")
    URGENT = "URGENT", _("Urgent")
    EXTRA_URGENT = "EXTRA_URGENT", _("Extra urgent")


class MatterState(models.TextChoices):
    """Where a matter is."""

    OPEN = "OPEN", _("In hand")
    PAUSED = "PAUSED", _("Paused")
    CLOSED = "CLOSED", pgettext_lazy("matter", "Closed")


class ClosedHow(models.TextChoices):
    """How a matter ended."""

    NOT_YET = "", "-"
    RUN = "RUN", _("Ran to its end")
    HAND = "HAND", _("Closed by hand")


class TaskState(models.TextChoices):
    """Where a task is."""

    READY = "READY", _("Waiting")
    CLAIMED = "CLAIMED", _("In hand")
    DONE = "DONE", _("Done")
    RETURNED = "RETURNED", _("Returned")
    RECALLED = "RECALLED", _("Recalled")
    CANCELLED = "CANCELLED", _("Withdrawn")


OPEN_TASKS = (TaskState.READY.value, TaskState.CLAIMED.value)


class OpinionKind(models.TextChoices):
    """What was written and why."""

    OPINION = "OPINION", _("Opinion")
    RETURN = "RETURN", _("Reason for returning")
    RECALL = "RECALL", _("Reason for recalling")
    HANDOVER = "HANDOVER", _("Note on handing over")
    CLOSE = "CLOSE", _("Reason for closing")
    REOPEN = "REOPEN", _("Reason for reopening")


ACTS = {
    "matter.opened": _("Opened"),
    "matter.closed": pgettext_lazy("matter", "Closed"),
    "matter.finished": _("Ran to its end"),
    "matter.reopened": _("Reopened"),
    "matter.paused": _("Paused"),
    "matter.resumed": _("Resumed"),
    "matter.circulated": _("Sent round for reading"),
    "matter.urged": _("Urged"),
    "matter.migrated": _("Moved to another version of the procedure"),
    "matter.data_set": _("Particulars changed"),
    "matter.amended": _("Corrected"),
    "definition.loaded": _("Drawing taken in"),
    "task.claimed": _("Taken in hand"),
    "task.released": _("Put back"),
    "task.completed": _("Step done"),
    "task.returned": _("Returned to an earlier step"),
    "task.recalled": _("Recalled"),
    "task.delegated": _("Handed over"),
    "task.readdressed": _("Passed on"),
    "task.read": _("Read"),
    "task.timer_fired": _("Time ran out"),
    "task.overdue": _("Became overdue"),
    "signer.added": _("Signer added"),
    "extension.asked": _("More time asked for"),
    "extension.granted": _("More time granted"),
    "extension.refused": _("More time refused"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A task as verbs and bindings see it."""

    id: int
    matter_id: int
    key: int | None
    step: str
    role: str
    unit_id: int | None
    post_id: int | None
    asked_post_id: int | None
    item: int | None
    state: str
    due_on: dt.date | None
    version: int
    outcome: str
    to_read: bool
    doer_person_id: int | None
    read_at: dt.datetime | None
    act_token: str
    opened_by_task_id: int | None
    done_at: dt.datetime | None
