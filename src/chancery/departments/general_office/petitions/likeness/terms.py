"""Vocabulary of likeness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from chancery.departments.general_office.petitions.models import Petition

PURPOSE = "petition.shingle"
TIE = "general_office.petitiontie"
CAMPAIGN = "general_office.petitioncampaign"
#: How a guard's readers and bars are marked that it has from those it is merged with (migration `petition_desk_law`).
SHARED = "merged"
ALIKE_KEY = "petition.alike.percent"
SAME_KEY = "petition.campaign.percent"
MANY_KEY = "petition.campaign.letters"
DAYS_KEY = "petition.campaign.days"


class TieKind(models.TextChoices):
    """What holds two petitions together."""

    MERGED = "MERGED", _("Merged")
    LINKED = "LINKED", _("Linked")


@dataclass(frozen=True, slots=True)
class Alike:
    """A petition like another: how much of the words, and whether the contact or the name is the same. Who the sender
    is stands in neither."""

    petition: Petition
    percent: int
    same_contact: bool = False
    same_name: bool = False


def weight(percent: int, same_contact: bool, same_name: bool) -> int:
    """What is shown first."""
    return percent + 40 * same_contact + 15 * same_name


@dataclass(frozen=True, slots=True)
class Cluster:
    """Petitions of one text, in the order they came; the first leads if they are joined."""

    ids: tuple[int, ...]

    @property
    def leading_id(self) -> int:
        """The oldest."""
        return self.ids[0]


ACTS = {
    "petition.merged": _("Merged into another petition"),
    "petition.took_in": _("Another petition merged into this one"),
    "petition.split": _("Split from another petition again"),
    "petition.gave_back": _("Another petition split from this one"),
    "petition.linked": _("Linked with another petition"),
    "petition.unlinked": _("Link ended"),
    "petition.repeat": _("Known sender marked"),
    "petition.campaign_opened": _("Campaign joined"),
    "petition.campaign_joined": _("Taken into a campaign"),
    "petition.campaign_left": _("Taken out of a campaign"),
    "petition.campaign_told": _("Reply to all senders of a campaign"),
}
