"""The day asked for, and what is looked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock

EARLIEST = dt.date(1800, 1, 1)
LATEST = dt.date(2200, 1, 1)


class AsOfForm(forms.Form):
    """Both fields optional: no day is today, no words show everything."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control form-control-sm"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    find = forms.CharField(
        label=_("Name, pinyin, initials, post or work"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "class": "form-control form-control-sm", "autocomplete": "off"}
        ),
    )

    def clean_on(self) -> dt.date | None:
        """A day within living memory."""
        day: dt.date | None = self.cleaned_data["on"]
        if day is not None and not EARLIEST <= day < LATEST:
            raise forms.ValidationError(
                _("Choose a day between %(first)s and %(last)s.") % {"first": EARLIEST, "last": LATEST}
            )
        return day


def asked_for(data: Mapping[str, str]) -> tuple[AsOfForm, dt.date, str]:
    """The form, the day and the words of an address. The box shows the day one looks at, also when none was asked."""
    today = clock.today()
    form = AsOfForm({"on": data.get("on") or today.isoformat(), "find": data.get("find", "")})
    if not form.is_valid():
        return form, today, ""
    return form, form.cleaned_data["on"] or today, form.cleaned_data["find"]
