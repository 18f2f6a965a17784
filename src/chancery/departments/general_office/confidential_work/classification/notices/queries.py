"""What stands on a notice, in words of one language; and the notice as PDF."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chancery.departments.general_office.confidential_work.classification import queries
from chancery.departments.general_office.confidential_work.classification.models import Classification
from chancery.departments.general_office.confidential_work.classification.terms import Kind, State, Target, level_words
from chancery.foundations import clock, typeset
from chancery.foundations.words import words
from chancery.kernel.procedures.slip import queries as slips

TEMPLATE = Path(__file__).resolve().parents[3] / "templates/general_office/confidential_work/classification/notice.typ"


def notice(of: Classification, at: dt.datetime) -> dict[str, Any]:
    """The notice: what was decided, on what ground, until when. The house label stands at its head."""
    level = str(level_words(of.target, of.level))
    is_over = of.state == State.DECLASSIFIED
    heading = {
        Kind.CLASSIFY: _("Notice of classification"),
        Kind.CHANGE: _("Notice of a change of level"),
        Kind.EXTEND: _("Notice of an extension"),
        Kind.DECLASSIFY: _("Notice of declassification"),
    }[Kind.DECLASSIFY if is_over else Kind(of.kind)]
    if of.state == State.REFUSED:
        heading = _("Notice that a level was refused")
    told = [
        (_("What"), of.title),
        (_("Level"), "" if is_over else level),
        (_("Basis"), queries.clauses(clock.date_of(of.proposed_at)).get(of.basis_clause, of.basis_clause)),
        (pgettext("level", "Period"), queries.period_words(of)),
        (_("Until"), slips.day(of.until)),
        (_("Decided on"), slips.day(clock.date_of(of.decided_at)) if of.decided_at else ""),
        (_("Decided by"), words(of.decided_person) if of.decided_person else ""),
        (_("Reason"), of.end_reason or of.decision_note),
    ]
    house_label = level if of.target == Target.THING and not is_over else str(level_words(Target.THING, "INTERNAL"))
    return {
        "language": slips.language(),
        "house": slips.house(),
        "label": _("House label: %(label)s") % {"label": house_label},
        "heading": heading,
        "to": queries.audience_words(of.pk) or words(of.unit, "name"),
        "body": _("You are told of the following decision, which takes effect at once."),
        "facts": [{"word": str(word), "value": str(value)} for word, value in told if value],
        "unit": words(of.unit, "name"),
        "date": slips.day(clock.date_of(of.ended_at or of.decided_at or at)),
    }


def notice_pdf(of: Classification, at: dt.datetime) -> bytes:
    """The notice as PDF."""
    return typeset.pdf(TEMPLATE, notice(of, at), language=slips.language())
