"""Guard and GuardReader."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chancery.foundations.actor import Clearance

LABELS = [(c.value, c.name) for c in Clearance]


class Guard(models.Model):
    """Who may see the rows that carry this guard's number.

    Visible when `label` is within the actor's clearance and the actor's post opened it, oversees its unit, or is among
    its readers. `reader_posts` and `reader_duties` ("role@unit") repeat the standing rows of `GuardReader`, so that the
    policy decides from this row alone; a trigger keeps them, the web role cannot write them (migration 0002).

    A narrow guard is not seen by those who oversee its unit. Whoever is barred (`GuardBar`) sees nothing of it, in
    whichever post they act and for whatever reason they otherwise would; repeated here in the same way.
    """

    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    label = models.PositiveSmallIntegerField(
        default=Clearance.INTERNAL.value, choices=[(c.value, c.name) for c in Clearance]
    )
    scope = models.CharField(max_length=80, blank=True, default="", db_default="")
    opened_post = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_account = models.ForeignKey(
        "access.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_public = models.BooleanField(default=False, db_default=False)
    is_narrow = models.BooleanField(default=False, db_default=False)
    reader_posts = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    reader_duties = ArrayField(models.TextField(), default=list, db_default=[], editable=False)
    barred_people = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    barred_units = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)


class GuardReader(models.Model):
    """A post, or a duty (role, unit) resolved when asked, that may read what the guard keeps.

    `how` says why in a word: "opened", "task", "circulated", "copied". A reader who should read no longer is ended, not
    deleted, so that who could see what on any day stays known.
    """

    guard = models.ForeignKey(Guard, on_delete=models.CASCADE, related_name="readers")
    post = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - null is "a post reads", '' would be a role
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=40)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_guardreader_post_or_duty",
                condition=Q(post__isnull=False, role=None, unit=None)
                | Q(post=None, role__isnull=False, unit__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["guard", "post"], name="access_guardreader_once", condition=Q(post__isnull=False, ended_at=None)
            ),
            models.UniqueConstraint(
                fields=["guard", "role", "unit"],
                name="access_guardreader_duty_once",
                condition=Q(role__isnull=False, ended_at=None),
            ),
        ]


class GuardBar(models.Model):
    """A person, or everybody who holds a post in a unit or below it, kept from what the guard keeps.

    `how` says why in a word: "recused", "subject". Lifted, not deleted.
    """

    guard = models.ForeignKey(Guard, on_delete=models.CASCADE, related_name="bars")
    person = models.ForeignKey("directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=40)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_guardbar_person_or_unit",
                condition=Q(person__isnull=False, unit=None) | Q(person=None, unit__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["guard", "person", "how"],
                name="access_guardbar_once",
                condition=Q(person__isnull=False, ended_at=None),
            ),
            models.UniqueConstraint(
                fields=["guard", "unit", "how"],
                name="access_guardbar_unit_once",
                condition=Q(unit__isnull=False, ended_at=None),
            ),
        ]
