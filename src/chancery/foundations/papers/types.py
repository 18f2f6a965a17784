"""The kinds of file an office keeps."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Family(enum.StrEnum):
    """How a type is read and shown."""

    PDF = "PDF"
    OOXML = "OOXML"
    ODF = "ODF"
    OFD = "OFD"
    TEXT = "TEXT"
    MAIL = "MAIL"
    IMAGE = "IMAGE"


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type of file that is accepted, with the endings it may have; the first is its own."""

    name: str
    family: Family
    endings: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

PDF = MediaType("application/pdf", Family.PDF, ("pdf",))
DOCX = MediaType(f"{_OOXML}wordprocessingml.document", Family.OOXML, ("docx",))
XLSX = MediaType(f"{_OOXML}spreadsheetml.sheet", Family.OOXML, ("xlsx",))
PPTX = MediaType(f"{_OOXML}presentationml.presentation", Family.OOXML, ("pptx",))
ODT = MediaType(f"{_ODF}text", Family.ODF, ("odt",))
ODS = MediaType(f"{_ODF}spreadsheet", Family.ODF, ("ods",))
ODP = MediaType(f"{_ODF}presentation", Family.ODF, ("odp",))
OFD = MediaType("application/ofd", Family.OFD, ("ofd",))  # GB/T 33190-2016
TEXT = MediaType("text/plain", Family.TEXT, ("txt", "csv", "md", "log", "xml"))
MAIL = MediaType("message/rfc822", Family.MAIL, ("eml",))
PNG = MediaType("image/png", Family.IMAGE, ("png",))
JPEG = MediaType("image/jpeg", Family.IMAGE, ("jpg", "jpeg"))
TIFF = MediaType("image/tiff", Family.IMAGE, ("tif", "tiff"))

ALL = (PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, OFD, TEXT, MAIL, PNG, JPEG, TIFF)
MEDIA_TYPES = {kind.name: kind for kind in ALL}
ENDINGS = tuple(ending for kind in ALL for ending in kind.endings)
