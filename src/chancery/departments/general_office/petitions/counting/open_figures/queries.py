"""What the public may read of the figures."""

from __future__ import annotations

import functools

from chancery.departments.general_office.petitions.counting.models import PetitionRelease
from chancery.departments.general_office.petitions.counting.papers import queries as papers
from chancery.kernel.publishing.notices.terms import NoticeState

KEPT = 16
MAKERS = {"pdf": papers.as_pdf, "xlsx": papers.as_workbook}


def published() -> list[PetitionRelease]:
    """The years whose notice is out, the latest first; one taken back takes its figures with it."""
    rows = PetitionRelease.objects.filter(notice__state=NoticeState.PUBLISHED)
    return list(rows.select_related("notice").order_by("-year"))


def chosen(asked: str, every: list[PetitionRelease]) -> PetitionRelease | None:
    """The year that is asked for; the latest when none is, or none such."""
    return next((one for one in every if str(one.year) == asked), every[0] if every else None)


def paper(release: PetitionRelease, kind: str, language: str) -> bytes:
    """The figures of a year as a file. Made once in each language: a release never changes, and the public is many."""
    return _paper(release.pk, kind, language)


@functools.lru_cache(maxsize=KEPT)
def _paper(release_id: int, kind: str, _language: str) -> bytes:
    return MAKERS[kind](papers.shown(PetitionRelease.objects.get(pk=release_id)))
