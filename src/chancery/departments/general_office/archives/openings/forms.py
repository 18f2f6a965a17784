"""Input cleaned."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from chancery.departments.general_office.archives.openings import queries
from chancery.departments.general_office.archives.openings.terms import MOST_ROWS, OpenVerdict
from chancery.foundations.words import words


class ProposeForm(forms.Form):
    """Which fonds, and a note. The items are ticked in the list below."""

    fonds = forms.TypedChoiceField(label=_("Fonds"), coerce=int)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    items = forms.TypedMultipleChoiceField(
        label=_("What is to be opened"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, until: dt.date, fonds_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one["id"], f"{one['code']} {words(one, 'name')}") for one in queries.all_fonds()]
        self.fields["fonds"].choices = choices  # type: ignore[attr-defined]  # a choice field
        found = queries.candidates(fonds_id, until)[:MOST_ROWS].values_list("id", "code", "title", "dated_on")
        lines = [(key, f"{code} · {title} · {day.isoformat()}") for key, code, title, day in found]
        self.fields["items"].choices = lines  # type: ignore[attr-defined]  # a choice field


class DecideForm(forms.Form):
    """For each item that waits for this side: a verdict and a reason. What is left empty is decided another time."""

    def __init__(self, *args: Any, rows: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_ids = [row["id"] for row in rows]
        for row in rows:
            name = row["item__code"]
            self.fields[f"verdict_{row['id']}"] = forms.ChoiceField(
                label=_("Decision on %(code)s") % {"code": name},
                choices=[("", pgettext("decision", "not yet")), *OpenVerdict.choices],
                required=False,
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
            self.fields[f"reason_{row['id']}"] = forms.CharField(
                label=_("Reason for %(code)s") % {"code": name},
                max_length=300,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control form-control-sm"}),
            )

    def clean(self) -> dict[str, Any]:
        """Reasons beside what stays closed."""
        given = super().clean() or {}
        for row_id in self.row_ids:
            if given.get(f"verdict_{row_id}") == OpenVerdict.KEEP and not given.get(f"reason_{row_id}", "").strip():
                self.add_error(f"reason_{row_id}", _("Say why it stays closed."))
        return given

    def verdicts(self) -> dict[int, tuple[str, str]]:
        """{row: (verdict, reason)} of what was decided."""
        given = self.cleaned_data
        return {
            row_id: (given[f"verdict_{row_id}"], given[f"reason_{row_id}"])
            for row_id in self.row_ids
            if given[f"verdict_{row_id}"]
        }


class CloseForm(forms.Form):
    """Why an item is taken back from the public."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
