"""Questions of drafting: who may edit now, who is editing, versions, unsaved work, templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents import rules
from chancery.departments.general_office.outgoing_documents.drafting.models import (
    DraftTemplate,
    DraftVersion,
    EditLock,
    UnsavedWork,
)
from chancery.departments.general_office.outgoing_documents.drafting.terms import DRAFTING_ALONG, VersionKind
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import ISSUED, PROCEDURE, State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Verdict, no, yes
from chancery.foundations.web.picker import Line, Source, register
from chancery.kernel.access.models import GuardReader
from chancery.kernel.access.roles import queries as access
from chancery.kernel.procedures import queries as procedures

LOCK_KEY = "outgoing.draft.lock"


def held_tasks(document: OutgoingDocument, by: Actor) -> list[dict[str, Any]]:
    """The open tasks of its matter that `by` may do now; what somebody else took in hand is not among them."""
    if document.matter_id is None:
        return []
    found = []
    for task in procedures.open_tasks(document.matter_id):
        if task["doer_person_id"] not in (None, by.person_id):
            continue
        asked: dict[str, Any] = (
            {"post_id": task["post_id"]} if task["post_id"] else {"role": task["role"], "unit_id": task["unit_id"]}
        )
        if access.acting_post_for(by, scope=PROCEDURE, **asked) is not None:
            found.append(task)
    return found


def held_step(document: OutgoingDocument, by: Actor) -> str | None:
    """The step that `by` has in hand, one that edits before any other."""
    steps = [str(task["step"]) for task in held_tasks(document, by)]
    return next((step for step in steps if step in rules.EDITING_STEPS), steps[0] if steps else None)


def is_asked_along(document: OutgoingDocument, by: Actor) -> bool:
    """Whether the drafter asked the actor's post to draft along."""
    return GuardReader.objects.filter(
        guard_id=document.guard_id, post_id=by.post_id or 0, how=DRAFTING_ALONG, ended_at=None
    ).exists()


def asked_along(document: OutgoingDocument) -> list[Any]:
    """The posts asked to draft along."""
    return list(
        GuardReader.objects.filter(guard_id=document.guard_id, how=DRAFTING_ALONG, ended_at=None, post__isnull=False)
        .order_by("since", "id")
        .values(
            "post_id",
            title_en=F("post__title_en"),
            title_zh=F("post__title_zh"),
            unit_en=F("post__unit__name_en"),
            unit_zh=F("post__unit__name_zh"),
        )
    )


def may_edit(document: OutgoingDocument, by: Actor) -> Verdict:
    """Whether the actor may edit the document now."""
    step = held_step(document, by) if document.state in {State.UNDER_WAY, State.SIGNED} else None
    along = document.state == State.DRAFT and is_asked_along(document, by)
    return rules.may_edit(by, document, step, is_asked_along=along)


def may_draft(by: Actor) -> Verdict:
    """Whoever acts in a post may begin a draft for its unit."""
    return yes() if by.is_person and by.post_id and by.body_id else no(_("Choose the post you act in first."))


# --- Who is editing ---------------------------------------------------------------------------------------------------
def lock_of(document_id: int, at: dt.datetime) -> EditLock | None:
    """The lock while it stands: its holder's page was heard of within the rulebook's minutes."""
    found = EditLock.objects.select_related("person").filter(document_id=document_id).first()
    return found if found is not None and is_standing(found, at) else None


def lock_rows(document_id: int) -> QuerySet[EditLock]:
    """The row of the lock, standing or not."""
    return EditLock.objects.filter(document_id=document_id)


def is_standing(lock: EditLock, at: dt.datetime) -> bool:
    """Whether the holder's page was heard of lately."""
    seconds = int(rulebook.number(LOCK_KEY, on=clock.date_of(at)))
    return at - lock.beat_at <= dt.timedelta(seconds=seconds)


def lock_in_the_way(document_id: int, by: Actor, at: dt.datetime) -> EditLock | None:
    """The lock of somebody else."""
    found = lock_of(document_id, at)
    return found if found is not None and found.person_id != by.person_id else None


# --- Versions and unsaved work ----------------------------------------------------------------------------------------
VERSION_FACTS = (
    "number",
    "kind",
    "note",
    "text_hash",
    "characters",
    "at",
    "person__name_en",
    "person__name_zh",
    "post__title_en",
    "post__title_zh",
)


def versions(document_id: int) -> list[dict[str, Any]]:
    """Every version, latest first, without its text."""
    rows = DraftVersion.objects.filter(document_id=document_id).order_by("-number").values(*VERSION_FACTS)
    return [{**row, "kind_words": VersionKind(row["kind"]).label} for row in rows]


def version(document_id: int, number: int) -> DraftVersion | None:
    """One version with its text."""
    return DraftVersion.objects.filter(document_id=document_id, number=number).select_related("person").first()


def signed_version(document_id: int) -> DraftVersion | None:
    """What was signed last."""
    return DraftVersion.objects.filter(document_id=document_id, kind=VersionKind.SIGNED).order_by("-number").first()


def unsaved(document_id: int) -> Sequence[UnsavedWork]:
    """Everybody's unsaved work on a document, latest first."""
    return list(UnsavedWork.objects.filter(document_id=document_id).select_related("person").order_by("-at"))


def unsaved_of(document_id: int, by: Actor) -> UnsavedWork | None:
    """The actor's own unsaved work."""
    return UnsavedWork.objects.filter(document_id=document_id, person_id=by.person_id or 0).first()


# --- Drafts and templates ---------------------------------------------------------------------------------------------
def drafts(by: Actor) -> QuerySet[OutgoingDocument]:
    """The drafts and papers under way that the actor drafts or was asked to draft along, latest change first."""
    along = GuardReader.objects.filter(post_id=by.post_id or 0, how=DRAFTING_ALONG, ended_at=None).values("guard_id")
    return (
        OutgoingDocument.objects.filter(
            Q(drafter_post_id=by.post_id or 0) | Q(drafter_person_id=by.person_id or 0) | Q(guard_id__in=along)
        )
        .filter(state__in=[State.DRAFT, State.UNDER_WAY])
        .order_by("-changed_at", "-id")
    )


def templates(by: Actor, *, profile: str, paper_type: str = "") -> QuerySet[DraftTemplate]:
    """The templates that the actor may begin from: the house's and those of the actor's unit."""
    found = DraftTemplate.objects.filter(
        Q(unit__isnull=True) | Q(unit_id=by.body_id or 0), profile=profile, ended_at=None
    )
    return found.filter(paper_type=paper_type) if paper_type else found


def template(template_id: int) -> DraftTemplate | None:
    """One template in use."""
    return DraftTemplate.objects.filter(pk=template_id, ended_at=None).select_related("unit").first()


# --- Earlier papers to pick from --------------------------------------------------------------------------------------
def find_issued(typed: str, most: int) -> list[Line]:
    """Issued papers by number or title, latest first."""
    rows = _issued()
    for word in typed.split():
        rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word))
    return [_line(row) for row in rows.order_by("-numbered_at", "-id").values("id", "number", "title")[:most]]


def issued_named(ids: Collection[int]) -> list[Line]:
    """Those of the papers that are issued and may be seen."""
    return [_line(row) for row in _issued().filter(pk__in=ids).values("id", "number", "title")]


def _issued() -> QuerySet[OutgoingDocument]:
    return OutgoingDocument.objects.filter(state__in=ISSUED)


def _line(row: Mapping[str, Any]) -> Line:
    return Line(row["id"], row["number"], row["title"])


def register_sources() -> None:
    """Offer the picker of earlier papers."""
    register(Source("outgoing-issued", find_issued, issued_named))
