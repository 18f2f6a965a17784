"""What the steps of the procedures ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.appraisal.terms import LIST_SUBJECT
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal.terms import ListState


def names_two_appraisers(*, by: Actor, matter: Any, task: Any, outcome: str, data: Mapping[str, Any]) -> Verdict:
    """Two posts; that they are two persons is asked when they sign."""
    first, second = data.get("first_appraiser"), data.get("second_appraiser")
    if outcome != "SENT":
        return yes()
    if not first:
        return no(_("Choose the first appraiser."), field="first_appraiser")
    if not second or first == second:
        return no(_("An appraisal needs two different appraisers."), field="second_appraiser")
    return yes()


def was_carried_out(*, by: Actor, matter: Any, task: Any, outcome: str, data: Mapping[str, Any]) -> Verdict:
    """The last step is done by doing what was approved, never by pressing past it."""
    of = disposal.list_of(int(matter.subject.removeprefix(LIST_SUBJECT.format(""))))
    if of is not None and of.state in (ListState.EXECUTED, ListState.WITHDRAWN):
        return yes()
    return no(_("Carry the list out first: set the periods, destroy what is to be destroyed."))
