"""Proposing the inherited level of what came later."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.classification import queries, terms
from chancery.departments.general_office.confidential_work.classification.deriving.queries import Heir, derived_of
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.terms import (
    PROCEDURE,
    Kind,
    State,
    Target,
    label_of,
)
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.procedures import services as procedures


@service
def propose_for_heirs(*, by: Actor, at: dt.datetime) -> int:
    """For everything derived since, and labelled lower than what it comes from: a proposal. By the system.

    Who refused one once is not asked again: any earlier decision about the thing stands.
    """
    made = 0
    labels = [code.value for code, label in terms.LABELS.items() if label > Clearance.INTERNAL]
    found = Classification.objects.filter(state=State.IN_FORCE, target=Target.THING, level__in=labels)
    for of in found.order_by("id").iterator():
        for heir in derived_of(of.subject):
            key = queries.key_of(heir.thing.guard_id)
            is_lower = heir.thing.label < label_of(of.level) and not heir.thing.is_published
            if is_lower and not Classification.objects.filter(key=key).exists():
                _propose(of, heir, key, by, at)
                made += 1
    return made


def _propose(of: Classification, heir: Heir, key: str, by: Actor, at: dt.datetime) -> None:
    proposed = Classification.objects.create(
        guard_id=heir.thing.guard_id,
        unit_id=heir.thing.unit_id,
        target=Target.THING,
        key=key,
        subject=heir.thing.subject,
        title=heir.thing.title,
        kind=Kind.CLASSIFY,
        level=of.level,
        level_before=terms.level_of(heir.thing.label),
        basis_clause=of.basis_clause,
        basis_text=of.basis_text,
        reason=_("Derived from something that bears this level"),
        period_kind=of.period_kind,
        years=of.years,
        condition=of.condition,
        starts_on=of.starts_on,
        until=of.until,
        cap_years=of.cap_years,
        derived_from=of,
        derived_how=heir.how,
        proposed_at=at,
    )
    proposed.matter = procedures.open_matter(
        procedure=PROCEDURE,
        title=f"{Kind.CLASSIFY.label}: {heir.thing.title}"[:300],
        unit_id=heir.thing.unit_id,
        label=heir.thing.label,
        subject=f"general_office.classification:{proposed.pk}",
        guard_id=heir.thing.guard_id,
        by=by,
        at=at,
    )
    proposed.save(update_fields=["matter"])
    journal.write(by=by, at=at, act="classification.proposed", on=proposed, data={"from": of.pk, "how": str(heir.how)})
