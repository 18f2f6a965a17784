"""Input cleaned."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.words import words
from chancery.kernel.directory.picking.forms import UnitPicker
from chancery.kernel.records.disposal.sheets.queries import codes_in
from chancery.kernel.records.holds import queries
from chancery.kernel.records.holds.services import Cover
from chancery.kernel.records.holds.terms import HoldKind

_DATE = {"type": "date"}
_BETWEEN = re.compile(r"[\s,;，；、]+")
MOST_CODES = 20_000


class CoverForm(forms.Form):
    """What a hold covers: items by their codes, or all of a fonds by class, unit and years."""

    codes = forms.CharField(
        label=_("Archival codes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, or with commas between. They are held one by one."),
    )
    sheet = forms.FileField(
        label=_("Codes from a spreadsheet"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("XLSX; the codes stand in its first column, or in the one headed “Code”."),
    )
    fonds = forms.ChoiceField(
        label=_("Everything in the fonds"),
        required=False,
        help_text=_("Narrowed by what follows; what is filed later is held as well."),
    )
    class_code = forms.CharField(
        label=_("Class"), required=False, max_length=40, help_text=_("With the classes below it.")
    )
    unit = UnitPicker(label=_("Unit"), required=False, help_text=_("With the units below it."))
    from_year = forms.IntegerField(label=_("From year"), required=False, min_value=1900, max_value=2200)
    to_year = forms.IntegerField(label=_("To year"), required=False, min_value=1900, max_value=2200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(pk), f"{code} {words({'name_en': en, 'name_zh': zh}, 'name')}")
            for pk, code, en, zh in queries.fonds_choices()
        ]
        self.fields["fonds"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]  # a ChoiceField, seen as Field

    def clean_sheet(self) -> list[str]:
        """The codes of the spreadsheet."""
        upload = self.cleaned_data["sheet"]
        return codes_in(upload.name, upload.file) if upload else []

    def clean(self) -> dict[str, Any]:
        """The covers, under `covers`; each unknown code is named."""
        told = super().clean() or {}
        found = [code for code in _BETWEEN.split(told.get("codes") or "") if code] + list(told.get("sheet") or [])
        wanted = list(dict.fromkeys(found))
        if len(wanted) > MOST_CODES:
            raise forms.ValidationError({"codes": _("At most %(n)d codes at once.") % {"n": MOST_CODES}})
        known = queries.items_by_code(wanted)
        unknown = [code for code in wanted if code not in known]
        if unknown:
            shown = ", ".join(unknown[:10]) + ("…" if len(unknown) > 10 else "")
            self.add_error(
                "sheet" if told.get("sheet") and not told.get("codes") else "codes",
                _("There is no item with this code: %(codes)s") % {"codes": shown},
            )
        covers = [Cover(item_id=known[code]) for code in wanted if code in known]
        narrowed: dict[str, Any] = {
            "class_code": (told.get("class_code") or "").strip(),
            "unit_id": told.get("unit"),
            "from_year": told.get("from_year"),
            "to_year": told.get("to_year"),
        }
        if told.get("fonds"):
            covers.append(Cover(fonds_id=int(told["fonds"]), **narrowed))
        elif any(narrowed.values()):
            self.add_error("fonds", _("Choose the fonds."))
        told["covers"] = covers
        return told


class HoldForm(CoverForm):
    """A new hold."""

    field_order = (
        "kind", "title", "reason", "basis", "review_on", "codes", "sheet", "fonds", "class_code", "unit", "from_year",
        "to_year",
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind"), choices=HoldKind.choices)
    title = forms.CharField(label=_("Name"), max_length=200, help_text=_("By which it is known among the keepers."))
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown to keepers of holds alone. Others see only that an item is held."),
    )
    basis = forms.CharField(
        label=_("Basis"), max_length=500, help_text=_("The case, audit or petition, by its number.")
    )
    review_on = forms.DateField(label=_("Look again on"), widget=forms.DateInput(attrs=_DATE))


class ReviewForm(forms.Form):
    """Still needed, and when somebody looks again."""

    note = forms.CharField(label=_("Why it is still needed"), widget=forms.Textarea(attrs={"rows": 3}))
    review_on = forms.DateField(label=_("Look again on"), widget=forms.DateInput(attrs=_DATE))


class LiftForm(forms.Form):
    """Why a hold is no longer needed."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)
