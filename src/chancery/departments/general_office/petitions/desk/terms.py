"""Vocabulary of the desk."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.departments.general_office.petitions.terms import Channel, GivenFile

#: What is taken in here. Visits have their own page, the web its own door.
CHANNELS = (Channel.LETTER, Channel.PHONE, Channel.FAX, Channel.EMAIL)
LONGEST_NAME = 120


class Way(models.TextChoices):
    """How a letter came into the house."""

    POST = "POST", _("By post")
    REGISTERED = "REGISTERED", _("By registered post")
    COURIER = "COURIER", _("By courier")
    BOX = "BOX", _("Letter box of the house")
    HAND = "HAND", _("Handed in")
    FORWARDED = "FORWARDED", _("Forwarded by another body")


class Given(models.TextChoices):
    """How the receipt reached its sender."""

    PAPER = "PAPER", _("On paper, by hand")
    POST = "POST", pgettext_lazy("receipt", "By letter")
    PHONE = "PHONE", _("Read out on the telephone")
    EMAIL = "EMAIL", pgettext_lazy("receipt", "By e-mail")


@dataclass(frozen=True)
class Mail:
    """What an e-mail says. Its sender prints as nothing."""

    name: str = dataclasses.field(repr=False)
    address: str = dataclasses.field(repr=False)
    subject: str = dataclasses.field(repr=False)
    text: str = dataclasses.field(repr=False)
    sent_at: dt.datetime | None = None
    files: tuple[GivenFile, ...] = ()


ACTS = {
    "petition.taken_in": _("Taken in at the desk"),
    "petition.receipt_given": _("Receipt handed over"),
}
