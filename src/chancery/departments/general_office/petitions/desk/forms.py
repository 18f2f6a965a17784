"""Input at the desk. Who petitions is typed here once and never printed again."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.desk import rules
from chancery.departments.general_office.petitions.desk.terms import Given, Way
from chancery.departments.general_office.petitions.door.forms import ManyFilesField, PlainTextField
from chancery.departments.general_office.petitions.door.queries import limits
from chancery.departments.general_office.petitions.terms import Channel, GivenFile, IdentityFacts, Kind
from chancery.foundations import clock
from chancery.kernel.directory.picking.forms import PersonPicker, UnitPicker

_OFF = {"autocomplete": "off"}
_AREA = forms.Textarea(attrs={"rows": 4})
WHO = ("name", "other_names", "phone", "email", "address", "id_number", "representatives")
#: What a form of the desk hands on as it is.
PLAIN = ("kind", "language", "request", "facts", "reasons", "field", "region", "subject_unit_id", "subject_person_id")


class TakeInForm(forms.Form):
    """What was written or said, and who did. Printed in the order of the fields."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    request = PlainTextField(
        label=_("What is asked for"), widget=_AREA,
        help_text=_("In the sender's own words, without names: what tells who it is, is blacked out where found."),
    )  # fmt: skip
    facts = PlainTextField(label=_("What happened?"), widget=_AREA, required=False)
    reasons = PlainTextField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    field = forms.ChoiceField(label=_("Subject field"), required=False)
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    subject_unit_id = UnitPicker(label=_("Unit complained of"), required=False)
    subject_person_id = PersonPicker(
        label=_("Person complained of"), required=False,
        help_text=_("Who is named here sees nothing of the petition from now on."),
    )  # fmt: skip
    files = ManyFilesField(  # type: ignore[assignment]  # fields that are declared do not stay on the class
        label=_("Scans and attachments"), required=False, allow_empty_file=True
    )
    group_size = forms.IntegerField(label=_("How many people petition"), min_value=1, max_value=100_000, initial=1)
    name = forms.CharField(
        label=_("Name of the sender"), max_length=120, required=False, widget=forms.TextInput(attrs=_OFF),
        help_text=_("Sealed with the form; it is shown here never again. Empty: sent without a name."),
    )  # fmt: skip
    other_names = forms.CharField(
        label=_("Other names"), max_length=300, required=False, widget=forms.TextInput(attrs=_OFF),
        help_text=_("Under which the sender appears in the papers."),
    )  # fmt: skip
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs=_OFF))
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False, widget=forms.EmailInput(attrs=_OFF))
    address = forms.CharField(
        label=_("Postal address"), max_length=200, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    id_number = forms.CharField(
        label=_("Number of the identity card"), max_length=40, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    representatives = forms.CharField(
        label=_("Representatives of a group"), required=False, widget=forms.Textarea(attrs={"rows": 2, **_OFF}),
        help_text=_("One name a line."),
    )  # fmt: skip
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "token": uuid.uuid4().hex,
            "language": "zh-hans",
            "group_size": 1,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        today = clock.today()
        held = limits(today)
        self.fields["field"].choices = [("", _("not told")), *petitions.fields(on=today)]  # type: ignore[attr-defined]  # a choice
        for name in ("request", "facts", "reasons"):
            self.fields[name].most = held.text_most  # type: ignore[attr-defined]  # a PlainTextField
        self.fields["files"].limits = held  # type: ignore[attr-defined]  # a ManyFilesField
        self.fields["files"].help_text = _(
            "At most %(most)s files of %(mb)s MB. They are examined, sealed under neutral names, and withheld until"
            " somebody has looked at them."
        ) % {"most": held.files_most, "mb": held.file_mb}

    @property
    def identity(self) -> IdentityFacts:
        """Who petitions."""
        given = self.cleaned_data
        told = {name: given.get(name, "").strip() for name in ("name", "phone", "email", "address", "id_number")}
        lists = {name: rules.names_in(given.get(name, "")) for name in ("other_names", "representatives")}
        return IdentityFacts(**told, **lists)  # type: ignore[arg-type]  # texts and lists by their names

    @property
    def given_files(self) -> list[GivenFile]:
        """As the core takes them."""
        return [GivenFile(one.name or "", one.file) for one in self.cleaned_data["files"]]

    @property
    def told(self) -> dict[str, Any]:
        """What is handed on as it is."""
        return {name: self.cleaned_data[name] for name in PLAIN if name in self.cleaned_data}


class LetterForm(TakeInForm):
    """A letter."""

    way = forms.ChoiceField(label=_("How it came"), choices=[("", _("not told")), *Way.choices], required=False)
    envelope_on = forms.DateField(label=_("Date on the envelope"), required=False)
    received_at = forms.DateTimeField(
        label=_("Arrived at"), required=False, help_text=_("Empty: now. The limits count from here.")
    )
    field_order = ["way", "envelope_on", "received_at"]


class FaxForm(TakeInForm):
    """A fax."""

    received_at = forms.DateTimeField(
        label=_("Arrived at"), required=False, help_text=_("Empty: now. The limits count from here.")
    )
    field_order = ["received_at"]


class CallForm(TakeInForm):
    """A telephone call."""

    began_at = forms.DateTimeField(label=_("Call began"), required=False)
    ended_at = forms.DateTimeField(label=_("Call ended"), required=False)
    field_order = ["began_at", "ended_at"]


class MailForm(TakeInForm):
    """An e-mail as a file."""

    mail = forms.FileField(
        label=_("E-mail (.eml)"), widget=forms.ClearableFileInput(attrs={"accept": ".eml"}),
        help_text=_("Sender, words and attachments are read from it; what you fill in below goes before."),
    )  # fmt: skip
    received_at = forms.DateTimeField(label=_("Arrived at"), required=False, help_text=_("Empty: now."))
    field_order = ["mail", "received_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request"].required = False
        self.fields["request"].help_text = _("Empty: the words of the e-mail.")


FORMS: dict[str, type[TakeInForm]] = {
    Channel.LETTER: LetterForm,
    Channel.PHONE: CallForm,
    Channel.FAX: FaxForm,
    Channel.EMAIL: MailForm,
}


class GiveForm(forms.Form):
    """How the receipt was handed over."""

    how = forms.ChoiceField(label=_("Receipt handed over"), choices=Given.choices)
