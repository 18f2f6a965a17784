"""Verbs: begin a correcting paper, ask for a withdrawal and decide it, let a later paper take effect."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents.inside import services as inside
from chancery.departments.general_office.incoming_documents.inside.terms import NoteKind
from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.correction import queries, rules
from chancery.departments.general_office.outgoing_documents.correction.models import RelationEffect, Withdrawal
from chancery.departments.general_office.outgoing_documents.correction.terms import WithdrawalState
from chancery.departments.general_office.outgoing_documents.dispatch import rules as dispatch_rules
from chancery.departments.general_office.outgoing_documents.dispatch.chasing import services as chasing
from chancery.departments.general_office.outgoing_documents.dispatch.letters import services as letters
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.terms import (
    WAITING,
    Channel,
    DeliveryState,
)
from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument, Relation
from chancery.departments.general_office.outgoing_documents.terms import Label, RelationKind, State
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.publishing.verification import services as verification
from chancery.kernel.records import services as records

NOTES = {
    RelationKind.SUPERSEDES: NoteKind.SUPERSEDED,
    RelationKind.ABOLISHES: NoteKind.ABOLISHED,
    RelationKind.CORRECTS: NoteKind.CORRECTED,
}


def _locked(document_id: int) -> OutgoingDocument:
    found = OutgoingDocument.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
    if found is None:
        raise Refused(_("There is no such document for you."))
    return found


@service
def begin_correction(
    *, document_id: int, act_token: uuid.UUID | None = None, by: Actor, at: dt.datetime
) -> OutgoingDocument:
    """更正: a new draft that says what the old paper says and corrects it. The old one stays as it went out."""
    old = _locked(document_id)
    rules.may_correct(old.state).demand()
    draft = drafting.new_from(document_id=old.pk, act_token=act_token, by=by, at=at)
    if not Relation.objects.filter(document=draft, earlier=old).exists():
        relation = {
            "kind": RelationKind.CORRECTS,
            "earlier_id": old.pk,
            "earlier_number": "",
            "earlier_title": "",
            "note": "",
        }
        draft = drafting.save_draft(document_id=draft.pk, facts={"relations": [relation]}, by=by, at=at)
        journal.write(by=by, at=at, act="correction.begun", on=old, data={"draft": draft.pk})
    return draft


@service
def ask_withdrawal(*, document_id: int, reason: str, by: Actor, at: dt.datetime) -> Withdrawal:
    """撤回 is asked for; the signer's level is told and decides."""
    records.demand_unmarked(texts={"reason": reason}, where="outgoing", by=by, at=at)
    document = _locked(document_id)
    rules.may_ask(document.state, reason, has_part=queries.has_part(by, document)).demand()
    try:
        with transaction.atomic():
            asked = Withdrawal.objects.create(
                document=document,
                reason=reason.strip()[:1000],
                asked_at=at,
                asked_person_id=by.person_id or 0,
                asked_post_id=by.post_id,
            )
    except IntegrityError as error:
        if "withdrawal_one_open" not in str(error):
            raise
        raise Refused(_("Its withdrawal has been asked for already.")) from None
    journal.write(by=by, at=at, act="correction.asked", on=document, data={"reason": asked.reason})
    if document.matter_id is not None and document.signed_post_id is not None:
        note = _("Withdrawal asked for: %(why)s") % {"why": asked.reason}
        procedures.tell_posts(
            matter_id=document.matter_id,
            post_ids=[document.signed_post_id],
            kind=NoticeKind.ASKED,
            note=note,
            by=by,
            at=at,
        )
    return asked


def _asked(withdrawal_id: int, by: Actor) -> tuple[Withdrawal, OutgoingDocument]:
    known = Withdrawal.objects.filter(pk=withdrawal_id).values_list("document_id", flat=True).first()
    if known is None:
        raise Refused(_("There is no such request for you."))
    document = _locked(known)
    asked = Withdrawal.objects.select_for_update().get(pk=withdrawal_id)
    rules.may_decide(
        by,
        state=asked.state,
        asked_person_id=asked.asked_person_id,
        is_at_signers_level=queries.is_at_signers_level(by, document),
    ).demand()
    return asked, document


def _decide(asked: Withdrawal, state: WithdrawalState, note: str, by: Actor, at: dt.datetime) -> None:
    asked.state, asked.note = state, note.strip()[:500]
    asked.decided_at, asked.decided_person_id, asked.decided_post_id = at, by.person_id, by.post_id
    asked.save()


@service
def refuse_withdrawal(*, withdrawal_id: int, note: str, by: Actor, at: dt.datetime) -> Withdrawal:
    """It stays in force; why."""
    asked, document = _asked(withdrawal_id, by)
    if not note.strip():
        raise Refused(_("Say why it stays in force."), field="note")
    _decide(asked, WithdrawalState.REFUSED, note, by, at)
    journal.write(by=by, at=at, act="correction.refused", on=document, data={"note": asked.note})
    return asked


@service
def confirm_withdrawal(*, withdrawal_id: int, note: str = "", by: Actor, at: dt.datetime) -> OutgoingDocument:
    """撤回: it no longer holds. Unread copies are taken back, everybody else is told, its verification says so."""
    asked, document = _asked(withdrawal_id, by)
    rules.may_correct(document.state).demand()
    _decide(asked, WithdrawalState.CONFIRMED, note, by, at)
    document.state, document.ended_at, document.end_reason = State.WITHDRAWN, at, asked.reason
    document.changed_at = at
    document.save(update_fields=["state", "ended_at", "end_reason", "changed_at"])
    said = {"reason": asked.reason, "asked_by": asked.asked_person_id}
    journal.write(by=by, at=at, act="outgoing.withdrawn", on=document, data=said)
    with acting_as(SYSTEM):
        verification.mark_withdrawn(subject=documents.subject_of(document), reason=asked.reason, by=SYSTEM, at=at)
        _take_back(document, asked.reason, at)
        _tell(document, NoteKind.WITHDRAWN, "", asked.reason, at)
    return document


def _take_back(document: OutgoingDocument, reason: str, at: dt.datetime) -> None:
    """Unread copies are recalled; no receipt is awaited any more of the others."""
    said = _("The document was withdrawn: %(why)s") % {"why": reason}
    for delivery in Delivery.objects.filter(document=document, state__in=WAITING).order_by("incoming_id", "id"):
        delivery.refresh_from_db()
        if delivery.state not in WAITING:
            continue  # it shared a desk with one that was recalled just now
        if dispatch_rules.may_recall(delivery):
            if delivery.channel == Channel.EMAIL:
                letters.write_news(
                    delivery_id=delivery.pk, kind="WITHDRAWN", number="", reason=reason, by=SYSTEM, at=at
                )
            chasing.recall_copy(delivery_id=delivery.pk, reason=said, by=SYSTEM, at=at)
        else:
            chasing.explain(delivery_id=delivery.pk, reason=said, by=SYSTEM, at=at)


def _tell(document: OutgoingDocument, kind: NoteKind, number: str, reason: str, at: dt.datetime) -> int:
    """Tell everyone who has it: a note on the copy and a notice inside the house, an e-mail outside."""
    told = inside.note_from_sender(
        source=documents.subject_of(document), kind=kind, text=reason, number=number, by=SYSTEM, at=at
    )
    outside = Delivery.objects.filter(document=document, channel=Channel.EMAIL).exclude(
        state__in=[DeliveryState.RECALLED, DeliveryState.FAILED]
    )
    for delivery in outside.order_by("id"):
        letters.write_news(delivery_id=delivery.pk, kind=kind, number=number, reason=reason, by=SYSTEM, at=at)
        told += 1
    journal.write(
        by=SYSTEM, at=at, act="correction.told", on=document, data={"kind": kind, "number": number, "told": told}
    )
    return told


@service
def note_relations(*, document_id: int, by: Actor, at: dt.datetime) -> int:
    """A released paper takes effect on those it supersedes, abolishes or corrects: once each; returns how many."""
    document = _locked(document_id)
    if document.state != State.RELEASED:
        raise Refused(_("Only a released document takes effect on earlier ones."))
    with acting_as(SYSTEM):
        fresh = list(
            Relation.objects.filter(document=document, earlier__isnull=False, kind__in=NOTES, effect__isnull=True)
            .select_related("earlier")
            .order_by("id")
        )
        for relation in fresh:
            _take_effect(relation, document, at)
    return len(fresh)


def _take_effect(relation: Relation, document: OutgoingDocument, at: dt.datetime) -> None:
    earlier = _locked(relation.earlier_id or 0)
    kind = RelationKind(relation.kind)
    if kind != RelationKind.CORRECTS and earlier.state == State.RELEASED:
        verification.mark_superseded(
            subject=documents.subject_of(earlier),
            successor_subject=documents.subject_of(document),
            by=SYSTEM,
            at=at,
        )
        said = {"number": document.number, "kind": relation.kind}
        journal.write(by=SYSTEM, at=at, act="correction.superseded", on=earlier, data=said)
    told = 0
    if earlier.state == State.RELEASED:
        told = _tell(earlier, NOTES[kind], document.number, document.title if _shows(document) else "", at)
    RelationEffect.objects.create(relation=relation, at=at, told=told)


def _shows(document: OutgoingDocument) -> bool:
    """Whether the later paper's title may be told to whoever has the earlier one: only where everyone may know it."""
    return document.label == Label.INTERNAL
