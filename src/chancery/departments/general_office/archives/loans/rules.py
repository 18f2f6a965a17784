"""What may be lent, extended, taken back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.archives.loans.terms import Condition
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access.rules import holds_role
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.terms import Carrier, ItemState
from chancery.kernel.records.fileplan.terms import ARCHIVIST


class NotToBeLent(Refused):
    """What was asked for does not leave the archive now."""


def may_keep(by: Actor, keeper_unit_id: int | None = None) -> Verdict:
    """The archivists."""
    return holds_role(by, ARCHIVIST, keeper_unit_id)


def may_lend(item: ArchivalItem, *, is_held: bool) -> Verdict:
    """Paper that the house still keeps, that is not being handed over and that no hold keeps in its place."""
    if item.carrier == Carrier.DIGITAL:
        return no(_("This item has no paper original. Ask to read it instead."), field="code", refusal=NotToBeLent)
    if item.state in (ItemState.DESTROYED, ItemState.TRANSFERRED):
        return no(_("This item is no longer kept here."), field="code", refusal=NotToBeLent)
    if item.state == ItemState.OFFERED:
        return no(_("This item is being handed over."), field="code", refusal=NotToBeLent)
    if is_held:
        return no(_("A hold keeps this item in its place."), field="code", refusal=NotToBeLent)
    return yes()


def is_here(out: Loan | None) -> Verdict:
    """Not lent already, by itself, in its box or from it."""
    if out is None:
        return yes()
    return no(
        _("%(code)s is out already, due back on %(day)s.") % {"code": out.code, "day": out.due_on},
        field="code",
        refusal=NotToBeLent,
    )


def is_another(by: Actor, borrower_id: int) -> Verdict:
    """Nobody lends to himself."""
    if by.person_id == borrower_id:
        return no(_("Another archivist lends to you."), field="borrower_post")
    return yes()


def may_extend(loan: Loan, *, today: dt.date, most: int) -> Verdict:
    """Before it is due, and not more often than the provision says."""
    if loan.returned_at is not None:
        return no(_("It was brought back already."))
    if loan.due_on < today:
        return no(_("The loan is overdue: it comes back first."), field="reason")
    if loan.extensions >= most:
        return no(_("A loan is extended %(n)s times at most.") % {"n": most}, field="reason")
    return yes()


def may_take_back(loan: Loan, condition: str, note: str) -> Verdict:
    """Once, with its condition; damage and loss are described."""
    if loan.returned_at is not None:
        return no(_("It was brought back already."))
    if condition not in Condition.values:
        return no(_("Say in which condition it came back."), field="condition")
    if condition != Condition.SOUND and not note.strip():
        return no(_("Describe what is damaged or missing."), field="condition_note")
    return yes()
