"""Where a petition is filed, what hinders it, what the archive gets of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from lxml import etree

from chancery.departments.general_office.archives.terms import Line
from chancery.departments.general_office.petitions.custody.models import IdentityOpening
from chancery.departments.general_office.petitions.custody.terms import OpeningState
from chancery.departments.general_office.petitions.keeping import rules
from chancery.departments.general_office.petitions.keeping.terms import KIND
from chancery.departments.general_office.petitions.letters import queries as letters
from chancery.departments.general_office.petitions.models import Petition, PetitionText
from chancery.departments.general_office.petitions.second import queries as second
from chancery.departments.general_office.petitions.terms import ENDED_STATES, SUBJECT
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures.filing import queries as matters
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.placing.queries import Thing
from chancery.kernel.records.archive.terms import Hindrance, ItemState
from chancery.kernel.records.holds.models import Hold
from chancery.kernel.records.holds.queries import held
from chancery.kernel.records.holds.terms import HoldKind

NAMESPACE = "urn:chancery:record-metadata:1"


def subject_of(petition: Petition) -> str:
    """How the archive names it."""
    return f"{SUBJECT}:{petition.pk}"


def thing_of(petition: Petition, on: dt.date) -> Thing:
    """What the file plan is asked."""
    return Thing(KIND, petition.kind, petition.guard.unit_id, on)


def petition_of(subject: str) -> Petition | None:
    """The petition that a subject of the archive names, if the actor may see it."""
    label, _sign, pk = subject.partition(":")
    if label != SUBJECT or not pk.isdigit():
        return None
    return Petition.objects.select_related("guard", "matter").filter(pk=int(pk)).first()


def number_of(petition_id: int) -> str:
    """Its number, if the actor may see it."""
    return Petition.objects.filter(pk=petition_id).values_list("number", flat=True).first() or ""


def hindrances(petition: Petition, at: dt.datetime) -> list[Hindrance]:
    """Open, or to be opened by its sender; letters on their way; names opened; texts nobody has looked at."""
    page = reverse("general_office:petition", args=[petition.pk])
    if petition.state not in ENDED_STATES:
        return [Hindrance(_("The petition is not closed."), page)]
    found = matters.hindrances(petition.matter_id) if petition.matter_id else []
    with acting_as(SYSTEM):
        review = second.offered(petition.pk, at)
    if review is not None:
        found.append(Hindrance(_("Its sender may ask for review until %(day)s.") % {"day": review.until}, page))
    found += [
        Hindrance(_("%(letter)s is not issued yet.") % {"letter": name}, page)
        for name in letters.unfinished(petition.pk)
    ]
    asked = IdentityOpening.objects.filter(petition=petition, state__in=[OpeningState.ASKED, OpeningState.OPEN])
    if asked.exists():
        found.append(Hindrance(_("A request to know who petitions is open."), page))
    if PetitionText.objects.filter(petition=petition, released_at=None).exists():
        found.append(Hindrance(_("A text waits for a registrar to look at it."), page))
    if petition.merged_into_id and petition.merged_into and petition.merged_into.state not in ENDED_STATES:
        found.append(Hindrance(_("The petition that it is handled with is not closed."), page))
    return found


def hindrances_of_subject(subject: str, by: Actor) -> list[Hindrance]:
    """As `hindrances`, asked by the archive."""
    petition = petition_of(subject)
    return hindrances(petition, clock.now()) if petition is not None else []


def url_of(subject: str) -> str:
    """The page of the petition."""
    petition = petition_of(subject)
    return reverse("general_office:petition", args=[petition.pk]) if petition is not None else ""


def described(petition: Petition) -> bytes:
    """What the register says of it, as XML: nothing its sender wrote, nothing of who that is."""
    root = etree.Element(f"{{{NAMESPACE}}}record", nsmap={None: NAMESPACE})
    said: dict[str, Any] = {
        "编号": petition.number,
        "事由": petition.title,
        "类别": petition.kind,
        "渠道": petition.channel,
        "领域": petition.field,
        "收到日期": petition.received_on,
        "办结日期": clock.date_of(petition.closed_at) if petition.closed_at else "",
        "层级": petition.stage,
        "结果": petition.outcome,
    }
    for stage in petition.stages.order_by("id"):
        said[f"{stage.stage}.{stage.round}"] = f"{stage.opened_on} / {stage.due_on} / {stage.answered_on or ''}"
    for name, value in said.items():
        if value not in (None, ""):
            etree.SubElement(root, f"{{{NAMESPACE}}}element", name=name).text = str(value)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


# --- What was filed --------------------------------------------------------------------------------------------------
def item_of(petition_id: int) -> ArchivalItem | None:
    """Its archival item; asked of the archive, for a hold or a stub concerns the petition whoever looks."""
    with acting_as(SYSTEM):
        return ArchivalItem.objects.filter(subject=f"{SUBJECT}:{petition_id}").first()


def standing_holds(item_id: int) -> list[Hold]:
    """The holds that the house placed because the petition was opened again."""
    rows = Hold.objects.filter(kind=HoldKind.PETITION, lifted_at=None, placed_person=None, covers__item_id=item_id)
    return list(rows.order_by("id"))


def _is_held(item_id: int) -> bool:
    with acting_as(SYSTEM):
        return bool(held([item_id]))


def to_be_filed() -> QuerySet[Petition, Any]:
    """Closed petitions without an item, as rows."""
    named = Concat(Value(f"{SUBJECT}:"), Cast(OuterRef("pk"), CharField()))
    items = ArchivalItem.objects.filter(subject=named)
    closed = Petition.objects.filter(state__in=ENDED_STATES).exclude(number="").filter(~Exists(items))
    return closed.annotate(closed_day=F("closed_at")).values(
        "id", "number", "title", "kind", "state", "received_on", "closed_day"
    )


def section(petition: Petition, by: Actor, at: dt.datetime) -> dict[str, Any] | None:
    """What the page says of its keeping."""
    if petition.state not in ENDED_STATES or not petition.number:
        return None
    item = item_of(petition.pk)
    if item is None and not rules.may_file(by, petition.guard.unit_id):
        return None
    return {
        "item": item,
        "state": ItemState(item.state).label if item else "",
        "is_destroyed": item is not None and item.state == ItemState.DESTROYED,
        "hindrances": [] if item else hindrances(petition, at),
        "may_file": item is None,
        "is_held": item is not None and _is_held(item.pk),
    }


def desk(by: Actor, today: dt.date) -> list[Line]:
    """Closed and not filed."""
    if not rules.may_file(by):
        return []
    page = reverse("general_office:petitions_to_file")
    return [Line(_("Closed, to be filed"), to_be_filed().count(), page, "neutral")]
