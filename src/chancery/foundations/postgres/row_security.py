"""Row security: the actor is stamped on every transaction; policies read the stamp.

Policies read a setting through a sub-select, so that PostgreSQL evaluates it once a query:

    using (label <= (select chancery_clearance()))

Nothing is stamped outside `acting_as`, so nothing protected is visible outside it. The stamp:

| setting | holds |
|---|---|
| app.kind | PERSON, SYSTEM or PUBLIC |
| app.account, app.person, app.post, app.body | identifiers, empty when absent |
| app.clearance | the actor's clearance, -1 when unset |
| app.today | the site's calendar day of the act, so that dated rules hold on an injected clock too |
"""

from __future__ import annotations

import functools
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.db import connection, transaction

from chancery.foundations import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chancery.foundations.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")

# What every service asks of its arguments once it has done its work, still inside its transaction (records: no
# state-secret marking). Put here by apps above; a refusal takes the work back.
_askers: list[Callable[[Mapping[str, object]], None]] = []

_actor: ContextVar[Actor | None] = ContextVar("chancery_actor", default=None)

STAMP = (
    "select set_config('app.kind', %s, true), set_config('app.account', %s, true),"
    " set_config('app.person', %s, true), set_config('app.post', %s, true),"
    " set_config('app.body', %s, true), set_config('app.clearance', %s, true),"
    " set_config('app.today', %s, true)"
)


def stamp_of(actor: Actor | None) -> tuple[str, ...]:
    """The values for `STAMP`."""
    today = clock.today().isoformat()
    if actor is None:
        return ("", "", "", "", "", "-1", today)
    ids = (actor.account_id, actor.person_id, actor.post_id, actor.body_id)
    return (actor.kind.value, *("" if i is None else str(i) for i in ids), str(int(actor.clearance)), today)


def current() -> Actor | None:
    """The actor stamped on transactions begun now."""
    return _actor.get()


def _stamp_open_transaction(actor: Actor | None) -> None:
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(STAMP, stamp_of(actor))


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Stamp `actor` on the running transaction, if any, and on those begun inside the block."""
    before = _actor.get()
    if before == actor:
        yield actor
        return
    token = _actor.set(actor)
    try:
        _stamp_open_transaction(actor)
        yield actor
    finally:
        _actor.reset(token)
        _stamp_open_transaction(before)


def ask_of_every_service(ask: Callable[[Mapping[str, object]], None]) -> None:
    """Have every service's arguments asked; `ask` raises a refusal."""
    if ask not in _askers:
        _askers.append(ask)


def service(verb: Callable[P, R]) -> Callable[P, R]:
    """Mark a write verb: one transaction, stamped with its `by` actor. Every function in `services.py` wears it.

    A refusal rolls back everything the verb did.
    """

    @functools.wraps(verb)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        by = kwargs.get("by")
        if by is None:
            raise TypeError(f"{verb.__name__} needs by=<Actor>")
        with acting_as(by), transaction.atomic():  # type: ignore[arg-type]  # ParamSpec hides that by is an Actor
            done = verb(*args, **kwargs)
            for ask in _askers:
                ask(kwargs)
            return done

    return wrapped
