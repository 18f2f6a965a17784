"""The note a door leaves."""

from __future__ import annotations

from django.http import HttpRequest

from chancery.foundations import clock
from chancery.foundations.web.door import actor_of
from chancery.kernel.access.readings import services
from chancery.kernel.access.readings.rules import may_be_logged
from chancery.kernel.access.readings.terms import How


def was_read(request: HttpRequest, *, guard_id: int, label: int, subject: str, how: How = How.PAGE) -> None:
    """Call it where a restricted thing is shown or handed out. Public and internal things cost no query."""
    by = actor_of(request)
    if may_be_logged(by, label):
        if by.scopes is not None and how is How.PAGE:
            how = How.API
        services.note_reading(guard_id=guard_id, label=label, subject=subject, how=how, by=by, at=clock.now())
