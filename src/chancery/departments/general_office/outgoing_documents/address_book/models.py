"""Groups of addressees that are written to together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AddressGroup(models.Model):
    """A named list of addressees: for everyone, or for one unit."""

    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120, blank=True)
    kept_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "general_office_addressgroup"
        ordering = ["name_en", "id"]

    def __str__(self) -> str:
        return self.name_en


class GroupMember(models.Model):
    """One of a group: a unit of the directory, or a name outside it with an address."""

    group = models.ForeignKey(AddressGroup, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveSmallIntegerField(default=0)
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    postal = models.CharField(_("postal address"), max_length=300, blank=True)

    class Meta:
        db_table = "general_office_groupmember"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="groupmember_unit_once", fields=["group", "unit"], condition=Q(unit__isnull=False)
            ),
            models.CheckConstraint(
                name="groupmember_reachable",
                condition=Q(unit__isnull=False) | (~Q(name="") & (~Q(email="") | ~Q(postal=""))),
                violation_error_message=_("An addressee outside the directory needs a name and an address."),
            ),
        ]
