"""What is up and what is planned."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from chancery.kernel.publishing.status.models import Interruption

_LATE = dt.timedelta(minutes=15)
_ROOM = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Service:
    """A part of the site, and whether it answers."""

    name: str
    is_up: bool
    said: str


def services(at: dt.datetime) -> list[Service]:
    """Pages, files, mail and jobs. That this is answered at all says that the pages and the database are up."""
    works, late, full = _("works"), _("works, with delay"), _("takes nothing in just now")
    has_room, is_prompt = _has_room(), _jobs_are_prompt(at)
    return [
        Service(_("Pages and register"), True, works),
        Service(_("Taking in files"), has_room, works if has_room else full),
        Service(_("Letters, mail and reminders"), is_prompt, works if is_prompt else late),
    ]


def interruptions(at: dt.datetime) -> list[Interruption]:
    """What is announced and not over, the nearest first."""
    return list(Interruption.objects.filter(ends_at__gt=at, called_off_at=None).order_by("starts_at", "pk")[:20])


def _has_room() -> bool:
    if settings.S3_BUCKET:
        return True
    place = Path(settings.FILE_STORE)
    with contextlib.suppress(OSError):
        return shutil.disk_usage(next(p for p in (place, *place.parents) if p.exists())).free > _ROOM
    return False


def _jobs_are_prompt(at: dt.datetime) -> bool:
    """Whether the oldest job that waits has not waited long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select 1 from procrastinate_jobs j where j.status = 'todo'"
            " and coalesce(j.scheduled_at, (select min(e.at) from procrastinate_events e where e.job_id = j.id)) < %s)",
            [at - _LATE],
        )
        return not cursor.fetchone()[0]
