"""Verbs of chasing: urge, note a receipt that came by hand, explain one that will not come, recall an unread copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents.inside import services as inside
from chancery.departments.general_office.incoming_documents.inside.terms import NoteKind
from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.dispatch import queries, rules
from chancery.departments.general_office.outgoing_documents.dispatch.letters import services as letters
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.services import taken
from chancery.departments.general_office.outgoing_documents.dispatch.terms import Channel, DeliveryState
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused


@dataclass(frozen=True, slots=True)
class Urged:
    """Who was urged, and who was not, with the reason."""

    names: list[str]
    refused: list[str]


@service
def urge(*, delivery_ids: Iterable[int], note: str = "", by: Actor, at: dt.datetime) -> Urged:
    """催收回执: a notice at the desk, or the e-mail again; counted. Who cannot be urged now is named."""
    queries.may_dispatch(by).demand()
    today = clock.date_of(at)
    pause = rulebook.days("outgoing.urge.pause", on=today)
    done = Urged([], [])
    for delivery_id in sorted(set(delivery_ids)):
        delivery = taken(delivery_id)
        last = clock.date_of(delivery.urged_at) if delivery.urged_at else None
        verdict = rules.may_urge(delivery, today, last, pause)
        if not verdict:
            done.refused.append(str(verdict.reason))
            continue
        delivery.urged_count += 1
        delivery.urged_at = at
        delivery.version += 1
        delivery.save(update_fields=["urged_count", "urged_at", "version"])
        _remind(delivery, note, by, at)
        said = {"to": delivery.name, "count": delivery.urged_count, "note": note}
        journal.write(by=by, at=at, act="dispatch.urged", on=delivery.document, data=said)
        done.names.append(delivery.name)
    return done


def _remind(delivery: Delivery, note: str, by: Actor, at: dt.datetime) -> None:
    """On paper nothing is sent: the count says that somebody asked, by telephone or otherwise."""
    if delivery.channel == Channel.EMAIL:
        letters.write_letter(delivery_id=delivery.pk, kind="URGED", by=by, at=at)
    elif delivery.channel == Channel.INSIDE:
        with acting_as(SYSTEM):
            inside.note_from_sender(
                source=documents.subject_of(delivery.document),
                kind=NoteKind.URGED,
                text=note,
                document_id=delivery.incoming_id,
                by=SYSTEM,
                at=at,
            )


@service
def note_receipt(*, delivery_id: int, name: str, on: dt.date, note: str = "", by: Actor, at: dt.datetime) -> Delivery:
    """A receipt that came on paper or by telephone: by whom, on which day."""
    queries.may_dispatch(by).demand()
    delivery = taken(delivery_id)
    sent_on = clock.date_of(delivery.sent_at) if delivery.sent_at else None
    rules.may_note_receipt(delivery, name=name, on=on, sent_on=sent_on, today=clock.date_of(at)).demand()
    delivery.receipted_at, delivery.receipt_on = at, on
    delivery.receipt_name, delivery.receipt_note = name.strip()[:120], note.strip()[:300]
    delivery.state, delivery.opened_at = DeliveryState.RECEIPTED, delivery.opened_at or at
    delivery.version += 1
    delivery.save()
    said = {"to": delivery.name, "name": delivery.receipt_name, "on": on.isoformat(), "by_hand": True}
    journal.write(by=by, at=at, act="dispatch.receipted", on=delivery.document, data=said)
    return delivery


@service
def explain(*, delivery_id: int, reason: str, by: Actor, at: dt.datetime) -> Delivery:
    """No receipt will come: why. The copy is settled; a receipt that comes after all is still noted."""
    queries.may_dispatch(by).demand()
    delivery = taken(delivery_id)
    rules.may_explain(delivery, reason).demand()
    delivery.state, delivery.ended_at, delivery.end_reason = DeliveryState.EXPLAINED, at, reason.strip()[:1000]
    delivery.sent_at = delivery.sent_at or at
    delivery.version += 1
    delivery.save()
    said = {"to": delivery.name, "reason": delivery.end_reason}
    journal.write(by=by, at=at, act="dispatch.explained", on=delivery.document, data=said)
    return delivery


@service
def recall_copy(*, delivery_id: int, reason: str, by: Actor, at: dt.datetime) -> Delivery:
    """撤回 of one unread copy, with the reason. Who opens it at the same moment wins or loses, never both."""
    queries.may_dispatch(by).demand()
    rules.gives_a_reason(reason).demand()
    known = Delivery.objects.filter(pk=delivery_id).first()
    if known is None:
        raise Refused(_("There is no such copy for you."))
    if known.incoming_id and known.state not in {DeliveryState.RECALLED, DeliveryState.FAILED}:
        # The desk's rows first, in the order in which opening takes them: then the copy.
        with acting_as(SYSTEM):
            inside.recall_copy(document_id=known.incoming_id, reason=reason.strip(), by=SYSTEM, at=at)
    delivery = taken(delivery_id)
    rules.may_recall(delivery).demand()
    shared = Delivery.objects.filter(incoming_id=delivery.incoming_id).exclude(state=DeliveryState.RECALLED)
    copies = [delivery, *shared.exclude(pk=delivery.pk)] if delivery.incoming_id else [delivery]
    for copy in copies:
        copy.state, copy.ended_at, copy.end_reason = DeliveryState.RECALLED, at, reason.strip()[:1000]
        copy.token_hash, copy.code_hash = "", ""
        copy.version += 1
        copy.save()
        said = {"to": copy.name, "reason": copy.end_reason}
        journal.write(by=by, at=at, act="dispatch.recalled", on=delivery.document, data=said)
    return delivery
