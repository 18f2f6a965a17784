"""Verbs of dispatch: send to every addressee, to a further one, again; and what the copies report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents.inside.queries import desk_of
from chancery.departments.general_office.incoming_documents.inside.services import receive_inside
from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.dispatch import queries, rules
from chancery.departments.general_office.outgoing_documents.dispatch.letters import queries as letter_queries
from chancery.departments.general_office.outgoing_documents.dispatch.letters import services as letters
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.terms import (
    TROUBLES,
    UNREAD,
    Channel,
    DeliveryState,
)
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import AddresseePart
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.procedures import queries as procedure_queries
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.notices.terms import MailState

Choices = Mapping[int, tuple[str, str]]  # addressee → (channel, e-mail)


def _document(document_id: int) -> OutgoingDocument:
    found = OutgoingDocument.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
    if found is None:
        raise Refused(_("There is no such document for you."))
    return found


def taken(delivery_id: int) -> Delivery:
    """A delivery, held for this transaction."""
    found = Delivery.objects.select_for_update(of=("self",)).select_related("document").filter(pk=delivery_id).first()
    if found is None:
        raise Refused(_("There is no such copy for you."))
    return found


@service
def dispatch_document(
    *, document_id: int, choices: Choices | None = None, by: Actor, at: dt.datetime
) -> list[Delivery]:
    """分发: a delivery for every addressee that has none yet, each sent on its way. All of them or none."""
    document = _document(document_id)
    queries.may_dispatch(by).demand()
    rules.may_dispatch(document.state).demand()
    lines = queries.settled_plan(document, choices or {})
    queries.is_passable(lines).demand()
    there = set(Delivery.objects.filter(document=document).values_list("addressee_id", flat=True))
    made = []
    for line in lines:
        if line.addressee_id in there:
            continue
        delivery = Delivery(
            document=document,
            guard_id=document.guard_id,
            addressee_id=line.addressee_id,
            part=line.part,
            position=line.position,
            unit_id=line.unit_id,
            name=line.name[:200],
            email=line.email if line.channel == Channel.EMAIL else "",
            postal=line.postal,
            channel=line.channel,
            created_at=at,
        )
        made.append(_start(delivery, "dispatch.sent", by, at))
    return made


@service
def dispatched(
    *, matter: Any, task: Any, outcome: str, opinion: str, data: Mapping[str, Any], by: Actor, at: dt.datetime
) -> None:
    """Step `dispatch` was done."""
    document = documents.document_of(matter.pk)
    if document is not None:
        dispatch_document(document_id=document.pk, choices=data.get("choices") or {}, by=by, at=at)


@service
def send_also(
    *,
    document_id: int,
    channel: str,
    reason: str,
    unit_id: int | None = None,
    name: str = "",
    email: str = "",
    postal: str = "",
    part: str = AddresseePart.COPY,
    by: Actor,
    at: dt.datetime,
) -> Delivery:
    """增发: to somebody the paper does not name, with the reason. The paper stays as it is."""
    document = _document(document_id)
    queries.may_dispatch(by).demand()
    rules.may_dispatch(document.state).demand()
    rules.gives_a_reason(reason).demand()
    if unit_id is not None:
        name = documents.unit_names([unit_id], on=clock.date_of(at), language=document.language).get(unit_id, "")
    if not name.strip():
        raise Refused(_("Say to whom it goes."), field="name")
    desk = desk_of(unit_id) if unit_id and channel == Channel.INSIDE else None
    trouble = rules.trouble_with(
        channel,
        label=document.label,
        email=email,
        is_unit=unit_id is not None,
        desk_clearance=desk.clearance if desk else None,
    )
    if trouble:
        raise Refused(TROUBLES[trouble], field="channel")
    last = Delivery.objects.filter(document=document).count()
    delivery = Delivery(
        document=document,
        guard_id=document.guard_id,
        part=part,
        position=last,
        unit_id=unit_id,
        name=name.strip()[:200],
        email=email.strip() if channel == Channel.EMAIL else "",
        postal=postal.strip()[:300],
        channel=channel,
        reason=reason.strip()[:300],
        created_at=at,
    )
    return _start(delivery, "dispatch.also_sent", by, at)


def _start(delivery: Delivery, act: str, by: Actor, at: dt.datetime) -> Delivery:
    """Keep a new delivery and send it on its way."""
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError as error:
        if "delivery_unit_once" not in str(error):
            raise
        raise Refused(
            _("This document was sent to %(name)s already.") % {"name": delivery.name}, field="unit"
        ) from None
    _send(delivery, by, at)
    said = {"to": delivery.name, "channel": delivery.channel, "part": delivery.part, "reason": delivery.reason}
    journal.write(by=by, at=at, act=act, on=delivery.document, data=said)
    return delivery


def _send(delivery: Delivery, by: Actor, at: dt.datetime) -> None:
    today = clock.date_of(at)
    period = rulebook.period("outgoing.receipt.days", on=today)
    delivery.due_on = calendar.due_date(today, period.count, "CD" if period.unit == "CD" else "WD").due_on
    delivery.state, delivery.ended_at, delivery.end_reason = DeliveryState.TO_SEND, None, ""
    if delivery.channel == Channel.INSIDE:
        _hand_over(delivery, at)
    delivery.save()
    if delivery.channel == Channel.EMAIL:
        letters.write_letter(delivery_id=delivery.pk, by=by, at=at)
        delivery.refresh_from_db()


def _hand_over(delivery: Delivery, at: dt.datetime) -> None:
    """To a desk of the house, by SYSTEM: neither sees what is the other's."""
    document = delivery.document
    facts, parts = queries.facts_inside(document), queries.parts(document)
    with acting_as(SYSTEM):
        copy = receive_inside(
            source=documents.subject_of(document),
            unit_id=delivery.unit_id or 0,
            facts=facts,
            parts=parts,
            sender_unit_id=document.issuer_id,
            by=SYSTEM,
            at=at,
        )
        arrival = copy.arrival
    delivery.incoming_id = copy.pk
    delivery.state, delivery.sent_at = DeliveryState.ARRIVED, at
    if arrival.opened_at is not None:  # a second addressee with the same desk
        delivery.state, delivery.opened_at = DeliveryState.OPENED, arrival.opened_at
    if arrival.signed_at is not None and arrival.signed_person is not None:
        _receipt(delivery, str(arrival.signed_person), arrival.signed_at)


@service
def send_again(
    *,
    delivery_id: int,
    channel: str = "",
    email: str = "",
    postal: str = "",
    by: Actor,
    at: dt.datetime,
) -> Delivery:
    """After a failure: the same way once more, or another. An old link leads nowhere from now on."""
    queries.may_dispatch(by).demand()
    delivery = taken(delivery_id)
    rules.may_dispatch(delivery.document.state).demand()
    rules.may_send_again(delivery).demand()
    channel = channel or delivery.channel
    desk = desk_of(delivery.unit_id) if delivery.unit_id and channel == Channel.INSIDE else None
    trouble = rules.trouble_with(
        channel,
        label=delivery.document.label,
        email=email or delivery.email,
        is_unit=delivery.unit_id is not None,
        desk_clearance=desk.clearance if desk else None,
    )
    if trouble:
        raise Refused(TROUBLES[trouble], field="channel")
    delivery.channel = channel
    delivery.email = (email.strip() or delivery.email) if channel == Channel.EMAIL else delivery.email
    delivery.postal = postal.strip()[:300] or delivery.postal
    delivery.attempts += 1
    delivery.version += 1
    delivery.token_hash, delivery.code_hash, delivery.code_misses = "", "", 0
    _send(delivery, by, at)
    said = {"to": delivery.name, "channel": channel, "attempt": delivery.attempts}
    journal.write(by=by, at=at, act="dispatch.again", on=delivery.document, data=said)
    return delivery


@service
def mark_left(*, delivery_ids: list[int], by: Actor, at: dt.datetime) -> int:
    """The bundles have left the house: posted, or handed over."""
    queries.may_dispatch(by).demand()
    for delivery_id in sorted(delivery_ids):
        delivery = taken(delivery_id)
        rules.may_mark_left(delivery).demand()
        delivery.state, delivery.sent_at = DeliveryState.SENT, at
        delivery.version += 1
        delivery.save(update_fields=["state", "sent_at", "version"])
        journal.write(by=by, at=at, act="dispatch.left", on=delivery.document, data={"to": delivery.name})
    return len(delivery_ids)


@service
def end_receipts(*, document_id: int, note: str = "", by: Actor, at: dt.datetime) -> None:
    """Every receipt is in or explained; else it is refused, naming who is missing."""
    document = _document(document_id)
    rules.are_receipts_in(Delivery.objects.filter(document=document)).demand()


@service
def receipts_ended(
    *, matter: Any, task: Any, outcome: str, opinion: str, data: Mapping[str, Any], by: Actor, at: dt.datetime
) -> None:
    """Step `receipts` was done."""
    document = documents.document_of(matter.pk)
    if document is not None:
        end_receipts(document_id=document.pk, note=opinion, by=by, at=at)


# --- What the copies report -------------------------------------------------------------------------------------------
def _receipt(delivery: Delivery, name: str, at: dt.datetime) -> None:
    delivery.opened_at = delivery.opened_at or at
    if delivery.receipted_at is None:
        delivery.receipted_at, delivery.receipt_on, delivery.receipt_name = at, clock.date_of(at), name[:120]
    delivery.state, delivery.ended_at, delivery.end_reason = DeliveryState.RECEIPTED, None, ""


def _copies_of(document: IncomingDocument) -> list[Delivery]:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("document")
    return list(rows.filter(incoming_id=document.pk).exclude(state=DeliveryState.RECALLED).order_by("id"))


class Desks:
    """Hears from the desks of the house (see `incoming_documents.inside.services.Listener`)."""

    def opened(self, *, document: IncomingDocument, by: Actor, at: dt.datetime) -> None:
        """Reading state."""
        with acting_as(SYSTEM):
            for delivery in _copies_of(document):
                if delivery.state in UNREAD:
                    delivery.state, delivery.opened_at = DeliveryState.OPENED, delivery.opened_at or at
                    delivery.version += 1
                    delivery.save(update_fields=["state", "opened_at", "version"])
                    journal.write(by=by, at=at, act="dispatch.opened", on=delivery.document, data={"to": delivery.name})

    def receipted(self, *, document: IncomingDocument, by: Actor, at: dt.datetime) -> None:
        """回执: who signed for it."""
        with acting_as(SYSTEM):
            for delivery in _copies_of(document):
                if delivery.state == DeliveryState.RECEIPTED:
                    continue
                _receipt(delivery, by.name or delivery.name, at)
                delivery.version += 1
                delivery.save()
                said = {"to": delivery.name, "name": delivery.receipt_name}
                journal.write(by=by, at=at, act="dispatch.receipted", on=delivery.document, data=said)

    def declined(self, *, document: IncomingDocument, reason: str, by: Actor, at: dt.datetime) -> None:
        """It came back: to be sent again another way, or explained."""
        with acting_as(SYSTEM):
            for delivery in _copies_of(document):
                _fail(delivery, _("Sent back: %(why)s") % {"why": reason}, by, at)


def _fail(delivery: Delivery, reason: str, by: Actor, at: dt.datetime) -> None:
    delivery.state, delivery.ended_at, delivery.end_reason = DeliveryState.FAILED, at, reason[:1000]
    delivery.version += 1
    delivery.save(update_fields=["state", "ended_at", "end_reason", "version"])
    said = {"to": delivery.name, "reason": delivery.end_reason}
    journal.write(by=by, at=at, act="dispatch.failed", on=delivery.document, data=said)
    document = delivery.document
    office = documents.office_id()
    if document.matter_id is not None:
        posts = queries.registrar_posts(office)
        procedures.tell_posts(
            matter_id=document.matter_id,
            post_ids=posts,
            kind=queries.FAILURE_NOTICE,
            note=f"{delivery.name}: {delivery.end_reason}",
            by=SYSTEM,
            at=at,
        )


DESKS = Desks()


@service
def take_in_mail(*, by: Actor, at: dt.datetime) -> int:
    """What the post room says of the letters: taken by the mail server, or failed with its reason. By SYSTEM."""
    waiting = list(
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("document")
        .filter(channel=Channel.EMAIL, mail__isnull=False)
        .order_by("id")[:500]
    )
    states = procedure_queries.mail_states(row.mail_id for row in waiting if row.mail_id)
    news = 0
    for delivery in waiting:
        mail = states.get(delivery.mail_id or 0)
        if mail is None or mail["state"] == MailState.WRITTEN:
            continue
        news += 1
        mail_id, delivery.mail_id = delivery.mail_id, None
        delivery.save(update_fields=["mail"])
        if mail["state"] == MailState.FAILED and delivery.state in UNREAD:
            _fail(delivery, _("The mail did not go out: %(why)s") % {"why": mail["error"]}, by, at)
        elif delivery.state == DeliveryState.TO_SEND:
            delivery.state, delivery.sent_at = DeliveryState.SENT, mail["sent_at"] or at
            delivery.version += 1
            delivery.save(update_fields=["state", "sent_at", "version"])
            journal.write(by=by, at=at, act="dispatch.left", on=delivery.document, data={"to": delivery.name})
        if letters.blots_mails() and mail_id:
            procedures.blot_mail(mail_id=mail_id, secret=letter_queries.IN_AN_ADDRESS, by=by, at=at)
    return news
