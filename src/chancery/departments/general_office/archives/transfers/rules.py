"""Who may do what with a transfer list, and when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.transfers.terms import OPEN, ListState
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, first_refusal, no, yes
from chancery.kernel.access.rules import holds_role

if TYPE_CHECKING:
    from collections.abc import Collection

    from chancery.departments.general_office.archives.transfers.models import TransferList

BASIS_HOLD = "Held records are not disposed of / 冻结期间不得处置"


def may_enter(by: Actor) -> Verdict:
    """Those who keep an archive."""
    return yes() if holds_role(by, "archive_head") else holds_role(by, "archivist")


def is_archivist(by: Actor, keeper_unit_id: int | None = None) -> Verdict:
    """An archivist over the unit that keeps the fonds."""
    return holds_role(by, "archivist", keeper_unit_id)


def stands_at(one: TransferList, *states: str) -> Verdict:
    """The act belongs to these states."""
    if one.state in states:
        return yes()
    return no(
        _("The list stands at “%(state)s”; this is done at another time.") % {"state": ListState(one.state).label}
    )


def may_submit(by: Actor, one: TransferList) -> Verdict:
    """An archivist, while it is being drawn up."""
    return first_refusal(is_archivist(by, one.fonds.keeper_unit_id), stands_at(one, ListState.DRAFT))


def may_withdraw(by: Actor, one: TransferList, reason: str) -> Verdict:
    """An archivist, until the authority has it; with a reason."""
    return first_refusal(is_archivist(by, one.fonds.keeper_unit_id), stands_at(one, *OPEN), is_said(reason))


def is_said(reason: str) -> Verdict:
    """There is a reason."""
    return yes() if reason.strip() else no(_("Say why."), field="reason")


def has_ended(one: TransferList) -> Verdict:
    """The last step is done by entering the receipt, never by pressing past it."""
    if one.state in OPEN:
        return no(_("Hand the package over and enter the authority's receipt on the list's page."))
    return yes()


def may_approve(by: Actor, one: TransferList, rows: int) -> Verdict:
    """The head of the archive, who is not the one that drew it up."""
    return first_refusal(
        stands_at(one, ListState.SUBMITTED),
        holds_role(by, "archive_head", one.fonds.keeper_unit_id),
        no(_("Whoever drew the list up does not approve it: another person must."))
        if by.person_id is not None and by.person_id == one.drawn_person_id
        else yes(),
        yes() if rows else no(_("The list is empty.")),
    )


def none_held(codes: Collection[str]) -> Verdict:
    """What is held stays until the hold is lifted."""
    if not codes:
        return yes()
    shown = ", ".join(sorted(codes)[:5])
    return no(
        _("Held for a case, an audit or a petition, and not transferred: %(codes)s.") % {"codes": shown},
        basis=BASIS_HOLD,
    )


def receipt_fits(
    number: str, on: dt.date, sha256: str, today: dt.date, made_on: dt.date, known: Collection[str]
) -> Verdict:
    """A receipt has a number, a day that can be, and the hash of a package that was made of the list."""
    return first_refusal(
        yes() if number.strip() else no(_("The receipt has a number."), field="receipt_number"),
        no(_("A receipt is not dated in the future."), field="receipt_on") if on > today else yes(),
        no(_("The receipt is older than the package."), field="receipt_on") if on < made_on else yes(),
        yes()
        if sha256 in known
        else no(
            _("This is not the checksum of a package made of this list: what they hold is not what was sent."),
            field="receipt_sha256",
        ),
    )


def may_release(one: TransferList, today: dt.date) -> Verdict:
    """Copies stay as long as the rules want."""
    if one.released_at is not None:
        return no(_("The copies were removed already."))
    if one.copies_until is None or today <= one.copies_until:
        shown = {"day": one.copies_until.isoformat() if one.copies_until else "—"}
        return no(_("The copies are kept until %(day)s.") % shown)
    return yes()
