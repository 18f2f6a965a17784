"""SavedSearch."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chancery.kernel.records.search.saved.terms import Notify


class SavedSearch(models.Model):
    """A question with what narrows it; its person's alone (migration 0016). `asked` is the page's query, without `q`.

    `told` remembers which entries of the index the person has been told of or had found when saving; `fresh` are those
    told and not looked at since. Both are row numbers of the index, good for nothing to who may not see the rows.
    """

    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(max_length=200)
    asked = models.JSONField(default=dict, blank=True)
    notify = models.CharField(_("notice"), max_length=8, choices=Notify.choices, default=Notify.NEVER)
    told = ArrayField(models.BigIntegerField(), default=list, editable=False)
    fresh = ArrayField(models.BigIntegerField(), default=list, editable=False)
    made_at = models.DateTimeField()
    ran_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "records_savedsearch"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                name="records_savedsearch_named",
                violation_error_message=_("You have a saved search of this name."),
            ),
            models.CheckConstraint(name="records_savedsearch_asks", condition=~Q(question="") & ~Q(name="")),
        ]
        indexes = [
            models.Index(fields=["ran_at"], condition=~Q(notify="NEVER"), name="records_savedsearch_due"),
        ]

    def __str__(self) -> str:
        return self.name
