"""Input of recommendations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions.counting.terms import ANSWER_KEY, Adopted
from chancery.foundations import clock
from chancery.foundations.rulebook import queries as rulebook
from chancery.kernel.calendar import queries as calendar
from chancery.kernel.directory.picking.forms import UnitPicker


class RecommendForm(forms.Form):
    """A recommendation to a unit."""

    title = forms.CharField(label=_("Title"), max_length=120)
    unit_id = UnitPicker(label=_("Unit"))
    field = forms.ChoiceField(label=_("Subject field"), required=False)
    text = forms.CharField(
        label=_("Recommendation"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In the office's own words; nothing that tells who petitioned."),
    )
    due_on = forms.DateField(label=_("Answer by"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = clock.today()
        period = rulebook.period(ANSWER_KEY, on=today)
        due = calendar.due_date(today, period.count, period.unit).due_on  # type: ignore[arg-type]  # "WD" or "CD"
        kwargs["initial"] = {"due_on": due}
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("none")), *petitions.fields(on=today)]


class AnswerForm(forms.Form):
    """What the unit makes of it."""

    state = forms.ChoiceField(
        label=_("What the unit makes of it"),
        choices=[choice for choice in Adopted.choices if choice[0] != Adopted.OPEN],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("What is done, or why not"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class SeenForm(forms.Form):
    """What comes of a rising subject."""

    note = forms.CharField(label=_("What comes of it"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
