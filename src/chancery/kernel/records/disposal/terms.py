"""Vocabulary of appraisal and disposal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verdict(models.TextChoices):
    """What becomes of an item. Asking that nothing becomes of it is EXTEND."""

    KEEP = "KEEP", pgettext_lazy("appraisal", "Keep for good")
    EXTEND = "EXTEND", pgettext_lazy("appraisal", "Longer period")
    DESTROY = "DESTROY", pgettext_lazy("appraisal", "Destroy")
    TRANSFER = "TRANSFER", pgettext_lazy("appraisal", "Transfer")


ENDS = (Verdict.DESTROY, Verdict.TRANSFER)


class ListState(models.TextChoices):
    """Where an appraisal list stands."""

    DRAFT = "DRAFT", pgettext_lazy("appraisal list", "Being drawn up")
    APPRAISAL = "APPRAISAL", pgettext_lazy("appraisal list", "Under appraisal")
    SUBMITTED = "SUBMITTED", pgettext_lazy("appraisal list", "Under approval")
    APPROVED = "APPROVED", pgettext_lazy("appraisal list", "Approved")
    EXECUTED = "EXECUTED", pgettext_lazy("appraisal list", "Carried out")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("appraisal list", "Withdrawn")


EDITABLE = (ListState.DRAFT, ListState.APPRAISAL)


class ActKind(models.TextChoices):
    """Who put their name to what. Each act carries the hash of what it was done on."""

    APPRAISED = "APPRAISED", pgettext_lazy("act of disposal", "Appraised")
    AGREED = "AGREED", pgettext_lazy("act of disposal", "Agreed by the head of the archive")
    APPROVED = "APPROVED", pgettext_lazy("act of disposal", "Approved")
    DESTROYER = "DESTROYER", pgettext_lazy("act of disposal", "Destroys")
    SUPERVISOR = "SUPERVISOR", pgettext_lazy("act of disposal", "Stands by")


class DecisionState(models.TextChoices):
    """A shorter period is asked for, then decided."""

    ASKED = "ASKED", pgettext_lazy("shorter period", "Asked for")
    APPROVED = "APPROVED", pgettext_lazy("shorter period", "Approved")
    REFUSED = "REFUSED", pgettext_lazy("shorter period", "Refused")


class SheetState(models.TextChoices):
    """What came of a spreadsheet that was sent in."""

    FAULTY = "FAULTY", pgettext_lazy("appraisal sheet", "With faults")
    TAKEN = "TAKEN", pgettext_lazy("appraisal sheet", "Taken")
    PARTLY = "PARTLY", pgettext_lazy("appraisal sheet", "Right rows taken")


ARCHIVIST = "archivist"
ARCHIVE_HEAD = "archive_head"
APPRAISER = "appraiser"
SUPERVISOR = "disposal_supervisor"
LEADER = "leader"

LIST_SERIES = "appraisal_list"
CERTIFICATE_SERIES = "destruction_certificate"

ACTS = {
    "disposal.list_drawn_up": _("Appraisal list drawn up"),
    "disposal.list_sent": _("Sent for appraisal"),
    "disposal.verdicts": _("Verdicts entered"),
    "disposal.sheet_faulty": _("Sheet sent back with its faults marked"),
    "disposal.appraised": _("Appraisal signed"),
    "disposal.submitted": _("Submitted for approval"),
    "disposal.agreed": _("Agreed by the head of the archive"),
    "disposal.approved": _("Appraisal list approved"),
    "disposal.sent_back": _("Sent back to the appraisers"),
    "disposal.withdrawn": _("Appraisal list withdrawn"),
    "disposal.left_out": _("Held items left out"),
    "disposal.periods_set": _("New periods set"),
    "disposal.confirmed": _("Destruction confirmed"),
    "disposal.destroyed": _("Destroyed"),
    "item.destroyed": _("Destroyed"),
    "item.period_changed": _("Period made longer"),
    "item.shorter_period_asked": _("Shorter period asked for"),
    "item.shorter_period_agreed": _("Shorter period agreed to by the head of the archive"),
    "item.shorter_period": _("Period made shorter, as approved"),
    "item.shorter_period_refused": _("Shorter period refused"),
}
