"""Input of the pages of the file plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.words import words
from chancery.kernel.directory.picking.forms import UnitPicker
from chancery.kernel.records.fileplan.models import FilePlan, PlanClass
from chancery.kernel.records.fileplan.terms import AtEnd


def _long(label: Any, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **more)


class FondsForm(forms.Form):
    """A new fonds."""

    code = forms.CharField(label=_("Code given by the archives authority"), max_length=20)
    begun_on = forms.DateField(label=_("Begun on"))
    name_en = forms.CharField(label=_("Name (English)"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=200)
    unit_id = UnitPicker(label=_("Whose record it is"))
    keeper_unit_id = UnitPicker(label=_("Unit whose archivists keep it"))
    with_shipped = forms.BooleanField(
        label=_("Begin its first draft with the shipped file plan"), required=False, initial=True
    )


class VersionForm(forms.Form):
    """A new version."""

    note = _long(_("What it changes and why"), 3)


class ClassForm(forms.Form):
    """A class of a draft."""

    code = forms.CharField(label=_("Code"), max_length=40)
    category = forms.CharField(label=_("Category in the archival code"), max_length=8)
    name_en = forms.CharField(label=_("Name (English)"), max_length=300, required=False)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=300, required=False)
    parent = forms.ChoiceField(label=_("Stands under"), required=False)
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=29_999, initial=0)
    period = forms.ChoiceField(
        label=_("Period"), required=False, help_text=_("Empty for a class that others stand under.")
    )
    at_end = forms.ChoiceField(label=_("At its end"), choices=AtEnd.choices, initial=AtEnd.APPRAISE)
    unit_id = UnitPicker(label=_("Proposed for this unit only"), required=False)
    proposes = forms.CharField(
        label=_("Proposed for"),
        max_length=1000,
        required=False,
        help_text=_("Kinds and types with spaces between, e.g.: incoming outgoing/LETTER"),
    )
    scope_en = _long(_("What belongs here (English)"), required=False)
    scope_zh = _long(_("What belongs here (Chinese)"), required=False)
    basis_en = _long(_("Legal basis (English)"), required=False)
    basis_zh = _long(_("Legal basis (Chinese)"), required=False)
    is_open = forms.BooleanField(label=_("Open: new things are filed here"), required=False, initial=True)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: FilePlan, row: PlanClass | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = plan.classes.filter(period="").exclude(pk=row.pk if row else 0)
        self.fields["parent"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("the top")),
            *((str(one.pk), f"{one.code} {words(one)}") for one in others),
        ]
        self.fields["period"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "—"),
            *((one.code, f"{one.code} {words(one)}") for one in plan.periods.all()),
        ]

    def told(self) -> dict[str, Any]:
        """What the service wants."""
        given = dict(self.cleaned_data)
        parent = given.pop("parent")
        names = ("name_en", "name_zh", "scope_en", "scope_zh", "basis_en", "basis_zh")
        return {
            "words": {name: given.pop(name) for name in names},
            "parent_id": int(parent) if parent else None,
            "proposes": given.pop("proposes").replace(",", " ").replace("，", " ").split(),
            **given,
        }


class PeriodForm(forms.Form):
    """A period of a draft."""

    code = forms.CharField(label=_("Code"), max_length=8)
    years = forms.IntegerField(label=_("Years"), required=False, help_text=_("Empty: for good."))
    name_en = forms.CharField(label=_("Name (English)"), max_length=80, required=False)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=80, required=False)
    basis_en = _long(_("Legal basis (English)"), required=False)
    basis_zh = _long(_("Legal basis (Chinese)"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class SheetForm(forms.Form):
    """A workbook to take in."""

    file = forms.FileField(label=_("Workbook (XLSX)"))
    seen = forms.IntegerField(widget=forms.HiddenInput)


class UnitCodeForm(forms.Form):
    """How a unit is called in archival codes."""

    unit_id = UnitPicker(label=_("Unit"))
    code = forms.CharField(label=_("Code"), max_length=12)
    valid_from = forms.DateField(label=_("From"))
