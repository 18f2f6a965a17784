"""Changing hats."""

from __future__ import annotations

import datetime as dt

from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal.services import write as journal_write
from chancery.foundations.postgres.row_security import service


@service
def note_hat(*, before: int | None, by: Actor, at: dt.datetime) -> None:
    """Journal that the actor now acts in `by.post_id`; whoever reads the journal sees every change of hat."""
    journal_write(
        by=by,
        at=at,
        act="account.hat_changed",
        on=f"access.account:{by.account_id}",
        label=Clearance.RESTRICTED,
        data={"before": before, "post": by.post_id},
    )
