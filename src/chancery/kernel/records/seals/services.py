"""Registering seals, putting them away, and putting one on a paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import logging
from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.apart import apart
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.foundations.words import words
from chancery.kernel.access.services import add_readers, end_reader, open_guard
from chancery.kernel.directory.queries import unit_as_of
from chancery.kernel.records.files.services import store_file
from chancery.kernel.records.markings.services import demand_unmarked
from chancery.kernel.records.seals import queries, rules
from chancery.kernel.records.seals.checking.queries import findings_of_our_own
from chancery.kernel.records.seals.impressions import queries as impressions
from chancery.kernel.records.seals.impressions import rules as impression_rules
from chancery.kernel.records.seals.keys import queries as keys
from chancery.kernel.records.seals.keys import rules as key_rules
from chancery.kernel.records.seals.keys.services import make_local_key
from chancery.kernel.records.seals.models import Seal, SealCertificate, SealUse
from chancery.kernel.records.seals.terms import SEAL_REGISTRAR, KeyStore, Sealed, SealPlace, SealState

logger = logging.getLogger(__name__)


class NoSuchSeal(Refused):
    """The seal does not exist for the actor."""


@service
def register_seal(
    *,
    code: str,
    name_en: str,
    name_zh: str = "",
    legal_name: str,
    unit_id: int,
    kind: str,
    diameter_mm: Decimal,
    keeper_post_id: int,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    impression: bytes | None = None,
    key_store: str = KeyStore.LOCAL,
    by: Actor,
    at: dt.datetime,
) -> Seal:
    """Enter a seal with its keeper, its impression (uploaded PNG or SVG, else drawn) and its certificate."""
    rules.may_keep_register(by, unit_id).demand()
    today = clock.date_of(at)
    if unit_as_of(unit_id, today) is None:
        raise Refused(_("There is no such unit today."), field="unit")
    texts = {"name_en": name_en, "name_zh": name_zh, "legal_name": legal_name}
    demand_unmarked(texts=texts, where="seal", by=by, at=at)
    most = rulebook.provision(f"records.seal.max_mm.{kind.lower()}", on=today)
    impression_rules.may_be_size(diameter_mm, Decimal(most.value), words(most, "basis")).demand()
    if valid_to is not None and valid_to < (valid_from or today):
        raise Refused(_("The end must come after the start."), field="valid_to")
    if Seal.objects.filter(code=code).exists():
        raise Refused(_("Another seal has this code."), field="code")
    picture = (
        impressions.taken_from(impression, diameter_mm=diameter_mm)
        if impression
        else impressions.drawn(kind=kind, legal_name=legal_name, diameter_mm=diameter_mm)
    )
    guard = open_guard(unit_id=unit_id, label=Clearance.INTERNAL, by=by, at=at)
    readers: list[tuple[int | None, str | None, int | None]] = [
        (keeper_post_id, None, None),
        (None, SEAL_REGISTRAR, unit_id),
    ]
    add_readers(guard_id=guard.pk, readers=readers, how="seal", by=by, at=at)
    file = store_file(guard_id=guard.pk, name=f"{code}.pdf", content=io.BytesIO(picture), by=by, at=at)
    try:
        with transaction.atomic():
            seal = Seal.objects.create(
                guard=guard,
                code=code,
                name_en=name_en.strip(),
                name_zh=name_zh.strip(),
                legal_name=legal_name.strip(),
                unit_id=unit_id,
                kind=kind,
                diameter_mm=diameter_mm,
                impression=file,
                keeper_post_id=keeper_post_id,
                valid_from=valid_from or today,
                valid_to=valid_to,
                registered_at=at,
            )
    except IntegrityError as error:
        # Seals of other units do not show here, but their codes are taken.
        raise Refused(_("Another seal has this code, or the code is not well formed."), field="code") from error
    _certify(seal, key_store, at)
    data = {"code": code, "unit": unit_id, "keeper": keeper_post_id, "impression": file.sha256}
    journal.write(by=by, at=at, act="seal.registered", on=seal, data=data)
    return seal


@service
def change_keeper(*, seal_id: int, keeper_post_id: int, reason: str, by: Actor, at: dt.datetime) -> Seal:
    """Hand a seal to another post, with a reason; the one who kept it no longer sees its log."""
    seal = _locked(seal_id)
    rules.may_keep_register(by, seal.unit_id).demand()
    rules.is_in_use(seal).demand()
    rules.gives_reason(reason).demand()
    demand_unmarked(texts={"reason": reason}, where="seal", by=by, at=at)
    if keeper_post_id == seal.keeper_post_id:
        raise Refused(_("This post keeps the seal already."), field="keeper")
    before, seal.keeper_post_id = seal.keeper_post_id, keeper_post_id
    seal.version += 1
    seal.save(update_fields=["keeper_post", "version"])
    end_reader(guard_id=seal.guard_id, post_id=before, by=by, at=at)
    add_readers(guard_id=seal.guard_id, readers=[(keeper_post_id, None, None)], how="seal", by=by, at=at)
    data = {"before": before, "keeper": keeper_post_id, "reason": reason.strip()}
    journal.write(by=by, at=at, act="seal.keeper_changed", on=seal, data=data)
    return seal


@service
def retire_seal(*, seal_id: int, reason: str, on: dt.date | None = None, by: Actor, at: dt.datetime) -> Seal:
    """Take a seal out of use for good."""
    return _put_away(seal_id, SealState.RETIRED, "seal.retired", reason, on, by, at)


@service
def seal_up(*, seal_id: int, reason: str, on: dt.date | None = None, by: Actor, at: dt.datetime) -> Seal:
    """Put away the seal of a body that was dissolved or renamed; a retired seal may still be sealed up."""
    return _put_away(seal_id, SealState.SEALED_UP, "seal.sealed_up", reason, on, by, at)


@service
def renew_certificate(*, seal_id: int, key_store: str, by: Actor, at: dt.datetime) -> SealCertificate:
    """Give a seal a new certificate and key; the earlier one stays known, so that what it signed still checks."""
    seal = _locked(seal_id)
    rules.may_keep_register(by, seal.unit_id).demand()
    rules.is_in_use(seal).demand()
    SealCertificate.objects.filter(seal=seal, replaced_at=None).update(replaced_at=at)
    certificate = _certify(seal, key_store, at)
    journal.write(
        by=by,
        at=at,
        act="seal.certificate_renewed",
        on=seal,
        data={"certificate": certificate.sha256, "until": certificate.not_after.isoformat()},
    )
    return certificate


@service
def affix(
    *,
    seal_id: int,
    pdf: bytes,
    places: Sequence[SealPlace],
    subject: str,
    text_hash: str,
    approved_hash: str,
    approver_person_id: int,
    guard_id: int,
    subject_text: str = "",
    copies: int = 1,
    approver_post_id: int | None = None,
    witness_person_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> Sealed:
    """Put a seal on a paper, and write that down.

    `text_hash` is of the text in this PDF, `approved_hash` of the text that was approved; `guard_id` is the paper's.
    Refused unless the two are the same, the actor keeps the seal (or stands in for who does) and is not the person who
    approved, and seal, body and certificate are good today. A refusal leaves a trace in the journal.
    """
    seal = Seal.objects.select_for_update(of=("self",)).select_related("impression").filter(pk=seal_id).first()
    if seal is None:
        raise _not_seen(seal_id)
    day = clock.date_of(at)
    try:
        rules.is_kept_by(by, seal.keeper_post_id).demand()
        rules.is_not_approver(by, approver_person_id).demand()
        rules.has_witness_other_than(by.person_id, witness_person_id).demand()
        rules.is_approved_text(text_hash, approved_hash).demand()
        rules.may_be_used_on(seal, day, unit_is_there=queries.body_is_there(seal.unit_id, day)).demand()
    except Refused as refusal:
        _leave_trace(seal, refusal, subject=subject, text_hash=text_hash, approved_hash=approved_hash, by=by, at=at)
        raise
    certificate, done = _signed(seal, pdf, places, text_hash, day, at)
    use = SealUse.objects.create(
        seal=seal,
        guard_id=seal.guard_id,
        subject_guard_id=guard_id,
        subject=subject,
        subject_text=subject_text[:200],
        text_hash=text_hash,
        sha256_before=hashlib.sha256(pdf).hexdigest(),
        sha256_after=hashlib.sha256(done).hexdigest(),
        copies=copies,
        approver_person_id=approver_person_id,
        approver_post_id=approver_post_id,
        keeper_person_id=by.person_id or 0,  # the rules have refused an actor who is nobody
        keeper_post_id=seal.keeper_post_id,
        acting_post_id=by.post_id or 0,
        witness_person_id=witness_person_id,
        certificate=certificate,
        at=at,
    )
    hand = by if by.post_id == seal.keeper_post_id else dataclasses.replace(by, deputising_for=seal.keeper_post_id)
    journal.write(
        by=hand,
        at=at,
        act="seal.used",
        on=seal,
        data={
            "use": use.pk,
            "subject": subject,
            "text": text_hash,
            "before": use.sha256_before,
            "after": use.sha256_after,
            "approver": approver_person_id,
            "copies": copies,
        },
    )
    return Sealed(pdf=done, sha256=use.sha256_after, use_id=use.pk)


def _signed(
    seal: Seal, pdf: bytes, places: Sequence[SealPlace], text_hash: str, day: dt.date, at: dt.datetime
) -> tuple[SealCertificate, bytes]:
    from chancery.kernel.records.seals.sealing import queries as sealing  # pyHanko takes a second to import

    certificate = queries.certificate_of(seal.pk)
    if certificate is None:
        raise key_rules.KeyMissing(
            _("This seal has no certificate. Have it renewed in the register of seals."), field="seal"
        )
    sealing.page_sizes_mm(pdf)  # before it is examined: an unreadable paper is refused as such
    earlier = findings_of_our_own(pdf, at)
    if earlier["fault"] or not all(one["is_intact"] for one in earlier["signatures"]):
        raise sealing.CannotSeal(
            _("This paper was changed after an earlier seal was put on: it cannot be sealed further."), field="pdf"
        )
    body = unit_as_of(seal.unit_id, day) or {}
    with translation.override(settings.LANGUAGE_CODE):
        said = sealing.Words(
            name=seal.legal_name,
            reason=_t("Sealed on approval. SHA-256 of the approved text: %(hash)s") % {"hash": text_hash},
            location=words(body) if body else "",
            contact=settings.SITE_URL,
        )
    with keys.opened(certificate.key_store, certificate.key_ref, registered=certificate.sha256, at=at) as signer:
        done = sealing.sealed(
            pdf,
            signer=signer,
            impression=queries.impression_of(seal),
            diameter_mm=float(seal.diameter_mm),
            places=places,
            words=said,
            code=seal.code,
            at=at,
        )
    return certificate, done


def _certify(seal: Seal, key_store: str, at: dt.datetime) -> SealCertificate:
    reference = seal.code
    if key_store == KeyStore.LOCAL:
        reference = make_local_key(code=seal.code, legal_name=seal.legal_name, at=at)
    found = keys.certificate_in(key_store, reference)
    key_rules.may_sign(found.certificate).demand()
    key_rules.holds_on(found.certificate, at).demand()
    if SealCertificate.objects.filter(sha256=found.sha256).exists():
        raise key_rules.KeyChanged(
            _("This certificate is in the register already: put the new one into the store first."), field="key_store"
        )
    return SealCertificate.objects.create(
        seal=seal,
        sha256=found.sha256,
        pem=found.pem,
        subject=found.certificate.subject.rfc4514_string()[:500],
        issuer=found.certificate.issuer.rfc4514_string()[:500],
        serial=f"{found.certificate.serial_number:x}"[:60],
        not_before=found.certificate.not_valid_before_utc,
        not_after=found.certificate.not_valid_after_utc,
        key_store=key_store,
        key_ref=reference,
        added_at=at,
    )


def _put_away(
    seal_id: int, state: SealState, act: str, reason: str, on: dt.date | None, by: Actor, at: dt.datetime
) -> Seal:
    seal = _locked(seal_id)
    rules.may_keep_register(by, seal.unit_id).demand()
    if not (seal.state == SealState.RETIRED and state == SealState.SEALED_UP):
        rules.is_in_use(seal).demand()
    rules.gives_reason(reason).demand()
    demand_unmarked(texts={"reason": reason}, where="seal", by=by, at=at)
    today = clock.date_of(at)
    last = queries.last_use(seal.pk)
    rules.may_put_away_on(seal, on or today, today, clock.date_of(last) if last else None).demand()
    seal.state, seal.state_on, seal.state_reason = state, on or today, reason.strip()
    seal.version += 1
    seal.save(update_fields=["state", "state_on", "state_reason", "version"])
    data = {"on": seal.state_on.isoformat(), "reason": seal.state_reason}
    journal.write(by=by, at=at, act=act, on=seal, data=data)
    return seal


def _locked(seal_id: int) -> Seal:
    seal = Seal.objects.select_for_update(of=("self",)).filter(pk=seal_id).first()
    if seal is None:
        raise NoSuchSeal(_("There is no such seal."), field="seal")
    return seal


def _not_seen(seal_id: int) -> Refused:
    """What to tell somebody for whom the seal is not there: that it is another's, if it is."""
    if queries.is_registered(seal_id):
        return rules.NotKeeper(
            _("Only the keeper of the seal puts it on, or the keeper's deputy during an absence."),
            field="seal",
            basis=str(rules.BASIS_APPROVAL),
        )
    return NoSuchSeal(_("There is no such seal."), field="seal")


def _leave_trace(
    seal: Seal, refusal: Refused, *, subject: str, text_hash: str, approved_hash: str, by: Actor, at: dt.datetime
) -> None:
    """Write the refusal down on a connection of its own: the caller's transaction is rolled back."""
    subject_of_refusals, guard_id = f"records.sealrefusal:{seal.pk}", seal.guard_id
    data = {
        "why": type(refusal).__name__,
        "reason": str(refusal),
        "subject": subject,
        "text": text_hash[:64],
        "approved": approved_hash[:64],
    }

    def write() -> None:
        journal.write(by=by, at=at, act="seal.refused", on=subject_of_refusals, data=data, guard_id=guard_id)

    try:
        apart(write, by=by, at=at)
    except Exception:
        # The refusal stands whatever happens to its trace.
        logger.exception("a refused use of a seal could not be journalled")
