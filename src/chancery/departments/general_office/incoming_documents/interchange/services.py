"""Taking in a list of documents: all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from chancery.departments.general_office.incoming_documents.intake import services as intake
from chancery.departments.general_office.incoming_documents.registration import services as registration
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused


class RowRefused(Refused):
    """A row of a list was refused, so nothing of the list was taken in. `row` counts the head row as 1."""

    def __init__(self, row: int, refusal: Refused) -> None:
        super().__init__(refusal.reason, field=refusal.field, basis=refusal.basis)
        self.row = row


@service
def register_list(*, rows: Sequence[tuple[int, Mapping[str, Any]]], by: Actor, at: dt.datetime) -> list[int]:
    """Register every row, in order; the first refusal undoes all."""
    done = []
    for number, facts in rows:
        try:
            draft = intake.open_draft(by=by, at=at)
            done.append(registration.register_document(document_id=draft.pk, facts=facts, by=by, at=at).pk)
        except Refused as refusal:
            raise RowRefused(number, refusal) from refusal
    return done
