"""Drawing the pages of a paper that is not issued yet."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chancery.departments.general_office.outgoing_documents import queries, rules
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import manuscript
from chancery.foundations.papers import pdf
from chancery.foundations.verdict import Refused, Verdict
from chancery.kernel.records.setting import set_paper
from chancery.kernel.records.setting.terms import Paper, SetPaper

MOST_PAGES = 12  # drawn while one writes; the whole paper is on its own page
WIDTH = 720


@dataclass(frozen=True, slots=True)
class Preview:
    """Page images and what is to be known of the paper. `problem`: why nothing could be set."""

    pages: int = 0
    images: Sequence[str] = ()
    missing: Sequence[str] = ()
    fallbacks: Sequence[str] = ()
    faults: Sequence[Verdict] = ()
    warnings: Sequence[str] = field(default=())
    problem: str = ""


def preview_of(
    document: OutgoingDocument,
    facts: Mapping[str, Any],
    *,
    annexes: Sequence[Mapping[str, Any]],
    most_pages: int = MOST_PAGES,
) -> Preview:
    """The pages of facts that need not be kept yet."""
    faults = rules.faults_in(document, facts, annexes=len(annexes))
    warnings = rules.wrong_numbers(manuscript.plain(facts["body"]))
    try:
        made = set_paper(queries.paper_from(document, facts, annexes, draft=True))
    except Refused as refusal:
        return Preview(faults=faults, warnings=warnings, problem=str(refusal))
    images = [image_of(made, number) for number in range(min(made.pages, most_pages))]
    return Preview(made.pages, images, made.missing, made.fallbacks, faults, warnings)


def image_of(made: SetPaper, number: int, *, width: int = WIDTH) -> str:
    """A page as an address that holds its own picture: nothing of a draft is kept or cached anywhere."""
    drawn = pdf.page_image(io.BytesIO(made.pdf), number, width=width)
    return f"data:image/png;base64,{base64.b64encode(drawn).decode('ascii')}"


def paper_of(document: OutgoingDocument) -> Paper:
    """The paper as it stands, marked as a draft until it has its number."""
    return queries.paper_of(document, draft=not document.number)
