"""Who may hand over, accompany, receive."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy
from chancery.departments.general_office.confidential_work.carriers.receipts.models import CarrierReceipt
from chancery.departments.general_office.confidential_work.carriers.rules import BASIS, is_here, needs_two
from chancery.departments.general_office.confidential_work.carriers.terms import ReceiptState
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes


class Alone(Refused):
    """The highest level is moved by two people."""


class OneSided(Refused):
    """Giver and receiver are the same person."""


def may_give(by: Actor, copies: Sequence[CarrierCopy]) -> Verdict:
    """Whoever holds all of them, when none is missing or on its way."""
    if not copies:
        return no(_("Pick the copies to hand over."), field="copies")
    if any(copy.holder_id != by.person_id for copy in copies):
        return no(_("You hand over only what you hold yourself."), field="copies")
    return first_refusal(*(is_here(copy) for copy in copies))


def is_unlisted(numbers: Sequence[int]) -> Verdict:
    """What is listed to be destroyed stays where it is until the list is carried out or refused."""
    if not numbers:
        return yes()
    said = ", ".join(str(number) for number in numbers)
    return no(_("Listed for destruction, so not handed over: copy %(numbers)s.") % {"numbers": said}, field="copies")


def is_between_two(giver_id: int | None, receiver_id: int | None) -> Verdict:
    """By person, whatever posts they hold."""
    if receiver_id is None:
        return no(_("Nobody holds that post today: a carrier is handed to a person."), field="receiver")
    if giver_id == receiver_id:
        return no(
            _("You are the receiver yourself: a receipt stands between two people."), field="receiver", refusal=OneSided
        )
    return yes()


def is_accompanied(carrier: Carrier, giver_id: int | None, receiver_id: int | None, escort_id: int | None) -> Verdict:
    """Two people move the highest level; the second is neither giver nor receiver."""
    if escort_id is None and needs_two(carrier):
        return no(_("Two people move this level: name the second person."), field="escort", basis=BASIS, refusal=Alone)
    if escort_id is not None and escort_id in (giver_id, receiver_id):
        return no(_("The second person of the move is neither giver nor receiver."), field="escort", refusal=Alone)
    return yes()


def is_open(receipt: CarrierReceipt) -> Verdict:
    """Nothing is said twice."""
    if receipt.state == ReceiptState.OPEN:
        return yes()
    return no(_("This receipt was ended already."))


def may_escort(by: Actor, receipt: CarrierReceipt) -> Verdict:
    """The second person, in their own session, once."""
    if by.person_id is None or by.person_id != receipt.escort_id:
        return no(_("Only the second person of this move confirms that."))
    if receipt.escorted_at is not None:
        return no(_("You have confirmed this already."))
    return is_open(receipt)


def may_receive(by: Actor, receipt: CarrierReceipt) -> Verdict:
    """The receiver, in their own session, after the second person where there is one."""
    if by.person_id is None or by.person_id != receipt.receiver_id:
        return no(_("Only the receiver confirms a receipt, in their own session."))
    if receipt.escort_id is not None and receipt.escorted_at is None:
        return no(_("The second person of the move confirms first."), refusal=Alone)
    return is_open(receipt)


def is_counted(receipt: CarrierReceipt, counted: int) -> Verdict:
    """What arrived is counted, not assumed."""
    if counted == receipt.count:
        return yes()
    return no(
        _("You counted %(counted)s, the receipt says %(count)s. Do not confirm: refuse it, or have it put right.")
        % {"counted": counted, "count": receipt.count},
        field="counted",
    )


def may_withdraw(by: Actor, receipt: CarrierReceipt) -> Verdict:
    """The giver, while the receiver has not confirmed."""
    if by.person_id != receipt.giver_id:
        return no(_("Only the giver withdraws a receipt."))
    return is_open(receipt)
