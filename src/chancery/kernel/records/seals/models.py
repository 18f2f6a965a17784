"""Seals, their certificates, and the log of their use."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.kernel.records.seals.terms import KeyStore, SealKind, SealState


class Seal(models.Model):
    """A seal of a body: its impression, who keeps it, whether it may be used. Never deleted, its code never changed."""

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    legal_name = models.CharField(_("name in the impression"), max_length=60)
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=SealKind.choices, default=SealKind.OFFICIAL)
    diameter_mm = models.DecimalField(_("diameter (mm)"), max_digits=4, decimal_places=1)
    impression = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    keeper_post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=SealState.choices, default=SealState.ACTIVE)
    state_on = models.DateField(null=True, blank=True)
    state_reason = models.CharField(max_length=500, blank=True, default="")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "records_seal"
        indexes = [models.Index(fields=["unit"], name="records_seal_unit")]
        constraints = [
            models.CheckConstraint(
                name="records_seal_code_form",
                condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9-]{1,39}$"),
                violation_error_message=_("A code has capital letters, digits and dashes."),
            ),
            models.CheckConstraint(
                name="records_seal_valid_range",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                name="records_seal_has_a_size", condition=Q(diameter_mm__gte=10, diameter_mm__lte=60)
            ),
            models.CheckConstraint(
                name="records_seal_put_away_with_reason",
                condition=Q(state=SealState.ACTIVE, state_on=None, state_reason="")
                | (~Q(state=SealState.ACTIVE) & Q(state_on__isnull=False) & ~Q(state_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SealCertificate(models.Model):
    """A certificate of a seal. Earlier ones stay, so that what they signed is still known; the key is elsewhere."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="certificates")
    sha256 = models.CharField(max_length=64, unique=True)
    pem = models.TextField()
    subject = models.CharField(max_length=500)
    issuer = models.CharField(max_length=500)
    serial = models.CharField(max_length=60)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    key_store = models.CharField(max_length=10, choices=KeyStore.choices)
    key_ref = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "records_sealcertificate"
        constraints = [
            models.UniqueConstraint(
                fields=["seal"], condition=Q(replaced_at=None), name="records_sealcertificate_one_current"
            )
        ]


class SealUse(models.Model):
    """One use of a seal. Written once: the web role can neither change nor delete a line.

    `guard` is the seal's: its overseers and keeper see every use. `subject_guard` is the paper's: those who see the
    paper see which seals are on it.
    """

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="uses")
    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    subject_guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    subject_text = models.CharField(max_length=200, blank=True, default="")
    text_hash = models.CharField(max_length=64)
    sha256_before = models.CharField(max_length=64)
    sha256_after = models.CharField(max_length=64)
    copies = models.PositiveIntegerField(default=1)
    approver_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    approver_post = models.ForeignKey(
        "directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    keeper_person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    keeper_post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    acting_post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    witness_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    certificate = models.ForeignKey(SealCertificate, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "records_sealuse"
        indexes = [
            models.Index(fields=["seal", "-at"], name="records_sealuse_latest"),
            models.Index(fields=["subject"], name="records_sealuse_subject"),
            models.Index(fields=["sha256_after"], name="records_sealuse_after"),
        ]
        constraints = [
            models.CheckConstraint(
                name="records_sealuse_not_ones_own", condition=~Q(keeper_person=F("approver_person"))
            ),
            models.CheckConstraint(name="records_sealuse_some_copies", condition=Q(copies__gte=1)),
            models.CheckConstraint(
                name="records_sealuse_witness_is_another",
                condition=Q(witness_person=None) | ~Q(witness_person=F("keeper_person")),
            ),
        ]
