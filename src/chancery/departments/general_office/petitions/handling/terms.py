"""Vocabulary of handling."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.departments.general_office.petitions.terms import Kind, Stage
from chancery.departments.general_office.petitions.terms import Outcome as End

#: Which procedure a petition runs, by its kind; and those that are the same for all.
PROCEDURES = {
    Kind.SUGGESTION: "petition_suggestion",
    Kind.ACCUSATION: "petition_accusation",
    Kind.APPEAL: "petition_appeal",
}
AGAIN = "petition_again"
MORE_TIME = "petition_more_time"
EXTENSION_SUBJECT = "general_office.petitionextension"

MISROUTED_KEY = "petition.misrouted"
EXTENSION_KEY = "petition.extension"
REOPEN_KEY = "petition.reopen"
KINDS_KEY = "petition.review.kinds"
#: How long the next stage may be asked for, once a stage is answered.
ASK_KEYS = {Stage.FIRST: "petition.review.ask", Stage.REVIEW: "petition.rereview.ask"}
#: How long a stage has.
STAGE_KEYS = {
    Stage.FIRST: "petition.handling",
    Stage.REVIEW: "petition.review",
    Stage.RE_REVIEW: "petition.rereview",
}


class Decided(models.TextChoices):
    """What an officer decides on a petition."""

    ACCEPT = "ACCEPT", pgettext_lazy("petition", "Accept")
    NOT_ACCEPT = "NOT_ACCEPT", pgettext_lazy("petition", "Do not accept")
    TRANSFER = "TRANSFER", pgettext_lazy("petition", "Transfer")


class Ground(models.TextChoices):
    """Why a petition is not accepted."""

    SAME_MATTER = "SAME_MATTER", _("The same matter is under way elsewhere")
    STATUTORY = "STATUTORY", _("It has a channel of its own by law")
    FINAL = "FINAL", _("The same facts were decided for good")
    NOT_OURS = "NOT_OURS", _("It is no matter of ours")


#: Grounds that say where: with them a number, a body or a channel is told to the sender.
GROUNDS_WITH_REFERENCE = frozenset({Ground.SAME_MATTER, Ground.STATUTORY, Ground.FINAL})


class Direction(models.TextChoices):
    """Which way a petition is transferred."""

    DOWN = "DOWN", _("Down")
    ACROSS = "ACROSS", _("Across")


class WhyEnded(models.TextChoices):
    """Why a petition is no longer in somebody's hands."""

    ANSWERED = "ANSWERED", pgettext_lazy("petition", "Answered")
    MISROUTED = "MISROUTED", _("Sent back as misrouted")
    REASSIGNED = "REASSIGNED", _("Assigned to others")
    ASIDE = "ASIDE", _("Stepped aside")
    LEFT = "LEFT", _("Left the post")
    ENDED = "ENDED", _("Petition ended")


class Aside(models.TextChoices):
    """Why somebody keeps out."""

    SUBJECT = "SUBJECT", _("It is about me")
    RELATIVE = "RELATIVE", _("It is about a relative, or a relative sent it")
    FORMER = "FORMER", _("I handled it at an earlier stage")
    OTHER = "OTHER", _("I could not be impartial for another reason")


class Meeting(models.TextChoices):
    """What was held."""

    MEDIATION = "MEDIATION", _("Mediation")
    HEARING = "HEARING", pgettext_lazy("petition", "Hearing")
    VERIFICATION = "VERIFICATION", _("Verification")


class Result(models.TextChoices):
    """How it ended."""

    SETTLED = "SETTLED", _("Settled")
    FAILED = "FAILED", _("No settlement")
    HELD = "HELD", pgettext_lazy("hearing", "Held")


class Asked(models.TextChoices):
    """Where a request for more time stands."""

    ASKED = "ASKED", pgettext_lazy("more time", "Asked")
    GRANTED = "GRANTED", pgettext_lazy("more time", "Granted")
    REFUSED = "REFUSED", pgettext_lazy("more time", "Refused")
    LAPSED = "LAPSED", pgettext_lazy("more time", "Lapsed")


ASKED_TONES = {"ASKED": "blue", "GRANTED": "green", "REFUSED": "red", "LAPSED": "neutral"}


class Drafted(models.TextChoices):
    """Where an opinion stands."""

    DRAFT = "DRAFT", pgettext_lazy("opinion", "Draft")
    APPROVED = "APPROVED", pgettext_lazy("opinion", "Approved")
    RETURNED = "RETURNED", pgettext_lazy("opinion", "Returned for rework")


DRAFTED_TONES = {"DRAFT": "blue", "APPROVED": "green", "RETURNED": "amber"}

#: What an opinion may come to, by stage and kind.
ENDS = {
    Kind.SUGGESTION: (End.ADOPTED, End.PARTLY, End.EXPLAINED),
    Kind.ACCUSATION: (End.SUPPORTED, End.PARTLY, End.NOT_SUPPORTED, End.EXPLAINED),
    Kind.APPEAL: (End.SUPPORTED, End.PARTLY, End.NOT_SUPPORTED, End.SETTLED, End.EXPLAINED),
}
PARTS = ("request", "facts", "view", "basis", "remedy")
PART_WORDS = {
    "request": _("What was asked"),
    "facts": _("Facts found"),
    "view": pgettext_lazy("opinion", "View"),
    "basis": _("Basis in rules"),
    "remedy": _("What the sender may do next"),
}

#: Which acts of handling a kind knows: a suggestion is not heard, an accusation not mediated.
WAYS = {
    Kind.SUGGESTION: ("OPINION", "ASK"),
    Kind.ACCUSATION: ("OPINION", "VERIFY", "HEAR", "ASK"),
    Kind.APPEAL: ("OPINION", "MEDIATE", "HEAR", "ASK"),
}

ACTS = {
    "petition.decided": _("Decided whether it is accepted"),
    "petition.notified": _("Sender notified of receipt and path"),
    "petition.assigned": _("Assigned"),
    "petition.misrouted": _("Sent back as misrouted"),
    "petition.meeting": _("Mediation, hearing or verification recorded"),
    "petition.asked": _("Sender asked"),
    "petition.clock_paused": _("Clock paused"),
    "petition.clock_resumed": _("Clock runs again"),
    "petition.more_time_asked": _("More time asked for"),
    "petition.more_time_granted": _("More time granted"),
    "petition.more_time_refused": _("More time refused"),
    "petition.opinion_drafted": _("Opinion drafted"),
    "petition.opinion_returned": _("Opinion returned for rework"),
    "petition.opinion_approved": _("Opinion approved and told"),
    "petition.passed_on": _("Passed on to other hands"),
    "petition.reopened": _("Opened again"),
    "petition.stage_begun": _("Stage begun"),
}
