"""Vocabulary of outgoing documents."""

from __future__ import annotations

import enum
from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROCEDURE = "outgoing_document"
OFFICE_CODE = "GO"  # the General Office in the directory

# Roles of the lanes in outgoing_document.bpmn. The drafter and the keeper of the seal are asked as posts.
CLERK = "clerk"
UNIT_CHECKER = "unit_checker"
COUNTERSIGNER = "countersigner"
OFFICE_REVIEWER = "office_reviewer"
LEADER = "leader"
RECHECKER = "rechecker"
REGISTRAR = "registrar"
SEAL_KEEPER = "seal_keeper"
RELEASER = "releaser"

SEARCH_KIND = _("Outgoing document")


class State(models.TextChoices):
    """Where a paper stands. The step it is at is the matter's affair."""

    DRAFT = "DRAFT", pgettext_lazy("state of an outgoing document", "Draft")
    UNDER_WAY = "UNDER_WAY", pgettext_lazy("state of an outgoing document", "Under way")
    SIGNED = "SIGNED", pgettext_lazy("state of an outgoing document", "Signed")
    NUMBERED = "NUMBERED", pgettext_lazy("state of an outgoing document", "Numbered")
    SEALED = "SEALED", pgettext_lazy("state of an outgoing document", "Set and sealed")
    RELEASED = "RELEASED", pgettext_lazy("state of an outgoing document", "Released")
    CANCELLED = "CANCELLED", pgettext_lazy("state of an outgoing document", "Cancelled")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("state of an outgoing document", "Withdrawn")


EDITABLE = frozenset({State.DRAFT, State.UNDER_WAY})
ISSUED = frozenset({State.RELEASED, State.WITHDRAWN})


class Direction(models.TextChoices):
    """行文方向: to whom it goes, seen from the issuer."""

    UPWARD = "UPWARD", _("To a superior")
    DOWNWARD = "DOWNWARD", _("To subordinates")
    PARALLEL = "PARALLEL", _("To bodies of equal or no rank")
    PUBLIC = "PUBLIC", _("To the public")


class Urgency(models.TextChoices):
    """紧急程度 of a paper; the codes are those of `kernel.procedures`."""

    NORMAL = "NORMAL", _("Routine")
    URGENT = "URGENT", _("Expedited")
    EXTRA_URGENT = "EXTRA_URGENT", _("Extra urgent")


class Label(models.IntegerChoices):
    """How far it may be seen; the house's own labels, never a state-secret level."""

    INTERNAL = 10, _("Internal")
    RESTRICTED = 20, _("Restricted")
    CONFIDENTIAL = 30, _("Confidential (house)")


class AddresseePart(models.TextChoices):
    """主送 or 抄送."""

    MAIN = "MAIN", _("Main addressee")
    COPY = "COPY", _("Copy to")


class CountersignMode(models.TextChoices):
    """How other units countersign."""

    PARALLEL = "PARALLEL", _("All at once")
    SERIAL = "SERIAL", _("One after another")


class RelationKind(models.TextChoices):
    """What a paper does to an earlier one."""

    SUPERSEDES = "SUPERSEDES", _("Supersedes")
    ABOLISHES = "ABOLISHES", _("Abolishes")
    CORRECTS = "CORRECTS", _("Corrects")
    ANSWERS = "ANSWERS", _("Answers")


class Step(enum.StrEnum):
    """Steps of outgoing_document.bpmn, by their identifiers there; the drawing holds their words."""

    DRAFT = "draft"
    UNIT_CHECK = "unit_check"
    COUNTERSIGN_PARALLEL = "countersign_parallel"
    COUNTERSIGN_SERIAL = "countersign_serial"
    OFFICE_REVIEW = "office_review"
    SIGN = "sign"
    RECHECK = "recheck"
    NUMBER = "number"
    SEAL = "seal"
    RELEASE = "release"
    DISPATCH = "dispatch"
    RECEIPTS = "receipts"


class Outcome(enum.StrEnum):
    """Outcomes that the steps declare; the only words the conditions of the procedure may read."""

    SUBMIT = "SUBMIT"
    CANCEL = "CANCEL"
    PASS = "PASS"  # noqa: S105 - an outcome's code, not a password
    PARALLEL = "PARALLEL"
    SERIAL = "SERIAL"
    REWORK = "REWORK"
    AGREE = "AGREE"
    OBJECT = "OBJECT"
    SIGN = "SIGN"
    REFUSE = "REFUSE"
    CHANGED = "CHANGED"
    NUMBERED = "NUMBERED"
    NEXT = "NEXT"
    SEALED = "SEALED"
    RELEASE = "RELEASE"
    RESET = "RESET"
    DISPATCHED = "DISPATCHED"
    COMPLETE = "COMPLETE"


ACTS = {
    "outgoing.opened": _("Draft begun"),
    "outgoing.edited": _("Draft changed"),
    "outgoing.submitted": _("Draft submitted"),
    "outgoing.annex_added": _("Annex added"),
    "outgoing.annex_removed": _("Annex taken off"),
    "outgoing.discarded": _("Draft discarded"),
    "outgoing.signed": _("Text signed"),
    "outgoing.rechecked": _("Text rechecked"),
    "outgoing.numbered": _("Number given"),
    "outgoing.set": _("Paper set"),
    "outgoing.sealed": _("Paper sealed"),
    "outgoing.released": _("Paper released"),
    "outgoing.cancelled": _("Document cancelled"),
    "outgoing.withdrawn": _("Document withdrawn"),
    "outgoing.related": _("Relation to another document noted"),
}

#: Which documents' papers bear no label of the house, by their id: letters to people outside. Filled at start.
WITHOUT_LABEL: list[Callable[[int], bool]] = []
