"""Questions about petitions. Row security limits each to what the stamped actor may see; texts come blacked out."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import rules
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.models import Petition, PetitionFile, PetitionText
from chancery.departments.general_office.petitions.terms import (
    FIELDS_KEY,
    OFFICE_CODE,
    SUBJECT,
    TOLD_PARTS,
    Clearance,
    Side,
)
from chancery.foundations import vault
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.words import is_chinese
from chancery.kernel.directory.models import Unit, UnitClosure
from chancery.kernel.publishing.receipts.queries import subject_of


class NoOffice(Refused):
    """The directory has no General Office."""


class NoSuchField(Refused):
    """The rulebook has no such subject field."""


def office_id() -> int:
    """The General Office, which keeps every petition."""
    found = Unit.objects.filter(code=OFFICE_CODE).values_list("id", flat=True).first()
    if found is None:
        raise NoOffice(_("The directory has no unit with the code GO. Load the directory first."))
    return found


def units_above(unit_id: int) -> set[int]:
    """A unit and all it belongs to."""
    return set(UnitClosure.objects.filter(descendant_id=unit_id).values_list("ancestor_id", flat=True))


# --- Subject fields --------------------------------------------------------------------------------------------------
def fields(*, on: dt.date) -> list[tuple[str, str]]:
    """The subject fields of a day, as (code, words) for a choice."""
    return [(code, zh if is_chinese() else en) for code, en, zh in _fields(rulebook.text(FIELDS_KEY, on=on))]


@functools.lru_cache(maxsize=8)
def _fields(listed: str) -> tuple[tuple[str, str, str], ...]:
    rows = []
    for line in filter(None, (line.strip() for line in listed.replace("；", ";").split(";"))):
        code, _sign, names = line.partition("=")
        en, _sign, zh = names.partition("|")
        rows.append((code.strip(), en.strip(), (zh or en).strip()))
    return tuple(rows)


def field_code(code: str, *, on: dt.date) -> str:
    """A code of that day's list, or none."""
    if code and code not in {one for one, _words in fields(on=on)}:
        raise NoSuchField(_("There is no such subject field."), field="field")
    return code


# --- Petitions -------------------------------------------------------------------------------------------------------
def visible(by: Actor) -> QuerySet[Petition]:
    """The petitions the actor sees."""
    return Petition.objects.all()


def petition(petition_id: int) -> Petition | None:
    """A petition, or None when it does not exist for the actor."""
    rows = Petition.objects.select_related(
        "guard", "subject_unit", "subject_person", "handling_unit", "matter", "merged_into", "campaign",
        "registered_person",
    )  # fmt: skip
    return rows.filter(pk=petition_id).first()


def texts(petition_id: int, by: Actor) -> list[dict[str, Any]]:
    """What was written, blacked out, oldest first: part, side, stage, text, bars, at, told_at, released.

    What a registrar has not released yet has no `text` for others (`is_waiting`).
    """
    rows = PetitionText.objects.select_related("person", "post").filter(petition_id=petition_id).order_by("at", "id")
    held = list(rows)
    may_release = any(row.released_at is None for row in held) and bool(rules.may_register(by))
    return [_text(row, shows=row.released_at is not None or may_release) for row in held]


def _text(row: PetitionText, *, shows: bool) -> dict[str, Any]:
    context = custody.masked_context(row.ref)
    return {
        "id": row.pk,
        "part": row.part,
        "part_words": row.get_part_display(),
        "side": row.side,
        "stage": row.stage,
        "stage_words": row.get_stage_display(),
        "text": vault.unseal_text(bytes(row.masked), context) if shows and row.masked else "",  # empty: destroyed
        "bars": row.blacked,
        "at": row.at,
        "told_at": row.told_at,
        "person": row.person,
        "post": row.post,
        "is_waiting": row.released_at is None,
        "is_shown": shows,
    }


def text_of(text_id: int) -> PetitionText | None:
    """A text, or None when it does not exist for the actor."""
    return PetitionText.objects.select_related("petition").filter(pk=text_id).first()


def files(petition_id: int) -> list[PetitionFile]:
    """The attachments, by number: their neutral names, never their bytes."""
    return list(PetitionFile.objects.filter(petition_id=petition_id).order_by("number"))


def file_of(file_id: int) -> PetitionFile | None:
    """An attachment, or None when it does not exist for the actor."""
    rows = PetitionFile.objects.select_related("petition", "petition__guard", "stored")
    return rows.filter(pk=file_id).first()


# --- Behind a receipt code -------------------------------------------------------------------------------------------
def by_receipt(code: str) -> Petition | None:
    """The petition a receipt code was issued for, or None. Delay and alarm are the caller's (`publishing.receipts`).

    What follows from it (texts, openings) is asked with the functions named `told_…`.
    """
    label, _sign, pk = subject_of(code).partition(":")
    if label != SUBJECT or not pk.isdigit():
        return None
    with acting_as(SYSTEM):
        return petition(int(pk))


def told_texts(petition_id: int) -> list[dict[str, Any]]:
    """What the sender may read with the code: the own words (as they are kept for those who handle) and what the office
    told."""
    with acting_as(SYSTEM):
        rows = PetitionText.objects.filter(petition_id=petition_id).order_by("at", "id")
        told = rows.filter(Q(side=Side.PETITIONER) | Q(side=Side.OFFICE, part__in=TOLD_PARTS, told_at__isnull=False))
        return [_text(row, shows=True) | {"person": None, "post": None} for row in told]


def told_files(petition_id: int) -> list[dict[str, Any]]:
    """The attachments as the sender is told of them: number, size, by whom."""
    with acting_as(SYSTEM):
        rows = PetitionFile.objects.filter(petition_id=petition_id, replaces=None).order_by("number")
        return [dict(row) for row in rows.values("number", "name", "size", "side", "at")]


def is_cleared(file: PetitionFile) -> bool:
    """Whether those who handle may see it."""
    return file.clearance == Clearance.CLEARED
