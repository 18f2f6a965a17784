"""Vocabulary of openings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BASIS = "《中华人民共和国档案法》第二十七条；《中华人民共和国保守国家秘密法》第三十五条"
PROCEDURE = "archive_opening"
SUBJECT = "general_office.opening:{}"
MOST_ROWS = 500
PER_PAGE = 20
SHOWN = 10  # items of a list, on its matter's page


class RowState(models.TextChoices):
    """Where a proposed item stands."""

    PROPOSED = "PROPOSED", pgettext_lazy("opening of archives", "Proposed")
    OPENED = "OPENED", pgettext_lazy("opening of archives", "Opened")
    KEPT = "KEPT", pgettext_lazy("opening of archives", "Kept closed")


class OpenVerdict(models.TextChoices):
    """What one of the two deciders says of an item."""

    OPEN = "OPEN", pgettext_lazy("opening of archives", "Open")
    KEEP = "KEEP", pgettext_lazy("opening of archives", "Keep closed")


#: Whose decision it is: the role that gives it and the columns it stands in.
SIDES = {"archive_head": "head", "confidential_officer": "officer"}
SIDE_WORDS = {"head": _("Head of the archive"), "officer": _("Confidential officer")}
VERDICT_TONES = {OpenVerdict.OPEN: "green", OpenVerdict.KEEP: "amber"}
ROW_TONES = {RowState.PROPOSED: "neutral", RowState.OPENED: "green", RowState.KEPT: "amber"}

ACTS = {
    "opening.proposed": _("Opening proposed"),
    "opening.decided": _("Opening of items decided"),
    "opening.closed": _("Closed to the public again"),
}
