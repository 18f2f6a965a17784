"""Input cleaned."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.calendar.services import NamedDay
from chancery.kernel.calendar.terms import EARLIEST_YEAR, LATEST_YEAR, LONGEST_PERIOD, CountUnit, DayKind

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayForm(forms.Form):
    """What a day is, and why."""

    PLAIN = "PLAIN"
    kind = forms.ChoiceField(
        label=_("This day is"),
        choices=[*DayKind.choices, (PLAIN, _("As the plain rule says (Monday to Friday)"))],
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120, required=False)
    source = forms.CharField(
        label=_("Source"), max_length=300, required=False, help_text=_("The notice that says so, with its number.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Kept in the journal."))

    def clean(self) -> dict[str, object]:
        """A special day needs a name and a source."""
        data = super().clean() or {}
        if data.get("kind") in DayKind.values:
            if not data.get("name_en") and not data.get("name_zh"):
                self.add_error("name_en", _("Name the day in English or Chinese."))
            if not data.get("source"):
                self.add_error("source", _("Name the notice that makes it so."))
            data["name_en"] = data.get("name_en") or data.get("name_zh", "")
        return data


class AnnounceForm(forms.Form):
    """A year's announcement: from the library, or typed from the notice."""

    year = forms.IntegerField(label=_("Year"), min_value=EARLIEST_YEAR, max_value=LATEST_YEAR)
    source = forms.CharField(label=_("Notice"), max_length=300, help_text=_("Title and number of the notice."))
    announced_on = forms.DateField(label=_("Date of the notice"), required=False, widget=DAY)
    notice = forms.CharField(
        label=_("Days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "One a line: date or first date..last date, then holiday or working, then the name in English and in "
            "Chinese, separated by commas."
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Kept in the journal."))

    def clean_notice(self) -> list[NamedDay]:
        """The lines as days; a line that cannot be read is named by its number."""
        days: list[NamedDay] = []
        for number, line in enumerate(self.cleaned_data["notice"].splitlines(), 1):
            if line.strip():
                days.extend(_days_of_line(number, line))
        return days


_KINDS = {
    "holiday": DayKind.HOLIDAY,
    "rest": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY,
    "working": DayKind.ADJUSTED,
    "work": DayKind.ADJUSTED,
    "班": DayKind.ADJUSTED,
    "上班": DayKind.ADJUSTED,
}


def _days_of_line(number: int, line: str) -> list[NamedDay]:
    parts = [part.strip() for part in line.replace("，", ",").split(",")]
    try:
        first, _dots, last = parts[0].partition("..")
        begins = dt.date.fromisoformat(first.strip())
        ends = dt.date.fromisoformat(last.strip()) if last else begins
        kind = _KINDS[parts[1].lower()]
        name_en = parts[2]
    except (ValueError, KeyError, IndexError):
        raise forms.ValidationError(
            _("Line %(number)s cannot be read: %(line)s"), params={"number": number, "line": line.strip()[:80]}
        ) from None
    if not name_en or not dt.timedelta(0) <= ends - begins <= dt.timedelta(days=31):
        raise forms.ValidationError(
            _("Line %(number)s needs a name, and its last date within a month after the first."),
            params={"number": number},
        )
    name_zh = parts[3] if len(parts) > 3 else name_en
    return [NamedDay(begins + dt.timedelta(days=i), kind, name_en, name_zh) for i in range((ends - begins).days + 1)]


class DeadlineForm(forms.Form):
    """The deadline calculator."""

    start = forms.DateField(label=_("Starts on"), widget=DAY, help_text=_("The first day is not counted."))
    count = forms.IntegerField(label=_("Length"), min_value=0, max_value=LONGEST_PERIOD)
    unit = forms.ChoiceField(label=_("Counted in"), choices=CountUnit.choices)
    paused_on = forms.DateField(label=_("Paused on"), required=False, widget=DAY)
    resumed_on = forms.DateField(label=_("Resumed on"), required=False, widget=DAY)

    def clean(self) -> dict[str, object]:
        """A pause has both ends, in order, and begins inside the period."""
        data = super().clean() or {}
        paused, resumed = data.get("paused_on"), data.get("resumed_on")
        if bool(paused) != bool(resumed):
            self.add_error("resumed_on", _("Give both the day of the pause and the day of resuming."))
        elif paused and resumed and resumed < paused:
            self.add_error("resumed_on", _("It cannot resume before it paused."))
        return data
