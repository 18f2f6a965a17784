"""Vocabulary of incoming documents."""

from __future__ import annotations

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _

PROCEDURE = "incoming_document"
SERIES = "incoming"
OFFICE_CODE = "GO"  # the General Office in the directory

# Roles this function brings; the lanes of incoming_document.bpmn name them.
REGISTRAR = "registrar"
FIRST_CHECKER = "first_checker"
HEAD = "head"
LEADER = "leader"
HANDLER = "handler"
CO_HANDLER = "co_handler"
CHASER = "chaser"

# What the pickers offer.
UNITS = "incoming-units"
LEADERS = "incoming-leaders"
CHASERS = "incoming-chasers"
READER = "reader"
ARCHIVIST = "archivist"


SEARCH_KIND = _("Incoming document")


class State(models.TextChoices):
    """Where a paper stands in the register. The step it is at is the matter's affair."""

    DRAFT = "DRAFT", _("Draft")
    ARRIVED = "ARRIVED", _("Arrived")  # sent from inside the house, not signed for yet
    SIGNED = "SIGNED", _("Signed for")
    REGISTERED = "REGISTERED", _("Registered")
    RETURNED = "RETURNED", _("Returned to sender")
    FILED = "FILED", _("Filed")
    RECALLED = "RECALLED", _("Recalled by the sender")
    DECLINED = "DECLINED", _("Not accepted")


UNNUMBERED = (State.DRAFT, State.ARRIVED, State.SIGNED, State.RECALLED, State.DECLINED)


class Carrier(models.TextChoices):
    """In what shape it came."""

    PAPER = "PAPER", _("Paper (scanned)")
    EMAIL = "EMAIL", _("E-mail")
    EXCHANGE = "EXCHANGE", _("Document exchange")
    HAND = "HAND", _("Handed in")
    TELEGRAM = "TELEGRAM", _("Telegram")
    FAX = "FAX", _("Fax")
    INSIDE = "INSIDE", _("From inside the house")


class Kind(models.TextChoices):
    """Document types. The fifteen of the handling rules, and what else reaches a federation."""

    NOTICE = "NOTICE", _("Notice")
    REQUEST = "REQUEST", _("Request for instruction")
    REPORT = "REPORT", _("Report")
    LETTER = "LETTER", _("Letter")
    REPLY = "REPLY", _("Official reply")
    OPINION = "OPINION", _("Opinion")
    DECISION = "DECISION", _("Decision")
    RESOLUTION = "RESOLUTION", _("Resolution")
    CIRCULAR = "CIRCULAR", _("Circular")
    MINUTES = "MINUTES", _("Minutes")
    ANNOUNCEMENT = "ANNOUNCEMENT", _("Announcement")
    PUBLIC_NOTICE = "PUBLIC_NOTICE", _("Public notice")
    COMMUNIQUE = "COMMUNIQUE", _("Communiqué")
    ORDER = "ORDER", _("Order")
    MOTION = "MOTION", _("Motion")
    INVITATION = "INVITATION", _("Invitation")
    BRIEF = "BRIEF", _("Brief")
    OTHER = "OTHER", _("Other")


class Urgency(models.TextChoices):
    """Grades of urgency: two for papers, four for telegrams. All but routine need a limit."""

    ROUTINE = "ROUTINE", _("Routine")
    EXPEDITED = "EXPEDITED", _("Expedited")
    URGENT = "URGENT", _("Extra urgent")
    TELEGRAM_ORDINARY = "TELEGRAM_ORDINARY", _("Telegram: ordinary")
    TELEGRAM_EXPEDITED = "TELEGRAM_EXPEDITED", _("Telegram: expedited")
    TELEGRAM_URGENT = "TELEGRAM_URGENT", _("Telegram: urgent")
    TELEGRAM_FLASH = "TELEGRAM_FLASH", _("Telegram: flash")


TELEGRAM_GRADES = frozenset(
    {Urgency.TELEGRAM_ORDINARY, Urgency.TELEGRAM_EXPEDITED, Urgency.TELEGRAM_URGENT, Urgency.TELEGRAM_FLASH}
)


def limit_key(urgency: str) -> str:
    """The rulebook key of the limit for a grade, e.g. `incoming.limit.urgent`."""
    return f"incoming.limit.{urgency.lower()}"


class Label(models.IntegerChoices):
    """How far it may be seen; the house's own labels, never a state-secret level."""

    INTERNAL = 10, _("Internal")
    RESTRICTED = 20, _("Restricted")
    CONFIDENTIAL = 30, _("Confidential (house)")


class Part(models.TextChoices):
    """A unit's part in handling."""

    LEAD = "LEAD", _("Lead unit")
    CO = "CO", _("Co-unit")


class FilePart(models.TextChoices):
    """What a file is to the document."""

    MAIN = "MAIN", _("Document")
    ANNEX = "ANNEX", _("Annex")
    ENVELOPE = "ENVELOPE", _("As received (e-mail)")
    REPLY = "REPLY", _("Reply")


class Step(enum.StrEnum):
    """Steps of incoming_document.bpmn, by their identifiers there; the drawing holds their words."""

    SIGN_FOR = "sign_for"
    REGISTER = "register"
    FIRST_CHECK = "first_check"
    SEND_BACK = "send_back"
    PROPOSE = "propose"
    INSTRUCT = "instruct"
    HANDLE = "handle"
    COSIGN = "cosign"
    CIRCULATE = "circulate"
    CHASE = "chase"
    REPLY = "reply"
    OFFICE_CHECK = "office_check"
    FILE = "file"


class Outcome(enum.StrEnum):
    """Outcomes that the steps declare; the only words the conditions of the procedure may read."""

    DONE = "DONE"
    ACCEPT = "ACCEPT"
    RETURN = "RETURN"
    TO_LEADER = "TO_LEADER"
    DIRECT = "DIRECT"
    READ_ONLY = "READ_ONLY"
    AGREE = "AGREE"
    REVISE = "REVISE"
    REPLY_DUE = "REPLY_DUE"
    NO_REPLY = "NO_REPLY"
    NOTED = "NOTED"
    REPLIED = "REPLIED"
    PASS = "PASS"  # noqa: S105 - an outcome's code, not a password
    REWORK = "REWORK"
    FILED = "FILED"


class Fault(models.TextChoices):
    """Grounds on which the first check sends a paper back; the letter to the sender names them."""

    NOT_OURS = "NOT_OURS", _("It is not for this headquarters to handle.")
    FORMAT = "FORMAT", _("Type or format does not follow the rules.")
    INCOMPLETE = "INCOMPLETE", _("Pages or annexes are missing.")
    NO_SIGNATORY = "NO_SIGNATORY", _("A paper to a superior lacks its signatory.")
    NO_SEAL = "NO_SEAL", _("The seal or signature is missing.")
    SEVERAL_MATTERS = "SEVERAL_MATTERS", _("A request carries more than one matter.")
    NOT_AGREED = "NOT_AGREED", _("Units concerned have not been consulted.")
    OTHER = "OTHER", _("Another reason, stated below.")


ACTS = {
    "incoming.opened": _("Draft begun"),
    "incoming.edited": _("Draft changed"),
    "incoming.file_added": _("File added"),
    "incoming.file_removed": _("File taken off"),
    "incoming.discarded": _("Draft discarded"),
    "incoming.signed_for": _("Signed for"),
    "incoming.registered": _("Registered"),
    "incoming.corrected": _("Registration corrected"),
    "incoming.first_checked": _("First check made"),
    "incoming.returned": _("Returned to sender"),
    "incoming.proposed": _("Handling proposed"),
    "incoming.reader_listed": _("Reader added to the list"),
    "incoming.read": _("Read"),
    "incoming.handled": _("Handled"),
    "incoming.replied": _("Replied"),
    "incoming.done": _("Work done"),
    "incoming.filed": _("Filed"),
}
