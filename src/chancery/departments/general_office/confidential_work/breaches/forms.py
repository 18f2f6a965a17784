"""Input about breaches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.breaches.terms import What


class BreachForm(forms.Form):
    """What happened."""

    what = forms.ChoiceField(label=_("What happened"), choices=What.choices)
    alias = forms.CharField(
        label=_("Alias of the carrier"),
        max_length=40,
        required=False,
        help_text=_("Never the title or number of the paper."),
    )
    found_at = forms.DateTimeField(label=_("When it was found"), widget=forms.DateTimeInput)
    account = forms.CharField(
        label=_("What is known"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("Without anything of the content."),
    )
    measures = forms.CharField(label=_("Measures taken"), max_length=2000, required=False, widget=forms.Textarea)


class StepForm(forms.Form):
    """A form that stands on the breach's page and on its matter's."""

    def __init__(self, *args: Any, matter: Any = None, task: Any = None, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MeasuresForm(StepForm):
    """What was done."""

    measures = forms.CharField(label=_("Measures taken"), max_length=2000, widget=forms.Textarea)


class ReportedForm(StepForm):
    """Whom it was reported to."""

    reported_to = forms.CharField(label=_("Reported to"), max_length=120)


class ResultForm(StepForm):
    """How it ended."""

    result = forms.CharField(label=_("Result"), max_length=4000, widget=forms.Textarea)


class ClosingForm(StepForm):
    """How it ended; nothing when more measures are asked for."""

    result = forms.CharField(
        label=_("Result"),
        max_length=4000,
        required=False,
        widget=forms.Textarea,
        help_text=_("Needed to close it; leave it out when you ask for more measures."),
    )


class MoreForm(StepForm):
    """What is still to be done."""

    opinion = forms.CharField(label=_("What is still to be done"), max_length=2000, widget=forms.Textarea)
