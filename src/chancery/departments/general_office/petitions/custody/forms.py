"""Input of custody."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.custody.terms import Purpose


class AskForm(forms.Form):
    """For what, and why."""

    purpose = forms.ChoiceField(
        label=_("What it is needed for"),
        choices=Purpose.choices,
        help_text=_("The sender is told these words, and when it was opened."),
    )
    reason = forms.CharField(
        label=_("Reason"), min_length=10, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the custodian; it is kept. Do not guess who it may be."),
    )  # fmt: skip


class NoteForm(forms.Form):
    """A note, or none."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class RefuseForm(forms.Form):
    """Why not."""

    note = forms.CharField(label=_("Why it stays closed"), max_length=500)


class BlackOutForm(forms.Form):
    """Words, one a line."""

    words = forms.CharField(
        label=_("Words to black out"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("One on each line, as they stand in the text. What is black stays black."),
    )

    def clean_words(self) -> list[str]:
        """The lines."""
        return [line for line in map(str.strip, re.split(r"[\r\n]+", self.cleaned_data["words"])) if line]


class CopyForm(forms.Form):
    """A redacted copy."""

    copy = forms.FileField(
        label=_("Redacted copy"),
        help_text=_(
            "Blacked out so that it tells nothing, then printed and scanned or saved anew; it is searched again."
        ),
    )
