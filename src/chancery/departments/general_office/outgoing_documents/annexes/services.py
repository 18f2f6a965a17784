"""Verbs of annexes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO

from django.db.models import Max
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.annexes import rules
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.drafting.services import (
    demand_free,
    kept,
    locked,
    take_signature_back,
    touch,
)
from chancery.departments.general_office.outgoing_documents.drafting.terms import VersionKind
from chancery.departments.general_office.outgoing_documents.models import Annex
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.records import services as records


@service
def add_annex(*, document_id: int, name: str, content: IO[bytes], by: Actor, at: dt.datetime) -> Annex:
    """Store a file as the last annex. Its type is read from its content; a marked or a forbidden one is refused."""
    document = locked(document_id)
    drafting.may_edit(document, by).demand()
    demand_free(document, by, at)
    rows = Annex.objects.filter(document=document)
    rules.may_be_annex(name, already=rows.count()).demand()
    owner = queries.subject_of(document)
    try:
        stored = records.store_file(guard_id=document.guard_id, name=name, content=content, owner=owner, by=by, at=at)
    except Refused as refusal:
        refusal.field = "annexes"
        raise
    take_signature_back(document)
    last = rows.aggregate(last=Max("position"))["last"]
    annex = Annex.objects.create(
        document=document,
        stored_id=stored.pk,
        name=stored.name[:200],
        position=0 if last is None else last + 1,
        added_at=at,
    )
    journal.write(
        by=by, at=at, act="outgoing.annex_added", on=document, data={"name": annex.name, "sha256": stored.sha256}
    )
    touch(document, at)
    kept(document, VersionKind.SAVED, _("Annex added: %(name)s") % {"name": annex.name}, author=by, moment=at)
    return annex


@service
def remove_annex(*, document_id: int, annex_id: int, by: Actor, at: dt.datetime) -> None:
    """Take an annex off. Its file stays in the store."""
    document = locked(document_id)
    drafting.may_edit(document, by).demand()
    annex = Annex.objects.filter(document=document, pk=annex_id).select_related("stored").first()
    if annex is None:
        return
    take_signature_back(document)
    said = {"name": annex.name, "sha256": annex.stored.sha256}
    annex.delete()
    journal.write(by=by, at=at, act="outgoing.annex_removed", on=document, data=said)
    touch(document, at)
    kept(document, VersionKind.SAVED, _("Annex taken off: %(name)s") % {"name": said["name"]}, author=by, moment=at)


@service
def order_annexes(*, document_id: int, annex_ids: Sequence[int], by: Actor, at: dt.datetime) -> None:
    """Put the annexes in another order; those not named follow."""
    document = locked(document_id)
    drafting.may_edit(document, by).demand()
    rows = {row.pk: row for row in Annex.objects.filter(document=document)}
    order = [one for one in dict.fromkeys(annex_ids) if one in rows] + [one for one in rows if one not in annex_ids]
    if order == list(rows):
        return
    take_signature_back(document)
    for place, one in enumerate(order):
        rows[one].position = place
    Annex.objects.bulk_update(rows.values(), ["position"])
    journal.write(by=by, at=at, act="outgoing.edited", on=document, data={"changed": ["annexes"]})
    touch(document, at)
    kept(document, VersionKind.SAVED, _("Annexes in another order"), author=by, moment=at)
