"""Input about cleared persons and leavers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.clearances.terms import Kind
from chancery.kernel.directory.picking.forms import PersonPicker


class ProposalForm(forms.Form):
    """Somebody to be cleared."""

    person = PersonPicker(label=_("Person"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    basis = forms.CharField(
        label=_("Basis"), max_length=200, help_text=_("The post and the decision that make it one.")
    )
    trained_on = forms.DateField(label=_("Last trained on"), widget=forms.DateInput)


class AnswerForm(forms.Form):
    """An answer that may be empty."""

    answer = forms.CharField(label=_("Answer"), max_length=200, required=False)


class TrainingForm(forms.Form):
    """A training."""

    trained_on = forms.DateField(label=_("Trained on"), widget=forms.DateInput)


class NoteForm(forms.Form):
    """The outcome of a review."""

    note = forms.CharField(label=_("Outcome"), max_length=200)


class ExitForm(forms.Form):
    """A journey abroad."""

    where_to = forms.CharField(label=_("Where to"), max_length=120)
    purpose = forms.CharField(label=_("Purpose"), max_length=200)
    leaves_on = forms.DateField(label=_("Leaves on"), widget=forms.DateInput)
    returns_on = forms.DateField(label=_("Returns on"), widget=forms.DateInput)


class LeavingForm(forms.Form):
    """Somebody who goes."""

    person = PersonPicker(label=_("Person"))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class HandingOnForm(forms.Form):
    """To whom matters went."""

    handed_to = PersonPicker(label=_("Handed on to"))
    handed_note = forms.CharField(label=_("What was handed on"), max_length=300)
