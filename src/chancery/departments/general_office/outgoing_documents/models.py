"""Nouns that every part of function 4 shares: the outgoing document, its bodies, addressees, annexes, relations."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.terms import (
    AddresseePart,
    CountersignMode,
    Direction,
    Label,
    RelationKind,
    State,
    Urgency,
)


class OutgoingDocument(models.Model):
    """A paper the house issues.

    It is a draft until submitted; submitting opens its matter. Signing fixes the hash of its text (`signed_hash`, see
    `queries.text_hash`): from then on the text stands until the matter goes back to a step before signing. The database
    keeps number, signature and sealed file (migration of row security).
    """

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField(
        "procedures.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    record = models.OneToOneField("records.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")  # the unit that drafts
    issuer = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")  # whose name it bears
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)

    profile = models.CharField(max_length=12)
    paper_type = models.CharField(_("type"), max_length=24)  # code of records.PaperType
    format = models.CharField(_("format"), max_length=16, blank=True)  # kernel.records.setting.Format
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.DOWNWARD)
    language = models.CharField(_("language"), max_length=8, default="zh")
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.JSONField(_("text"), default=dict, blank=True)  # a manuscript, see foundations.manuscript
    note = models.CharField(_("note"), max_length=300, blank=True)  # 附注
    urgency = models.CharField(_("urgency"), max_length=14, choices=Urgency, default=Urgency.NORMAL)
    label = models.PositiveSmallIntegerField(_("label"), choices=Label, default=Label.INTERNAL)
    copies = models.PositiveSmallIntegerField(_("copies"), null=True, blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)

    drafter_person = models.ForeignKey("directory.Person", null=True, on_delete=models.PROTECT, related_name="+")
    drafter_post = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+")
    signer_post = models.ForeignKey(
        "directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # who is asked to sign
    countersign_mode = models.CharField(max_length=8, choices=CountersignMode, default=CountersignMode.PARALLEL)

    signed_hash = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_post = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)  # 成文日期: the day it was signed

    series = models.CharField(max_length=60, blank=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    issued_number = models.OneToOneField(
        "records.IssuedNumber", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    numbered_at = models.DateTimeField(null=True, blank=True)

    verify_code = models.CharField(max_length=40, blank=True)
    set_file = models.ForeignKey(
        "records.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # the set paper, unsealed
    sealed_file = models.ForeignKey(
        "records.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_person = models.ForeignKey(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # cancelled or withdrawn
    end_reason = models.TextField(max_length=2000, blank=True)

    act_token = models.UUIDField(null=True, unique=True, editable=False)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-opened_at", "-id"], name="outgoing_by_state"),
            models.Index(fields=["unit", "-opened_at"], name="outgoing_by_unit"),
            models.Index(fields=["series", "-numbered_at"], name="outgoing_by_series"),
            models.Index(fields=["guard"], name="outgoing_by_guard"),
            models.Index(fields=["-numbered_at", "-id"], condition=~Q(number=""), name="outgoing_numbered"),
            models.Index(fields=["dated_on"], condition=Q(released_at__isnull=False), name="outgoing_released_by_date"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="outgoing_number_once",
                fields=["number"],
                condition=~Q(number=""),
                violation_error_message=_("That number is taken."),
            ),
            models.UniqueConstraint(
                name="outgoing_verify_code_once", fields=["verify_code"], condition=~Q(verify_code="")
            ),
            models.CheckConstraint(
                name="outgoing_number_after_signing",
                condition=Q(number="") | (Q(signed_at__isnull=False) & ~Q(signed_hash="")),
                violation_error_message=_("A document gets its number after it is signed."),
            ),
            models.CheckConstraint(
                name="outgoing_signed_has_signature",
                condition=Q(state__in=[State.DRAFT, State.UNDER_WAY, State.CANCELLED])
                | (Q(signed_at__isnull=False) & Q(signed_person__isnull=False) & ~Q(signed_hash="")),
                violation_error_message=_("A signed document says who signed it, when and what."),
            ),
            models.CheckConstraint(
                name="outgoing_numbered_has_number",
                condition=~Q(state__in=[State.NUMBERED, State.SEALED, State.RELEASED, State.WITHDRAWN]) | ~Q(number=""),
                violation_error_message=_("A numbered document has its number."),
            ),
            models.CheckConstraint(
                name="outgoing_sealed_has_file",
                condition=~Q(state__in=[State.SEALED, State.RELEASED, State.WITHDRAWN]) | Q(sealed_file__isnull=False),
                violation_error_message=_("A sealed document has its sealed file."),
            ),
            models.CheckConstraint(
                name="outgoing_matter_from_submitting",
                condition=Q(state=State.DRAFT, matter__isnull=True)
                | Q(state=State.CANCELLED)
                | (~Q(state=State.DRAFT) & Q(matter__isnull=False)),
                violation_error_message=_("Submitting a draft opens its matter."),
            ),
            models.CheckConstraint(
                name="outgoing_end_has_reason",
                condition=~Q(state__in=[State.CANCELLED, State.WITHDRAWN]) | ~Q(end_reason=""),
                violation_error_message=_("Say why it is cancelled or withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class JointIssuer(models.Model):
    """联合行文: another body whose name and seal the paper bears, after the lead's, in order."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.CASCADE, related_name="joint_issuers")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="outgoing_issuer_once",
                fields=["document", "unit"],
                violation_error_message=_("The body is named already."),
            )
        ]


class CountersignUnit(models.Model):
    """会签: a unit asked to countersign, in order."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.CASCADE, related_name="countersign_units")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="outgoing_countersign_once",
                fields=["document", "unit"],
                violation_error_message=_("The unit is named already."),
            )
        ]


class Addressee(models.Model):
    """A main addressee or a copy: a unit of the directory, or a name outside it with an address."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.CASCADE, related_name="addressees")
    part = models.CharField(max_length=4, choices=AddresseePart, default=AddresseePart.MAIN)
    position = models.PositiveSmallIntegerField(default=0)
    unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200, blank=True)  # as printed; empty = the unit's own name
    email = models.EmailField(_("e-mail"), blank=True)
    postal = models.CharField(_("postal address"), max_length=300, blank=True)

    class Meta:
        ordering = ["part", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="outgoing_addressee_unit_once",
                fields=["document", "unit"],
                condition=Q(unit__isnull=False),
                violation_error_message=_("This addressee is named already."),
            ),
            models.CheckConstraint(
                name="outgoing_addressee_reachable",
                condition=Q(unit__isnull=False) | (~Q(name="") & (~Q(email="") | ~Q(postal=""))),
                violation_error_message=_("An addressee outside the directory needs a name and an address."),
            ),
        ]


class Annex(models.Model):
    """附件: a stored file that goes out with the paper, printed in the list of annexes by its name."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.CASCADE, related_name="annexes")
    stored = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]


class Relation(models.Model):
    """What a paper does to an earlier one: of this house (`earlier`), or known by its number alone."""

    document = models.ForeignKey(OutgoingDocument, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=12, choices=RelationKind)
    earlier = models.ForeignKey(
        OutgoingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="later_relations"
    )
    earlier_number = models.CharField(max_length=80, blank=True)
    earlier_title = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="outgoing_relation_once",
                fields=["document", "kind", "earlier"],
                condition=Q(earlier__isnull=False),
                violation_error_message=_("That relation is noted already."),
            ),
            models.CheckConstraint(
                name="outgoing_relation_names_earlier",
                condition=Q(earlier__isnull=False) | ~Q(earlier_number=""),
                violation_error_message=_("Name the earlier document."),
            ),
            models.CheckConstraint(
                name="outgoing_relation_not_itself",
                condition=Q(earlier__isnull=True) | ~Q(earlier=F("document")),
                violation_error_message=_("A document cannot supersede itself."),
            ),
        ]
