"""Nouns: the incoming document, the units that handle it, the list of those who are to read it, its files."""

from __future__ import annotations

import re
import unicodedata

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents.terms import (
    UNNUMBERED,
    Carrier,
    FilePart,
    Kind,
    Label,
    Part,
    State,
    Urgency,
)

_BRACKETS = str.maketrans("〔［【（[{", "((((((") | str.maketrans("〕］】）]}", "))))))")
_YEAR = re.compile(r"\(((?:19|20)\d\d)\)")


def number_key(text: str) -> str:
    """A sender or number in the one spelling that is compared: NFKC, one bracket, no spaces, no 第, small letters."""
    plain = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return re.sub(r"\s|第(?=\d)", "", plain).casefold()


def year_of(sender_number: str, fallback: int) -> int:
    """The year that a number names in brackets, else `fallback`."""
    found = _YEAR.search(number_key(sender_number))
    return int(found.group(1)) if found else fallback


class IncomingDocument(models.Model):
    """A paper that reached the headquarters.

    It is a draft until signed for; signing for it opens its matter, registration gives it its number. After that the
    database keeps the facts of registration, the number and the row itself (migration 0002).
    """

    guard = models.ForeignKey("access.Guard", on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField(
        "procedures.Matter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    record = models.OneToOneField("records.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)

    number = models.CharField(_("our number"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    sender = models.CharField(_("sender"), max_length=200, blank=True)
    sender_number = models.CharField(_("sender's number"), max_length=80, blank=True)
    sender_key = models.CharField(max_length=200, blank=True, editable=False)
    sender_number_key = models.CharField(max_length=80, blank=True, editable=False)
    sender_year = models.PositiveSmallIntegerField(null=True, editable=False)
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    carrier = models.CharField(_("came as"), max_length=12, choices=Carrier, default=Carrier.PAPER)
    kind = models.CharField(_("type"), max_length=16, choices=Kind, default=Kind.LETTER)
    urgency = models.CharField(_("urgency"), max_length=20, choices=Urgency, default=Urgency.ROUTINE)
    limit_on = models.DateField(_("limit"), null=True, blank=True)
    label = models.PositiveSmallIntegerField(_("label"), choices=Label, default=Label.INTERNAL)
    copy_no = models.CharField(_("copy no."), max_length=20, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    addressees = models.CharField(_("addressees"), max_length=300, blank=True)
    summary = models.TextField(_("summary"), max_length=2000, blank=True)
    is_important = models.BooleanField(_("important"), default=False)
    chaser = models.ForeignKey("directory.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    delivered_by = models.CharField(_("delivered by"), max_length=120, blank=True)

    lead_unit = models.ForeignKey("directory.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    return_faults = models.JSONField(_("grounds"), default=list, blank=True)
    return_reason = models.TextField(_("reasons"), max_length=2000, blank=True)
    result = models.TextField(_("result"), max_length=4000, blank=True)
    reply_text = models.TextField(_("reply"), max_length=4000, blank=True)
    reply_number = models.CharField(_("number of the reply"), max_length=80, blank=True)
    file_class = models.CharField(_("class"), max_length=40, blank=True)
    retention = models.CharField(_("retention"), max_length=8, blank=True)  # code of a period of the file plan

    act_token = models.UUIDField(null=True, unique=True, editable=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(
        null=True, blank=True
    )  # the work was done: passed the office check, or all have read it
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-received_on", "-id"], name="incoming_by_receipt"),
            models.Index(fields=["lead_unit", "-received_on"], name="incoming_by_lead_unit"),
            models.Index(fields=["guard"], name="incoming_by_guard"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="incoming_number_once",
                fields=["number"],
                condition=~Q(number=""),
                violation_error_message=_("That registration number is taken."),
            ),
            models.UniqueConstraint(
                name="incoming_sender_number_year_once",
                fields=["unit", "sender_key", "sender_number_key", "sender_year"],
                condition=Q(state__in=[State.REGISTERED, State.FILED]) & ~Q(sender_number_key=""),
                violation_error_message=_("A document with this sender, number and year is registered already."),
            ),
            models.CheckConstraint(
                name="incoming_urgent_has_limit",
                condition=Q(state__in=UNNUMBERED) | Q(urgency=Urgency.ROUTINE) | Q(limit_on__isnull=False),
                violation_error_message=_("An urgent document needs a limit."),
            ),
            models.CheckConstraint(
                name="incoming_important_has_chaser",
                condition=Q(state__in=UNNUMBERED) | Q(is_important=False) | Q(chaser__isnull=False),
                violation_error_message=_("An important document needs a named chaser."),
            ),
            models.CheckConstraint(
                name="incoming_registered_has_number",
                condition=Q(state__in=UNNUMBERED, number="") | (~Q(state__in=UNNUMBERED) & ~Q(number="")),
                violation_error_message=_("A registered document has a number, and only a registered one."),
            ),
            models.CheckConstraint(
                name="incoming_matter_from_signing",
                condition=Q(state=State.DRAFT, matter__isnull=True) | (~Q(state=State.DRAFT) & Q(matter__isnull=False)),
                violation_error_message=_("Signing for a document opens its matter."),
            ),
            models.CheckConstraint(
                name="incoming_dated_before_receipt",
                condition=Q(dated_on__isnull=True) | Q(received_on__isnull=True) | Q(dated_on__lte=F("received_on")),
                violation_error_message=_("A document cannot be dated after it was received."),
            ),
            models.CheckConstraint(
                name="incoming_return_has_reason",
                condition=~Q(state=State.RETURNED) | ~Q(return_reason=""),
                violation_error_message=_("A document is returned with reasons."),
            ),
            models.CheckConstraint(
                name="incoming_filed_has_class",
                condition=~Q(state=State.FILED) | (~Q(file_class="") & ~Q(retention="")),
                violation_error_message=_("A document is filed under a class with a retention period."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.title


class HandlingUnit(models.Model):
    """A unit asked to handle: one lead, any number of co-units."""

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="handling_units")
    unit = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=4, choices=Part)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="incoming_one_lead",
                fields=["document"],
                condition=Q(part=Part.LEAD, ended_at__isnull=True),
                violation_error_message=_("A document has one lead unit."),
            ),
            models.UniqueConstraint(
                name="incoming_unit_once",
                fields=["document", "unit"],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("The unit is already named."),
            ),
        ]


class Reader(models.Model):
    """A post on the circulation list. Only posts on the list are sent the document.

    Whether and when it was read is not kept here: the tasks of the matter say it (`queries.readers`), whichever way
    the document was sent.
    """

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="readers")
    post = models.ForeignKey("directory.Post", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    listed_at = models.DateTimeField()
    listed_by = models.ForeignKey("directory.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="incoming_reader_once",
                fields=["document", "post"],
                violation_error_message=_("The post is on the list already."),
            )
        ]


class IncomingFile(models.Model):
    """A stored file and what it is to the document."""

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=8, choices=FilePart, default=FilePart.MAIN)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
