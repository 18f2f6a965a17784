"""Questions of the instrument, for other apps."""

from chancery.kernel.records.documents.queries import document_of, metadata_of, parts_of, same_number
from chancery.kernel.records.files.queries import file_of, files_of, open_file, page_image, shown_pages
from chancery.kernel.records.seals.checking.queries import validate
from chancery.kernel.records.seals.queries import seal, seals_for_unit, uses
from chancery.kernel.records.search.queries import Filters, Found, Result, search, suggestions

__all__ = [
    "Filters",
    "Found",
    "Result",
    "document_of",
    "file_of",
    "files_of",
    "metadata_of",
    "open_file",
    "page_image",
    "parts_of",
    "same_number",
    "seal",
    "seals_for_unit",
    "search",
    "shown_pages",
    "suggestions",
    "uses",
    "validate",
]
