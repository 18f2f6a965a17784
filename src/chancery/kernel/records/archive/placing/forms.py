"""The two fields of a filing step, filled from the plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.placing import queries


class PlaceForm(forms.Form):
    """归档: class and period. A form of a filing step has this among its bases and calls `place`."""

    file_class = forms.ChoiceField(label=_("Class"))
    retention = forms.ChoiceField(label=_("Period"))

    def place(self, thing: queries.Thing, chosen: tuple[str, str] = ("", "")) -> None:
        """Fill the choices and propose. Without a plan in force the fields say so and take nothing."""
        fields: dict[str, Any] = self.fields
        try:
            file_class, retention, why = queries.proposed(thing)
            fields["file_class"].choices = queries.class_choices(thing)
            fields["retention"].choices = queries.period_choices(thing)
        except Refused as refusal:
            fields["file_class"].help_text = str(refusal)
            return
        self.initial.setdefault("file_class", chosen[0] or file_class)
        self.initial.setdefault("retention", chosen[1] or retention)
        fields["file_class"].help_text = why
        fields["retention"].help_text = _("Not shorter than the period of the class; longer with good reason.")
