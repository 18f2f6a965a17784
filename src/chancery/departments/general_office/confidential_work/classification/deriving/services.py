"""Putting a level on a guard and on everything that repeats it."""

from __future__ import annotations

import datetime as dt

from chancery.departments.general_office.confidential_work.classification.ending import services as ending
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.kernel.access import services as access
from chancery.kernel.access.models import Guard
from chancery.kernel.access.readings.queries import who_sees
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.records.archive import services as archive
from chancery.kernel.records.models import ArchivalItem, Document, SearchEntry


@service
def put_label(*, guard_id: int, label: int, by: Actor, at: dt.datetime) -> None:
    """The guard decides who sees; the columns that repeat its label for lists follow. By the system, on a decision.

    What is printed on a signed paper stays as it was signed. Where the label rises, those whose clearance does not
    reach it lose what they were given.
    """
    with acting_as(SYSTEM):
        before = Guard.objects.filter(pk=guard_id).values_list("label", flat=True).first()
        seers = who_sees(guard_id) if before is not None and label > before else []
        access.relabel(guard_id=guard_id, label=label, by=SYSTEM, at=at)
        IncomingDocument.objects.filter(guard_id=guard_id).update(label=label)
        OutgoingDocument.objects.filter(guard_id=guard_id, signed_hash="").update(label=label)
        Matter.objects.filter(guard_id=guard_id).update(label=label)
        Document.objects.filter(guard_id=guard_id).update(label=label)
        SearchEntry.objects.filter(guard_id=guard_id).update(label=label)
        for item_id in ArchivalItem.objects.filter(content_guard_id=guard_id).values_list("pk", flat=True):
            archive.relabel_item(item_id=item_id, label=label, by=SYSTEM, at=at)
        if seers:
            ending.end_earlier(guard_id=guard_id, before=seers, by=SYSTEM, at=at)
