"""Input cleaned. What was typed stays; what is refused is said at its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions import rules as petition_rules
from chancery.departments.general_office.petitions.door import queries, rules
from chancery.departments.general_office.petitions.door.terms import FOUND_DATA, Limits
from chancery.departments.general_office.petitions.terms import GivenFile, IdentityFacts, Kind
from chancery.foundations.papers import Limits as PaperLimits
from chancery.foundations.papers import Unacceptable, examine
from chancery.foundations.papers.types import ENDINGS
from chancery.kernel.records.files.rules import clean_name, refusal_of

_MB = 1024 * 1024
_LARGE = {"class": "form-control-lg"}
PLAIN = ("request", "facts", "reasons")


def too_much(limits: Limits) -> str:
    """All attachments together are more than is taken."""
    said = _(
        "The attachments are more than is taken: at most %(most)s files of %(mb)s MB each, %(all)s MB together. Nothing"
        " was received. Choose fewer or smaller ones; everything you typed is still here."
    )
    return str(said % {"most": limits.files_most, "mb": limits.file_mb, "all": limits.all_mb})


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **_LARGE})


class PlainTextField(forms.CharField):
    """Plain text of a bearable length: markup and signs that cannot be shown are refused here as in the core."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = 20_000

    def validate(self, value: str) -> None:
        """By the rule of the core."""
        super().validate(value)
        verdict = petition_rules.is_plain(value, self.most)
        if not verdict:
            raise forms.ValidationError(str(verdict.reason))


class PetitionForm(forms.Form):
    """A petition as it is written, one page."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.HiddenInput)
    request = PlainTextField(
        label=_("What do you ask for?"),
        widget=_area(4),
        help_text=_("In one or two sentences: what should be done?"),
    )
    facts = PlainTextField(
        label=_("What happened?"),
        widget=_area(8),
        required=False,
        help_text=_("When, where, who was there, what is known of it. Only what you know yourself."),
    )
    reasons = PlainTextField(label=_("Why is it wrong, or why should it be done?"), widget=_area(4), required=False)
    subject_unit = forms.TypedChoiceField(
        label=_("Which unit is it about?"), coerce=int, empty_value=None, required=False,
        widget=forms.Select(attrs={"class": "form-select-lg"}),
    )  # fmt: skip
    field = forms.ChoiceField(
        label=_("What is it about?"), required=False, widget=forms.Select(attrs={"class": "form-select-lg"})
    )
    region = forms.CharField(
        label=_("Where?"), max_length=80, required=False, widget=forms.TextInput(attrs=_LARGE),
        help_text=_("Province or city, if it matters."),
    )  # fmt: skip
    group_size = forms.IntegerField(
        label=_("How many people send this together?"), min_value=1, max_value=100_000, initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", **_LARGE}),
    )  # fmt: skip
    who = forms.ChoiceField(
        label=_("Will you say who you are?"),
        choices=[("named", _("Yes, and only the custodian of identities can open it")), ("anonymous", _("No"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", **_LARGE}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", **_LARGE}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), max_length=120, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", **_LARGE}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Postal address"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address", **_LARGE}),
    )  # fmt: skip
    id_number = forms.CharField(
        label=_("Number of your identity card"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", **_LARGE}),
        help_text=_("Only where it is needed to prove a right of yours."),
    )  # fmt: skip
    keep_data = forms.BooleanField(
        label=_("The numbers in my text are my own, or the matter cannot be understood without them"), required=False
    )

    def __init__(self, *args: Any, limits: Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = [("", _("I do not know"))]
        self.fields["subject_unit"].choices = [*nothing, *queries.units()]  # type: ignore[attr-defined]  # a choice
        self.fields["field"].choices = [("", _("Something else, or I do not know")), *queries.fields()]  # type: ignore[attr-defined]  # a choice
        for name in PLAIN:
            self.fields[name].most = limits.text_most  # type: ignore[attr-defined]  # a PlainTextField
        self.found_data = False

    def clean(self) -> dict[str, Any]:
        """Who names nobody is anonymous; others' numbers are asked about once."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("who") == "named" and not given.get("name", "").strip():
            self.add_error("name", _("Type your name, or choose to stay unnamed."))
        for name in PLAIN:
            found = rules.personal_data_in(given.get(name) or "")
            if found and not given.get("keep_data"):
                self.found_data = True
                what = format_lazy("{}", FOUND_DATA[found[0]])
                self.add_error(
                    name,
                    _(
                        "This seems to hold %(what)s. Take other people's personal data out; your own belongs to the"
                        " fields below. If it must stay, say so at the end of the form."
                    )
                    % {"what": what},
                )
        return given

    @property
    def shows_keep_data(self) -> bool:
        """Whether the question about numbers is printed."""
        return self.found_data or bool(self.data.get("keep_data"))

    @property
    def identity(self) -> IdentityFacts:
        """Who petitions, or nobody."""
        given = self.cleaned_data
        if given["who"] != "named":
            return IdentityFacts()
        return IdentityFacts(**{key: given[key].strip() for key in ("name", "phone", "email", "address", "id_number")})


class ManyFilesInput(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several attachments, each examined: executable, oversize, locked and mistyped ones are refused by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        accept = ",".join(f".{ending}" for ending in ENDINGS)
        super().__init__(*args, widget=ManyFilesInput(attrs={"multiple": True, "accept": accept}), **kwargs)
        self.limits: Limits | None = None

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Every one of them, or what is wrong with each that is refused."""
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        limits = self.limits
        if limits and len(given) > limits.files_most:
            raise forms.ValidationError(
                _("At most %(most)s attachments are taken with one petition."), params={"most": limits.files_most}
            )
        faults: list[Any] = []
        for one in given:
            try:
                super().clean(one, initial)
            except forms.ValidationError as refused:
                faults.extend(refused.messages)
                continue
            if (fault := self._fault(one, limits)) is not None:
                faults.append(fault)
        if faults:
            raise forms.ValidationError(faults)
        return given

    @staticmethod
    def _fault(one: UploadedFile[Any], limits: Limits | None) -> str | None:
        name = clean_name(one.name or "")
        most = limits.file_mb if limits else 20
        if (one.size or 0) > most * _MB:
            return _("%(name)s is larger than %(most)s MB.") % {"name": name, "most": most}
        try:
            examine(name, one.file, PaperLimits(size=most * _MB))  # type: ignore[arg-type]  # an open file
        except Unacceptable as fault:
            return str(refusal_of(fault, name=name).reason)
        finally:
            one.seek(0)
        return None


class FilesForm(forms.Form):
    """The attachments of a petition, or of what is added to one."""

    files = ManyFilesField(  # type: ignore[assignment]  # the declared field, not the form's uploads
        label=_("Attachments"), required=False, allow_empty_file=True
    )

    def __init__(self, *args: Any, limits: Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].limits = limits  # type: ignore[attr-defined]  # a ManyFilesField
        self.fields["files"].help_text = _(
            "At most %(most)s files of %(mb)s MB: PDF, Word, Excel, OFD, pictures, text. File names are not shown to"
            " those who handle."
        ) % {"most": limits.files_most, "mb": limits.file_mb}

    @property
    def given(self) -> list[GivenFile]:
        """As the core takes them."""
        return [GivenFile(one.name or "", one.file) for one in self.cleaned_data["files"]]


class CodeForm(forms.Form):
    """The receipt code as it stands on the receipt."""

    code = forms.CharField(
        label=_("Receipt code"),
        max_length=100,
        strip=True,
        help_text=_("20 letters and digits in five groups, for example 7K3M-9QX2-4TBW-0HVE-5N8R."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", **_LARGE}
        ),
    )


class AddForm(FilesForm):
    """Facts or files that are added, or an answer to a question."""

    text = PlainTextField(label=_("What do you want to add?"), widget=_area(5), required=False)
    field_order = ["text", "files"]

    def clean(self) -> dict[str, Any]:
        """Something of both."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("text", "").strip() and not given.get("files"):
            self.add_error("text", _("Write something, or choose a file."))
        return given


class ActForm(forms.Form):
    """One of several forms of a page: its fields have numbers of their own there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s", **kwargs})


class RateForm(ActForm):
    """One to five, and words."""

    rating = forms.TypedChoiceField(
        label=_("How was your petition handled?"),
        coerce=int,
        choices=[(5, _("5 – very well")), (4, _("4 – well")), (3, _("3 – fairly")), (2, _("2 – badly")),
                 (1, _("1 – very badly"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = PlainTextField(label=_("In your own words"), widget=_area(3), required=False, max_length=2000)


class ReviewForm(ActForm):
    """Why it should be looked at again."""

    text = PlainTextField(label=_("What in the answer do you not agree with, and why?"), widget=_area(5))


class WithdrawForm(ActForm):
    """Why, if one wants to say."""

    reason = PlainTextField(label=_("Why?"), widget=_area(2), required=False, max_length=500)
    sure = forms.BooleanField(label=_("Yes, I withdraw my petition"))
