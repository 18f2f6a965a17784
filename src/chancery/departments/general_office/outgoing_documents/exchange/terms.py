"""Vocabulary of exchange: what a package holds and how its parts are named. The description's form is package.xsd."""

from __future__ import annotations

import enum

from django.utils.translation import gettext_lazy as _

PROFILE = "urn:chancery:exchange:1"
NAMESPACE = "urn:chancery:gbt33480-2016"
STANDARD = "GB/T 33480-2016"

DESCRIPTION = "data/description.xml"
PAPER = "data/paper.pdf"
MANUSCRIPT = "data/source/manuscript.json"
WORD = "data/source/manuscript.docx"
ANNEXES = "data/annexes/"


class Role(enum.StrEnum):
    """What a file is to the document."""

    PAPER = "PAPER"
    ANNEX = "ANNEX"
    MANUSCRIPT = "MANUSCRIPT"
    WORD = "WORD"


ACTS = {
    "exchange.exported": _("Package made"),
    "exchange.imported": _("Taken in from a package"),
}
