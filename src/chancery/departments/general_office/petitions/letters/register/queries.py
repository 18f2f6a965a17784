"""Letters as rows, and what waits. Under the reader's row security."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.terms import Line
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import ISSUED, State
from chancery.departments.general_office.petitions.letters.models import PetitionLetter
from chancery.departments.general_office.petitions.letters.terms import LetterKind
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import SUBJECT
from chancery.foundations.actor import Actor
from chancery.kernel.records.archive.models import ArchivalItem

DECIDED = (LetterKind.ACCEPTANCE, LetterKind.NOT_ACCEPTED, LetterKind.TRANSFER_SENDER)


def letter_rows() -> QuerySet[PetitionLetter, Any]:
    """The letters whose paper one sees, as rows."""
    seen = OutgoingDocument.objects.filter(pk=OuterRef("document_id"))
    return PetitionLetter.objects.filter(Exists(seen)).values(
        "id", "kind", "petition_id", "petition__number", "petition__title", "document_id", "document__number",
        "document__state", "begun_at",
    )  # fmt: skip


def due_rows() -> QuerySet[Petition, Any]:
    """Petitions that were decided and told, without a letter of it, as rows."""
    written = PetitionLetter.objects.filter(petition=OuterRef("pk"), kind__in=DECIDED, ended_at=None)
    told = Petition.objects.filter(decisions__noticed_at__isnull=False).exclude(Exists(written)).distinct()
    named = Concat(Value(f"{SUBJECT}:"), Cast(OuterRef("pk"), CharField()))
    told = told.exclude(Exists(ArchivalItem.objects.filter(subject=named)), reopened_count=0)
    return told.values("id", "number", "title", "state", "received_on")


def desk(by: Actor, today: dt.date) -> Sequence[Line]:
    """What waits: letters to write, letters on their way."""
    under_way = PetitionLetter.objects.filter(ended_at=None, document__isnull=False)
    under_way = under_way.exclude(document__state__in=[*ISSUED, State.CANCELLED])
    return [
        Line(_("Letters to be written"), due_rows().count(), reverse("general_office:petition_letters_due"), "amber"),
        Line(_("Letters on their way"), under_way.count(), reverse("general_office:petition_letters"), "blue"),
    ]
