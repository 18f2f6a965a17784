"""Who proposes, who decides, what can be opened."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.openings.terms import BASIS, SIDES, OpenVerdict, RowState
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.verdict import Verdict, first_refusal, no, yes
from chancery.kernel.access import rules as access
from chancery.kernel.records.archive.terms import ItemState


def may_look(by: Actor) -> Verdict:
    """Those who propose and decide."""
    for role in ("archivist", *SIDES):
        if access.holds_role(by, role):
            return yes()
    return no(_("Openings are for the archivist, the head of the archive and the confidential officer."))


def may_propose(by: Actor, keeper_unit_id: int | None) -> Verdict:
    """The archivist."""
    return access.holds_role(by, "archivist", keeper_unit_id)


def latest_day(today: dt.date, years: int) -> dt.date:
    """The last day on which something may be dated to be opened today."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28)


def may_be_opened(*, code: str, dated_on: dt.date, label: int, state: str, today: dt.date, years: int) -> Verdict:
    """In the archive, old enough, and no more than internal: what is restricted is declassified first."""
    if state != ItemState.HELD:
        return no(_("%(code)s is not in the archive.") % {"code": code}, field="items")
    if dated_on > latest_day(today, years):
        return no(
            _("%(code)s is not %(years)s years old.") % {"code": code, "years": years}, field="items", basis=BASIS
        )
    if label > Clearance.INTERNAL:
        return no(_("%(code)s is restricted: declassify it first.") % {"code": code}, field="items", basis=BASIS)
    return yes()


def side_of(by: Actor, keeper_unit_id: int) -> str:
    """For which of the two the actor decides: "head", "officer", or "" for neither."""
    for role, side in SIDES.items():
        if access.holds_role(by, role, keeper_unit_id):
            return side
    return ""


def may_decide(by: Actor, side: str, *, made_person_id: int) -> Verdict:
    """The head of the archive or the confidential officer; never who proposed it."""
    return first_refusal(
        yes() if side else no(_("The head of the archive and the confidential officer decide on openings.")),
        no(_("Nobody decides on what they proposed themselves.")) if by.person_id == made_person_id else yes(),
    )


def is_decision(state: str, own: str, other_person_id: int | None, by: Actor, verdict: str, reason: str) -> Verdict:
    """One decision on one item: once, by another person than the other's, and reasons for keeping closed."""
    if state != RowState.PROPOSED or own:
        return no(_("This item is decided already."))
    if other_person_id is not None and other_person_id == by.person_id:
        return no(_("The two decisions on an item are made by two persons."))
    if verdict == OpenVerdict.KEEP and not reason.strip():
        return no(_("Say why it stays closed."), field="reason")
    return yes()


def is_decided(waiting: int) -> Verdict:
    """A step ends when every item has its decision, never by pressing past it."""
    if waiting:
        return no(_("Decide on every item on the list's page first: %(n)s wait for you.") % {"n": waiting})
    return yes()


def may_close(by: Actor, keeper_unit_id: int, reason: str) -> Verdict:
    """The head of the archive or the confidential officer, with a reason."""
    if not side_of(by, keeper_unit_id):
        return no(_("The head of the archive and the confidential officer close again what was opened."))
    return yes() if reason.strip() else no(_("Say why it is closed again."), field="reason")
