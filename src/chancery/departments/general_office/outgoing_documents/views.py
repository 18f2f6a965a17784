"""The document's page, and the list of one's drafts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.outgoing_documents import queries, rules
from chancery.departments.general_office.outgoing_documents.comments import queries as comments
from chancery.departments.general_office.outgoing_documents.comments import rules as comment_rules
from chancery.departments.general_office.outgoing_documents.correction import queries as correction
from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.issuing import queries as issuing
from chancery.departments.general_office.outgoing_documents.terms import (
    AddresseePart,
    Direction,
    Label,
    State,
    Step,
    Urgency,
)
from chancery.foundations import clock
from chancery.foundations.web.door import actor_of, door, staff
from chancery.foundations.web.tables import Column, Filter, ListPage
from chancery.foundations.words import words
from chancery.kernel.access.readings.views import was_read
from chancery.kernel.records.papertypes import queries as paper_types
from chancery.kernel.records.setting.terms import Format

STATE_TONES = {
    State.DRAFT: "neutral",
    State.UNDER_WAY: "blue",
    State.SIGNED: "blue",
    State.NUMBERED: "blue",
    State.SEALED: "blue",
    State.RELEASED: "green",
    State.CANCELLED: "red",
    State.WITHDRAWN: "red",
}


@door(staff, methods=("GET",))
def drafts(request: HttpRequest) -> HttpResponseBase:
    """What one drafts, or was asked to draft along: drafts and papers under way."""
    by = actor_of(request)

    def page_of(row: Any) -> str:
        return reverse("general_office:outgoing_document", args=[row["id"]])

    types = _type_words()
    page = ListPage(
        request,
        name="general_office.outgoing_drafts",
        rows=drafting.drafts(by).values(
            "id",
            "title",
            "paper_type",
            "state",
            "version",
            "changed_at",
            "urgency",
            "issuer__name_en",
            "issuer__name_zh",
        ),
        columns=[
            Column("title", gettext_lazy("Title"), is_main=True, link=page_of, style="cut", sort="title", value=_title),
            Column("paper_type", gettext_lazy("Type"), codes=types, style="tight", sort="paper_type"),
            Column("issuer__name", gettext_lazy("Issuer"), kind="words", style="cut"),
            Column(
                "urgency",
                gettext_lazy("Urgency"),
                kind="badge",
                codes=dict(Urgency.choices),
                tones={Urgency.URGENT: "amber", Urgency.EXTRA_URGENT: "red", Urgency.NORMAL: "neutral"},
                sort="urgency",
            ),
            Column(
                "state",
                gettext_lazy("State"),
                kind="badge",
                codes=dict(State.choices),
                tones={str(state): tone for state, tone in STATE_TONES.items()},
                sort="state",
            ),
            Column("version", gettext_lazy("Version"), kind="number"),
            Column("changed_at", gettext_lazy("Changed"), kind="datetime", sort="changed_at"),
        ],
        filters=[
            Filter(
                "state", gettext_lazy("State"), choices=[(s.value, s.label) for s in (State.DRAFT, State.UNDER_WAY)]
            ),
            Filter("paper_type", gettext_lazy("Type"), choices=lambda: sorted(types.items(), key=lambda one: one[1])),
        ],
        search=("title",),
        order=("-changed_at", "-id"),
        caption=_("My drafts"),
        empty={
            "symbol": "file-pencil",
            "title": _("No draft of yours"),
            "text": _("Papers you draft stand here until they are signed."),
            "address": reverse("general_office:outgoing_new"),
            "act": _("New paper"),
        },
    )
    return page.respond("general_office/outgoing_documents/drafts.html", {})


def _title(row: Any) -> str:
    return row["title"] or _("Untitled draft")


def _type_words() -> dict[str, str]:
    """Code → name of every type that holds today, of both profiles."""
    today = clock.today()
    return {
        one.code: words(one) for profile in ("neutral", "cn") for one in paper_types.holding(today, profile=profile)
    }


@door(staff, methods=("GET",))
def outgoing_document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The document: what it says, who has it, comments, and what has become of it."""
    by = actor_of(request)
    document = queries.document(document_id)
    if document is None:
        raise Http404
    was_read(
        request,
        guard_id=document.guard_id,
        label=document.guard.label,  # what is printed on a signed paper stays, its guard may have been raised
        subject=f"general_office.outgoingdocument:{document.pk}",
    )
    at = clock.now()
    may_edit = bool(drafting.may_edit(document, by))
    lock = drafting.lock_in_the_way(document.pk, by, at) if may_edit else None
    held = {str(task["step"]) for task in drafting.held_tasks(document, by)}
    may_submit = may_edit and (document.state == State.DRAFT or Step.DRAFT in held)
    context = {
        "document": document,
        "state_tone": STATE_TONES[State(document.state)],
        "facts": _facts(document),
        "annexes": queries.annexes_of(document.pk),
        "relations": list(document.relations.select_related("earlier").order_by("id")),
        "later": list(document.later_relations.select_related("document").order_by("id")),
        "threads": comments.threads(document.pk, document.body),
        "may_comment": bool(comment_rules.may_comment(by, document)),
        "may_edit": may_edit and lock is None,
        "may_submit": may_submit and lock is None,
        "lock": lock,
        "is_draft": document.state == State.DRAFT,
        "may_discard": may_edit and bool(rules.may_discard(document)),
        "own_work": drafting.unsaved_of(document.pk, by) if may_edit else None,
        "along": drafting.asked_along(document),
        "versions": document.versions.count(),
        "issuing": issuing.section(document, by),
        "dispatch": dispatch.section(document, by),
        "correction": correction.section(document, by),
        "trail": [
            (reverse("general_office:outgoing"), _("Outgoing documents")),
            (None, document.number or _title_of(document)),
        ],
    }
    return render(request, "general_office/outgoing_documents/document.html", context)


def _title_of(document: Any) -> str:
    return document.title or _("Untitled draft")


def _facts(document: Any) -> list[tuple[Any, ...]]:
    """What the page says of the document in short."""
    facts = queries.facts_of(document)
    language = "zh" if document.language.startswith("zh") else "en"
    names = queries.unit_names(queries.units_in(facts), on=document.dated_on or clock.today(), language=language)
    of = paper_types.paper_type(document.paper_type, on=clock.date_of(document.opened_at), profile=document.profile)
    comma = "、" if language == "zh" else "; "

    def units(name: str, part: str = "") -> str:
        outside = [one["name"] for one in facts["outside"] if one["part"] == part]
        return comma.join([*(names.get(one, "") for one in facts[name]), *outside])

    lines: list[tuple[Any, ...]] = [
        (_("Type"), words(of) if of else document.paper_type),
        (_("Direction"), Direction(document.direction).label),
        (_("Format"), dict(Format.choices).get(document.format, "")),
        (_("Issuer"), comma.join(names.get(one, "") for one in (facts["issuer"], *facts["joint_issuers"]))),
        (_("Main addressees"), units("main", AddresseePart.MAIN)),
        (_("Copy to"), units("copy_to", AddresseePart.COPY)),
        (_("Signer"), words(document.signer_post, "title") if document.signer_post else ""),
        (_("Countersigned by"), units("countersign_units")),
        (_("Urgency"), Urgency(document.urgency).label if document.urgency != Urgency.NORMAL else ""),
        (_("Label"), Label(document.label).label),
        (_("Note"), document.note),
        (_("Keywords"), document.keywords),
        (_("Drafted by"), words(document.drafter_person) if document.drafter_person else ""),
        (_("Drafting unit"), words(document.unit)),
        (_("Begun"), document.opened_at),
    ]
    if document.matter_id:
        lines.append((_("Matter"), _("Open the matter"), reverse("procedures:matter", args=[document.matter_id])))
    return [line for line in lines if line[1]]
