"""Proposing, deciding, closing again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.openings import queries, rules
from chancery.departments.general_office.archives.openings.models import Opening, OpeningRow
from chancery.departments.general_office.archives.openings.terms import MOST_ROWS, PROCEDURE, SIDES, SUBJECT
from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access.services import add_readers, open_guard
from chancery.kernel.procedures import queries as matters
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records.models import ArchivalItem, Fonds


class NoSuchOpening(Refused):
    """There is no such list or item, or it may not be seen."""


@service
def propose_opening(*, fonds_id: int, item_ids: list[int], note: str = "", by: Actor, at: dt.datetime) -> Opening:
    """Put items on a list for the two who decide."""
    fonds = Fonds.objects.filter(pk=fonds_id).first()
    if fonds is None:
        raise NoSuchOpening(_("There is no such fonds."), field="fonds")
    rules.may_propose(by, fonds.keeper_unit_id).demand()
    if not item_ids or by.person_id is None:
        raise Refused(_("Choose the items to be opened."), field="items")
    if len(item_ids) > MOST_ROWS:
        raise Refused(_("At most %(most)s items a list.") % {"most": MOST_ROWS}, field="items")
    today = clock.date_of(at)
    years = int(rulebook.number("archives.opening.years", on=today))
    items = list(ArchivalItem.objects.select_for_update().filter(pk__in=item_ids, fonds_id=fonds_id).order_by("pk"))
    if len(items) != len(set(item_ids)):
        raise NoSuchOpening(_("There is no such item."), field="items")
    for item in items:
        rules.may_be_opened(
            code=item.code, dated_on=item.dated_on, label=item.label, state=item.state, today=today, years=years
        ).demand()
    free = set(queries.candidates(fonds_id, today).filter(pk__in=item_ids).values_list("pk", flat=True))
    taken = [item.code for item in items if item.pk not in free]
    if taken:
        raise Refused(
            _("%(codes)s: proposed, decided or open already.") % {"codes": ", ".join(taken[:5])}, field="items"
        )
    guard = open_guard(unit_id=fonds.keeper_unit_id, label=Clearance.INTERNAL, by=by, at=at)
    readers: list[tuple[int | None, str | None, int | None]] = [
        (None, role, fonds.keeper_unit_id) for role in ("archivist", *SIDES)
    ]
    add_readers(guard_id=guard.pk, readers=readers, how="opening", by=by, at=at)
    opening = Opening.objects.create(
        guard=guard, fonds=fonds, note=note.strip(), years=years, made_person_id=by.person_id, made_at=at
    )
    OpeningRow.objects.bulk_create(OpeningRow(opening=opening, item=item) for item in items)
    journal.write(by=by, at=at, act="opening.proposed", on=opening, data={"items": len(items), "years": years})
    procedures.open_matter(
        procedure=PROCEDURE,
        title=_("Opening of archives: %(fonds)s, %(day)s") % {"fonds": fonds.code, "day": today.isoformat()},
        unit_id=fonds.keeper_unit_id,
        label=guard.label,
        subject=SUBJECT.format(opening.pk),
        guard_id=guard.pk,
        by=by,
        at=at,
    )
    return opening


@service
def decide_opening(
    *, opening_id: int, verdicts: Mapping[int, tuple[str, str]], by: Actor, at: dt.datetime
) -> dict[str, int]:
    """Decide items by their rows: {row: (verdict, reason)}, for the side whose role the actor holds. What both open is
    published in this transaction, by the database itself. How many of each verdict."""
    opening = Opening.objects.select_for_update().select_related("fonds").filter(pk=opening_id).first()
    if opening is None:
        raise NoSuchOpening(_("There is no such list."))
    side = rules.side_of(by, opening.fonds.keeper_unit_id)
    rules.may_decide(by, side, made_person_id=opening.made_person_id).demand()
    other = "officer" if side == "head" else "head"
    rows = list(opening.rows.select_for_update().filter(pk__in=verdicts).order_by("pk"))
    if not verdicts or len(rows) != len(verdicts):
        raise NoSuchOpening(_("There is no such item on the list."))
    counted: dict[str, int] = {}
    for row in rows:
        verdict, reason = verdicts[row.pk]
        other_person = getattr(row, f"{other}_person_id")
        own = getattr(row, f"{side}_verdict")
        rules.is_decision(row.state, own, other_person, by, verdict, reason).demand()
        OpeningRow.objects.filter(pk=row.pk).update(
            **{
                f"{side}_verdict": verdict,
                f"{side}_reason": reason.strip(),
                f"{side}_person_id": by.person_id,
                f"{side}_at": at,
            }
        )
        counted[verdict] = counted.get(verdict, 0) + 1
    journal.write(by=by, at=at, act="opening.decided", on=opening, data={"side": side, **counted})
    _end_step(opening_id, side, by, at)
    return counted


def _end_step(opening_id: int, side: str, by: Actor, at: dt.datetime) -> None:
    """With its last item decided, a side's step leaves the inbox by itself."""
    matter = None if queries.waiting_for(opening_id, side) else queries.matter_of_opening(opening_id)
    for task in matters.open_tasks(matter.pk) if matter is not None else []:
        if task["step"] == side:
            procedures.complete(task_id=task["id"], outcome="DECIDED", by=by, at=at)


@service
def close_again(*, item_id: int, reason: str, by: Actor, at: dt.datetime) -> None:
    """Take an item back from the public; harvesters are told that it is gone, and nothing else."""
    record = queries.closable(item_id)
    if record is None:
        raise NoSuchOpening(_("There is no such open item."))
    rules.may_close(by, record.item.fonds.keeper_unit_id, reason).demand()
    with connection.cursor() as cursor:
        cursor.execute("select general_office_close_record(%s, %s)", [item_id, at])
    journal.write(by=by, at=at, act="opening.closed", on=record.item, data={"reason": reason.strip()})
