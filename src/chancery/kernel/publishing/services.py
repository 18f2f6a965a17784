"""Verbs of the instrument, for other apps."""

from chancery.kernel.publishing.receipts.services import issue_receipt, note_wrong_try
from chancery.kernel.publishing.verification.services import (
    mark_superseded,
    mark_withdrawn,
    new_code,
    publish_issued,
    release_file,
)

__all__ = [
    "issue_receipt",
    "mark_superseded",
    "mark_withdrawn",
    "new_code",
    "note_wrong_try",
    "publish_issued",
    "release_file",
]
