"""The department's nouns: those of its functions."""

from chancery.departments.general_office.incoming_documents.models import (
    HandlingUnit,
    IncomingDocument,
    IncomingFile,
    Reader,
)
from chancery.departments.general_office.outgoing_documents.models import (
    Addressee,
    Annex,
    CountersignUnit,
    JointIssuer,
    OutgoingDocument,
    Relation,
)

__all__ = [
    "Addressee",
    "Annex",
    "CountersignUnit",
    "HandlingUnit",
    "IncomingDocument",
    "IncomingFile",
    "JointIssuer",
    "OutgoingDocument",
    "Reader",
    "Relation",
]
