"""Vocabulary of handing over."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.kernel.records.archive.terms import PartRole

#: Roles. A department's list is made by its clerk, registrar or head; the fonds' archivists take it over.
ARCHIVIST = "archivist"
ARCHIVE_HEAD = "archive_head"
DELEGATES = ("clerk", "registrar", "head", "deputy_head", "archivist")
TAKERS = (ARCHIVIST, ARCHIVE_HEAD)

DUTY_PROCEDURE = "archive_duty"
PROCEDURE = "archive_handover"
SERIES = "archives_handover"


class ListState(models.TextChoices):
    """Where a hand-over list stands."""

    DRAFT = "DRAFT", pgettext_lazy("hand-over list", "Being made")
    OFFERED = "OFFERED", pgettext_lazy("hand-over list", "Handed over, to be checked")
    TAKEN = "TAKEN", pgettext_lazy("hand-over list", "Taken over")
    RETURNED = "RETURNED", pgettext_lazy("hand-over list", "Returned")
    RECALLED = "RECALLED", pgettext_lazy("hand-over list", "Recalled")


class RowState(models.TextChoices):
    """What became of one item of a list."""

    WAITING = "WAITING", pgettext_lazy("item of a hand-over list", "To be decided")
    ACCEPTED = "ACCEPTED", pgettext_lazy("item of a hand-over list", "Accepted")
    RETURNED = "RETURNED", pgettext_lazy("item of a hand-over list", "Returned")
    RECALLED = "RECALLED", pgettext_lazy("item of a hand-over list", "Recalled")


class CheckName(models.TextChoices):
    """四性: the four qualities that an item must have."""

    AUTHENTIC = "AUTHENTIC", pgettext_lazy("one of the four checks", "Authentic")
    COMPLETE = "COMPLETE", pgettext_lazy("one of the four checks", "Complete")
    USABLE = "USABLE", pgettext_lazy("one of the four checks", "Usable")
    SAFE = "SAFE", pgettext_lazy("one of the four checks", "Safe")


class Result(models.TextChoices):
    """What a check found. UNKNOWN: it could not be made, which is never a pass."""

    PASS = "PASS", pgettext_lazy("result of a check", "Passed")
    WARN = "WARN", pgettext_lazy("result of a check", "To be looked at")
    UNKNOWN = "UNKNOWN", pgettext_lazy("result of a check", "Could not be checked")
    FAIL = "FAIL", pgettext_lazy("result of a check", "Failed")


#: From harmless to grave.
GRAVITY = {Result.PASS: 0, Result.WARN: 1, Result.UNKNOWN: 2, Result.FAIL: 3}
TONES: dict[str, str] = {Result.PASS: "green", Result.WARN: "amber", Result.UNKNOWN: "violet", Result.FAIL: "red"}

#: What the checks say: code → words, filled from the finding's data.
FINDINGS = {
    # authentic
    "hash_equal": _("The stored content has the hash that was noted when it came in."),
    "hash_differs": _("The stored content does not have the hash that was noted: it was changed or damaged."),
    "content_missing": _("The content is not in the store."),
    "seal_intact": _("Sealed by %(names)s; unchanged since."),
    "seal_none": _("It carries no electronic seal."),
    "seal_unknown": _("Sealed and unchanged, but nobody this house believes vouches for the seal: %(problems)s"),
    "seal_broken": _("Its electronic seal does not hold: %(problems)s"),
    "seal_unread": _("Whether a seal is on it could not be read: %(problems)s"),
    "journal_whole": _("The record of what was done to it is unbroken (%(count)s entries)."),
    "journal_broken": _("The record of what was done to it is broken at entry %(seq)s."),
    "journal_none": _("No record says what was done to it before it was filed."),
    # complete
    "elements_there": _("Every element that the schedule of elements asks for is there (%(count)s)."),
    "elements_missing": _("Missing: %(names)s."),
    "main_there": _("The text is there."),
    "main_missing": _("The text itself is not there."),
    "on_paper": _("It is on paper; its files are not expected here."),
    "pages_agree": _("The number of pages agrees (%(count)s)."),
    "pages_differ": _("The catalogue says %(said)s pages, the files have %(found)s."),
    "pages_uncountable": _("The catalogue says %(said)s pages; the format of a file has none to count."),
    "pages_unsaid": _("The catalogue gives no number of pages."),
    "parts_there": _("All that belongs to it travels with it: %(names)s."),
    "parts_missing": _("It does not travel with it: %(names)s."),
    "annexes_there": _("The annexes it names are there (%(count)s)."),
    "annexes_missing": _("It names %(said)s annexes; %(found)s are there."),
    # usable
    "opens": _("It opens."),
    "opens_pages": _("It opens: %(count)s pages."),
    "encrypted": _("It is locked with a password."),
    "damaged": _("It is damaged and does not open."),
    "unreadable": _("It does not open: %(fault)s."),
    "format_kept": _("%(format)s is kept for long."),
    "format_passing": _("%(format)s is no format for long keeping; a copy in one should go with it."),
    "format_refused": _("%(format)s is not taken by the archive."),
    # safe
    "clean": _("The virus scanner found nothing."),
    "virus": _("The virus scanner found %(name)s."),
    "no_scanner": _("No virus scanner is set up in this house: it was not looked for."),
    "scanner_silent": _("The virus scanner does not answer: it could not be looked for."),
    "scanner_odd": _("The virus scanner answers what cannot be understood: it could not be looked for."),
    "too_large": _("It is larger than the virus scanner takes: it could not be looked for."),
    "nothing_to_scan": _("There is no file to be looked through."),
}

#: Elements of the catalogue line that a site may ask for (DA/T 46-2009, the part that an office knows).
ELEMENTS = {
    "code": _("archival code"),
    "title": _("title"),
    "author": _("author"),
    "document_number": _("document number"),
    "dated_on": _("date"),
    "page_count": _("number of pages"),
    "class_code": _("class"),
    "period": _("retention period"),
    "unit_code": _("unit"),
    "matter_number": _("matter"),
    "filed_person": _("filed by"),
}
PART_WORDS = dict(PartRole.choices)

ACTS = {
    "handover.duty_opened": _("Filing of a year falls due"),
    "handover.duty_counted": _("What is still owed was counted"),
    "handover.duty_settled": _("Everything of the year was handed over"),
    "handover.list_made": _("Hand-over list begun"),
    "handover.items_changed": _("Items of the hand-over list changed"),
    "handover.list_dropped": _("Hand-over list given up"),
    "handover.offered": _("Handed over to the archive"),
    "handover.checked": _("The four checks were made"),
    "handover.item_accepted": _("Item accepted by the archive"),
    "handover.item_returned": _("Item returned to the department"),
    "handover.taken": _("Hand-over list taken over"),
    "handover.returned": _("Hand-over list returned"),
    "handover.recalled": _("Hand-over list recalled"),
    "handover.reminded": _("Department reminded of its filing"),
}
