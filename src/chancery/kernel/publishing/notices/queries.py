"""What the public reads, and what editors and reviewers have in hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.publishing.notices.models import NoticeFile, NoticeItem, PublicNotice
from chancery.kernel.publishing.notices.terms import FILE_MB, FILES_MOST, ItemVerdict, NoticeState


def published() -> QuerySet[PublicNotice]:
    """What is out, newest first."""
    return (
        PublicNotice.objects.filter(state=NoticeState.PUBLISHED).select_related("unit").order_by("-published_at", "-id")
    )


def published_notice(notice_id: int) -> PublicNotice | None:
    """One that is out."""
    return published().filter(pk=notice_id).first()


def text_of(notice_id: int) -> list[NoticeItem]:
    """Its paragraphs, without the title."""
    return list(NoticeItem.objects.filter(notice_id=notice_id, position__gt=0).order_by("position"))


def files_of(notice_id: int) -> list[NoticeFile]:
    """Its attachments, as far as the actor sees the notice."""
    return list(NoticeFile.objects.filter(notice_id=notice_id).select_related("reviewed_person").order_by("pk"))


def public_file(notice_id: int, file_id: int) -> NoticeFile | None:
    """An attachment of a notice that is out."""
    return NoticeFile.objects.filter(
        pk=file_id, notice_id=notice_id, notice__state=NoticeState.PUBLISHED, verdict=ItemVerdict.CLEARED
    ).first()


def file_limits(on: dt.date) -> tuple[int, int]:
    """(how many attachments, how many MB each)."""
    held = rulebook.held([FILE_MB, FILES_MOST], on=on)
    return int(held[FILES_MOST].number), int(held[FILE_MB].number)


def withdrawn() -> list[dict[str, Any]]:
    """The trace of what was taken back: number and days."""
    with connection.cursor() as cursor:
        cursor.execute("select id, published_on, withdrawn_on from publishing_withdrawn_notices()")
        return [dict(zip(("id", "published_on", "withdrawn_on"), row, strict=True)) for row in cursor.fetchall()]


def withdrawn_notice(notice_id: int) -> dict[str, Any] | None:
    """The trace of one."""
    return next((row for row in withdrawn() if row["id"] == notice_id), None)


def notices() -> QuerySet[PublicNotice]:
    """Every notice the actor may see, newest first."""
    return PublicNotice.objects.select_related("unit", "made_person").order_by("-made_at", "-id")


def notice(notice_id: int) -> PublicNotice | None:
    """One of them."""
    return PublicNotice.objects.select_related("unit", "made_person").filter(pk=notice_id).first()


def items_of(notice_id: int) -> list[NoticeItem]:
    """Title and paragraphs, with what was said of them."""
    return list(NoticeItem.objects.filter(notice_id=notice_id).select_related("reviewed_person").order_by("position"))


def typed_text(notice_id: int) -> dict[str, str]:
    """The text as it was typed, for the form."""
    rows = text_of(notice_id)
    return {
        "text_en": "\n\n".join(row.text_en for row in rows),
        "text_zh": "\n\n".join(row.text_zh for row in rows),
    }


def notice_id_of(matter: Any) -> int:
    """The notice a matter is about."""
    return int(matter.subject.rpartition(":")[2])


def panel(matter: Any, by: Actor) -> dict[str, Any]:
    """The notice on its matter's page."""
    found = notice(notice_id_of(matter))
    if found is None:
        return {"notice": None, "items": [], "files": []}
    return {"notice": found, "items": items_of(found.pk), "files": files_of(found.pk)}
