"""Sending a draft to approval."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.archives.planning.terms import LABEL, PROCEDURE, SUBJECT
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.words import words
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records.fileplan.drafting import services as drafting


@service
def send_to_approval(*, plan_id: int, by: Actor, at: dt.datetime) -> Any:
    """Freeze the draft and open its matter; returns the matter."""
    plan = drafting.submit_plan(plan_id=plan_id, by=by, at=at)
    title = _("File plan of %(fonds)s, version %(number)s") % {"fonds": words(plan.fonds), "number": plan.number}
    return procedures.open_matter(
        procedure=PROCEDURE,
        title=title[:300],
        unit_id=plan.fonds.keeper_unit_id,
        label=LABEL,
        subject=f"{SUBJECT}:{plan.pk}",
        by=by,
        at=at,
    )
