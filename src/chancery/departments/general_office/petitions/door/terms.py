"""Words and codes of the public door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.terms import Kind

SEND, FOLLOW = "petition.send", "petition.follow"
HOUR = 3600
#: Session: the petition that a code has opened, and until when without use.
OPENED = "petition_opened"

KINDS: dict[str, tuple[Promise | str, Promise | str]] = {
    Kind.SUGGESTION: (
        _("Suggest something"),
        _("You propose how something could be done better, or give your opinion."),
    ),
    Kind.ACCUSATION: (
        _("Report a wrong"),
        _("You report that a unit or a person of the house broke rules or did wrong. They do not see what you send."),
    ),
    Kind.APPEAL: (
        _("Ask for help or against a decision"),
        _("You ask for something you are entitled to, or object to how you were treated."),
    ),
}

#: What was found in a text that ought not to stand there, in words.
FOUND_DATA = {
    "ID": _("an identity card number"),
    "PHONE": _("a mobile telephone number"),
    "CARD": _("a bank card number"),
}

#: Where a petition stands, said to its sender: (what that means, what happens next).
SAID: dict[str, tuple[Promise | str, Promise | str]] = {
    "RECEIVED": (
        _("Your petition has arrived. Nobody has looked at it yet."),
        _("It gets a number, and you are told here whether it is accepted and who handles it."),
    ),
    "REGISTERED": (
        _("Your petition has a number and is being looked at."),
        _("You are told here whether it is accepted and who handles it."),
    ),
    "ACCEPTED": (_("Your petition is accepted."), _("It is handled, and you get a written answer here.")),
    "NOT_ACCEPTED": (_("Your petition is not accepted here."), _("The reason stands below, and where you can turn.")),
    "TRANSFERRED": (
        _("Your petition was passed on to the body that is responsible."),
        _("That body tells you whether it accepts it; what it says here stands below."),
    ),
    "UNDER_WAY": (_("Your petition is being handled."), _("You get a written answer here.")),
    "ANSWERED": (
        _("Your petition is answered. The answer stands below."),
        _("If you do not agree, you can ask for review while there is time. You can rate the handling."),
    ),
    "CLOSED": (_("Your petition is closed."), _("The answer stands below. You can rate the handling.")),
    "FINAL": (
        _("Your petition was decided for the last time."),
        _("It is not handled again for the same facts. You can rate the handling."),
    ),
    "WITHDRAWN": (_("You have withdrawn your petition."), _("Nothing further happens. You may send a new one.")),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures that hold at the door today."""

    an_hour: int
    text_most: int
    file_mb: int
    files_most: int
    session_minutes: int

    @property
    def all_mb(self) -> int:
        """Of all attachments together."""
        return self.file_mb * self.files_most

    @property
    def most_bytes(self) -> int:
        """Of a whole form: the attachments, and a megabyte for the texts and what a form has around them."""
        return (self.all_mb + 1) * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Review:
    """A review that may be asked for, until a last day."""

    stage: str
    until: dt.date


# What handling and review do when the sender acts; each fills its slot at start (`AppConfig.ready`).
class Slots:
    """`answered` and `withdrawn` run in the sender's own transaction, as the system; `review` says which review may be
    asked for until when, or None; `asked` opens it."""

    answered: Callable[..., object] | None = None  # (petition_id=, by=, at=)
    withdrawn: Callable[..., object] | None = None  # (petition_id=, reason=, by=, at=)
    review: Callable[[int, dt.datetime], Review | None] | None = None
    asked: Callable[..., object] | None = None  # (petition_id=, text=, by=, at=)
    letters: Callable[[int], list[dict[str, Any]]] | None = None  # those issued to the sender
    letter: Callable[[int, int], tuple[str, bytes] | None] | None = None  # (petition, letter) → name and PDF


SLOTS = Slots()
