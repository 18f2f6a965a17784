"""Who may do what with a document from inside the house. Pure: facts in, a verdict out."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Refused, Stale, Verdict, no, yes


class NoDesk(Refused):
    """Nobody registers for the unit, at any height of the tree."""


class Copy(Protocol):
    """What the rules look at."""

    opened_at: dt.datetime | None
    signed_at: dt.datetime | None
    recalled_at: dt.datetime | None
    declined_at: dt.datetime | None


def is_here(copy: Copy) -> Verdict:
    """Neither recalled nor refused."""
    if copy.recalled_at is not None:
        return no(_("The sender has recalled this document."), refusal=Stale)
    if copy.declined_at is not None:
        return no(_("This document was not accepted and went back to its sender."), refusal=Stale)
    return yes()


def may_recall(copy: Copy) -> Verdict:
    """Only what nobody has opened."""
    if copy.recalled_at is not None:
        return no(_("This copy was recalled already."), refusal=Stale)
    if copy.opened_at is not None or copy.signed_at is not None:
        return no(
            _("This copy has been opened and cannot be recalled. Withdraw or correct the document instead."),
            refusal=Stale,
        )
    return yes()


def may_decline(copy: Copy, reason: str) -> Verdict:
    """Before signing for it, with a reason for the sender."""
    here = is_here(copy)
    if not here:
        return here
    if copy.signed_at is not None:
        return no(_("This document has been signed for already."), refusal=Stale)
    if not reason.strip():
        return no(_("Tell the sender why it is not accepted."), field="opinion")
    return yes()
