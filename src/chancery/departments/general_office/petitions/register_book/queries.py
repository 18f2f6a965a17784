"""The register as rows, what waits for whom, and all that a petition's page shows. Under the reader's row security."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import groupby
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.departments.general_office.archives.terms import Group, Line
from chancery.departments.general_office.petitions import queries, rules, terms
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.custody import rules as custody_rules
from chancery.departments.general_office.petitions.custody.models import IdentityOpening
from chancery.departments.general_office.petitions.custody.terms import TONES as OPENING_TONES
from chancery.departments.general_office.petitions.custody.terms import OpeningState
from chancery.departments.general_office.petitions.models import (
    Petition,
    PetitionFile,
    PetitionHand,
    PetitionPause,
    PetitionStage,
    PetitionText,
)
from chancery.departments.general_office.petitions.terms import OPEN_STATES, SUBJECT, Clearance, Part, Scan, State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal.queries import timeline
from chancery.foundations.postgres.row_security import current
from chancery.foundations.words import words
from chancery.kernel.access import queries as access
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.directory.models import Unit
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures.definitions.queries import step_names
from chancery.kernel.records.search.queries import Filters, search

SHOWN = (
    "id", "number", "title", "kind", "channel", "field", "received_on", "state", "stage", "due_on", "group_size",
    "is_repeat", "outcome", "rating", "subject_unit__name_en", "subject_unit__name_zh", "handling_unit__name_en",
    "handling_unit__name_zh",
)  # fmt: skip
CLEARANCE_TONES = {Clearance.WITHHELD: "red", Clearance.CLEARED: "green", Clearance.REPLACED: "neutral"}
MOST_FOUND = 500
#: What was added after registration; of what is merged into another, its first words are those of many and wait.
TO_LOOK_AT = Q(released_at=None, petition__registered_at__isnull=False) & (
    Q(petition__merged_into=None) | ~Q(part__in=[Part.REQUEST, Part.FACTS, Part.REASONS])
)


# --- The register ----------------------------------------------------------------------------------------------------
def lateness(today: dt.date) -> Case:
    """How the running limit stands; DONE when none runs."""
    return Case(
        When(~Q(state__in=OPEN_STATES), then=Value("DONE")),
        When(due_on__lt=today, then=Value("RED")),
        When(due_on__lte=calendar.amber_until(today), then=Value("AMBER")),
        default=Value("ON_TIME"),
        output_field=CharField(),
    )


def register(today: dt.date) -> QuerySet[Petition, Any]:
    """All petitions one sees, as rows. Whoever sees few of many is served from those few."""
    rows = Petition.objects.all()
    few = access.few_guards()
    if few is not None:
        rows = rows.filter(guard_id__in=few)
    found: QuerySet[Petition, Any] = rows.annotate(due_on_lateness=lateness(today)).values(*SHOWN, "due_on_lateness")
    return found


def find(rows: Any, text: str) -> Any:
    """Rows by their number, or by the words of their neutral titles as search knows them."""
    typed = text.strip().replace("[", "〔").replace("]", "〕").replace("【", "〔").replace("】", "〕")
    by = current()
    found = search(text, by=by, limit=MOST_FOUND, filters=Filters(kinds=("petition",)), prefix=True).rows if by else ()
    ids = [int(one.subject.rpartition(":")[2]) for one in found]
    return rows.filter(Q(number=text.strip()) | Q(number=typed) | Q(pk__in=ids))


def overdue(rows: Any) -> Any:
    """Rows whose limit is over."""
    return rows.filter(due_on__lt=clock.today(), state__in=OPEN_STATES)


def subject_units() -> list[tuple[str, str]]:
    """The units complained of, to choose from: one look into the index a unit, however many petitions there are."""
    about = Petition.objects.filter(subject_unit_id=OuterRef("pk"))
    few = access.few_guards()
    if few is not None:
        about = about.filter(guard_id__in=few)
    rows = Unit.objects.filter(Exists(about)).order_by("position", "id")
    return [(str(unit.pk), words(unit, "name")) for unit in rows[:200]]


# --- The hub ---------------------------------------------------------------------------------------------------------
def desk(by: Actor, today: dt.date) -> list[Group]:
    """What waits, by whose hand it waits for. Open petitions are few beside the closed; one indexed count for all."""
    page = reverse("general_office:petition_list")
    n = Petition.objects.filter(state__in=OPEN_STATES).aggregate(
        new=Count("id", filter=Q(state=State.RECEIVED)),
        registered=Count("id", filter=Q(state=State.REGISTERED)),
        under_way=Count("id", filter=Q(state__in=[State.ACCEPTED, State.TRANSFERRED, State.UNDER_WAY])),
        late=Count("id", filter=Q(due_on__lt=today)),
        soon=Count("id", filter=Q(due_on__gte=today, due_on__lte=calendar.amber_until(today))),
    )
    lines = [
        Line(_("Received, not registered yet"), n["new"], f"{page}?state={State.RECEIVED}", "violet"),
        Line(_("Registered, to be accepted or not"), n["registered"], f"{page}?state={State.REGISTERED}", "amber"),
        Line(_("Under way"), n["under_way"], f"{page}?state={State.UNDER_WAY}", "blue"),
        Line(_("Overdue"), n["late"], f"{page}?late=1", "red"),
        Line(_("Due soon"), n["soon"], f"{page}?sort=due_on", "amber"),
    ]
    groups = [Group(_("Petitions"), tuple(lines)), Group(_("Identity and files"), tuple(_custody(by)))]
    more = [line for offer in terms.desks() for line in offer(by, today)]
    if more:
        groups.insert(1, Group(_("More that waits"), tuple(more)))
    return [group for group in groups if group.lines]


def _custody(by: Actor) -> list[Line]:
    page = reverse("general_office:petition_openings")
    asked = IdentityOpening.objects.filter(state__in=[OpeningState.ASKED, OpeningState.OPEN]).aggregate(
        mine=Count("id", filter=Q(requested_person_id=by.person_id)),
        waiting=Count("id", filter=Q(state=OpeningState.ASKED)),
    )
    lines = [Line(_("My requests to know who petitions"), asked["mine"], page, "blue")]
    if rules.may_hold(by):
        lines.append(Line(_("Requests to open an identity"), asked["waiting"], f"{page}?state=ASKED", "red"))
    if rules.may_hold(by) or rules.may_register(by):
        withheld = PetitionFile.objects.filter(clearance=Clearance.WITHHELD).count()
        lines.append(
            Line(_("Attachments to be cleared"), withheld, reverse("general_office:petition_withheld"), "amber")
        )
    if rules.may_register(by):
        texts = PetitionText.objects.filter(TO_LOOK_AT)
        lines.append(
            Line(_("Added texts to look at"), texts.count(), reverse("general_office:petition_unreleased"), "amber")
        )
    return lines


# --- One petition ----------------------------------------------------------------------------------------------------
def page(petition: Petition, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """Everything on the page of a petition, for whoever asks."""
    today = clock.date_of(at)
    unit = petition.guard.unit_id
    registers, holds = bool(rules.may_register(by, unit)), bool(rules.may_hold(by, unit))
    offered = terms.actions(petition, by)
    return {
        "petition": petition,
        "tone": terms.TONES[petition.state],
        "lateness": calendar.lateness(petition.due_on, today) if petition.state in OPEN_STATES else "DONE",
        "facts": facts(petition, today),
        # Opinions are shown whole, by handling.
        "texts": [text for text in queries.texts(petition.pk, by) if not text["part"].startswith("OPINION_")],
        "files": [_file(file, by, unit) for file in queries.files(petition.pk)],
        "stages": stages(petition.pk, today),
        "hands": hands(petition.pk),
        "openings": [_opening(row, by, at) for row in custody.openings(petition.pk)],
        "has_identity": not petition.is_anonymous,
        "may_register": registers and not petition.number,
        "may_correct": registers and bool(petition.number) and bool(rules.may_be_added_to(petition)),
        "may_release": registers,
        "may_hold": holds,
        "may_ask": bool(custody_rules.has_part(by)) and not petition.is_anonymous,
        "tasks": _tasks(petition, today),
        "actions": offered,
        "sections": _sections(petition, by, at, beside=False),
        "beside_sections": _sections(petition, by, at, beside=True),
        "entries": _presses(timeline(f"{SUBJECT}:{petition.pk}")),
        "aside": _aside(petition, offered),
    }


def _presses(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What one press did in one entry: an opinion is five texts, a state and a limit."""
    pauses, told = dict(PetitionPause._meta.get_field("reason").flatchoices), []
    for (who, at), group in groupby(entries, key=lambda entry: (entry["who"], entry["at"])):
        lines = list(group)
        acts = Counter(str(line["title"]) for line in lines)
        title = " · ".join(f"{act} ×{n}" if n > 1 else act for act, n in acts.items())
        reasons = "\n".join(str(pauses.get(line["text"], line["text"])) for line in lines if line["text"])
        told.append({"title": title, "who": who, "at": at, "text": reasons})
    return told


def _sections(petition: Petition, by: Actor, at: dt.datetime, *, beside: bool) -> list[dict[str, Any]]:
    told = ((one, one.context(petition, by, at)) for one in terms.sections(beside=beside))
    return [{"template": one.template, "section": context} for one, context in told if context is not None]


def _aside(petition: Petition, offered: list[Any]) -> str:
    """Where one keeps out of it, unless that is offered at the head of the page already."""
    address = reverse("general_office:petition_aside", args=[petition.pk])
    is_over = petition.state in terms.ENDED_STATES
    return "" if is_over or any(one[0] == address for one in offered) else address


def _tasks(petition: Petition, today: dt.date) -> list[dict[str, Any]]:
    if petition.matter is None:
        return []
    names = step_names().get(petition.matter.procedure, {})
    return [
        {
            **row,
            "words": names.get(row["step"], row["step"]) or _("For reading"),
            "lateness": calendar.lateness(row["due_on"], today),
        }
        for row in procedures.open_tasks(petition.matter.pk)
    ]


def facts(petition: Petition, today: dt.date) -> list[tuple[Any, ...]]:
    """The facts of registration, in words; nothing of who petitions."""
    named = dict(queries.fields(on=petition.received_on))
    merged = petition.merged_into
    rows: list[tuple[Any, ...]] = [
        (_("Number"), petition.number or _("not registered yet")),
        (pgettext("petition", "Kind"), petition.get_kind_display()),
        (_("Came by"), petition.get_channel_display()),
        (pgettext("petition", "Received on"), petition.received_on),
        (_("Subject field"), named.get(petition.field, petition.field)),
        (_("Region"), petition.region),
        (_("Unit complained of"), words(petition.subject_unit, "name") if petition.subject_unit else ""),
        (_("Person complained of"), words(petition.subject_person, "name") if petition.subject_person else ""),
        (_("Handled by"), words(petition.handling_unit, "name") if petition.handling_unit else ""),
        (_("How many people"), petition.group_size if petition.group_size > 1 else ""),
        (pgettext("petition", "Sender"), _("Anonymous") if petition.is_anonymous else _("Known, and kept apart")),
        (_("Wrote before"), _("yes") if petition.is_repeat else ""),
        (_("Outcome"), petition.get_outcome_display() if petition.outcome else ""),
        (_("Opened again"), petition.reopened_count or ""),
        (pgettext("petition", "Rating"), f"{petition.rating} / 5" if petition.rating else ""),
    ]
    if merged is not None:  # not beside the procedure: two links under each other are hard to press
        rows.insert(1, (_("Handled with"), str(merged), reverse("general_office:petition", args=[merged.pk])))
    if petition.matter_id is not None:
        address = reverse("procedures:matter", args=[petition.matter_id])
        rows.append((_("Procedure"), petition.matter.number if petition.matter else "", address))
    return [row for row in rows if row[1] not in (None, "")]


def stages(petition_id: int, today: dt.date) -> list[dict[str, Any]]:
    """Each time it is or was decided, with its clock and pauses."""
    rows = PetitionStage.objects.select_related("unit").prefetch_related("pauses").filter(petition_id=petition_id)
    return [
        {
            "row": row,
            "unit": words(row.unit, "name") if row.unit else "",
            "lateness": "DONE" if row.answered_on or row.closed_at else calendar.lateness(row.due_on, today),
            "pauses": list(row.pauses.all()),
        }
        for row in rows.order_by("opened_at", "id")
    ]


def hands(petition_id: int) -> list[PetitionHand]:
    """Who has it in hand, and who had."""
    rows = PetitionHand.objects.select_related("person", "post", "unit", "stage")
    return list(rows.filter(stage__petition_id=petition_id).order_by("since", "id"))


def _file(file: PetitionFile, by: Actor, unit_id: int) -> dict[str, Any]:
    may_clear = bool(rules.may_clear(by, file, unit_id))
    return {
        "row": file,
        "tone": CLEARANCE_TONES[Clearance(file.clearance)],
        "scan_tone": "red" if file.scan == Scan.IDENTITY else "neutral",
        "may_open": bool(rules.may_examine(by, file, unit_id)),
        "may_clear": may_clear and file.scan != Scan.IDENTITY,
        "may_replace": bool(rules.may_replace(by, file, unit_id)),
    }


def _opening(row: IdentityOpening, by: Actor, at: dt.datetime) -> dict[str, Any]:
    is_over = row.state == OpeningState.OPEN and row.expires_at is not None and row.expires_at < at
    state = OpeningState.ENDED if is_over else OpeningState(row.state)
    return {"row": row, "state": state.label, "tone": OPENING_TONES[state]}


# --- Work lists of registrars and custodians -------------------------------------------------------------------------
def withheld() -> QuerySet[PetitionFile, Any]:
    """Attachments that wait to be cleared."""
    return PetitionFile.objects.filter(clearance=Clearance.WITHHELD).values(
        "id", "name", "scan", "size", "at", "petition_id", "petition__number", "petition__title"
    )


def unreleased() -> QuerySet[PetitionText, Any]:
    """Texts that a registrar has to look at before they go to those who handle."""
    return PetitionText.objects.filter(TO_LOOK_AT).values(
        "id", "part", "at", "blacked", "petition_id", "petition__number", "petition__title"
    )


def opening_rows() -> QuerySet[IdentityOpening, Any]:
    """Requests to open an identity, as rows."""
    return IdentityOpening.objects.values(
        "id", "purpose", "state", "requested_at", "expires_at", "readings", "petition_id", "petition__number",
        "petition__title", "requested_person__name_en", "requested_person__name_zh",
    )  # fmt: skip
