"""Forms of storage."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.archives.storage import queries
from chancery.departments.general_office.archives.storage.models import StoragePlace
from chancery.departments.general_office.archives.storage.terms import Source
from chancery.foundations.actor import Actor
from chancery.foundations.words import words
from chancery.kernel.records.archive.rules import as_written


class PlaceForm(forms.Form):
    """A new place, or (without code and keeper) a place as it is."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("As on its label: capital letters, digits and dashes, for example A-01-3. It stays."),
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    keeper_unit = forms.TypedChoiceField(label=_("Archive of"), coerce=int)
    width_mm = forms.IntegerField(
        label=_("Clear width in mm"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Boxes beyond it are refused. Empty: it is not reckoned."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self, *args: Any, by: Actor, is_room: bool, is_shelf: bool, is_new: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        units = queries.keeper_units(by)
        if is_room and is_new:
            self.fields["keeper_unit"].choices = [(unit.pk, words(unit)) for unit in units]  # type: ignore[attr-defined]  # a choice field has choices
        else:
            del self.fields["keeper_unit"]
        if not is_shelf:
            del self.fields["width_mm"]
        if not is_new:
            del self.fields["code"]


class CodesForm(forms.Form):
    """Box codes, one a line, as a scanner types them."""

    codes = forms.CharField(
        label=_("Codes of boxes"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("One a line; a scanner ends each with Enter."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def clean_codes(self) -> list[str]:
        """The codes, each once, in their order."""
        return list(dict.fromkeys(as_written(line) for line in self.cleaned_data["codes"].splitlines() if line.strip()))


class MoveForm(forms.Form):
    """Where a box goes; empty takes it from its shelf."""

    place = forms.CharField(label=_("Code of the shelf"), max_length=40, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class CountForm(forms.Form):
    """One code read; `place` is the shelf one stands before."""

    code = forms.CharField(
        label=_("Code"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("Scan, or type and press Enter. The label of a shelf chooses the shelf."),
    )
    place = forms.TypedChoiceField(label=_("Shelf"), coerce=int, required=False, empty_value=None)
    source = forms.ChoiceField(choices=Source.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shelves: list[StoragePlace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]  # a choice field has choices
            ("", _("not chosen")),
            *((shelf.pk, f"{shelf.code} {shelf.name}".strip()) for shelf in shelves),
        ]


class NoteForm(forms.Form):
    """What was found out, or why."""

    note = forms.CharField(
        label=_("Statement"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    boxes = forms.TypedMultipleChoiceField(label=_("Boxes"), coerce=int, required=False)

    def __init__(self, *args: Any, box_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["boxes"].choices = [(one, str(one)) for one in box_ids]  # type: ignore[attr-defined]  # a choice field has choices
