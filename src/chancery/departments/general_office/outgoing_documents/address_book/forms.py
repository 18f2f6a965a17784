"""Input of an address group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.drafting.beginnings.forms import HOUSE, OWN, WHOSE
from chancery.departments.general_office.outgoing_documents.drafting.forms import OUTSIDE, RowsField
from chancery.kernel.directory.picking.forms import UnitsPicker


class GroupForm(forms.Form):
    """A group: its names, whose it is, who is in it."""

    name_en = forms.CharField(label=_("Name (English)"), max_length=120, required=False)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)
    whose = forms.ChoiceField(label=_("For whom"), choices=WHOSE)
    units = UnitsPicker(label=_("Units of the directory"), required=False)
    outside = RowsField(OUTSIDE[1:], label=_("Addressees outside the directory"))

    def facts(self, unit_id: int | None) -> dict[str, Any]:
        """What the service takes."""
        told = self.cleaned_data
        return {
            "name_en": told["name_en"],
            "name_zh": told["name_zh"],
            "unit_id": unit_id if told["whose"] == OWN else None,
            "unit_ids": told["units"] or [],
            "outside": told["outside"],
        }

    @staticmethod
    def initial_of(group: Any, members: list[dict[str, Any]]) -> dict[str, Any]:
        """What the page shows of a group."""
        return {
            "name_en": group.name_en,
            "name_zh": group.name_zh,
            "whose": OWN if group.unit_id else HOUSE,
            "units": [one["unit_id"] for one in members if one["unit_id"]],
            "outside": [one for one in members if not one["unit_id"]],
        }
