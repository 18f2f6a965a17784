"""Input of the cover."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.letters import queries
from chancery.foundations.actor import Actor


class CoverForm(forms.Form):
    """Under which opening the cover is printed."""

    opening = forms.TypedChoiceField(label=_("Under which opening"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, petition_id: int, by: Actor, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["opening"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = [
            (one.pk, f"{one.get_purpose_display()} · {localtime(one.expires_at):%Y-%m-%d %H:%M}")
            for one in queries.openings_to_use(petition_id, by, at)
            if one.expires_at
        ]
