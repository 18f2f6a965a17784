"""Input of a template."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.drafting.models import DraftTemplate
from chancery.departments.general_office.outgoing_documents.terms import Direction
from chancery.foundations import manuscript
from chancery.foundations.web.forms import ManuscriptField
from chancery.foundations.words import words
from chancery.kernel.records.papertypes import queries as paper_types

OWN, HOUSE = "OWN", "HOUSE"
WHOSE = ((OWN, _("My unit's own")), (HOUSE, _("For everyone")))


class TemplateForm(forms.Form):
    """A template for a type of paper."""

    name_en = forms.CharField(label=_("Name (English)"), max_length=120, required=False)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)
    whose = forms.ChoiceField(label=_("For whom"), choices=WHOSE)
    paper_type = forms.ChoiceField(label=_("Type"))
    direction = forms.ChoiceField(label=_("Direction"), choices=[("", "—"), *Direction.choices], required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("zh", _("Chinese")), ("en", _("English"))])
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    body = ManuscriptField(label=_("Text"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, profile: str, on: dt.date, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(one.code, words(one)) for one in paper_types.holding(on, profile=profile)]
        cast(forms.ChoiceField, self.fields["paper_type"]).choices = choices
        cast(ManuscriptField, self.fields["body"]).profile = cast(manuscript.Profile, profile)

    def clean(self) -> dict[str, Any]:
        """A name in one language at least."""
        told = super().clean() or {}
        if not told.get("name_en") and not told.get("name_zh"):
            self.add_error("name_en", _("Give the template a name."))
        return told

    def facts(self, *, profile: str, unit_id: int | None) -> dict[str, Any]:
        """What the service takes."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "whose"}
        return {**told, "profile": profile, "unit_id": unit_id if self.cleaned_data["whose"] == OWN else None}

    @staticmethod
    def initial_of(one: DraftTemplate) -> dict[str, Any]:
        """What the page shows of a template."""
        names = ("name_en", "name_zh", "paper_type", "direction", "language", "title", "body", "note")
        return {**{name: getattr(one, name) for name in names}, "whose": OWN if one.unit_id else HOUSE}
