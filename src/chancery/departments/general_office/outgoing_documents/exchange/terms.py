"""Vocabulary of exchange: what a package holds and how its parts are named. The description's form is package.xsd."""

from __future__ import annotations

import enum

from django.utils.translation import gettext_lazy as _

PROFILE = "urn:chancery:exchange:1"
NAMESPACE = "urn:chancery:gbt33480-2016"
STANDARD = "GB/T 33480-2016"

BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
BAG_FILE, BAG_INFO = "bagit.txt", "bag-info.txt"
PAYLOAD_MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
TAGS = (BAG_FILE, BAG_INFO, PAYLOAD_MANIFEST)
DESCRIPTION = "data/description.xml"
PAPER = "data/paper.pdf"
MANUSCRIPT = "data/source/manuscript.json"
WORD = "data/source/manuscript.docx"
ANNEXES = "data/annexes/"

MOST_ENTRIES = 150
LARGEST_TAG = 1_000_000  # bytes of a tag file or the description
HIGHEST_RATIO = 120  # unpacked to packed; deflate reaches about 1000 only on purpose


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
