"""The chain of papers, and withdrawals. Row security limits both to what the stamped actor may see."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.correction import rules
from chancery.departments.general_office.outgoing_documents.correction.models import Withdrawal
from chancery.departments.general_office.outgoing_documents.correction.terms import WithdrawalState
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.terms import Channel, DeliveryState
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument, Relation
from chancery.departments.general_office.outgoing_documents.terms import (
    LEADER,
    REGISTRAR,
    RelationKind,
    State,
)
from chancery.foundations.actor import Actor
from chancery.kernel.access import rules as access_rules

HEAD = "head"
DEEPEST = 40  # papers in one chain
SUCCESSION = (RelationKind.SUPERSEDES, RelationKind.ABOLISHES, RelationKind.CORRECTS)


def has_part(by: Actor, document: OutgoingDocument) -> bool:
    """Whether the actor drafted it, registers, or heads the unit or the office."""
    if by.is_system or (by.person_id is not None and by.person_id == document.drafter_person_id):
        return True
    office = documents.office_id()
    return bool(
        access_rules.holds_role(by, REGISTRAR, office)
        or access_rules.holds_role(by, HEAD, office)
        or access_rules.holds_role(by, HEAD, document.unit_id)
    )


def is_at_signers_level(by: Actor, document: OutgoingDocument) -> bool:
    """The post that signed, or a leader over the issuing body."""
    if by.post_id is not None and by.post_id == document.signed_post_id:
        return True
    return bool(access_rules.holds_role(by, LEADER, document.issuer_id))


def chain(document: OutgoingDocument) -> list[dict[str, Any]]:
    """What it does to earlier papers and what later ones did to it, the oldest first."""
    seen: dict[int, OutgoingDocument] = {document.pk: document}
    steps: list[dict[str, Any]] = []
    queue = [document.pk]
    told: set[int] = set()
    while queue and len(seen) < DEEPEST:
        at = queue.pop(0)
        rows = Relation.objects.filter(document_id=at).select_related("earlier", "document")
        later = Relation.objects.filter(earlier_id=at).select_related("earlier", "document")
        for relation in [*rows, *later]:
            if relation.pk in told:
                continue
            told.add(relation.pk)
            steps.append(
                {
                    "kind": relation.kind,
                    "words": relation.get_kind_display(),
                    "later": relation.document,
                    "relation": relation,
                }
            )
            for other in (relation.document, relation.earlier):
                if other is not None and other.pk not in seen:
                    seen[other.pk] = other
                    queue.append(other.pk)
    return [_row(step, document) for step in sorted(steps, key=lambda one: one["later"].opened_at)]


def _row(step: dict[str, Any], document: OutgoingDocument) -> dict[str, Any]:
    relation: Relation = step["relation"]
    earlier = relation.earlier
    return {
        "words": step["words"],
        "later": _named(relation.document),
        "earlier": _named(earlier)
        if earlier is not None
        else {"number": relation.earlier_number, "title": relation.earlier_title, "address": ""},
        "is_own": document.pk in {relation.document_id, relation.earlier_id},
        "is_in_force": relation.document.state in {State.RELEASED, State.WITHDRAWN},
    }


def _named(document: OutgoingDocument) -> dict[str, Any]:
    return {
        "number": document.number or _("no number yet"),
        "title": document.title,
        "dated_on": document.dated_on,
        "state": document.state,
        "state_words": document.get_state_display(),
        "address": reverse("general_office:outgoing_document", args=[document.pk]),
    }


def succeeded_by(document: OutgoingDocument) -> dict[str, Any] | None:
    """The latest released paper that supersedes, abolishes or corrects it: for the banner on its page."""
    found = (
        Relation.objects.filter(earlier=document, kind__in=SUCCESSION, document__state=State.RELEASED)
        .select_related("document")
        .order_by("-document__released_at")
        .first()
    )
    return {"words": found.get_kind_display(), **_named(found.document)} if found else None


def withdrawals(document_id: int) -> list[Withdrawal]:
    """Requests, newest first."""
    return list(
        Withdrawal.objects.filter(document_id=document_id).select_related(
            "asked_person", "asked_post", "decided_person", "decided_post"
        )
    )


def on_paper(document_id: int) -> list[str]:
    """Who has it on paper only, and so is told by letter or telephone."""
    rows = Delivery.objects.filter(document_id=document_id, channel=Channel.BUNDLE).exclude(
        state__in=[DeliveryState.TO_SEND, DeliveryState.RECALLED, DeliveryState.FAILED]
    )
    return list(rows.values_list("name", flat=True))


def section(document: OutgoingDocument, by: Actor) -> dict[str, Any]:
    """What the document's page shows of corrections; {} for a draft without relations."""
    rows = chain(document)
    issued = document.state in {State.RELEASED, State.WITHDRAWN}
    if not rows and not issued:
        return {}
    asked = withdrawals(document.pk)
    waiting = next((one for one in asked if one.state == WithdrawalState.ASKED), None)
    part = has_part(by, document)
    return {
        "document": document,
        "chain": rows,
        "succeeded_by": succeeded_by(document),
        "withdrawals": asked,
        "waiting": waiting,
        "on_paper": on_paper(document.pk) if document.state == State.WITHDRAWN else [],
        "may_correct": bool(rules.may_correct(document.state)) and part,
        "may_ask": bool(rules.may_ask(document.state, "-", has_part=part)) and waiting is None,
        "may_decide": waiting is not None
        and bool(
            rules.may_decide(
                by,
                state=waiting.state,
                asked_person_id=waiting.asked_person_id,
                is_at_signers_level=is_at_signers_level(by, document),
            )
        ),
    }
