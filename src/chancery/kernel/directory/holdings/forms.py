"""Forms of holdings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.directory.desk.forms import DatedForm, DeskForm, EndForm, day_field
from chancery.kernel.directory.picking.forms import PersonPicker
from chancery.kernel.directory.terms import HoldingKind


class AppointForm(DatedForm):
    """Somebody for a post."""

    person = PersonPicker(label=_("Person"))
    kind = forms.ChoiceField(label=_("Held"), choices=HoldingKind.choices)
    seat = forms.IntegerField(
        label=_("Seat"), min_value=1, max_value=10_000, required=False, help_text=_("Empty: the first free one.")
    )
    until = day_field(
        _("Until"), required=False, help_text=_("The first day on which it no longer holds; empty if open.")
    )
    field_order = ("person", "kind", "seat", "on", "until", "decision", "reason")


class EndHoldingForm(EndForm):
    """The end of a holding."""


class CorrectHoldingForm(DeskForm):
    """What is right instead of what was entered."""

    is_wrong = forms.BooleanField(label=_("Strike the entry out: it was never so"), required=False)
    start = day_field(_("From"))
    end = day_field(_("Until"), required=False, help_text=_("Empty if it still holds."))
    kind = forms.ChoiceField(label=_("Held"), choices=HoldingKind.choices)
    seat = forms.IntegerField(label=_("Seat"), min_value=1, max_value=10_000)
    decision = forms.CharField(label=_("Decision"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Why the record is corrected.")
    )

    def facts(self) -> dict[str, Any]:
        """What was given, for `correct_holding`."""
        given = self.cleaned_data
        return {
            "start": given["start"],
            "end": given["end"],
            "is_wrong": given["is_wrong"],
            "changes": {name: given[name] for name in ("kind", "seat", "decision")},
            "reason": given["reason"],
        }
