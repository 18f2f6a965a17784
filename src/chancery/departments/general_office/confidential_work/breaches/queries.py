"""Breaches that the actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.breaches.terms import State
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.web.columns import Rows
from chancery.foundations.words import words
from chancery.kernel.procedures import queries as procedures


def listed() -> Rows:
    """Breaches as rows."""
    return Breach.objects.values(
        "id", "number", "alias", "what", "state", "found_at", "due_at", "reported_at", "closed_at",
        who_en=F("reporter__name_en"), who_zh=F("reporter__name_zh"),
    )  # fmt: skip


def breach(breach_id: int) -> Breach | None:
    """One, if the actor may see it."""
    return (
        Breach.objects.select_related("reporter", "reported_person", "closed_person", "copy__carrier")
        .filter(pk=breach_id)
        .first()
    )


def subject_of(breach_pk: int) -> str:
    """What its matter is about."""
    return f"general_office.breach:{breach_pk}"


def breach_id(matter: Any) -> int:
    """The breach of a matter."""
    return int(matter.subject.rpartition(":")[2])


def breach_of(matter: Any) -> Breach | None:
    """The breach of a matter, if the actor may see it: the matter is the desk's, the breach is somebody's."""
    return breach(breach_id(matter))


def matter_id(breach_pk: int) -> int | None:
    """The matter of a breach."""
    found = procedures.matter_of(subject_of(breach_pk))
    return found.pk if found is not None else None


def task_of(breach_pk: int, by: Actor) -> tuple[int, str] | None:
    """(task, step) that waits for the actor."""
    found = matter_id(breach_pk)
    for row in procedures.open_tasks(found) if found is not None else ():
        if any(one["post_id"] == by.post_id for one in row["holders"]):
            return int(row["id"]), str(row["step"])
    return None


def panel(matter: Any, by: Actor) -> Mapping[str, Any]:
    """What the matter of a breach shows beside its steps: nothing to whoever may not see the breach."""
    found = breach_of(matter)
    return {"breach": found, "breach_facts": facts(found)} if found is not None else {}


def facts(found: Breach) -> list[tuple[Any, ...]]:
    """A breach in short."""
    return [
        (_("Alias of the carrier"), found.alias),
        *(
            [(_("Carrier"), str(found.copy), reverse("general_office:carrier", args=[found.copy.carrier_id]))]
            if found.copy is not None
            else []
        ),
        (_("What is known"), found.account),
        (_("When it was found"), time_words(found.found_at)),
        (_("Found by"), words(found.reporter)),
        (_("To be reported by"), time_words(found.due_at)),
        (_("Measures taken"), found.measures),
        (
            _("Reported to the authority"),
            f"{time_words(found.reported_at)} · {found.reported_to}" if found.reported_at else "",
        ),
        (_("Result"), found.result),
    ]


def time_words(at: dt.datetime | None) -> str:
    """A time as the house writes it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def due_at(found_at: dt.datetime, on: dt.date) -> dt.datetime:
    """When the authority must have been told."""
    return found_at + dt.timedelta(hours=float(rulebook.number("breach.report", on=on)))


def overdue(at: dt.datetime) -> list[Any]:
    """Not reported in time."""
    return list(
        Breach.objects.filter(state=State.OPEN, due_at__lt=at).order_by("due_at").values("id", "number", "due_at")
    )


def unclosed() -> Rows:
    """Everything that is not closed."""
    return Breach.objects.exclude(state=State.CLOSED)
