"""Work that must stand although the running transaction will be rolled back: on a connection of its own.

A refusal undoes everything its transaction did. Where the refusal itself must leave a trace, the trace is written
here. The work runs in another thread, because Django keeps one connection a thread, and is committed when `apart`
returns. It must not touch rows that the caller has locked: it would wait for the caller, and the caller for it.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

from django.db import connections, transaction

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import acting_as


def apart(work: Callable[[], None], *, by: Actor, at: dt.datetime) -> None:
    """Do `work` as `by`, at the instant `at`, in a transaction of its own, and wait for it."""
    failure: list[BaseException] = []

    def run() -> None:
        try:
            # A new thread starts with an empty context: nothing of the caller's transaction comes along.
            with clock.fixed_at(at), acting_as(by), transaction.atomic():
                work()
        except BaseException as error:  # handed to the caller, below
            failure.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, name="apart", daemon=True)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
