"""Input cleaned."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.kernel.directory.picking.forms import UnitPicker
from chancery.kernel.records.archive.terms import LABEL_WORDS
from chancery.kernel.records.search.terms import LONGEST_QUESTION, all_kinds, all_states

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ALL = ("", pgettext_lazy("filter", "all"))
#: What narrows a question, as the page's address and a saved search name it.
NARROWS = ("kind", "unit", "label", "class_code", "state", "since", "until")


class SearchForm(forms.Form):
    """A question and what narrows it. Nothing in it is required: an odd value is left out, not complained about."""

    q = forms.CharField(
        label=_("Look for"),
        max_length=LONGEST_QUESTION,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    sort = forms.ChoiceField(
        label=_("Order"), choices=[("", _("Best first")), ("date", _("Newest first"))], required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    unit = UnitPicker(label=_("Unit, with all below it"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    class_code = forms.CharField(label=_("Class of the file plan"), max_length=40, required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    since = forms.DateField(label=pgettext_lazy("date", "From"), required=False, widget=DAY)
    until = forms.DateField(label=pgettext_lazy("date", "To"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("kind", [(kind.code, kind.name) for kind in all_kinds().values()]),
            ("state", list(all_states().items())),
            ("label", [(str(code), name) for code, name in LABEL_WORDS.items()]),
        ):
            self.fields[name].choices = [ALL, *choices]  # type: ignore[attr-defined]  # a ChoiceField
        for name, one in self.fields.items():
            if name != "unit":
                is_choice = isinstance(one, forms.ChoiceField)
                one.widget.attrs["class"] = (
                    "form-select form-select-sm" if is_choice else "form-control form-control-sm"
                )

    def asked(self) -> dict[str, Any]:
        """What narrows, as it is kept: only what is there."""
        self.is_valid()
        values = {name: self.cleaned_data.get(name) for name in NARROWS}
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items() if value
        }
