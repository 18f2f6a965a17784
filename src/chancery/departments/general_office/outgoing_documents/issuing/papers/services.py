"""Verbs of the finished paper: set and seal it, set it anew, release it, put its slip on the record."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.correction import services as correction
from chancery.departments.general_office.outgoing_documents.drafting.services import locked
from chancery.departments.general_office.outgoing_documents.issuing import queries, rules
from chancery.departments.general_office.outgoing_documents.issuing.queries import WantedSeal
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.queries import subject_of
from chancery.departments.general_office.outgoing_documents.register_book import queries as book
from chancery.departments.general_office.outgoing_documents.terms import State
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.directory.models import Unit
from chancery.kernel.publishing import services as publishing
from chancery.kernel.records import services as records
from chancery.kernel.records.seals import services as seals
from chancery.kernel.records.seals.rules import is_kept_by
from chancery.kernel.records.setting import set_paper
from chancery.kernel.records.terms import DocumentKind

RECORD_URGENCY = {"NORMAL": "ORDINARY", "URGENT": "URGENT", "EXTRA_URGENT": "MOST_URGENT"}


def changed(document: OutgoingDocument, at: dt.datetime, *fields: str) -> None:
    """Keep some fields of a locked document, and that it changed."""
    document.changed_at = at
    document.save(update_fields=[*fields, "changed_at"])


@service
def set_and_seal(*, document_id: int, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """排版用印: set the paper, hold it against the signature, affix the seals that the actor keeps.

    The paper is SEALED once every issuer's seal is on it; until then it waits for the next keeper.
    """
    document = locked(document_id)
    on = clock.date_of(at)
    # Read once: the text that is held against the signature is the text that is set.
    facts, annexes = documents.facts_of(document), documents.annexes_of(document.pk)
    text_hash = documents.text_hash(document, documents.parts_from(facts, annexes, on=document.dated_on or on))
    rules.may_seal(by, document, text_hash).demand()
    affixed: set[int] = set() if document.state == State.SEALED else queries.seals_on(document)
    if not affixed:
        document.verify_code = publishing.new_code()
    done = set_paper(documents.paper_from(document, facts, annexes, draft=False), strict=True)
    name = _("%(number)s.pdf") % {"number": document.number.replace("/", "-")}
    if affixed and document.sealed_file_id:
        pdf = queries.content_of(document.sealed_file_id)
    else:
        pdf = done.pdf
        document.set_file = records.store_file(
            guard_id=document.guard_id, name=name, content=io.BytesIO(pdf), owner=subject_of(document), by=by, at=at
        )
    wanted = queries.wanted_seals(document, on, affixed=affixed)
    pdf, left = _affix_mine(document, wanted, done.seal_places, pdf, text_hash, by=by, at=at)
    document.sealed_file = records.store_file(
        guard_id=document.guard_id, name=name, content=io.BytesIO(pdf), by=by, at=at
    )
    document.pages, document.sealed_at = done.pages, at
    document.state = State.NUMBERED if left else State.SEALED
    changed(document, at, "verify_code", "set_file", "sealed_file", "pages", "sealed_at", "state")
    journal.write(
        by=by,
        at=at,
        act="outgoing.sealed",
        on=document,
        data={"pages": done.pages, "sha256": document.sealed_file.sha256, "seals_left": [seal.code for seal in left]},
    )
    return document


def _affix_mine(
    document: OutgoingDocument,
    wanted: list[WantedSeal],
    places: Any,
    pdf: bytes,
    text_hash: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> tuple[bytes, list[WantedSeal]]:
    """Affix each seal that is not on yet and that the actor keeps; refused when none of them is the actor's. The paper,
    and the seals that are still not on."""
    missing = [seal for seal in wanted if seal.seal_id is None]
    if missing:
        raise Refused(_("%(unit)s has no seal in use: register it first.") % {"unit": missing[0].unit}, field="seal")
    open_seals = [seal for seal in wanted if not seal.is_on]
    if not open_seals:
        return pdf, []
    # Of several, those the actor keeps; with none of them theirs, the first, so that the register says whose it is.
    mine = [seal for seal in open_seals if is_kept_by(by, seal.keeper_post_id or 0)] or open_seals[:1]
    for seal in mine:
        sealed = seals.affix(
            seal_id=seal.seal_id or 0,  # a missing seal was refused above
            pdf=pdf,
            places=[places[seal.place]] if seal.place < len(places) else [],
            subject=subject_of(document),
            text_hash=text_hash,
            approved_hash=document.signed_hash,
            approver_person_id=document.signed_person_id or 0,
            guard_id=document.guard_id,
            subject_text=f"{document.number} {document.title}",
            approver_post_id=document.signed_post_id,
            by=by,
            at=at,
        )
        pdf = sealed.pdf
    return pdf, [seal for seal in open_seals if seal not in mine]


@service
def set_anew(*, document_id: int, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """The paper goes back to be set and sealed again; its number stays."""
    document = locked(document_id)
    if document.state == State.SEALED:
        document.state = State.NUMBERED
        document.sealed_file_id = document.sealed_at = None
        changed(document, at, "state", "sealed_file", "sealed_at")
        journal.write(by=by, at=at, act="outgoing.reset", on=document)
    return document


@service
def release(*, document_id: int, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """核发: check the finished paper, publish its verification, put it on the record; from here on it is issued."""
    document = locked(document_id)
    found = queries.problems(document, at) if document.state == State.SEALED else []
    parts = documents.parts_of(document)
    rules.may_release(by, document, documents.text_hash(document, parts), found).demand()
    sealed, dated_on = document.sealed_file, document.dated_on
    if sealed is None or dated_on is None:
        raise Refused(_("The paper is not sealed yet."))
    document.released_at, document.released_person_id = at, by.person_id
    document.state = State.RELEASED
    document.record_id = _put_on_record(document, parts, sealed.pk, by, at)
    changed(document, at, "released_at", "released_person", "state", "record")
    publishing.publish_issued(
        code=document.verify_code,
        subject=subject_of(document),
        guard_id=document.guard_id,
        unit_id=document.issuer_id,
        issued_on=dated_on,
        sha256s=[sealed.sha256, *document.annexes.values_list("stored__sha256", flat=True)],
        by=by,
        at=at,
    )
    _index(document, by, at)
    journal.write(
        by=by,
        at=at,
        act="outgoing.released",
        on=document,
        data={"number": document.number, "sha256": sealed.sha256},
    )
    correction.note_relations(document_id=document.pk, by=by, at=at)
    return document


def _put_on_record(
    document: OutgoingDocument, parts: Mapping[str, Any], sealed_id: int, by: Actor, at: dt.datetime
) -> int:
    record = records.register_document(
        guard_id=document.guard_id,
        unit_id=document.unit_id,
        direction="OUT",
        label=document.label,
        kind=document.paper_type if document.paper_type in DocumentKind.values else "OTHER",
        title=document.title,
        sender=words(Unit.objects.get(pk=document.issuer_id), "name", document.language),
        sender_unit_id=document.issuer_id,
        document_date=document.dated_on,
        urgency=RECORD_URGENCY[document.urgency],
        page_count=document.pages,
        addressees="; ".join(one["name"] for one in parts["addressees"])[:300],
        number_id=document.issued_number_id,
        by=by,
        at=at,
    )
    records.attach_file(document_id=record.pk, file_id=sealed_id, role="MAIN", by=by, at=at)
    for file_id in document.annexes.values_list("stored_id", flat=True):
        records.attach_file(document_id=record.pk, file_id=file_id, role="ATTACHMENT", by=by, at=at)
    return int(record.pk)


def _index(document: OutgoingDocument, by: Actor, at: dt.datetime) -> None:
    records.index_item(
        guard_id=document.guard_id,
        kind="outgoing",
        subject=subject_of(document),
        dated=document.dated_on or clock.date_of(at),
        title_en=f"{document.number} {document.title}",
        title_zh=f"{document.number} {document.title}",
        body=f"{document.keywords}\n{manuscript.plain(document.body)}",
        unit_id=document.unit_id,
        label=document.label,
        state=document.state,
        by=by,
        at=at,
    )


@service
def put_slip_on_record(*, document_id: int, by: Actor, at: dt.datetime) -> None:
    """归档: the processing slip 发文稿纸 joins the paper on the record."""
    document = locked(document_id)
    if document.record_id is None:
        return
    file = records.store_file(
        guard_id=document.guard_id,
        name=_("Processing slip %(number)s.pdf") % {"number": document.number.replace("/", "-")},
        content=io.BytesIO(book.slip_pdf(document, at)),
        by=by,
        at=at,
    )
    records.attach_file(document_id=document.record_id, file_id=file.pk, role="SLIP", by=by, at=at)
