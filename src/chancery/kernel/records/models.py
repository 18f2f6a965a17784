"""Nouns of the instrument, for Django and for other apps."""

from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox, ItemPart
from chancery.kernel.records.documents.models import Document, DocumentFile
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass, RetentionPeriod
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.holds.models import Hold, HoldCover
from chancery.kernel.records.numbers.models import IssuedNumber, SeriesCounter
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.seals.models import Seal, SealCertificate, SealUse
from chancery.kernel.records.search.models import SearchEntry

__all__ = [
    "ArchivalItem",
    "ArchiveBox",
    "Document",
    "DocumentFile",
    "FilePlan",
    "Fonds",
    "Hold",
    "HoldCover",
    "IssuedNumber",
    "ItemPart",
    "PaperType",
    "PlanClass",
    "RetentionPeriod",
    "Seal",
    "SealCertificate",
    "SealUse",
    "SearchEntry",
    "SeriesCounter",
    "StoredFile",
]
