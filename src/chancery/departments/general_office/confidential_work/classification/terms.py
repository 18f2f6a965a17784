"""Vocabulary of classification."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.foundations.actor import Clearance

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PROCEDURE = "classification"
RETURN_PROCEDURE = "level_return"
AUTHORITY = "classification_authority"
OFFICER = "confidential_officer"
#: Whom a unit in an audience stands for: its head and whoever handles for it.
AUDIENCE_ROLES = ("head", "handler")
#: Grounds a proposal may rest on: `classification.clause.<code>` of the rulebook, dated and in both languages.
CLAUSES = ("decisions", "negotiation", "technology", "security", "personnel", "derived", "other")


class Target(models.TextChoices):
    """What is classified."""

    THING = "THING", _("A thing in the system")
    CARRIER = "CARRIER", _("A carrier (alias only)")


class HouseLevel(models.TextChoices):
    """Labels of the house; never a state-secret level."""

    INTERNAL = "INTERNAL", _("Internal")
    RESTRICTED = "RESTRICTED", _("Restricted")
    CONFIDENTIAL = "CONFIDENTIAL", _("Confidential (house)")


class CarrierLevel(models.TextChoices):
    """Levels of what a carrier carries."""

    TOP_SECRET = "TOP_SECRET", pgettext_lazy("carrier level", "Top secret")
    SECRET = "SECRET", pgettext_lazy("carrier level", "Secret")
    CONFIDENTIAL = "CONFIDENTIAL", pgettext_lazy("carrier level", "Confidential")


class Kind(models.TextChoices):
    """What a decision does."""

    CLASSIFY = "CLASSIFY", _("Classification")
    CHANGE = "CHANGE", _("Change of level")
    EXTEND = "EXTEND", _("Extension")
    DECLASSIFY = "DECLASSIFY", _("Declassification")


class State(models.TextChoices):
    """Where a decision stands."""

    PROPOSED = "PROPOSED", pgettext_lazy("classification", "Proposed")
    REFUSED = "REFUSED", pgettext_lazy("classification", "Refused")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("classification", "Withdrawn")
    IN_FORCE = "IN_FORCE", pgettext_lazy("classification", "In force")
    REPLACED = "REPLACED", pgettext_lazy("classification", "Replaced")
    DECLASSIFIED = "DECLASSIFIED", pgettext_lazy("classification", "Declassified")


STATE_TONES = {
    State.PROPOSED: "amber",
    State.REFUSED: "red",
    State.WITHDRAWN: "neutral",
    State.IN_FORCE: "blue",
    State.REPLACED: "neutral",
    State.DECLASSIFIED: "green",
}


class PeriodKind(models.TextChoices):
    """How long it lasts."""

    YEARS = "YEARS", _("For a number of years")
    DATE = "DATE", _("Until a date")
    CONDITION = "CONDITION", _("Until something happens")


class Derived(models.TextChoices):
    """Why a thing inherits from another."""

    COPY = "COPY", _("A copy of it")
    ANSWER = "ANSWER", _("Cites or answers it")
    ARCHIVED = "ARCHIVED", _("Filed from it")


class Outcome(enum.StrEnum):
    """Outcomes that the drawing declares."""

    APPROVE = "APPROVE"
    REFUSE = "REFUSE"


LABELS = {HouseLevel.INTERNAL: 10, HouseLevel.RESTRICTED: 20, HouseLevel.CONFIDENTIAL: 30}


def label_of(level: str) -> int:
    """The guard's label for a house level."""
    return LABELS[HouseLevel(level)]


def level_of(label: int) -> str:
    """The house level of a guard's label; "" for what is public."""
    return next((level.value for level, number in LABELS.items() if number == label), "")


def level_words(target: str, level: str) -> StrOrPromise:
    """A level in words."""
    if not level:
        return ""
    return CarrierLevel(level).label if target == Target.CARRIER else HouseLevel(level).label


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in the system that bears a label, as the actor sees it."""

    subject: str
    guard_id: int
    unit_id: int
    title: str
    kind: StrOrPromise
    url: str
    label: int
    is_public: bool = False
    open_since: dt.date | None = None
    #: Whether it stands behind a shared line of the catalogue that everybody sees.
    is_listed_for_all: bool = False

    @property
    def is_published(self) -> bool:
        """What everybody may see already is not marked afterwards."""
        return self.is_public or self.label == Clearance.PUBLIC or self.open_since is not None


#: Told, in the same transaction, when a decision takes effect: f(classification=, act=, by=, at=).
_listeners: list[Callable[..., Any]] = []


def listen(listener: Callable[..., Any]) -> None:
    """Have another function told of decisions; called from `AppConfig.ready`."""
    if listener not in _listeners:
        _listeners.append(listener)


def listeners() -> list[Callable[..., Any]]:
    """Those who are told."""
    return list(_listeners)


ACTS = {
    "classification.proposed": _("Classification proposed"),
    "classification.approved": _("Classification approved"),
    "classification.refused": _("Classification refused"),
    "classification.withdrawn": _("Proposal withdrawn"),
    "classification.inherited": _("Level inherited"),
    "classification.changed": _("Level changed"),
    "classification.extended": _("Period extended"),
    "classification.declassified": _("Declassified"),
    "classification.expired": _("Declassified on expiry"),
    "classification.readers_ended": _("Readers ended: the level was raised"),
}
