"""Verbs of the instrument, for other apps."""

from chancery.kernel.publishing.verification.services import (
    mark_superseded,
    mark_withdrawn,
    new_code,
    publish_issued,
    release_file,
)

__all__ = ["mark_superseded", "mark_withdrawn", "new_code", "publish_issued", "release_file"]
