"""Input cleaned."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.publishing.status.terms import LONGEST_WORDS


class InterruptionForm(forms.Form):
    """From when to when, and what."""

    starts_at = forms.DateTimeField(label=_("From"))
    ends_at = forms.DateTimeField(label=_("Until"))
    what_en = forms.CharField(label=_("What will not answer, in English"), max_length=LONGEST_WORDS)
    what_zh = forms.CharField(label=_("What will not answer, in Chinese"), max_length=LONGEST_WORDS)
