"""Forms of a numbering series."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.words import words
from chancery.kernel.directory.picking.forms import UnitPicker
from chancery.kernel.records.papertypes import queries as paper_types


class SeriesForm(forms.Form):
    """A new series."""

    issuer = UnitPicker(label=_("Issuer"))
    word = forms.CharField(
        label=_("Code word"), max_length=30, help_text=_("As it stands before the year, for example 科协办发 or GO.")
    )
    code = forms.CharField(
        label=_("Key"),
        max_length=40,
        help_text=_("Small letters, digits, dashes. The series counts under it for ever; it is not printed."),
    )
    types = forms.MultipleChoiceField(
        label=_("Types"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every type that no other series of the issuer names."),
    )
    pattern = forms.CharField(
        label=_("Pattern"),
        max_length=60,
        required=False,
        help_text=_("Empty: as the rulebook says. {code}, {year} and {n} are filled in when a number is given."),
    )
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [  # type: ignore[attr-defined]  # a choice field has choices
            (row.code, words(row)) for row in paper_types.holding(clock.today())
        ]
        self.fields["valid_from"].initial = clock.today()


class SeriesChangeForm(SeriesForm):
    """The next period of a series: its issuer and key stay."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["issuer"], self.fields["code"]


class SeriesEndForm(forms.Form):
    """The last day of a series."""

    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Reason"), max_length=300)
