"""Filing a petition; keeping it while it is open again; taking all of it when its item is destroyed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.keeping import queries, rules
from chancery.departments.general_office.petitions.keeping.terms import KIND
from chancery.departments.general_office.petitions.letters import queries as letters
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import ENDED_STATES
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.placing.queries import demand_none, placed, proposed
from chancery.kernel.records.archive.services import file_item
from chancery.kernel.records.archive.terms import Carrier, ItemFacts, ItemState, PartFacts, PartRole
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.queries import open_file
from chancery.kernel.records.files.services import store_file
from chancery.kernel.records.holds.services import Cover, longest_review, place_hold
from chancery.kernel.records.holds.terms import HoldKind


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of filing several: the codes of the items, and what was refused, in words."""

    codes: list[str]
    refused: list[str]


@service
def file_petition(
    *, petition_id: int, file_class: str = "", retention: str = "", by: Actor, at: dt.datetime
) -> ArchivalItem:
    """归档: the issued letters and what the register says, as one item under the petition's own guard.

    Class and period are the plan's proposal unless others are chosen. Refused while anything hinders. What is sealed
    stays sealed where it lies, and goes when the item is destroyed.
    """
    petition = petitions.locked(petition_id)
    rules.may_file(by, petition.guard.unit_id).demand()
    demand_none(queries.hindrances(petition, at))
    item = file_item(facts=_facts(petition, file_class, retention, by, at), by=by, at=at)
    data = {"item": item.pk, "code": item.code, "class": item.class_code}
    journal.write(
        by=by, at=at, act="petition.filed", on=queries.subject_of(petition), guard_id=petition.guard_id, data=data
    )
    return item


@service
def file_petitions(*, petition_ids: Iterable[int], by: Actor, at: dt.datetime) -> Filed:
    """File several, each as the plan proposes; what hinders one does not keep the others."""
    done = Filed([], [])
    for petition_id in sorted(set(petition_ids)):
        try:
            with transaction.atomic():
                done.codes.append(file_petition(petition_id=petition_id, by=by, at=at).code)
        except Refused as refusal:
            done.refused.append(f"{queries.number_of(petition_id)} {refusal}".strip())
    return done


@service
def gather(*, subject: str, by: Actor, at: dt.datetime) -> ItemFacts | None:
    """The petition as the plan proposes it; None when it is not to be seen, or not closed."""
    petition = queries.petition_of(subject)
    if petition is None or petition.state not in ENDED_STATES or not petition.number:
        return None
    return _facts(petition, "", "", by, at)


def _facts(petition: Petition, file_class: str, retention: str, by: Actor, at: dt.datetime) -> ItemFacts:
    thing = queries.thing_of(petition, clock.date_of(at))
    plans_class, plans_period, _why = proposed(thing)
    place = placed(thing, file_class=file_class or plans_class, retention=retention or plans_period)
    closed = petition.closed_at or at
    matter = petition.matter
    return ItemFacts(
        kind=KIND,
        subject=queries.subject_of(petition),
        content_guard_id=petition.guard_id,
        unit_id=petition.guard.unit_id,
        title=petition.title,
        document_number=petition.number,
        dated_on=clock.date_of(closed),
        label=Clearance.RESTRICTED,
        plan_class_id=place.plan_class_id,
        period=place.period,
        matter_number=matter.number if matter else "",
        carrier=Carrier.DIGITAL,
        parts=_parts(petition, by, at),
    )


def _parts(petition: Petition, by: Actor, at: dt.datetime) -> list[PartFacts]:
    # The letters lie under guards of their own: the item has them under the petition's, as the same content.
    found = []
    with acting_as(SYSTEM):
        for file_id, number, pages in letters.issued_files(petition.pk):
            with open_file(StoredFile.objects.get(pk=file_id)) as content:
                kept = store_file(
                    guard_id=petition.guard_id,
                    name=f"{number.replace('/', '-')}.pdf",
                    content=content,
                    owner=queries.subject_of(petition),
                    by=SYSTEM,
                    at=at,
                )
            found.append(PartFacts(kept.pk, PartRole.REPLY, number, pages))
    name = _("Metadata %(number)s.xml") % {"number": petition.number.replace("/", "-")}
    file = store_file(
        guard_id=petition.guard_id,
        name=name,
        content=io.BytesIO(queries.described(petition)),
        owner=queries.subject_of(petition),
        by=by,
        at=at,
    )
    return [*found, PartFacts(file.pk, PartRole.METADATA, str(PartRole.METADATA.label), file.pages)]


def purge(item_id: int, subject: str) -> None:
    """Take identity, originals, texts and files with their keys, letters and opinions; the stub stays. The database
    does so only for an item that was destroyed, of a petition that is closed."""
    with connection.cursor() as cursor:
        cursor.execute("select general_office_purge_petition(%s)", [item_id])
        cursor.execute("select procedures_purge(%s)", [item_id])


@service
def follow(*, petition: Petition, before: str, by: Actor, at: dt.datetime) -> None:
    """What was filed and is opened again is held, until a keeper of holds lifts that: only a person does. What was
    destroyed is not opened."""
    is_open = petition.state not in ENDED_STATES
    if (before not in ENDED_STATES) == is_open:
        return
    item = queries.item_of(petition.pk)
    if item is None:
        return
    rules.may_open_again(is_destroyed=is_open and item.state == ItemState.DESTROYED).demand()
    with acting_as(SYSTEM):
        if is_open and not queries.standing_holds(item.pk):
            place_hold(
                kind=HoldKind.PETITION,
                title=_("Petition %(number)s is open again") % {"number": petition.number},
                reason=_("A stage of the petition runs."),
                basis=petition.number,
                review_on=longest_review(clock.date_of(at)),
                covers=[Cover(item_id=item.pk)],
                unit_id=petition.guard.unit_id,
                by=SYSTEM,
                at=at,
            )
    if is_open:
        journal.write(
            by=by, at=at, act="petition.held", on=queries.subject_of(petition), guard_id=petition.guard_id,
            data={"item": item.pk},
        )  # fmt: skip
