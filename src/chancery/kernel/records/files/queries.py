"""Reading stored files. Row security hides the rows of others; what is not visible does not exist."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import IO, Any

from django.db.models import F

from chancery.foundations.content_store import store
from chancery.foundations.papers import Family, image, pdf
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.terms import SEALED

FACTS = ("id", "name", "media_type", "size", "pages", "sha256", "owner", "stored_at", "guard_id")


def file_of(file_id: int) -> StoredFile | None:
    """The file, without its text, or None when it does not exist for the actor, was destroyed, or is sealed: that is
    opened only by the instrument that sealed it."""
    found = (
        StoredFile.objects.exclude(media_type=SEALED).defer("text").annotate(guard_label=F("guard__label"))
    )  # for the door's note
    return found.filter(pk=file_id, destroyed_at=None).first()


def files_of(owner: str) -> Sequence[dict[str, Any]]:
    """The files that belong to `owner` ("label.model:pk"), oldest first, as rows of `FACTS`."""
    return list(
        StoredFile.objects.exclude(media_type=SEALED)
        .filter(owner=owner, destroyed_at=None)
        .order_by("id")
        .values(*FACTS)
    )


def open_file(file: StoredFile) -> IO[bytes]:
    """The content, from its start."""
    return store().open(file.sha256)


def shown_pages(file: StoredFile) -> int:
    """How many page images there are: those of a PDF or an image."""
    return (file.pages or 1) if file.family in (Family.PDF, Family.IMAGE) else 0


def page_image(file: StoredFile, number: int, *, width: int) -> bytes:
    """Page `number` (from 1) as PNG; `IndexError` when there is none."""
    if not 1 <= number <= shown_pages(file):
        raise IndexError(number)
    with open_file(file) as content:
        draw = pdf.page_image if file.family is Family.PDF else image.page_image
        return draw(content, number - 1, width=width)


def named(hashes: Collection[str]) -> set[str]:
    """Those of the contents that a row names; asked by the system, which sees every row. A destroyed row names none."""
    rows = StoredFile.objects.filter(sha256__in=hashes, destroyed_at=None)
    return set(rows.values_list("sha256", flat=True))
