"""Input of visits and places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.departments.general_office.petitions.desk.visits.terms import WEEKDAYS, End
from chancery.departments.general_office.petitions.door.forms import PlainTextField


class ArriveForm(forms.Form):
    """How many come. No names."""

    group_size = forms.IntegerField(label=_("How many people"), min_value=1, max_value=100_000, initial=1)
    representatives = forms.IntegerField(
        label=_("Representatives"), min_value=1, max_value=100_000, initial=1,
        help_text=_("Of a group: those who come in and speak."),
    )  # fmt: skip


class CallForm(forms.Form):
    """Into which room."""

    room_id = forms.TypedChoiceField(label=pgettext_lazy("visit", "Room"), coerce=int)

    def __init__(self, *args: Any, rooms: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room_id"].choices = [(room.pk, room.name) for room in rooms]  # type: ignore[attr-defined]  # a choice


class EndForm(forms.Form):
    """What came of it, and how it went."""

    end = forms.ChoiceField(label=_("What came of it"), choices=End.choices)
    conduct = PlainTextField(
        label=_("Notes on the conversation"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was said and how it went, without names: “the visitors”."),
    )  # fmt: skip


class AgainForm(forms.Form):
    """A petition that is here already, by its number."""

    number = forms.CharField(label=_("Number of the petition"), max_length=60)
    text = PlainTextField(label=_("What they add"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class PlaceForm(forms.Form):
    """A place of visits."""

    name_en = forms.CharField(label=_("Name (English)"), max_length=120)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120)
    address = forms.CharField(label=_("Address"), max_length=200)
    since = forms.DateField(label=_("Named from"), required=False, help_text=_("Empty: today."))


class HoursForm(forms.Form):
    """When it is open: mornings and afternoons on the same days of the week."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, initial=[0, 1, 2, 3, 4],
        help_text=_("Of these, working days by the calendar."),
    )  # fmt: skip
    opens = forms.TimeField(label=pgettext_lazy("hours", "Opens"))
    closes = forms.TimeField(label=pgettext_lazy("hours", "Closes"))
    opens_again = forms.TimeField(label=_("Opens again"), required=False)
    closes_again = forms.TimeField(label=_("Closes again"), required=False)

    def clean(self) -> dict[str, Any]:
        """The second hours whole or not at all."""
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("opens_again")) != bool(given.get("closes_again")):
            self.add_error("closes_again", _("Give both times, or neither."))
        return given

    @property
    def hours(self) -> list[tuple[Any, Any, Any]]:
        """(days, opens, closes) of each."""
        given = self.cleaned_data
        found = [(given["weekdays"], given["opens"], given["closes"])]
        if given["opens_again"]:
            found.append((given["weekdays"], given["opens_again"], given["closes_again"]))
        return found


class RoomForm(forms.Form):
    """A room."""

    name = forms.CharField(label=pgettext_lazy("visit", "Room"), max_length=40)
