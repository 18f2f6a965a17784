"""Who may send what, and how a copy may go. Pure: facts in, a verdict out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.dispatch.terms import (
    SETTLED,
    TROUBLES,
    UNREAD,
    WAITING,
    Channel,
    DeliveryState,
    Trouble,
)
from chancery.departments.general_office.outgoing_documents.terms import Label, State
from chancery.foundations.verdict import Stale, Verdict, no, yes

# A document is registered, sent by a trusted way and its receipt seen to.
BASIS = "《党政机关公文处理工作条例》(2012) 第二十五条、第二十七条"


class Copy(Protocol):
    """What the rules look at."""

    state: str
    channel: str
    name: str
    sent_at: dt.datetime | None
    opened_at: dt.datetime | None
    receipted_at: dt.datetime | None
    urged_at: dt.datetime | None


def may_dispatch(state: str) -> Verdict:
    """Only what was released goes out."""
    if state == State.RELEASED:
        return yes()
    if state == State.WITHDRAWN:
        return no(_("This document was withdrawn: it goes to nobody any more."), refusal=Stale)
    return no(_("Only a released document is sent."))


def may_mail(label: int) -> Verdict:
    """Up to restricted, and that with a code; a confidential paper never."""
    if label < Label.CONFIDENTIAL:
        return yes()
    return no(TROUBLES[Trouble.NOT_BY_EMAIL], field="channel")


def needs_code(label: int) -> bool:
    """Whether the page behind the link asks for a code that is told apart."""
    return label >= Label.RESTRICTED


def trouble_with(channel: str, *, label: int, email: str, is_unit: bool, desk_clearance: int | None) -> Trouble | None:
    """Why a copy cannot go that way; None when it can. `desk_clearance` None = nobody registers for the unit."""
    if channel == Channel.INSIDE:
        if not is_unit:
            return Trouble.NOT_A_UNIT
        if desk_clearance is None:
            return Trouble.NO_DESK
        return Trouble.NOT_CLEARED if desk_clearance < label else None
    if channel == Channel.EMAIL:
        if not may_mail(label):
            return Trouble.NOT_BY_EMAIL
        return None if email.strip() else Trouble.NO_EMAIL
    return None


def gives_a_reason(reason: str, field: str = "reason") -> Verdict:
    """Said in words."""
    return yes() if reason.strip() else no(_("Give a reason."), field=field)


def may_recall(copy: Copy) -> Verdict:
    """Only what nobody has opened; and paper that has left the house is not in its hands any more."""
    if copy.channel == Channel.BUNDLE and copy.state == DeliveryState.SENT:
        return no(
            _("The copy for %(name)s has left on paper: ask for it back, or withdraw the document.")
            % {"name": copy.name}
        )
    if copy.state in UNREAD and copy.opened_at is None:
        return yes()
    if copy.state == DeliveryState.RECALLED:
        return no(_("This copy was recalled already."), refusal=Stale)
    return no(
        _("%(name)s has opened this copy: it cannot be recalled. Withdraw or correct the document instead.")
        % {"name": copy.name},
        refusal=Stale,
    )


def may_urge(copy: Copy, today: dt.date, last_urged: dt.date | None, pause_days: int) -> Verdict:
    """While a receipt is awaited, and not twice within the pause."""
    if copy.state not in WAITING or copy.sent_at is None:
        return no(_("No receipt is awaited from %(name)s.") % {"name": copy.name}, refusal=Stale)
    if last_urged is not None and (today - last_urged).days < pause_days:
        return no(
            _("%(name)s was urged on %(day)s: wait before you urge again.")
            % {"name": copy.name, "day": last_urged.isoformat()}
        )
    return yes()


def may_note_receipt(copy: Copy, *, name: str, on: dt.date, sent_on: dt.date | None, today: dt.date) -> Verdict:
    """What came in on paper or by telephone: by whom and when. Inside the house the desk signs for it itself."""
    if copy.receipted_at is not None:
        return no(_("Its receipt is in already."), refusal=Stale)
    if copy.state in SETTLED or copy.state == DeliveryState.FAILED:
        return no(_("No receipt is awaited from %(name)s.") % {"name": copy.name}, refusal=Stale)
    if copy.channel == Channel.INSIDE:
        return no(_("%(name)s signs for it at its own desk.") % {"name": copy.name})
    if sent_on is None:
        return no(_("It has not left the house yet: note first that it has."))
    if not name.strip():
        return no(_("Say who received it."), field="name")
    if on > today:
        return no(_("It cannot have been received in the future."), field="on")
    if on < sent_on:
        return no(_("It was received before it was sent?"), field="on")
    return yes()


def may_explain(copy: Copy, reason: str) -> Verdict:
    """A receipt that will not come is explained in words."""
    if copy.state in SETTLED:
        return no(_("No receipt is awaited from %(name)s.") % {"name": copy.name}, refusal=Stale)
    return gives_a_reason(reason)


def may_send_again(copy: Copy) -> Verdict:
    """After a failure only."""
    if copy.state == DeliveryState.FAILED:
        return yes()
    return no(_("Only a copy that failed is sent again."), refusal=Stale)


def may_mark_left(copy: Copy) -> Verdict:
    """A bundle that waits."""
    if copy.channel == Channel.BUNDLE and copy.state == DeliveryState.TO_SEND:
        return yes()
    return no(_("This copy has left the house already."), refusal=Stale)


def are_receipts_in(copies: Iterable[Copy]) -> Verdict:
    """Every copy is received, explained or recalled."""
    open_ones = [copy.name for copy in copies if copy.state not in SETTLED]
    if not open_ones:
        return yes()
    shown = "; ".join(open_ones[:3]) + (" …" if len(open_ones) > 3 else "")
    return no(
        _("Receipts are open: %(names)s. Urge them, note a receipt, or explain why none will come.") % {"names": shown},
        basis=BASIS,
    )
