"""Nouns of the instrument, for Django and for other apps."""

from chancery.kernel.records.archive.models import ArchivalItem, ArchiveBox, CatalogueGuard, ItemPart
from chancery.kernel.records.disposal.models import (
    AppraisalList,
    AppraisalRow,
    AppraisalSheet,
    DestroyedItem,
    DestructionCertificate,
    DisposalAct,
    PeriodDecision,
)
from chancery.kernel.records.documents.models import Document, DocumentFile
from chancery.kernel.records.fileplan.models import FilePlan, Fonds, PlanClass, RetentionPeriod, UnitCode
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.fixity.models import ContentCheck, FixityFinding, FixityRun
from chancery.kernel.records.holds.models import Hold, HoldCover
from chancery.kernel.records.numbers.models import IssuedNumber, SeriesCounter
from chancery.kernel.records.packages.models import TakenPackage
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.seals.models import Seal, SealCertificate, SealUse
from chancery.kernel.records.search.following.models import SearchDue, SearchGuard
from chancery.kernel.records.search.models import SearchEntry
from chancery.kernel.records.search.saved.models import SavedSearch

__all__ = [
    "AppraisalList",
    "AppraisalRow",
    "AppraisalSheet",
    "ArchivalItem",
    "ArchiveBox",
    "CatalogueGuard",
    "ContentCheck",
    "DestroyedItem",
    "DestructionCertificate",
    "DisposalAct",
    "Document",
    "DocumentFile",
    "FilePlan",
    "FixityFinding",
    "FixityRun",
    "Fonds",
    "Hold",
    "HoldCover",
    "IssuedNumber",
    "ItemPart",
    "PaperType",
    "PeriodDecision",
    "PlanClass",
    "RetentionPeriod",
    "SavedSearch",
    "Seal",
    "SealCertificate",
    "SealUse",
    "SearchDue",
    "SearchEntry",
    "SearchGuard",
    "SeriesCounter",
    "StoredFile",
    "TakenPackage",
    "UnitCode",
]
