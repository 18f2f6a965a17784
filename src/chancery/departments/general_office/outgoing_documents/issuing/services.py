"""Verbs of issuing. Each step's service runs in the step's own transaction; the document is locked first, always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents import rules as document_rules
from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.drafting.services import locked
from chancery.departments.general_office.outgoing_documents.issuing import queries, rules
from chancery.departments.general_office.outgoing_documents.issuing.models import Signature
from chancery.departments.general_office.outgoing_documents.issuing.papers.services import (
    changed,
    put_slip_on_record,
    release,
    set_and_seal,
    set_anew,
)
from chancery.departments.general_office.outgoing_documents.issuing.series import queries as series_queries
from chancery.departments.general_office.outgoing_documents.models import CountersignUnit, OutgoingDocument
from chancery.departments.general_office.outgoing_documents.queries import subject_of
from chancery.departments.general_office.outgoing_documents.terms import (
    ISSUED,
    PROCEDURE,
    CountersignMode,
    Outcome,
    State,
    Step,
)
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.procedures import queries as matters
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.matters.terms import OpinionKind
from chancery.kernel.records import services as records

ORDER = [step.value for step in Step]
BEFORE_RECHECK = frozenset(ORDER[: ORDER.index(Step.RECHECK)])

__all__ = [
    "cancel",
    "give_number",
    "name_countersigners",
    "note_closing",
    "note_going_back",
    "note_recheck",
    "note_signature",
    "open_matter_of",
    "put_slip_on_record",
    "release",
    "set_and_seal",
    "set_anew",
    "withdraw_signature",
]


@service
def open_matter_of(*, document: OutgoingDocument, by: Actor, at: dt.datetime) -> Matter:
    """Open the matter of a complete draft and send it to the unit's checker; the caller holds the document's lock."""
    matter = procedures.open_matter(
        procedure=PROCEDURE,
        title=document.title,
        unit_id=document.unit_id,
        label=document.label,
        urgency=document.urgency,
        subject=subject_of(document),
        guard_id=document.guard_id,
        data={
            "drafter_post": document.drafter_post_id,
            "office_unit": documents.office_id(),
            "countersign_units": queries.asked_units(document),
            "signer_post": document.signer_post_id,
            "seal_keeper_post": None,
        },
        by=by,
        at=at,
    )
    document.matter, document.state = matter, State.UNDER_WAY
    changed(document, at, "matter", "state")
    task = next(row for row in matters.open_tasks(matter.pk) if row["step"] == Step.DRAFT)
    procedures.complete(task_id=task["id"], outcome=Outcome.SUBMIT, by=by, at=at)
    return matter


@service
def note_signature(*, document_id: int, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """签发: fix what was signed, by whom, when; the day of signing is the date of the document."""
    document = locked(document_id)
    rules.may_sign(by, document, queries.checkers(document)).demand()
    document_rules.is_complete(document).demand()
    document.dated_on = clock.date_of(at)
    document.signed_hash = documents.text_hash(document)
    document.signed_at, document.signed_person_id, document.signed_post_id = at, by.person_id, by.post_id
    document.state = State.SIGNED
    Signature.objects.create(
        document=document,
        text_hash=document.signed_hash,
        version=document.version,
        person_id=by.person_id or 0,  # the rule has refused an actor who is nobody
        post_id=by.post_id,
        signed_at=at,
    )
    changed(document, at, "dated_on", "signed_hash", "signed_at", "signed_person", "signed_post", "state")
    drafting.keep_version(document_id=document.pk, kind="SIGNED", note="", by=by, at=at)
    journal.write(by=by, at=at, act="outgoing.signed", on=document, data={"text_hash": document.signed_hash})
    return document


@service
def withdraw_signature(*, document_id: int, reason: str, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """Take a signature back, because the text goes back to a step before signing. The row of the signature stays."""
    document = locked(document_id)
    if not document.signed_hash:
        return document
    if document.number:
        raise Refused(_("The document has its number: its signature stands."))
    document.signed_hash, document.signed_at, document.dated_on = "", None, None
    document.signed_person_id = document.signed_post_id = None
    document.state = State.UNDER_WAY
    changed(document, at, "signed_hash", "signed_at", "dated_on", "signed_person", "signed_post", "state")
    journal.write(by=by, at=at, act="outgoing.signature_withdrawn", on=document, data={"reason": reason})
    return document


@service
def note_recheck(*, document_id: int, outcome: str, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """复核: the text passes as it was signed, or goes back to the signer because it was changed."""
    document = locked(document_id)
    text_hash = documents.text_hash(document)
    if outcome == Outcome.PASS:
        rules.may_pass_recheck(by, document, text_hash).demand()
        _mark_rechecked(document, at, by.person_id)
    else:
        rules.has_changed(document, text_hash).demand()
        withdraw_signature(document_id=document_id, reason=_("The recheck changed the text."), by=by, at=at)
        document.refresh_from_db()
    journal.write(by=by, at=at, act="outgoing.rechecked", on=document, data={"outcome": outcome})
    return document


def _mark_rechecked(document: OutgoingDocument, at: dt.datetime | None, person_id: int | None) -> None:
    signature = queries.standing_signature(document)
    if signature is not None and (signature.rechecked_at is None) != (at is None):
        signature.rechecked_at, signature.rechecked_person_id = at, person_id
        signature.save(update_fields=["rechecked_at", "rechecked_person"])


@service
def give_number(*, document_id: int, series_id: int | None = None, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """登记: the next number of the issuer's series, after signing and recheck. A document keeps the one it has."""
    document = locked(document_id)
    on = clock.date_of(at)
    if document.number and document.state == State.NUMBERED:
        return document
    signature = queries.standing_signature(document)
    rules.may_number(
        document, documents.text_hash(document), is_rechecked=bool(signature and signature.rechecked_at)
    ).demand()
    fitting = series_queries.series_for(document, on)
    chosen = [row for row in fitting if series_id in (None, row.pk)]
    if not chosen:
        raise Refused(
            _("No numbering series of %(unit)s holds for this type today. The registrar keeps the series.")
            % {"unit": words(document.issuer, "name")},
            field="series",
        )
    if len(chosen) > 1:
        raise Refused(_("Several series fit: choose one."), field="series")
    series, key = chosen[0], series_queries.key_of(chosen[0])
    pattern = series_queries.pattern_of(series, on, document.profile)
    number = records.issue_number(
        series=key,
        year=on.year,
        pattern=pattern,
        guard_id=document.guard_id,
        subject=subject_of(document),
        by=by,
        at=at,
    )
    document_rules.number_form(number.text, profile=document.profile, field="series").demand()
    document.series, document.number, document.issued_number_id = key, number.text, number.pk
    document.numbered_at, document.state = at, State.NUMBERED
    changed(document, at, "series", "number", "issued_number", "numbered_at", "state")
    journal.write(by=by, at=at, act="outgoing.numbered", on=document, data={"number": number.text, "series": key})
    return document


@service
def cancel(*, document_id: int, reason: str, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """作废: give the document up before it is released; its number stays in the register, void, with the reason."""
    document = locked(document_id)
    rules.may_cancel(document, reason).demand()
    document.state, document.ended_at, document.end_reason = State.CANCELLED, at, reason.strip()
    changed(document, at, "state", "ended_at", "end_reason")
    if document.issued_number_id:
        records.void_number(number_id=document.issued_number_id, reason=reason.strip()[:500], by=by, at=at)
    journal.write(by=by, at=at, act="outgoing.cancelled", on=document, data={"reason": reason.strip()})
    return document


@service
def name_countersigners(
    *, document_id: int, unit_ids: Sequence[int], is_serial: bool, by: Actor, at: dt.datetime
) -> OutgoingDocument:
    """The units that countersign, in order, as the checker names them."""
    document = locked(document_id)
    before = queries.asked_units(document)
    document.countersign_mode = CountersignMode.SERIAL if is_serial else CountersignMode.PARALLEL
    changed(document, at, "countersign_mode")
    if before != list(unit_ids):
        CountersignUnit.objects.filter(document=document).delete()
        CountersignUnit.objects.bulk_create(
            CountersignUnit(document=document, unit_id=unit, position=place) for place, unit in enumerate(unit_ids)
        )
        journal.write(
            by=by,
            at=at,
            act="outgoing.countersigners_named",
            on=document,
            data={"before": before, "after": list(unit_ids)},
        )
    return document


@service
def note_closing(*, document_id: int, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """The matter was closed by hand: what was not released is cancelled for the same reason."""
    document = locked(document_id)
    if document.state in ISSUED or document.state == State.CANCELLED:
        return document
    said = [row for row in matters.opinions(document.matter_id or 0) if row["kind"] == OpinionKind.CLOSE]
    reason = said[-1]["text"] if said else _("The matter was closed by hand.")
    return cancel(document_id=document_id, reason=reason, by=by, at=at)


@service
def note_going_back(*, document_id: int, step: str, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """The matter was returned, recalled or reopened to a step: take back what was done from there on, or refuse."""
    document = locked(document_id)
    rules.may_go_back(document, step, ORDER).demand()
    if document.state in ISSUED:
        return document
    if step in BEFORE_RECHECK:
        return withdraw_signature(document_id=document_id, reason=_("The matter went back."), by=by, at=at)
    if step == Step.RECHECK and document.signed_hash and not document.number:
        _mark_rechecked(document, None, None)
    if step == Step.SEAL:
        return set_anew(document_id=document_id, by=by, at=at)
    return document


def ids(values: Any) -> list[int]:
    """Primary keys of rows or keys as a form gives them."""
    return [int(getattr(value, "pk", value)) for value in values or ()]
