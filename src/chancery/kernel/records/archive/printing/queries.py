"""Setting the archive's papers. Words and facts go to the templates as data."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf
import segno
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from chancery.foundations import typeset
from chancery.foundations.words import words
from chancery.kernel.records.archive.boxes import queries as boxes
from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox
from chancery.kernel.records.archive.terms import LABEL_WORDS
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.queries import open_file

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "records" / "archive"
#: Lines of one printed catalogue at most.
MOST_LINES = 3000
_ORDER = ("fonds__code", "category", "year", "period", "unit_code", "item_number")


def catalogue_pdf(rows: Iterable[Mapping[str, Any]], *, at: dt.datetime, box: ArchiveBox | None = None) -> bytes:
    """归档文件目录: the columns that DA/T 22-2015 prescribes. Of a box: the list that lies in it."""
    lines = list(rows)[:MOST_LINES]
    return typeset.pdf(
        TEMPLATES / "catalogue.typ",
        {
            "heading": gettext("List of the box") if box else gettext("Catalogue of filed documents"),
            "under": box.code if box else _span(lines),
            "heads": [
                pgettext("column of the catalogue", "No."),
                gettext("Archival code"),
                gettext("Document number"),
                pgettext("archival item", "Author"),
                gettext("Title"),
                gettext("Dated"),
                gettext("Label"),
                pgettext("archival item", "Pages"),
                gettext("Note"),
            ],
            "lines": [
                [
                    str(place),
                    row["code"],
                    row["document_number"],
                    row["author"],
                    row["title"],
                    f"{row['dated_on']:%Y%m%d}",
                    str(LABEL_WORDS[row["label"]]) if row["label"] > 10 else "",
                    str(row["page_count"] or ""),
                    row["note"],
                ]
                for place, row in enumerate(lines, 1)
            ],
            "printed": _printed(at),
        },
        language=_language(),
    )


def in_order(rows: Any) -> Any:
    """Rows of the catalogue in the order of their codes."""
    return rows.order_by(*_ORDER)


def note_pdf(box: ArchiveBox, *, at: dt.datetime) -> bytes:
    """备考表: the sheet at the back of a box, with what the register knows and lines to sign on."""
    rows = list(boxes.lying_in(box.pk))
    pages = sum(row["page_count"] or 0 for row in rows)
    codes = boxes.first_and_last(box.pk)
    return typeset.pdf(
        TEMPLATES / "note.typ",
        {
            "heading": gettext("Note on the box"),
            "facts": [
                [gettext("Box"), box.code],
                [gettext("Fonds"), f"{box.fonds.code} {words(box.fonds)}"],
                [gettext("Items"), str(len(rows))],
                [pgettext("archival item", "Pages"), str(pages)],
                [gettext("Archival codes"), " – ".join(dict.fromkeys(codes))],
            ],
            "said": gettext("On the items in this box"),
            "signs": [
                gettext("Arranged by"),
                gettext("Arranged on"),
                gettext("Checked by"),
                gettext("Checked on"),
            ],
            "printed": _printed(at),
        },
        language=_language(),
    )


def item_labels_pdf(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Labels of items, 24 to a sheet; the square says the archival code."""
    return _labels(
        [
            {"qr": _square(row["code"]), "code": row["code"], "lines": [str(row["dated_on"])], "title": ""}
            for row in rows
        ]
    )


def box_labels_pdf(some: Sequence[ArchiveBox]) -> bytes:
    """Labels of boxes. They say nothing of what lies in them but where it stands in the fonds."""
    return _labels(
        [
            {
                "qr": _square(box.code),
                "code": box.code,
                "title": words(box.fonds),
                "lines": [f"{box.year}  {box.period}  {box.unit_code}", "–".join(_numbers(box))],
            }
            for box in some
        ]
    )


def stamped_pdf(item: ArchivalItem, file: StoredFile) -> bytes | None:
    """A copy of a file's first page with 归档章, the filing stamp, on it; None when the file has no page."""
    if file.media_type != "application/pdf":
        return None
    stamp = typeset.pdf(
        TEMPLATES / "stamp.typ",
        {
            "cells": [
                [gettext("Fonds"), item.fonds.code],
                [gettext("Year"), str(item.year)],
                [pgettext("archival item", "Item no."), str(item.item_number)],
                [pgettext("filing stamp", "Unit"), item.unit_code],
                [gettext("Period"), item.period],
                [pgettext("archival item", "Pages"), str(item.page_count or "")],
            ]
        },
        language=_language(),
    )
    out = io.BytesIO()
    with (
        open_file(file) as content,
        pikepdf.open(cast(BinaryIO, content)) as source,
        pikepdf.open(io.BytesIO(stamp)) as mark,
    ):
        copy = pikepdf.new()
        copy.pages.append(source.pages[0])
        page = copy.pages[0]
        left, _bottom, right, top = (float(edge) for edge in page.mediabox)
        wide, high = (float(mark.pages[0].mediabox[place]) for place in (2, 3))
        middle = (left + right) / 2
        place = pikepdf.Rectangle(middle - wide / 2, top - 20 - high, middle + wide / 2, top - 20)
        page.add_overlay(mark.pages[0], place)
        copy.save(out)
    return out.getvalue()


def _labels(labels: Sequence[Mapping[str, Any]]) -> bytes:
    return typeset.pdf(TEMPLATES / "labels.typ", {"labels": list(labels)}, language=_language())


def _numbers(box: ArchiveBox) -> list[str]:
    found = [code.rsplit("-", 1)[-1].rsplit("/", 1)[-1] for code in boxes.first_and_last(box.pk)]
    return list(dict.fromkeys(found))


def _square(text: str) -> str:
    out = io.BytesIO()
    # By itself it would take ISO 8859-1 for “·”, which readers that guess take for Shift JIS: they read “ｷ”.
    segno.make(text, error="m", micro=False, encoding="utf-8").save(out, kind="svg", border=1, xmldecl=False, scale=2)
    return out.getvalue().decode()


def _span(lines: Sequence[Mapping[str, Any]]) -> str:
    fonds = sorted({row["fonds__code"] for row in lines})
    years = sorted({row["year"] for row in lines})
    return "  ".join([", ".join(fonds), "–".join(dict.fromkeys(str(year) for year in (years[:1] + years[-1:])))])


def _printed(at: dt.datetime) -> str:
    return gettext("Printed on %(day)s") % {"day": f"{timezone.localtime(at):%Y-%m-%d}"}


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"
