"""Questions about levels. Row security limits what the stamped actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.departments.general_office.confidential_work.classification import terms
from chancery.departments.general_office.confidential_work.classification.models import (
    Classification,
    ClassificationAudience,
)
from chancery.departments.general_office.confidential_work.classification.terms import (
    AUTHORITY,
    CLAUSES,
    OFFICER,
    State,
    Target,
    Thing,
)
from chancery.departments.general_office.confidential_work.clearances import queries as clearances
from chancery.departments.general_office.confidential_work.sight.terms import ASKERS
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Verdict, no, yes
from chancery.foundations.words import words
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access.models import Guard
from chancery.kernel.access.queries import roles_of
from chancery.kernel.access.terms import OVERSEERS
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.records.models import ArchivalItem

INCOMING = "general_office.incomingdocument"
OUTGOING = "general_office.outgoingdocument"
MATTER = "procedures.matter"
ITEM = "records.archivalitem"


# --- Things -----------------------------------------------------------------------------------------------------------
def thing(subject: str, *, today: dt.date | None = None) -> Thing | None:
    """What bears a label, by its subject "label.model:pk"; None when there is no such thing for the actor."""
    label, _colon, key = subject.partition(":")
    label = label.lower()  # some functions write their nouns with capitals
    subject = f"{label}:{key}"
    if not key.isdecimal() or len(key) > 18:
        return None
    match label:
        case "general_office.incomingdocument":
            row = IncomingDocument.objects.filter(pk=key).values("guard_id", "unit_id", "title", "number").first()
            kind, url = _("Incoming document"), "general_office:incoming_document"
        case "general_office.outgoingdocument":
            row = OutgoingDocument.objects.filter(pk=key).values("guard_id", "unit_id", "title", "number").first()
            kind, url = _("Outgoing document"), "general_office:outgoing_document"
        case "procedures.matter":
            row = Matter.objects.filter(pk=key).values("guard_id", "unit_id", "title", "number", "subject").first()
            if row is not None and row["subject"].lower().startswith((f"{INCOMING}:", f"{OUTGOING}:")):
                return thing(row["subject"], today=today)
            kind, url = _("Matter"), "procedures:matter"
        case "records.archivalitem":
            return _item(int(key), today or clock.today())
        case _:
            return None
    guard = Guard.objects.filter(pk=row["guard_id"]).values("label", "is_public").first() if row else None
    if row is None or guard is None:
        return None
    return Thing(
        subject=subject,
        guard_id=row["guard_id"],
        unit_id=row["unit_id"],
        title=" ".join(part for part in (row["number"], row["title"]) if part)[:300] or _("Untitled"),
        kind=kind,
        url=reverse(url, args=[key]),
        label=guard["label"],
        is_public=guard["is_public"],
    )


def spellings(subject: str) -> list[str]:
    """The ways in which a subject is written: as the journal does, and as the documents' own functions do."""
    label, _colon, key = subject.partition(":")
    capitals = {INCOMING: "general_office.IncomingDocument", OUTGOING: "general_office.OutgoingDocument"}
    return [subject, f"{capitals[label]}:{key}"] if label in capitals else [subject]


def _item(item_id: int, today: dt.date) -> Thing | None:
    row = (
        ArchivalItem.objects.filter(pk=item_id)
        .values("content_guard_id", "guard_id", "unit_id", "title", "code", "opens_on")
        .first()
    )
    guard = Guard.objects.filter(pk=row["content_guard_id"]).values("label", "is_public").first() if row else None
    if row is None or guard is None:
        return None
    return Thing(
        subject=f"{ITEM}:{item_id}",
        guard_id=row["content_guard_id"],
        unit_id=row["unit_id"],
        title=f"{row['code']} {row['title']}"[:300],
        kind=_("Archival item"),
        url=reverse("records:archival_item", args=[item_id]),
        label=guard["label"],
        is_public=guard["is_public"],
        open_since=row["opens_on"] if row["opens_on"] and row["opens_on"] <= today else None,
        is_listed_for_all=row["guard_id"] != row["content_guard_id"],
    )


def key_of(guard_id: int) -> str:
    """What is classified, whatever it is called: all that shares a guard is one thing."""
    return f"guard:{guard_id}"


def key_of_carrier(alias: str) -> str:
    """A carrier, by its alias."""
    return f"carrier:{' '.join(alias.split()).casefold()}"


# --- Decisions --------------------------------------------------------------------------------------------------------
def decision(classification_id: int) -> Classification | None:
    """One decision, or None when it does not exist for the actor."""
    return (
        Classification.objects.select_related("proposed_person", "decided_person", "unit", "previous", "derived_from")
        .filter(pk=classification_id)
        .first()
    )


def in_force(key: str) -> Classification | None:
    """What holds now."""
    return Classification.objects.filter(key=key, state=State.IN_FORCE).first()


def pending(key: str) -> Classification | None:
    """What waits for its decision."""
    return Classification.objects.filter(key=key, state=State.PROPOSED).first()


def in_force_for_carrier(alias: str) -> Classification | None:
    """The level of a carrier."""
    return in_force(key_of_carrier(alias))


def pending_for_carrier(alias: str) -> Classification | None:
    """What is proposed for a carrier."""
    return pending(key_of_carrier(alias))


def history(key: str) -> list[Classification]:
    """Every decision about one thing, newest first."""
    return list(
        Classification.objects.filter(key=key).select_related("proposed_person", "decided_person").order_by("-id")[:50]
    )


def listed() -> QuerySet[Classification]:
    """Decisions the actor may see."""
    return Classification.objects.all()


def audience(classification_id: int) -> list[Any]:
    """Who may know, in words."""
    rows = ClassificationAudience.objects.filter(classification_id=classification_id).order_by("id")
    return list(
        rows.values(
            "unit_id", "post_id", "unit__name_en", "unit__name_zh", "post__title_en", "post__title_zh",
            "post__unit__name_en", "post__unit__name_zh",
        )
    )  # fmt: skip


def audience_words(classification_id: int) -> str:
    """Who may know, on one line."""
    told = [
        words(row, "unit__name")
        if row["unit_id"]
        else " · ".join((words(row, "post__title"), words(row, "post__unit__name")))
        for row in audience(classification_id)
    ]
    return _("; ").join(told)


def is_authority(by: Actor, unit_id: int) -> bool:
    """Whether the actor decides on levels there."""
    return bool(access_rules.holds_role(by, AUTHORITY, unit_id))


def may_name_level(by: Actor, level: str, on: dt.date) -> Verdict:
    """Who is cleared for a level of carriers may propose it; and the officer, who knows but the alias."""
    if by.is_system or access_rules.holds_role(by, OFFICER) or clearances.may_know(by.person_id, level, on):
        return yes()
    return no(_("The level is above your own clearance."), field="level")


def may_authorise(by: Actor, unit_id: int) -> Verdict:
    """The role over the unit, with the reason when it is missing."""
    return access_rules.holds_role(by, AUTHORITY, unit_id)


# --- Dated data -------------------------------------------------------------------------------------------------------
def clauses(on: dt.date) -> dict[str, str]:
    """The clauses that hold on a day: code → words."""
    keys = {f"classification.clause.{code}": code for code in CLAUSES}
    rows = {row.key: row for row in rulebook.holding(on).filter(key__in=keys)}
    return {
        code: _("%(clause)s (%(law)s)") % {"clause": words(rows[key]), "law": words(rows[key], "basis")}
        for key, code in keys.items()
        if key in rows
    }


def cap(target: str, level: str, on: dt.date) -> int:
    """How many years a level lasts at most."""
    kind = "level" if target == Target.CARRIER else "label"
    return int(rulebook.number(f"classified.cap.{kind}_{level.lower()}", on=on))


# --- What pages show --------------------------------------------------------------------------------------------------
def section(subject: str, by: Actor, *, guard_id: int | None = None) -> dict[str, Any]:
    """The label of a thing, on what ground and until when, for its page; {} when there is no such thing."""
    found = thing(subject)
    if found is None:
        return {}
    key = key_of(found.guard_id)
    rows = list(Classification.objects.filter(key=key, state__in=[State.IN_FORCE, State.PROPOSED]).order_by("id"))
    held = next((row for row in rows if row.state == State.IN_FORCE), None)
    waiting = next((row for row in rows if row.state == State.PROPOSED), None)
    roles = roles_of(by)
    may_ask, oversees = bool(roles & set(ASKERS)), bool(roles & OVERSEERS)
    return {
        "readings_address": f"{reverse('general_office:readings')}?guard={found.guard_id}"
        if (may_ask or oversees) and found.label > Clearance.INTERNAL
        else "",
        "sight_address": f"{reverse('general_office:sight_thing')}?thing={found.subject}" if may_ask else "",
        "thing": found,
        "words": terms.level_words(Target.THING, terms.level_of(found.label)) or _("Public"),
        "held": held,
        "clause": clauses(clock.today()).get(held.basis_clause, held.basis_clause) if held else "",
        "audience": audience_words(held.pk) if held else "",
        "waiting": waiting,
        "waiting_words": terms.level_words(waiting.target, waiting.level) if waiting else "",
        "may_propose": waiting is None and by.is_person and not found.is_published,
        "tone": {0: "green", 10: "neutral", 20: "amber", 30: "red"}.get(found.label, "neutral"),
    }


def panel(matter: Any, by: Actor) -> Mapping[str, Any]:
    """What the matter of a proposal shows beside its steps."""
    from chancery.departments.general_office.confidential_work.classification.deriving.queries import derived_of

    of = Classification.objects.filter(matter_id=matter.pk).first()
    if of is None:
        return {}
    heirs = derived_of(of.subject) if of.target == Target.THING else []
    return {"classification": of, "classification_facts": facts(of), "heirs": heirs}


def facts(of: Classification) -> list[tuple[Any, ...]]:
    """A decision in short."""
    proposer, decider = of.proposed_person, of.decided_person
    lines: list[tuple[Any, ...]] = [
        (_("What"), of.get_kind_display()),
        (_("Level"), terms.level_words(of.target, of.level)),
        (_("Level before"), terms.level_words(of.target, of.level_before)),
        (_("Legal clause"), clauses(clock.date_of(of.proposed_at)).get(of.basis_clause, of.basis_clause)),
        (_("Basis"), of.basis_text),
        (pgettext("level", "Period"), period_words(of)),
        (_("Until"), of.until),
        (_("Audience"), audience_words(of.pk)),
        (_("Reason"), of.reason),
        (_("Proposed by"), words(proposer) if proposer else ""),
        (_("Decided by"), words(decider) if decider else ""),
        (_("Reason of the decision"), of.decision_note),
        (_("Ended because"), of.end_reason),
    ]
    return [line for line in lines if line[1]]


def period_words(of: Classification) -> str:
    """The period as it was set."""
    if of.period_kind == terms.PeriodKind.YEARS:
        return _("%(n)s years from %(day)s") % {"n": of.years, "day": of.starts_on.isoformat()}
    if of.period_kind == terms.PeriodKind.CONDITION:
        return _("until: %(condition)s") % {"condition": of.condition}
    return _("%(first)s to %(last)s") % {"first": of.starts_on.isoformat(), "last": of.until.isoformat()}


def task_of(of: Classification) -> int | None:
    """The open task of its decision, for whoever may see it."""
    if of.matter_id is None:
        return None
    return next((int(row["id"]) for row in procedures.open_tasks(of.matter_id)), None)


def section_of_item(item: Any, by: Actor) -> dict[str, Any] | None:
    """The block on an archival item's page, for whoever may read its files."""
    return section(f"{ITEM}:{item.pk}", by) or None
