"""Verbs of letters: write the mail with the link, make a code, open, confirm receipt."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents.dispatch import queries as dispatch
from chancery.departments.general_office.outgoing_documents.dispatch import rules
from chancery.departments.general_office.outgoing_documents.dispatch.letters import queries
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.terms import Channel, DeliveryState
from chancery.departments.general_office.outgoing_documents.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read aloud as something else


class NoLetter(Refused):
    """Unknown, expired, recalled: they look alike."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a try with a code: the delivery when it was right, else how it failed."""

    delivery: Delivery | None = None
    is_closed: bool = False


@service
def write_letter(*, delivery_id: int, kind: str = "SENT", by: Actor, at: dt.datetime) -> Delivery:
    """Write the mail with the link; the post room sends it. A reminder carries the same link, with a new last day."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("document").get(pk=delivery_id)
    rules.may_mail(delivery.document.label).demand()
    token = queries.token_of(delivery)
    delivery.token_hash = queries.hash_of(token)
    life = rulebook.days("outgoing.letter.lifetime", on=clock.date_of(at))
    delivery.token_until = at + dt.timedelta(days=life)
    subject, text = queries.mail_of(delivery, token, kind)
    with acting_as(SYSTEM):
        delivery.mail_id = procedures.write_mail(
            to_email=delivery.email, to_name=delivery.name, subject=subject, text=text, by=SYSTEM, at=at
        )
    delivery.save(update_fields=["token_hash", "token_until", "mail"])
    return delivery


@service
def write_news(*, delivery_id: int, kind: str, number: str, reason: str, by: Actor, at: dt.datetime) -> None:
    """Tell an addressee by e-mail what became of a paper it has."""
    delivery = Delivery.objects.select_related("document").get(pk=delivery_id)
    subject, text = queries.news_of(delivery, kind, number, reason)
    with acting_as(SYSTEM):
        procedures.write_mail(
            to_email=delivery.email, to_name=delivery.name, subject=subject, text=text, by=SYSTEM, at=at
        )


@service
def give_code(*, delivery_id: int, by: Actor, at: dt.datetime) -> str:
    """Make the code that opens a restricted letter. It is shown this once, to be told by telephone or in person."""
    dispatch.may_dispatch(by).demand()
    delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("document").filter(pk=delivery_id).first()
    )
    if delivery is None or delivery.channel != Channel.EMAIL:
        raise NoLetter(_("There is no such letter."))
    if not rules.needs_code(delivery.document.label):
        raise Refused(_("This document opens without a code."))
    code = "".join(secrets.choice(ALPHABET) for _place in range(10))
    delivery.code_hash, delivery.code_misses = queries.code_hash(delivery.pk, code), 0
    delivery.version += 1
    delivery.save(update_fields=["code_hash", "code_misses", "version"])
    journal.write(by=by, at=at, act="dispatch.code_given", on=delivery.document, data={"to": delivery.name})
    return f"{code[:5]}-{code[5:]}"


def _taken(token: str, at: dt.datetime) -> Delivery:
    found = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("document", "document__issuer")
        .filter(token_hash=queries.hash_of(token))
        .first()
    )
    if found is None or not queries.is_readable(found, at):
        raise NoLetter(_("There is no such letter."))
    return found


def _try_code(delivery: Delivery, code: str, at: dt.datetime) -> bool:
    """Whether the letter opens with this code; a wrong one is counted (and stays counted: nothing is raised)."""
    if not rules.needs_code(delivery.document.label):
        return True
    if queries.is_closed(delivery, at) or not delivery.code_hash:
        return False
    if secrets.compare_digest(delivery.code_hash, queries.code_hash(delivery.pk, code)):
        return True
    delivery.code_misses += 1
    delivery.save(update_fields=["code_misses"])
    return False


@service
def open_letter(*, token: str, code: str = "", by: Actor, at: dt.datetime) -> Attempt:
    """The addressee opens the paper: from now on it cannot be recalled. Raises `NoLetter`."""
    with acting_as(SYSTEM):
        delivery = _taken(token, at)
        if delivery.document.state == State.WITHDRAWN:
            raise Refused(_("The sender has withdrawn this document. It cannot be opened any more."))
        if not _try_code(delivery, code, at):
            return Attempt(is_closed=queries.is_closed(delivery, at))
        if delivery.opened_at is None:
            delivery.opened_at = at
            if delivery.state in {DeliveryState.TO_SEND, DeliveryState.SENT, DeliveryState.ARRIVED}:
                delivery.state = DeliveryState.OPENED
                delivery.sent_at = delivery.sent_at or at
            delivery.version += 1
            delivery.save(update_fields=["opened_at", "state", "sent_at", "version"])
            journal.write(by=by, at=at, act="dispatch.opened", on=delivery.document, data={"to": delivery.name})
        return Attempt(delivery)


@service
def confirm_letter(*, token: str, name: str, code: str = "", by: Actor, at: dt.datetime) -> Attempt:
    """“I have received it”: the receipt, with the name of who says so. The first one stands. Raises `NoLetter`."""
    if not name.strip():
        raise Refused(_("Write your name: the sender sees who received it."), field="name")
    with acting_as(SYSTEM):
        delivery = _taken(token, at)
        if not _try_code(delivery, code, at):
            return Attempt(is_closed=queries.is_closed(delivery, at))
        if delivery.receipted_at is None:
            delivery.opened_at = delivery.opened_at or at
            delivery.sent_at = delivery.sent_at or at
            delivery.receipted_at, delivery.receipt_on = at, clock.date_of(at)
            delivery.receipt_name = " ".join(name.split())[:120]
            delivery.state = DeliveryState.RECEIPTED
            delivery.version += 1
            delivery.save(
                update_fields=[
                    "opened_at", "sent_at", "receipted_at", "receipt_on", "receipt_name", "state", "version",
                ]
            )  # fmt: skip
            journal.write(
                by=by,
                at=at,
                act="dispatch.receipted",
                on=delivery.document,
                data={"to": delivery.name, "name": delivery.receipt_name},
            )
        return Attempt(delivery)


def blots_mails() -> bool:
    """Whether links are taken out of the kept mails: everywhere but in the demonstration, whose outbox is used."""
    return not settings.DEMO
