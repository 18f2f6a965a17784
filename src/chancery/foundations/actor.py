"""Who acts: a person, in a post (the hat), for a body.

Every service takes `by: Actor`. The door builds it once from the session or token; nothing below
the door reads the request. The database transaction is stamped with the same actor
(`foundations.postgres.row_security`), so row security and services agree on who is asking.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ActorKind(enum.StrEnum):
    """What stands behind an act."""

    PERSON = "PERSON"
    SYSTEM = "SYSTEM"  # a timer, a scheduled job, the demo builder
    PUBLIC = "PUBLIC"  # nobody signed in


class Clearance(enum.IntEnum):
    """How far a person may see. A row of label `n` shows to clearances ≥ `n`."""

    PUBLIC = 0
    INTERNAL = 10
    RESTRICTED = 20
    CONFIDENTIAL = 30


@dataclass(frozen=True, slots=True)
class Actor:
    """A person under one hat. Identifiers are primary keys of `kernel.directory` and `kernel.access`.

    `deputising_for` names the absent post when the act is done as a deputy; it is recorded with
    `post_id` (the deputy's own) so that both appear in the journal.
    """

    kind: ActorKind = ActorKind.PERSON
    account_id: int | None = None
    person_id: int | None = None
    post_id: int | None = None
    body_id: int | None = None  # the unit the post belongs to: the acting body
    clearance: int = Clearance.PUBLIC
    name: str = ""
    post_title: str = ""
    body_name: str = ""
    scopes: frozenset[str] | None = None  # an API token's scopes; None = a full session
    deputising_for: int | None = None

    @property
    def is_person(self) -> bool:
        """True for a signed-in person (session or token)."""
        return self.kind is ActorKind.PERSON

    @property
    def is_system(self) -> bool:
        """True for timers, jobs and loaders."""
        return self.kind is ActorKind.SYSTEM


SYSTEM = Actor(kind=ActorKind.SYSTEM, clearance=Clearance.CONFIDENTIAL, name="Chancery")
PUBLIC = Actor(kind=ActorKind.PUBLIC)
