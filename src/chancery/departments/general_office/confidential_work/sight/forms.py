"""Input of a question."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.directory.picking.forms import PersonPicker


class AskForm(forms.Form):
    """About whom."""

    person = PersonPicker(label=_("Person"))
