"""Verbs of registration: sign for, register, register anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents import queries, rules
from chancery.departments.general_office.incoming_documents.inside.terms import SERIES as INSIDE_SERIES
from chancery.departments.general_office.incoming_documents.intake.services import (
    NotThere,
    apply_facts,
    at_registration,
    demand_fresh,
    demand_registrar,
    locked,
    open_task,
    refuse_marked,
    subject_of,
)
from chancery.departments.general_office.incoming_documents.models import IncomingDocument, IncomingFile
from chancery.departments.general_office.incoming_documents.terms import (
    PROCEDURE,
    SERIES,
    Outcome,
    State,
    Step,
    Urgency,
)
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records import services as records

KERNEL_URGENCY = {
    Urgency.ROUTINE: "NORMAL",
    Urgency.TELEGRAM_ORDINARY: "NORMAL",
    Urgency.EXPEDITED: "URGENT",
    Urgency.TELEGRAM_EXPEDITED: "URGENT",
    Urgency.TELEGRAM_URGENT: "EXTRA_URGENT",
    Urgency.TELEGRAM_FLASH: "EXTRA_URGENT",
    Urgency.URGENT: "EXTRA_URGENT",
}


@service
def sign_for_document(
    *, document_id: int, facts: Mapping[str, Any] | None = None, by: Actor, at: dt.datetime
) -> IncomingDocument:
    """签收: take it over. Its matter opens; registration is the next step."""
    refuse_marked(facts=facts or {}, by=by, at=at)
    document = locked(document_id)
    demand_registrar(by, document.unit_id)
    apply_facts(document, facts or {})
    rules.may_sign_for(document).demand()
    _sign_for(document, by, at)
    document.version += 1
    document.save()
    return document


def _sign_for(document: IncomingDocument, by: Actor, at: dt.datetime, *, number: str | None = None) -> None:
    matter = procedures.open_matter(
        procedure=PROCEDURE,
        title=document.title,
        unit_id=document.unit_id,
        label=document.label,
        urgency=KERNEL_URGENCY[Urgency(document.urgency)],
        subject=subject_of(document),
        guard_id=document.guard_id,
        number=number,
        due_on=document.limit_on,
        by=by,
        at=at,
    )
    document.matter_id = matter.pk
    document.state = State.SIGNED
    document.save(update_fields=["matter", "state"])
    task = open_task(matter.pk, Step.SIGN_FOR)
    procedures.complete(task_id=task["id"], outcome=Outcome.DONE, by=by, at=at)
    journal.write(by=by, at=at, act="incoming.signed_for", on=document, data={"delivered_by": document.delivered_by})


@service
def register_document(
    *,
    document_id: int,
    facts: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> IncomingDocument:
    """登记: check the facts, give it its number, put it on the record, hand it to the first check.

    Raises `rules.Duplicate` when a document of the same sender, number and year is registered already.
    """
    refuse_marked(facts=facts or {}, by=by, at=at)
    document = locked(document_id)
    demand_registrar(by, document.unit_id)
    demand_fresh(document, seen_version)
    if document.state == State.REGISTERED and at_registration(document):
        return _correct(document, facts or {}, by, at)
    apply_facts(document, facts or {})
    rules.may_register(document, clock.date_of(at)).demand()
    _demand_single(document)
    if document.limit_on is None:
        document.limit_on = queries.limit_for(document.urgency, document.received_on or clock.date_of(at))
    number = records.issue_number(
        series=SERIES,
        year=clock.date_of(at).year,
        guard_id=document.guard_id,
        subject=subject_of(document),
        by=by,
        at=at,
    ).text
    if document.state == State.DRAFT:
        _sign_for(document, by, at, number=number)
    document.number = number
    document.state = State.REGISTERED
    document.registered_at = at
    document.version += 1
    _save_single(document)
    _put_in_index(document, by, at)
    journal.write(by=by, at=at, act="incoming.registered", on=document, data=register_facts(document))
    _hand_on(document, by, at)
    return document


@service
def register_arrival(*, document_id: int, by: Actor, at: dt.datetime) -> IncomingDocument:
    """Number what came from inside the house in the register of the unit that signed for it: its facts came with it."""
    document = locked(document_id)
    demand_registrar(by, document.unit_id)
    rules.may_register(document, clock.date_of(at)).demand()
    _demand_single(document)
    document.number = records.issue_number(
        series=INSIDE_SERIES,
        year=clock.date_of(at).year,
        guard_id=document.guard_id,
        subject=subject_of(document),
        by=by,
        at=at,
    ).text
    document.state = State.REGISTERED
    document.registered_at = at
    document.version += 1
    _save_single(document)
    _put_in_index(document, by, at)
    journal.write(by=by, at=at, act="incoming.registered", on=document, data=register_facts(document))
    return document


def _correct(document: IncomingDocument, facts: Mapping[str, Any], by: Actor, at: dt.datetime) -> IncomingDocument:
    """Registration was returned for correction: same number, facts put right, before and after in the journal."""
    changed = apply_facts(document, facts)
    rules.may_register(_AsSigned(document), clock.date_of(at)).demand()
    _demand_single(document)
    document.version += 1
    _save_single(document)
    _put_in_index(document, by, at)
    journal.write(by=by, at=at, act="incoming.corrected", on=document, data={"changed": changed})
    _hand_on(document, by, at)
    return document


class _AsSigned:
    """The document as the registration rule sees it when registration is done over."""

    def __init__(self, document: IncomingDocument) -> None:
        self._document = document
        self.state: str = State.SIGNED

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)


def _demand_single(document: IncomingDocument) -> None:
    other = queries.same_letter(
        document.sender,
        document.sender_number,
        document.sender_year,
        unit_id=document.unit_id,
        other_than=document.pk,
    )
    if other is not None:
        raise rules.Duplicate(
            _("This sender, number and year are registered already: %(number)s.") % {"number": other.number},
            document_id=other.pk,
            number=other.number,
        )


def _save_single(document: IncomingDocument) -> None:
    """Save; the unique index sees also what the actor may not."""
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        if "incoming_sender_number_year_once" not in str(error):
            raise
        raise rules.Duplicate(_("This sender, number and year are registered already.")) from None


def register_facts(document: IncomingDocument) -> dict[str, Any]:
    """What the journal keeps of a registration."""
    return {
        "number": document.number,
        "title": document.title,
        "sender": document.sender,
        "sender_number": document.sender_number,
        "dated_on": document.dated_on.isoformat() if document.dated_on else None,
        "received_on": document.received_on.isoformat() if document.received_on else None,
        "urgency": document.urgency,
        "limit_on": document.limit_on.isoformat() if document.limit_on else None,
        "is_important": document.is_important,
        "chaser": document.chaser_id,
    }


def _put_in_index(document: IncomingDocument, by: Actor, at: dt.datetime) -> None:
    """Let it be found by title, sender, numbers and the text of its files."""
    texts = IncomingFile.objects.filter(document=document).values_list("stored__text", flat=True)
    records.index_item(
        guard_id=document.guard_id,
        kind="incoming",
        subject=subject_of(document),
        dated=document.received_on or clock.date_of(at),
        title_en=document.title,
        title_zh=document.title,
        body="\n".join(
            [document.number, document.sender, document.sender_number, document.addressees, document.summary, *texts]
        ),
        unit_id=document.unit_id,
        label=document.label,
        class_code=document.file_class,
        state=document.state,
        by=by,
        at=at,
    )


def _hand_on(document: IncomingDocument, by: Actor, at: dt.datetime) -> None:
    """Bring the matter up to the facts of registration and finish the registration step."""
    if document.matter_id is None:
        raise NotThere(_("There is no such document."))
    procedures.amend_matter(
        matter_id=document.matter_id,
        title=document.title,
        urgency=KERNEL_URGENCY[Urgency(document.urgency)],
        due_on=document.limit_on,
        by=by,
        at=at,
    )
    task = open_task(document.matter_id, Step.REGISTER)
    procedures.complete(task_id=task["id"], outcome=Outcome.DONE, data={"chaser": document.chaser_id}, by=by, at=at)
