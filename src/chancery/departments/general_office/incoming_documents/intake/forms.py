"""The registration form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.incoming_documents.terms import CHASERS, Carrier, Kind, Label, Urgency
from chancery.kernel.directory.picking.forms import PostPicker

if TYPE_CHECKING:
    _Form = forms.ModelForm[IncomingDocument]
else:
    _Form = forms.ModelForm  # generic for the type checker only


class ManyFilesInput(forms.ClearableFileInput):
    """A file box that takes several files; the page's script lets them be dropped on it."""

    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Any number of uploaded files, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Every file that has content."""
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(one, initial) for one in given if isinstance(one, UploadedFile)]


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RegistrationForm(_Form):
    """The facts of an incoming document, as far as they are typed. What registration demands is the rules' affair."""

    uploads = ManyFiles(label=_("Files"), required=False)
    chaser = PostPicker(
        CHASERS,
        label=_("Chaser"),
        required=False,
        help_text=_("Who urges it when it is late; needed for an important document."),
    )
    carrier = forms.ChoiceField(label=_("Came as"), choices=Carrier.choices, initial=Carrier.PAPER)
    kind = forms.ChoiceField(label=_("Type"), choices=Kind.choices, initial=Kind.LETTER)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, initial=Urgency.ROUTINE)
    label = forms.TypedChoiceField(
        label=_("House label"),
        choices=Label.choices,
        coerce=int,
        initial=Label.INTERNAL,
        help_text=_("A house label. Anything marked as a state secret must not be entered here at all."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = IncomingDocument
        fields = [
            "title",
            "sender",
            "sender_number",
            "dated_on",
            "received_on",
            "carrier",
            "kind",
            "urgency",
            "limit_on",
            "label",
            "copy_no",
            "pages",
            "addressees",
            "delivered_by",
            "summary",
            "is_important",
            "chaser",
        ]
        widgets = {
            "dated_on": _day(),
            "received_on": _day(),
            "limit_on": _day(),
            "summary": forms.Textarea(attrs={"rows": 3}),
            "pages": forms.NumberInput(attrs={"min": 1}),
        }
        help_texts = {
            "sender_number": _("As printed, for example 学字〔2026〕8号; leave empty when it has none."),
            "limit_on": _("The last day. Needed for anything urgent; proposed from the rulebook by grade."),
        }

    def _post_clean(self) -> None:
        """Leave the instance alone: the service applies the facts under a lock and the rules judge them."""

    def facts(self) -> dict[str, Any]:
        """The typed facts that are readable, by field name."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}
