"""What petitions have in common, and what was made of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from chancery.departments.general_office.petitions.likeness.terms import TieKind

PETITION = "general_office.Petition"
PERSON = "directory.Person"
POST = "directory.Post"


class PetitionLikeness(models.Model):
    """The words of a petition as keyed hashes: `signature` has the smallest of each permutation, `bands` is what is
    searched by. Without the key outside the database they say nothing of the words."""

    petition = models.OneToOneField(PETITION, on_delete=models.PROTECT, related_name="likeness")
    signature = models.BinaryField()
    bands = ArrayField(models.BigIntegerField())
    like_before = models.PositiveIntegerField(default=0)  # how many of the same text had come in the days before

    class Meta:
        indexes = [
            GinIndex(fields=["bands"], name="petition_bands", fastupdate=False),
            models.Index(fields=["petition"], condition=Q(like_before__gt=0), name="petition_like_before"),
        ]


class PetitionTie(models.Model):
    """That a petition was merged into another or linked with it, by whom and why; ended, not deleted."""

    petition = models.ForeignKey(PETITION, on_delete=models.PROTECT, related_name="ties")
    other = models.ForeignKey(PETITION, on_delete=models.PROTECT, related_name="ties_to")
    kind = models.CharField(max_length=6, choices=TieKind.choices)
    percent = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_post = models.ForeignKey(POST, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["other", "kind"], name="petition_tied_to")]
        constraints = [
            models.UniqueConstraint(
                fields=["petition"], condition=Q(kind=TieKind.MERGED, ended_at=None), name="petition_merged_once"
            ),
            models.UniqueConstraint(
                fields=["petition", "other"],
                condition=Q(kind=TieKind.LINKED, ended_at=None),
                name="petition_linked_once",
            ),
            # Of a link the smaller number stands first, so that two who link at once make one.
            models.CheckConstraint(
                name="petition_link_in_order", condition=~Q(kind=TieKind.LINKED) | Q(petition__lt=F("other"))
            ),
            models.CheckConstraint(name="petition_tie_of_two", condition=~Q(petition=F("other"))),
            models.CheckConstraint(name="petition_tie_reasoned", condition=~Q(reason="")),
            models.CheckConstraint(name="petition_tie_ended_whole", condition=Q(ended_at=None) | ~Q(end_reason="")),
        ]
