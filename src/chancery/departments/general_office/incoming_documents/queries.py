"""Questions about incoming documents. Row security limits every one of them to what the stamped actor may see."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents.models import (
    HandlingUnit,
    IncomingDocument,
    IncomingFile,
    Reader,
    number_key,
)
from chancery.departments.general_office.incoming_documents.terms import (
    CHASER,
    CHASERS,
    HEAD,
    LEADER,
    LEADERS,
    OFFICE_CODE,
    REGISTRAR,
    UNITS,
    FilePart,
    Part,
    State,
    limit_key,
)
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Verdict, no
from chancery.foundations.web.picker import Line, Source, register
from chancery.foundations.words import words
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access.picking.queries import reachable_named, reachable_posts
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.directory.models import Unit
from chancery.kernel.directory.picking.queries import find_units, units_named
from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.procedures.models import Opinion, Task
from chancery.kernel.records.archive.placing.queries import period_words

HANDLING_KINDS = (UnitKind.DEPARTMENT, UnitKind.OFFICE, UnitKind.DIVISION)
IN_REGISTER = (State.REGISTERED, State.RETURNED, State.FILED)


class NoOffice(Refused):
    """The directory has no General Office."""


def office_id() -> int:
    """The General Office, which owns every incoming document."""
    found = Unit.objects.filter(code=OFFICE_CODE).values_list("id", flat=True).first()
    if found is None:
        raise NoOffice(_("The directory has no unit with the code GO. Load the directory first."))
    return found


def unit_name(unit_id: int) -> str:
    """A unit's name in the active language."""
    return words(Unit.objects.get(pk=unit_id), "name")


def document(document_id: int) -> IncomingDocument | None:
    """One document, or None when it does not exist for this actor."""
    return (
        IncomingDocument.objects.select_related("unit", "lead_unit", "chaser", "guard").filter(pk=document_id).first()
    )


def document_of(matter_id: int) -> IncomingDocument | None:
    """The document a matter is about."""
    return IncomingDocument.objects.filter(matter_id=matter_id).first()


def drafts() -> list[Any]:
    """What is signed for or begun and not registered yet, oldest first."""
    return list(
        IncomingDocument.objects.filter(state__in=[State.DRAFT, State.SIGNED])
        .order_by("opened_at", "id")
        .values("id", "title", "sender", "state", "opened_at", "received_on", "urgency")[:200]
    )


def same_letter(
    sender: str,
    sender_number: str,
    year: int | None,
    *,
    unit_id: int | None = None,
    other_than: int | None = None,
) -> IncomingDocument | None:
    """The document of this sender, number and year that a unit (else the General Office) registered, if seen."""
    if not sender_number.strip() or year is None:
        return None
    found = IncomingDocument.objects.filter(
        unit_id=unit_id or office_id(),
        sender_key=number_key(sender),
        sender_number_key=number_key(sender_number),
        sender_year=year,
        state__in=[State.REGISTERED, State.FILED],
    )
    if other_than is not None:
        found = found.exclude(pk=other_than)
    return found.order_by("id").first()


def limit_for(urgency: str, received_on: dt.date) -> dt.date:
    """The last day that the rulebook allows for a grade of urgency."""
    period = rulebook.period(limit_key(urgency), on=received_on)
    return calendar.due_date(received_on, period.count, "CD" if period.unit == "CD" else "WD").due_on


def files(document_id: int) -> list[dict[str, Any]]:
    """The files of a document, in order, with what is stored of them (never their text)."""
    rows = (
        IncomingFile.objects.filter(document_id=document_id)
        .order_by("part", "position", "id")
        .values(
            "id",
            "name",
            "part",
            "stored_id",
            media_type=F("stored__media_type"),
            size=F("stored__size"),
            pages=F("stored__pages"),
        )
    )
    words = dict(FilePart.choices)
    return [{**row, "part_words": words[row["part"]]} for row in rows]


def units(document_id: int) -> list[HandlingUnit]:
    """The units that handle it now: the lead first."""
    rows = HandlingUnit.objects.filter(document_id=document_id, ended_at__isnull=True).select_related("unit")
    return sorted(rows, key=lambda row: (row.part != Part.LEAD, row.unit.position))


def readers(document_id: int) -> list[Any]:
    """The circulation list in order, each post with its read mark: when, by whom, and what was noted.

    The mark is the matter's own task, be it of the procedure's circulation or of one sent round later.
    """
    marks = (
        Task.objects.annotate(reader=Coalesce("item", "asked_post_id", output_field=BigIntegerField()))
        .filter(matter_id=OuterRef("document__matter_id"), reader=OuterRef("post_id"), to_read=True, state="DONE")
        .order_by("done_at", "id")
    )
    said = Opinion.objects.filter(task_id=OuterRef("mark"), kind="OPINION").order_by("id")
    return list(
        Reader.objects.filter(document_id=document_id)
        .annotate(
            mark=Subquery(marks.values("id")[:1]),
            read_at=Subquery(marks.values("done_at")[:1]),
            read_by_en=Subquery(marks.values("doer_person__name_en")[:1]),
            read_by_zh=Subquery(marks.values("doer_person__name_zh")[:1]),
            note=Coalesce(Subquery(said.values("text")[:1]), Value(""), output_field=TextField()),
        )
        .order_by("position", "id")
        .values(
            "id",
            "post_id",
            "post__title_en",
            "post__title_zh",
            "post__unit__name_en",
            "post__unit__name_zh",
            "read_at",
            "read_by_en",
            "read_by_zh",
            "note",
        )
    )


def answering_posts(role: str, unit_id: int) -> list[int]:
    """The posts that answer for a role in a unit today."""
    with connection.cursor() as cursor:
        cursor.execute("select access_answering_posts(%s, %s)", [role, unit_id])
        return sorted(row[0] for row in cursor.fetchall())


def handling_units_to_choose() -> QuerySet[Unit]:
    """Departments and offices of the headquarters that stand today."""
    return Unit.objects.filter(
        kind__in=HANDLING_KINDS,
        is_void=False,
        during__contains=clock.today(),
    ).order_by("position", "id")


def leaders_found(typed: str, most: int) -> list[Line]:
    """The posts that answer as leaders for the General Office today, narrowed by words."""
    return reachable_posts(typed, most, within=answering_posts(LEADER, office_id()))


def leaders_named(ids: Collection[int]) -> list[Line]:
    """Those of the posts that may be sent it as leaders."""
    return reachable_named(set(ids).intersection(answering_posts(LEADER, office_id())))


def chasers_found(typed: str, most: int) -> list[Line]:
    """The posts that may be named to chase an important document, narrowed by words."""
    return reachable_posts(typed, most, within=answering_posts(CHASER, office_id()))


def chasers_named(ids: Collection[int]) -> list[Line]:
    """Those of the posts that may be named chaser."""
    return reachable_named(set(ids).intersection(answering_posts(CHASER, office_id())))


def register_sources() -> None:
    """Offer the pickers what an incoming document may be sent to."""
    register(
        Source(
            UNITS,
            functools.partial(find_units, kinds=HANDLING_KINDS),
            functools.partial(units_named, kinds=HANDLING_KINDS),
        )
    )
    register(Source(LEADERS, leaders_found, leaders_named))
    register(Source(CHASERS, chasers_found, chasers_named))


def may_register(by: Actor) -> Verdict:
    """Whether the actor keeps the register: a registrar over the General Office."""
    try:
        return access_rules.holds_role(by, REGISTRAR, office_id())
    except NoOffice as refusal:
        return no(refusal.reason)


def panel(matter_id: int, by: Actor) -> dict[str, Any]:
    """Everything the matter page shows of the document."""
    found = (
        IncomingDocument.objects.select_related("unit", "lead_unit", "chaser", "chaser__unit")
        .filter(matter_id=matter_id)
        .first()
    )
    if found is None:
        return {"document": None}
    listed = readers(found.pk)
    is_head = bool(access_rules.holds_role(by, HEAD, found.unit_id))
    return {
        "document": found,
        "facts": facts(found),
        "files": files(found.pk),
        "readers": listed,
        "read_count": sum(1 for row in listed if row["read_at"]),
        "outcome_facts": outcome_facts(found),
        "related": related(found),
        "may_edit": found.state in {State.DRAFT, State.SIGNED} and bool(may_register(by)),
        "may_list": is_head and found.state == State.REGISTERED,
    }


def facts(document: IncomingDocument) -> list[tuple[Any, Any]]:
    """The facts of registration, in words."""
    named = units(document.pk)
    lead = next((words(row.unit, "name") for row in named if row.part == Part.LEAD), "")
    co_units = "; ".join(words(row.unit, "name") for row in named if row.part == Part.CO)
    rows = [
        (_("Our number"), document.number or _("not registered yet")),
        (_("Sender"), document.sender),
        (_("Sender's number"), document.sender_number),
        (_("Dated"), document.dated_on),
        (_("Received"), document.received_on),
        (_("Type"), document.get_kind_display()),
        (_("Urgency"), document.get_urgency_display()),
        (_("Limit"), document.limit_on),
        (_("House label"), document.get_label_display()),
        (_("Came as"), document.get_carrier_display()),
        (_("Copy no."), document.copy_no),
        (_("Number of pages"), document.pages),
        (_("Addressees"), document.addressees),
        (_("Lead unit"), lead),
        (_("Co-units"), co_units),
        (_("Chaser"), words(document.chaser, "title") if document.chaser else ""),
    ]
    return [(word, value) for word, value in rows if value not in (None, "")]


def outcome_facts(document: IncomingDocument) -> list[tuple[Any, Any]]:
    """What came of it, in words."""
    rows = [
        (_("Result"), document.result),
        (_("Reply"), document.reply_text),
        (_("Number of the reply"), document.reply_number),
        (_("Class"), document.file_class),
        (_("Retention"), period_words(document.retention)),
    ]
    return [(word, value) for word, value in rows if value]


def related(document: IncomingDocument) -> list[Any]:
    """The latest other documents of the same sender that the actor may see."""
    if not document.sender_key:
        return []
    rows = IncomingDocument.objects.filter(sender_key=document.sender_key, state__in=IN_REGISTER).exclude(
        pk=document.pk
    )
    return list(rows.order_by("-received_on", "-id").values("id", "number", "title")[:5])
