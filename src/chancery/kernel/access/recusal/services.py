"""Declaring and lifting recusals."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal.services import write as journal_write
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.verdict import Refused
from chancery.kernel.access import terms
from chancery.kernel.access.guards.models import Guard
from chancery.kernel.access.guards.services import bar_from_guard, lift_bars
from chancery.kernel.access.recusal import rules
from chancery.kernel.access.recusal.models import Recusal
from chancery.kernel.access.roles.rules import holds_role

RECUSED = "recused"


@service
def recuse(
    *, person_id: int, subject: str, reason: str, by: Actor, at: dt.datetime, guard_id: int | None = None
) -> Recusal:
    """Have a person keep out of `subject` ("label.model:pk"). Written into the subject's own journal.

    What a narrow guard keeps they do not see from here on either: do this last where the actor steps aside.
    """
    rules.may_recuse(by, person_id, holds_role(by, terms.ACCESS_ADMIN)).demand()
    rules.gives_reason(reason).demand()
    try:
        with transaction.atomic():
            recusal = Recusal.objects.create(
                person_id=person_id,
                subject=subject,
                reason=reason.strip(),
                declared_by_person_id=by.person_id,
                since=at,
            )
    except IntegrityError as error:
        if "access_recusal_once" not in str(error):
            raise
        raise Refused(_("This person already keeps out of it.")) from error
    journal_write(
        by=by,
        at=at,
        act="recusal.declared",
        on=subject,
        guard_id=guard_id,
        label=None if guard_id else Clearance.RESTRICTED,
        data={"person": person_id, "reason": reason.strip()},
    )
    if guard_id is not None and _is_narrow(guard_id):
        bar_from_guard(guard_id=guard_id, person_ids=[person_id], how=RECUSED, by=SYSTEM, at=at)
    return recusal


def _is_narrow(guard_id: int) -> bool:
    with acting_as(SYSTEM):
        return Guard.objects.filter(pk=guard_id, is_narrow=True).exists()


@service
def lift_recusal(*, recusal_id: int, by: Actor, at: dt.datetime, guard_id: int | None = None) -> None:
    """End a recusal: an access administrator decides that, not the person."""
    recusal = Recusal.objects.select_for_update().filter(pk=recusal_id, lifted_at=None).first()
    if recusal is None:
        raise Refused(_("There is no such recusal."))
    holds_role(by, terms.ACCESS_ADMIN).demand()
    rules.not_own_act(by, recusal.person_id).demand()
    recusal.lifted_at = at
    recusal.save(update_fields=["lifted_at"])
    journal_write(
        by=by,
        at=at,
        act="recusal.lifted",
        on=recusal.subject,
        guard_id=guard_id,
        label=None if guard_id else Clearance.RESTRICTED,
        data={"person": recusal.person_id},
    )
    if guard_id is not None:
        lift_bars(guard_id=guard_id, how=RECUSED, person_id=recusal.person_id, by=SYSTEM, at=at)
