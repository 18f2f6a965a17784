"""Forms of units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from chancery.kernel.directory.desk.forms import DatedForm, EndForm
from chancery.kernel.directory.picking.forms import UnitPicker
from chancery.kernel.directory.picking.terms import Among
from chancery.kernel.directory.terms import UnitKind


class UnitForm(DatedForm):
    """A unit's facts from a day on."""

    name_en = forms.CharField(label=_("English name"), max_length=200)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)
    parent = UnitPicker(Among.COMING_UNITS, label=_("Part of"), required=False)
    led_by = UnitPicker(Among.COMING_UNITS, label=_("Led by"), required=False)
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=100_000, initial=0)
    functions_en = forms.CharField(
        label=_("What it does (English)"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    functions_zh = forms.CharField(
        label=_("What it does (Chinese)"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order: tuple[str, ...] = (
        "name_en", "name_zh", "kind", "parent", "led_by", "position", "functions_en", "functions_zh", "on", "decision",
        "reason",
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """What was given, under the names of the unit's facts."""
        given = self.cleaned_data
        facts = {
            name: given[name] for name in ("name_en", "name_zh", "kind", "position", "functions_en", "functions_zh")
        }
        return {**facts, "parent_id": given["parent"], "led_by_id": given["led_by"]}


class NewUnitForm(UnitForm):
    """The same, with the code that stays for ever."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Letters, digits, dots and hyphens; it never changes."),
        validators=[
            RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9_.\-]*\Z", _("A code has letters, digits, dots and hyphens."))
        ],
    )
    field_order = ("code", *UnitForm.field_order)


class DissolveForm(EndForm):
    """The end of a unit."""

    with_posts = forms.BooleanField(label=_("Abolish its posts and end their holdings with it"), required=False)
    field_order = ("on", "with_posts", "decision", "reason")
