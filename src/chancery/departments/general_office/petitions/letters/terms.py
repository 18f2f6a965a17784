"""Vocabulary of the letters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.departments.general_office.petitions.terms import Stage

PAPER_TYPE = "LETTER"
DIRECTION = "PARALLEL"


class LetterKind(models.TextChoices):
    """What a letter says."""

    ACCEPTANCE = "ACCEPTANCE", _("Letter of acceptance")
    NOT_ACCEPTED = "NOT_ACCEPTED", _("Letter that it is not accepted")
    TRANSFER_BODY = "TRANSFER_BODY", _("Transfer: letter to the body it goes to")
    TRANSFER_SENDER = "TRANSFER_SENDER", _("Transfer: letter to the sender")
    EXTENSION = "EXTENSION", _("Letter of extension")
    OPINION = "OPINION", pgettext_lazy("letter", "Opinion")
    REVIEW_OPINION = "REVIEW_OPINION", _("Review opinion")
    RE_REVIEW_OPINION = "RE_REVIEW_OPINION", _("Re-review opinion")
    CLOSING = "CLOSING", _("Letter of closing")


#: Those that its sender reads on the page behind the code.
TO_SENDER = tuple(kind for kind in LetterKind if kind != LetterKind.TRANSFER_BODY)
OPINIONS = {
    Stage.FIRST: LetterKind.OPINION,
    Stage.REVIEW: LetterKind.REVIEW_OPINION,
    Stage.RE_REVIEW: LetterKind.RE_REVIEW_OPINION,
}

ACTS = {
    "petition.letter_begun": _("Letter begun"),
    "petition.letter_dropped": _("Letter given up"),
    "petition.cover_printed": _("Cover of a letter printed"),
}
