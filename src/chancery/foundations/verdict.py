"""A rule's answer: allowed, or refused with the reason a person can act on.

Rules return a `Verdict`; they never raise. Services call `.demand()`, which raises `Refused`;
pages show the reason beside the field it names.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Refused(Exception):
    """An act was refused. Subclass beside what raises it: `class NumberTaken(Refused)`.

    `reason` is translated text for the person; `field` names the form field at fault, if any;
    `basis` cites the provision the refusal rests on, if any.
    """

    def __init__(self, reason: StrOrPromise, *, field: str | None = None, basis: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.basis = basis

    def __str__(self) -> str:
        return str(self.reason)


class Stale(Refused):
    """The thing changed since the person looked at it; nothing was done."""


class Unavailable(Refused):
    """Something the act needs does not answer just now; nothing was done, and trying again may help."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a rule. Truthy when allowed."""

    allowed: bool
    reason: StrOrPromise = ""
    field: str | None = None
    basis: str = ""
    refusal: type[Refused] = dataclasses.field(default=Refused, repr=False)

    def __bool__(self) -> bool:
        return self.allowed

    def demand(self) -> None:
        """Raise the refusal unless the verdict allows the act."""
        if not self.allowed:
            raise self.refusal(self.reason, field=self.field, basis=self.basis)


def yes() -> Verdict:
    """The act is allowed."""
    return Verdict(True)


def no(
    reason: StrOrPromise,
    *,
    field: str | None = None,
    basis: str = "",
    refusal: type[Refused] = Refused,
) -> Verdict:
    """The act is refused, and why."""
    return Verdict(False, reason, field, basis, refusal)


def first_refusal(*verdicts: Verdict) -> Verdict:
    """The first refusing verdict, or `yes()` when every one allows."""
    return next((verdict for verdict in verdicts if not verdict), yes())
