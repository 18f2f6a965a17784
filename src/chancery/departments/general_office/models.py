"""The department's nouns: those of its functions."""

from chancery.departments.general_office.incoming_documents.models import (
    HandlingUnit,
    IncomingDocument,
    IncomingFile,
    Reader,
)

__all__ = ["HandlingUnit", "IncomingDocument", "IncomingFile", "Reader"]
