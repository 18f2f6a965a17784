"""Words of verification, and the shape of codes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.foundations.words import words

if TYPE_CHECKING:
    from chancery.kernel.records.seals.terms import Validation

#: Crockford's digits: no I, L, O, U, so that what is read aloud or typed by hand comes out right.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 16 digits of 5 bits: 80 random bits.
LENGTH, GROUP = 16, 4


class IssuedState(models.TextChoices):
    """What became of an issued paper."""

    GENUINE = "GENUINE", pgettext_lazy("issued paper", "Genuine")
    SUPERSEDED = "SUPERSEDED", pgettext_lazy("issued paper", "Superseded")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("issued paper", "Withdrawn")


TONES = {IssuedState.GENUINE: "green", IssuedState.SUPERSEDED: "amber", IssuedState.WITHDRAWN: "red"}

ACTS = {
    "issued.published": _("Entered for public verification"),
    "issued.file_released": _("Further file released"),
    "issued.superseded": _("Marked as superseded"),
    "issued.withdrawn": _("Marked as withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the public may know of a code. `state` is empty when no paper bears it."""

    state: str = ""
    unit_en: str = ""
    unit_zh: str = ""
    issued_on: dt.date | None = None
    changed_on: dt.date | None = None
    successor: str = ""

    @property
    def unit(self) -> str:
        """The issuing body, in the reader's language."""
        return words({"unit_en": self.unit_en, "unit_zh": self.unit_zh}, "unit")

    @property
    def label(self) -> str:
        """The state in words."""
        return str(IssuedState(self.state).label) if self.state else ""


Finding = Literal["released", "sealed", "changed", "foreign", "unsealed", "unreadable"]


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What checking an uploaded file found: whether it is a file that was released, and what its seals say."""

    finding: Finding
    sha256: str
    validation: Validation
    answers: list[Answer] = field(default_factory=list)
