"""Input of reviews and undefined matters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.classification.terms import CarrierLevel, HouseLevel
from chancery.departments.general_office.confidential_work.review.terms import Decision


class EntryForm(forms.Form):
    """What the unit says of one level."""

    decision = forms.ChoiceField(label=_("Decision"), choices=[("", "—"), *Decision.choices])
    new_level = forms.ChoiceField(label=_("New level"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")})

    def __init__(self, *args: Any, levels: list[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["new_level"].choices = [("", "—"), *levels]  # type: ignore[attr-defined]  # stubs know no ChoiceField here


class UndefinedForm(forms.Form):
    """What is unclear, about a thing or a carrier."""

    alias = forms.CharField(
        label=_("Alias of the carrier"), max_length=120, required=False, help_text=_("A neutral name, never its title.")
    )
    question = forms.CharField(
        label=_("What is unclear"),
        max_length=2000,
        error_messages={"required": _("What is unclear?")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    provisional_level = forms.ChoiceField(label=_("Kept meanwhile at"))

    def __init__(self, *args: Any, has_thing: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = HouseLevel.choices[1:] if has_thing else CarrierLevel.choices
        self.fields["provisional_level"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]  # stubs know no ChoiceField here
        if has_thing:
            del self.fields["alias"]


class ReportForm(forms.Form):
    """To whom it was reported."""

    reported_to = forms.CharField(label=_("Reported to"), max_length=200)


class AnswerForm(forms.Form):
    """What was decided above."""

    answer = forms.CharField(label=_("Decision"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
