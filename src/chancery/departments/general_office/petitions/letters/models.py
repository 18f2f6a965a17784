"""Which outgoing document is which letter of a petition. What it says stands in the document, under its own guard."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.letters.terms import LetterKind
from chancery.departments.general_office.petitions.terms import Stage


class PetitionLetter(models.Model):
    """A letter: of which petition, stage and round, in whose language. `ended_at`: its document was given up."""

    petition = models.ForeignKey("general_office.Petition", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=17, choices=LetterKind.choices)
    stage = models.CharField(max_length=9, choices=Stage.choices, default=Stage.FIRST)
    round = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=10)
    # No constraint in the database: a draft may be thrown away, and the row then says only that there was one.
    document = models.OneToOneField(
        "general_office.OutgoingDocument", null=True, on_delete=models.SET_NULL, related_name="petition_letter"
    )
    begun_at = models.DateTimeField()
    begun_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "kind", "stage", "round"],
                condition=Q(ended_at=None),
                name="petition_letter_once",
                violation_error_message=_("This letter was begun already."),
            )
        ]
