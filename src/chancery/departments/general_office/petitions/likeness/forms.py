"""Input of merging, linking, splitting and campaigns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.door.forms import PlainTextField
from chancery.departments.general_office.petitions.terms import LONGEST_TITLE

_REASON = forms.Textarea(attrs={"rows": 2})


class TieForm(forms.Form):
    """Which other petition, and why."""

    other = forms.CharField(label=_("Number of the other petition"), max_length=60)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=_REASON)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=_REASON)


class RepeatForm(ReasonForm):
    """Whether the office knows the sender."""

    is_repeat = forms.BooleanField(label=_("The sender wrote before"), required=False)
    field_order = ["is_repeat", "reason"]


class CampaignForm(forms.Form):
    """Which letters, under which title."""

    title = forms.CharField(
        label=_("Neutral title"), max_length=LONGEST_TITLE,
        help_text=_("The matter in the office's own words; letters that are not registered yet get it too."),
    )  # fmt: skip
    petitions = forms.TypedMultipleChoiceField(label=_("Letters"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, letters: list[tuple[int, str]], asks_title: bool = True, **kwargs: Any) -> None:
        kwargs["initial"] = {"petitions": [pk for pk, _words in letters], **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["petitions"].choices = letters  # type: ignore[attr-defined]  # a choice
        if not asks_title:
            del self.fields["title"]


class ReplyForm(forms.Form):
    """What all senders are told."""

    text = PlainTextField(label=_("Reply to all senders"), widget=forms.Textarea(attrs={"rows": 6}))
