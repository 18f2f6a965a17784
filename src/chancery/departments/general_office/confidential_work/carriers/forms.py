"""Input about carriers. Aliases are checked twice: markings by every field, titles by the rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.terms import Medium, level_words
from chancery.kernel.directory.picking.forms import PersonPicker, PostPicker


class CarrierForm(forms.Form):
    """A carrier and its copies."""

    alias = forms.CharField(
        label=_("Alias"),
        max_length=40,
        help_text=_(
            "A neutral name that says nothing of the content, such as “Blue folder 3”. "
            "Never the title, number or marking."
        ),
    )
    medium = forms.ChoiceField(label=_("Kind"), choices=Medium.choices)
    copies_from = forms.IntegerField(label=_("Copies from no."), min_value=1, initial=1)
    copies_to = forms.IntegerField(label=_("to no."), min_value=1, initial=1)
    place = forms.CharField(label=_("Kept at"), max_length=80, help_text=_("Room and safe."))
    received_from = forms.CharField(label=_("Received from"), max_length=120, required=False)
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        help_text=_(
            "Where the level was decided here under this alias, leave this and what follows empty: the decision counts."
        ),
    )
    basis = forms.CharField(label=_("Basis of the level"), max_length=200, required=False)
    approver = PersonPicker(label=_("Approved by"), required=False)
    starts_on = forms.DateField(label=_("Classified on"), required=False, widget=forms.DateInput)
    expires_on = forms.DateField(label=_("Classified until"), required=False, widget=forms.DateInput)
    until_condition = forms.CharField(label=_("or until (condition)"), max_length=120, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        level: Any = self.fields["level"]
        level.choices = [("", "—"), *level_words().items()]

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        told = dict(self.cleaned_data)
        told["approver_id"] = told.pop("approver")
        return told


class PlaceForm(forms.Form):
    """Where copies are kept."""

    copy = forms.ChoiceField(label=_("Copy"))
    place = forms.CharField(label=_("Kept at"), max_length=80)

    def __init__(self, *args: Any, copies: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["copy"]
        field.choices = copies


class CopiesForm(PlaceForm):
    """Further copies."""

    count = forms.IntegerField(label=_("How many further copies"), min_value=1, max_value=500)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class MissingForm(forms.Form):
    """A copy that cannot be found."""

    copy = forms.ChoiceField(label=_("Copy"))
    reason = forms.CharField(label=_("What is known"), max_length=200)

    def __init__(self, *args: Any, copies: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["copy"]
        field.choices = copies


class HandOverForm(forms.Form):
    """Copies to somebody else."""

    copies = forms.MultipleChoiceField(label=_("Copies"), widget=forms.CheckboxSelectMultiple)
    receiver = PostPicker(
        label=_("To"), help_text=_("The person in this post today receives it, and confirms in their own session.")
    )
    escort = PostPicker(
        label=_("Second person of the move"), required=False, help_text=_("Needed for the highest level; confirms too.")
    )
    place = forms.CharField(label=_("Will be kept at"), max_length=80)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, copies: list[tuple[int, str]], is_two: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["copies"]
        field.choices = copies
        if not is_two:
            self.fields["escort"].help_text = _("Only where you want one; confirms too.")


class CountedForm(forms.Form):
    """What arrived, counted."""

    counted = forms.IntegerField(label=_("I counted … copies"), min_value=0, max_value=10_000)


class DrawUpForm(forms.Form):
    """Copies to be destroyed."""

    copies = forms.MultipleChoiceField(label=_("Copies"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Reason"), max_length=200)
    method = forms.CharField(
        label=_("How and where"),
        max_length=200,
        help_text=_("Shredder on the spot, or delivery to the destruction works."),
    )

    def __init__(self, *args: Any, copies: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["copies"]
        field.choices = copies


class TwoForm(forms.Form):
    """The two people who destroy."""

    first = PostPicker(label=_("First person"))
    second = PostPicker(label=_("Second person"))


class AnswerForm(forms.Form):
    """An answer that may be empty."""

    answer = forms.CharField(label=_("Answer"), max_length=200, required=False)
