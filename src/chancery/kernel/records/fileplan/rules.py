"""Who may draft, submit, approve; and what a class, a period and a version must be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes
from chancery.kernel.access.rules import holds_role
from chancery.kernel.records.fileplan.models import FilePlan
from chancery.kernel.records.fileplan.terms import ARCHIVE_HEAD, ARCHIVIST, LEADER, PlanState

CODE = re.compile(r"^[A-Z0-9]+([.-][A-Z0-9]+)*$")
PERIOD = re.compile(r"^[A-Z][A-Z0-9]{0,7}$")
CATEGORY = re.compile(r"^[A-Z]{1,8}$")
KIND = re.compile(r"^[a-z][a-z_]*(/[A-Z][A-Z_]*)?$")


class OwnPlan(Refused):
    """Nobody checks or approves the version he made."""


def may_load(by: Actor) -> Verdict:
    """A plan that holds without approval is loaded by the system alone."""
    if by.is_system:
        return yes()
    return no(_("A file plan comes into force by approval only."))


def may_open_fonds(by: Actor) -> Verdict:
    """The head of the archive."""
    return yes() if by.is_system else holds_role(by, ARCHIVE_HEAD)


def may_draft(by: Actor, keeper_unit_id: int) -> Verdict:
    """The fonds' archivists and their head."""
    if by.is_system or holds_role(by, ARCHIVIST, keeper_unit_id):
        return yes()
    return holds_role(by, ARCHIVE_HEAD, keeper_unit_id)


def is_draft(plan: FilePlan) -> Verdict:
    """Only a draft is edited."""
    if plan.state == PlanState.DRAFT:
        return yes()
    return no(_("This version is no draft any more. A change is a new version."))


def not_the_maker(by: Actor, plan: FilePlan) -> Verdict:
    """The one who made the version neither checks nor approves it, under whichever hat."""
    if by.person_id is not None and by.person_id == plan.made_person_id:
        return no(_("You made this version: another person decides on it."), refusal=OwnPlan)
    return yes()


def may_check(by: Actor, plan: FilePlan) -> Verdict:
    """The head of the archive or a leader, for a version under approval that somebody else made."""
    if plan.state != PlanState.SUBMITTED:
        return no(_("This version is not under approval."))
    return first_refusal(
        yes()
        if holds_role(by, LEADER, plan.fonds.unit_id)
        else holds_role(by, ARCHIVE_HEAD, plan.fonds.keeper_unit_id),
        not_the_maker(by, plan),
    )


def may_approve(
    by: Actor,
    plan: FilePlan,
    *,
    approval_number: str,
    valid_from: dt.date | None,
    today: dt.date,
    last_begins: dt.date | None,
) -> Verdict:
    """A leader who did not make it, with the number of the authority's approval, from a day that can still come.

    The first version of a fonds may hold from a day in the past: it says what was the practice.
    """
    if plan.state != PlanState.SUBMITTED:
        return no(_("This version is not under approval."))
    return first_refusal(
        yes() if by.is_system else holds_role(by, LEADER, plan.fonds.unit_id),
        not_the_maker(by, plan),
        no(_("Give the number under which the archives authority agreed."), field="approval_number")
        if not approval_number.strip()
        else yes(),
        _begins(valid_from, today, last_begins),
    )


def _begins(valid_from: dt.date | None, today: dt.date, last_begins: dt.date | None) -> Verdict:
    if valid_from is None:
        return no(_("Say from which day the version holds."), field="valid_from")
    if last_begins is None:
        return yes()
    if valid_from < today:
        return no(_("A version takes over today at the earliest: what was filed was filed."), field="valid_from")
    if valid_from <= last_begins:
        return no(
            _("The version before begins on %(day)s: this one must begin later.") % {"day": last_begins},
            field="valid_from",
        )
    return yes()


def is_sound_class(
    *,
    code: str,
    category: str,
    name_en: str,
    name_zh: str,
    period: str,
    periods: Collection[str],
    proposes: Collection[str],
) -> Verdict:
    """A class has a code, a name, letters for the archival code, and a period the version knows, if any."""
    if not CODE.match(code):
        return no(_("A code has capital letters and digits, in groups with a point or hyphen between."), field="code")
    if not CATEGORY.match(category):
        return no(_("The category is one to eight capital letters."), field="category")
    if not name_en.strip() and not name_zh.strip():
        return no(_("A class needs a name."), field="name_en")
    if period and period not in periods:
        return no(_("This version knows no period “%(code)s”.") % {"code": period}, field="period")
    for said in proposes:
        if not KIND.match(said):
            return no(_("“%(said)s” is no kind of thing that is filed.") % {"said": said}, field="proposes")
    return yes()


def is_sound_period(*, code: str, name_en: str, name_zh: str, years: int | None) -> Verdict:
    """A period has a code, a name, and a length in years or none for good."""
    if not PERIOD.match(code):
        return no(_("The code of a period is a capital letter, then up to seven letters or digits."), field="code")
    if not name_en.strip() and not name_zh.strip():
        return no(_("A period needs a name."), field="name_en")
    if years is not None and not 1 <= years <= 200:
        return no(_("A period lasts from 1 to 200 years, or for good."), field="years")
    return yes()
