"""Entering issued papers, and saying what became of them.

Who may is asked by the function that issued the paper, in its own service; these run inside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.publishing.verification import rules
from chancery.kernel.publishing.verification.models import Issued, IssuedFile
from chancery.kernel.publishing.verification.terms import IssuedState
from chancery.kernel.records.services import demand_unmarked


class NotIssued(Refused):
    """The paper is not in the register, or not for the actor."""


def new_code() -> str:
    """A code for a paper that is about to be set, in groups: its QR and its last page carry it."""
    return rules.made_code()


@service
def publish_issued(
    *,
    code: str,
    subject: str,
    unit_id: int,
    issued_on: dt.date,
    sha256s: Sequence[str],
    guard_id: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> Issued:
    """Let the public verify a paper: its code, its issuing body and day, the hashes of what was released."""
    rules.may_publish(by).demand()
    rules.is_code(code).demand()
    rules.are_hashes(sha256s).demand()
    try:
        with transaction.atomic():
            issued = Issued.objects.create(
                code=rules.read_code(code),
                subject=subject,
                unit_id=unit_id,
                guard_id=guard_id,
                issued_on=issued_on,
                published_at=at,
            )
    except IntegrityError as error:
        raise rules.CodeTaken(_("This paper or its code is entered for verification already."), field="code") from error
    IssuedFile.objects.bulk_create(IssuedFile(issued=issued, sha256=sha256) for sha256 in sorted(set(sha256s)))
    journal.write(
        by=by, at=at, act="issued.published", on=issued, data={"subject": subject, "files": sorted(set(sha256s))}
    )
    return issued


@service
def release_file(*, subject: str, sha256: str, by: Actor, at: dt.datetime) -> None:
    """A further file of a paper goes out, e.g. its OFD or a copy that carries a further seal."""
    issued = _locked(subject)
    rules.are_hashes([sha256]).demand()
    IssuedFile.objects.bulk_create([IssuedFile(issued=issued, sha256=sha256)], ignore_conflicts=True)
    journal.write(by=by, at=at, act="issued.file_released", on=issued, data={"files": [sha256]})


@service
def mark_superseded(*, subject: str, successor_subject: str, by: Actor, at: dt.datetime) -> Issued:
    """A newer paper takes the place of an issued one; the page leads from the old to the new."""
    issued, successor = _locked(subject), _locked(successor_subject)
    rules.may_supersede(issued, successor).demand()
    issued.state, issued.state_on, issued.successor = IssuedState.SUPERSEDED, clock.date_of(at), successor
    issued.save(update_fields=["state", "state_on", "successor"])
    journal.write(by=by, at=at, act="issued.superseded", on=issued, data={"successor": successor_subject})
    return issued


@service
def mark_withdrawn(*, subject: str, reason: str, by: Actor, at: dt.datetime) -> Issued:
    """An issued paper no longer holds. The reason stays inside the house."""
    issued = _locked(subject)
    rules.may_withdraw(issued, reason).demand()
    demand_unmarked(texts={"reason": reason}, where="publishing", by=by, at=at)
    issued.state, issued.state_on, issued.reason = IssuedState.WITHDRAWN, clock.date_of(at), reason.strip()[:500]
    issued.save(update_fields=["state", "state_on", "reason"])
    journal.write(by=by, at=at, act="issued.withdrawn", on=issued, data={"reason": issued.reason})
    return issued


def _locked(subject: str) -> Issued:
    issued = Issued.objects.select_for_update(of=("self",)).filter(subject=subject).first()
    if issued is None:
        raise NotIssued(_("This paper is not entered for verification."))
    return issued
