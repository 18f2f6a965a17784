"""Content of what was destroyed leaves the store once its destruction is committed."""

from __future__ import annotations

from django.db import transaction

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.jobs import task
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.disposal.destruction.services import contents_destroyed
from chancery.kernel.records.files.services import discard_unnamed


@task(atomic=False)
def sweep_destroyed(*, certificate_id: int) -> None:
    """Remove the contents that no living row names. What a crash leaves behind, the nightly sweep finds."""
    with acting_as(SYSTEM), transaction.atomic():
        hashes = contents_destroyed(certificate_id)
    for sha256 in hashes:
        discard_unnamed(sha256=sha256, by=SYSTEM, at=clock.now())
