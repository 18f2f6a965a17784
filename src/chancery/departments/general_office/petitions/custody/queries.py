"""What the vault holds of petitions, as far as it may be known: masked texts, cleared files, openings."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.db import connection

from chancery.departments.general_office.petitions.custody import rules
from chancery.departments.general_office.petitions.custody.models import IdentityOpening
from chancery.departments.general_office.petitions.custody.rules import Needle
from chancery.departments.general_office.petitions.custody.terms import OpeningState
from chancery.departments.general_office.petitions.models import PetitionFile
from chancery.foundations import vault
from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import MissingContent, store
from chancery.foundations.postgres.row_security import acting_as

NEEDLE = "petition.needle"


def take_part() -> None:
    """Name the sealed columns for rotation."""
    for table, column, context in (
        ("general_office_petitiontext", "masked", "petitiontext.masked"),
        ("general_office_petitionoriginal", "sealed", "petitionoriginal.sealed"),
        ("general_office_petitionidentity", "sealed", "petitionidentity.sealed"),
        ("general_office_petitionfile", "wrapped", "petitionfile.bytes"),
    ):
        vault.register(table, column, context)


def masked_context(ref: object) -> str:
    """Where the masked copy of a text stands."""
    return f"petitiontext.masked:{ref}"


def original_context(ref: object) -> str:
    """Where an original stands."""
    return f"petitionoriginal.sealed:{ref}"


def identity_context(ref: object) -> str:
    """Where an identity stands."""
    return f"petitionidentity.sealed:{ref}"


def file_context(ref: object) -> str:
    """Where the bytes of a file stand."""
    return f"petitionfile.bytes:{ref}"


def needles_of(petition_id: int) -> list[Needle]:
    """What is to be blacked out in what belongs to a petition."""
    with connection.cursor() as cursor:
        cursor.execute("select general_office_petition_needles(%s)", [petition_id])
        held = cursor.fetchone()[0]
    rows = json.loads(held) if isinstance(held, str) else held
    return [Needle(how, length, mac) for how, length, mac in rows]


def needles_of_case(petition_ids: Sequence[int]) -> list[Needle]:
    """The same for petitions and all that are merged into them: what the office writes is read by every sender."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select general_office_petition_needles(p.id) from general_office_petition p"
            " where p.id = any(%s) or p.merged_into_id = any(%s)",
            [list(petition_ids), list(petition_ids)],
        )
        held = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
    return [Needle(how, length, mac) for rows in held for how, length, mac in rows]


def masked(text: str, held: Sequence[Needle]) -> rules.Masked:
    """A text as those who handle read it."""
    return rules.mask(text, held, vault.macs(NEEDLE))


def tells(text: str, held: Sequence[Needle]) -> bool:
    """Whether a text tells who petitions."""
    return rules.finds(text, held, vault.macs(NEEDLE))


def has_identity(petition_id: int) -> bool:
    """Whether anything is sealed of who petitions."""
    with connection.cursor() as cursor:
        cursor.execute("select general_office_petition_has_identity(%s)", [petition_id])
        return bool(cursor.fetchone()[0])


def kin(petition_id: int, *, most: int = 200) -> list[dict[str, Any]]:
    """Other petitions of the same name or contact: {petition_id, same_name, same_contact}. For those who register and
    assign; row security then decides which of them they see."""
    with connection.cursor() as cursor:
        cursor.execute("select * from general_office_petition_kin(%s, %s)", [petition_id, most])
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextlib.contextmanager
def content_of(file: PetitionFile) -> Iterator[IO[bytes]]:
    """The bytes of a file. Whether the actor may have them is asked before (`petitions.rules.may_examine`)."""
    if not file.wrapped:
        raise MissingContent(file.name)  # destroyed
    with (
        store().open(file.stored.sha256) as ciphertext,
        vault.opened_apart(bytes(file.wrapped), ciphertext, file_context(file.ref)) as content,
    ):
        yield content


def openings(petition_id: int) -> list[IdentityOpening]:
    """The openings of a petition that the actor may know of, the latest first."""
    rows = IdentityOpening.objects.select_related("requested_person", "requested_post", "custodian_person")
    return list(rows.filter(petition_id=petition_id).order_by("-requested_at"))


def opening_of(opening_id: int) -> IdentityOpening | None:
    """One opening, or None when it does not exist for the actor."""
    return (
        IdentityOpening.objects.select_related("petition", "petition__guard", "requested_person", "requested_post",
                                               "custodian_person", "custodian_post")
        .filter(pk=opening_id).first()
    )  # fmt: skip


def told_openings(petition_id: int) -> list[dict[str, Any]]:
    """What its sender is told: that, when and for what the identity was opened. Asked behind a receipt code."""
    with acting_as(SYSTEM):
        rows = IdentityOpening.objects.filter(petition_id=petition_id).exclude(decided_at=None)
        rows = rows.exclude(state=OpeningState.REFUSED).order_by("decided_at")
        return [{"at": row.decided_at, "until": row.expires_at, "purpose": row.get_purpose_display()} for row in rows]


def waiting(*, at: dt.datetime) -> list[IdentityOpening]:
    """Requests that nobody has decided, oldest first."""
    rows = IdentityOpening.objects.select_related("petition", "requested_person", "requested_post")
    return list(rows.filter(state=OpeningState.ASKED).order_by("requested_at")[:200])
