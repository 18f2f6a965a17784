"""The papers, set from the rows that the reader may know of."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.departments.general_office.archives.handover import queries
from chancery.departments.general_office.archives.handover.models import HandoverList
from chancery.departments.general_office.archives.handover.terms import ListState, Result, RowState
from chancery.foundations import typeset
from chancery.foundations.words import is_chinese, words

TEMPLATE = Path(__file__).resolve().parents[3] / "templates/general_office/archives/handover/list.typ"


def list_pdf(one: HandoverList, *, at: dt.datetime) -> bytes:
    """The list: every item with its line of the catalogue, and room for both signatures."""
    rows = list(queries.rows_of(one.pk))
    return _set(
        one,
        at,
        heading=_("Hand-over list"),
        intro=_("%(unit)s hands %(n)s items over to the archive.") % {"unit": words(one.unit), "n": len(rows)},
        heads=[
            _("No."),
            _("Archival code"),
            _("Title"),
            _("Document number"),
            _("Dated"),
            pgettext("archival item", "Pages"),
            _("Period"),
        ],
        rows=[
            [
                str(row["position"]),
                row["item__code"],
                row["item__title"],
                row["item__document_number"],
                row["item__dated_on"].isoformat(),
                "" if row["item__page_count"] is None else str(row["item__page_count"]),
                row["item__period"],
            ]
            for row in rows
        ],
    )


def receipt_pdf(one: HandoverList, *, at: dt.datetime) -> bytes:
    """The receipt: what was accepted and what went back, with the result of the checks and the reasons."""
    rows = list(queries.rows_of(one.pk))
    taken = sum(row["state"] == RowState.ACCEPTED for row in rows)
    return _set(
        one,
        at,
        heading=_("Receipt of a hand-over"),
        intro=_("Of %(n)s items handed over by %(unit)s the archive accepted %(taken)s and returned %(back)s.")
        % {"n": len(rows), "unit": words(one.unit), "taken": taken, "back": len(rows) - taken},
        heads=[_("No."), _("Archival code"), _("Title"), _("Four checks"), _("Decision"), _("Reason")],
        rows=[
            [
                str(row["position"]),
                row["item__code"],
                row["item__title"],
                str(Result(row["worst"]).label) if row["worst"] else "",
                str(RowState(row["state"]).label),
                row["reason"],
            ]
            for row in rows
        ],
    )


def _set(
    one: HandoverList, at: dt.datetime, *, heading: str, intro: str, heads: list[str], rows: list[list[str]]
) -> bytes:
    data: dict[str, Any] = {
        "heading": heading,
        "number": one.number or str(ListState(one.state).label),
        "intro": intro,
        "note": one.note,
        "heads": heads,
        "rows": rows,
        "signatures": [
            {"what": _("Handed over by"), **_signature(one, "offered")},
            {"what": _("Taken over by"), **_signature(one, "ended" if one.state == ListState.TAKEN else "")},
        ],
        "printed": _("Printed on %(day)s") % {"day": f"{timezone.localtime(at):%Y-%m-%d %H:%M}"},
        "wide": heads[3],
    }
    return typeset.pdf(TEMPLATE, data, language="zh" if is_chinese() else "en")


def _signature(one: HandoverList, which: str) -> dict[str, str]:
    if not which or getattr(one, f"{which}_person") is None:
        return {"name": "", "post": "", "at": ""}
    return {
        "name": words(getattr(one, f"{which}_person")),
        "post": words(getattr(one, f"{which}_post"), "title"),
        "at": f"{timezone.localtime(getattr(one, f'{which}_at')):%Y-%m-%d %H:%M}",
    }
