"""Input of the rulebook's pages, cleaned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.rulebook.models import Provision
from chancery.foundations.rulebook.services import Text
from chancery.foundations.rulebook.terms import Unit


class AmendForm(forms.Form):
    """A new value from a day on, with its basis and the reason. `seen`: the state of the key the editor saw."""

    value = forms.CharField(label=_("Value"), max_length=2000)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    valid_from = forms.DateField(label=_("Holds from"))
    valid_to = forms.DateField(
        label=_("Holds until"), required=False, help_text=_("The last day. Empty: until further notice.")
    )
    basis_en = forms.CharField(label=_("Legal basis (English)"), widget=forms.Textarea(attrs={"rows": 2}))
    basis_zh = forms.CharField(label=_("Legal basis (Chinese)"), widget=forms.Textarea(attrs={"rows": 2}))
    note_en = forms.CharField(label=_("Note (English)"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    note_zh = forms.CharField(label=_("Note (Chinese)"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    source = forms.CharField(label=_("Where it was read"), required=False)
    is_verified = forms.BooleanField(label=_("Read in the text of the rule itself"), required=False)
    reason = forms.CharField(
        label=_("Reason for the change"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Goes into the journal, with your name and post."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def text(self, provision: Provision) -> Text:
        """What the service takes; the names stay those of the row amended."""
        said: dict[str, Any] = {
            name: self.cleaned_data[name]
            for name in ("value", "unit", "basis_en", "basis_zh", "note_en", "note_zh", "is_verified", "source")
        }
        return Text(name_en=provision.name_en, name_zh=provision.name_zh, **said)


class EndForm(forms.Form):
    """The last day of a provision that gets no successor, and why."""

    last_day = forms.DateField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason for the change"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Goes into the journal, with your name and post."),
    )
