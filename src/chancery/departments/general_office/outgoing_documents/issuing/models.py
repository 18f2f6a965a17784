"""Numbering series, and who signed what."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument


class IssuingSeries(models.Model):
    """发文字号: how an issuer's papers of some types are numbered, from one day to another.

    Rows of one `code` are the periods of one series: they share the counter, so a change of wording skips no number.
    """

    code = models.SlugField(_("key"), max_length=40)
    issuer = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("issuer"))
    word = models.CharField(_("code word"), max_length=30)  # 机关代字: 科协办发, GO
    # Empty: every type that no other series of the issuer names.
    types = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    pattern = models.CharField(_("pattern"), max_length=60, blank=True)  # empty = the rulebook's
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["issuer__position", "code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="outgoing_series_period_once",
                fields=["code", "valid_from"],
                violation_error_message=_("A period of this series begins on that day already."),
            ),
            models.UniqueConstraint(
                name="outgoing_series_one_standing",
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                violation_error_message=_("This series stands already."),
            ),
            models.CheckConstraint(
                name="outgoing_series_days",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day comes before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.word


class Signature(models.Model):
    """签发: who signed which text, and who rechecked it after. Rows stay; a new signature is a new row."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="signatures")
    text_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    rechecked_at = models.DateTimeField(null=True)
    rechecked_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="outgoing_signature_once", fields=["document", "signed_at"]),
            models.CheckConstraint(
                name="outgoing_rechecked_by_somebody",
                condition=Q(rechecked_at__isnull=True, rechecked_person__isnull=True)
                | Q(rechecked_at__isnull=False, rechecked_person__isnull=False),
            ),
            models.CheckConstraint(
                name="outgoing_rechecked_by_another",
                condition=Q(rechecked_person__isnull=True) | ~Q(rechecked_person=F("person")),
                violation_error_message=_("Whoever signed does not recheck."),
            ),
        ]
