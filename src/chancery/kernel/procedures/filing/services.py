"""Filing a closed matter; blanking what is said in it when its item is destroyed."""

from __future__ import annotations

import datetime as dt
import io

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.procedures.bindings import all_bindings
from chancery.kernel.procedures.filing import queries, rules
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.placing.queries import Thing, demand_none, placed
from chancery.kernel.records.archive.services import file_item
from chancery.kernel.records.archive.terms import ItemFacts, PartFacts, PartRole
from chancery.kernel.records.files.services import store_file


@service
def store_papers(
    *, matter_id: int, number: str, guard_id: int, owner: str, slip: bytes, by: Actor, at: dt.datetime
) -> list[PartFacts]:
    """Keep the slip and the opinions of a matter, as parts of an item."""
    slip_name = _("Processing slip %(number)s.pdf") % {"number": number.replace("/", "-")}
    wanted = [("SLIP", str(slip_name), io.BytesIO(slip)), *queries.papers(matter_id, number=number)]
    found = []
    for role, name, content in wanted:
        file = store_file(guard_id=guard_id, name=name, content=content, owner=owner, by=by, at=at)
        found.append(PartFacts(file.pk, role, str(PartRole(role).label), file.pages))
    return found


@service
def file_matter(*, matter_id: int, file_class: str, retention: str, by: Actor, at: dt.datetime) -> ArchivalItem:
    """File a closed matter of a procedure that has no documents of its own: its slip and its opinions."""
    matter = Matter.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=matter_id).first()
    if matter is None:
        raise Refused(_("There is no such matter."))
    rules.may_file(by, matter, {one.code for one in all_bindings() if one.files_itself}).demand()
    demand_none(queries.hindrances(matter.pk))
    on = clock.date_of(at)
    place = placed(
        Thing(queries.KIND, matter.procedure, matter.unit_id, on), file_class=file_class, retention=retention
    )
    facts = _gathered(matter, by, at)
    return file_item(
        facts=ItemFacts(
            kind=queries.KIND,
            subject=f"{queries.SUBJECT}{matter.pk}",
            content_guard_id=matter.guard_id,
            unit_id=matter.unit_id,
            title=matter.title,
            author=words(matter.unit),
            document_number=matter.number,
            dated_on=clock.date_of(matter.closed_at or at),
            label=matter.label,
            plan_class_id=place.plan_class_id,
            period=place.period,
            page_count=sum(part.page_count or 0 for part in facts) or None,
            matter_number=matter.number,
            parts=facts,
        ),
        by=by,
        at=at,
    )


def _gathered(matter: Matter, by: Actor, at: dt.datetime) -> list[PartFacts]:
    return store_papers(
        matter_id=matter.pk,
        number=matter.number,
        guard_id=matter.guard_id,
        owner=f"{queries.SUBJECT}{matter.pk}",
        slip=queries.slip_of(matter, at),
        by=by,
        at=at,
    )


def purge(item_id: int, subject: str) -> None:
    """Blank what was said in the matter; the database does so only for an item that was destroyed."""
    with connection.cursor() as cursor:
        cursor.execute("select procedures_purge(%s)", [item_id])
