"""Input cleaned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.words import words
from chancery.kernel.directory.picking.forms import PostPicker
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal.rules import LONGEST_REASON
from chancery.kernel.records.disposal.terms import Verdict

_DATE = {"type": "date"}


class ListForm(forms.Form):
    """A new list: of which fonds, narrowed by class and years."""

    fonds = forms.ChoiceField(label=_("Fonds"))
    cut_off = forms.DateField(
        label=_("Run out before"),
        widget=forms.DateInput(attrs=_DATE),
        help_text=_("Items whose period ended before this day and that no hold keeps."),
    )
    class_code = forms.CharField(
        label=_("Class"), required=False, max_length=40, help_text=_("With the classes below it; empty: all.")
    )
    from_year = forms.IntegerField(label=_("From year"), required=False, min_value=1900, max_value=2200)
    to_year = forms.IntegerField(label=_("To year"), required=False, min_value=1900, max_value=2200)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fonds"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, seen as Field
            (str(one.pk), f"{one.code} {words(one)}") for one in disposal.fonds_kept()
        ]
        self.initial.setdefault("cut_off", clock.today())


class VerdictForm(forms.Form):
    """What is said of the chosen rows."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)
    new_period = forms.ChoiceField(
        label=_("New period"), required=False, help_text=_("With the verdict “Longer period” only.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, list_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = disposal.period_choices(disposal.plans_of(list_id))
        self.fields["new_period"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, seen as Field
            ("", "—"),
            *((code, f"{code} {words({'name_en': en, 'name_zh': zh}, 'name')}") for code, en, zh in found),
        ]


class SheetForm(forms.Form):
    """The workbook that comes back."""

    sheet = forms.FileField(
        label=_("Filled-in sheet"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("Every row is checked. One fault, and nothing is taken until you say so."),
    )


class PeriodForm(forms.Form):
    """Another period for one item."""

    period = forms.ChoiceField(label=_("New period"))
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, choices: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, seen as Field
            (code, f"{code} {words({'name_en': en, 'name_zh': zh}, 'name')}") for code, en, zh in choices
        ]


class ShorterPeriodForm(PeriodForm):
    """A shorter one needs the paper by which the schedule allows it."""

    basis = forms.CharField(
        label=_("Basis"), max_length=200, help_text=_("The authority's paper by which the schedule allows it.")
    )


class _StepForm(forms.Form):
    """A form of a step; the procedure gives it the matter, the task and the actor."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        matter: Any = None,
        task: Any = None,
        by: Actor | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.matter = matter


class AppraisersForm(_StepForm):
    """Who appraises, and who looks again."""

    first_appraiser = PostPicker(label=_("First appraiser"), required=False)
    second_appraiser = PostPicker(label=_("Second appraiser"), required=False)
