"""Input of the pages of paper types: one control a rule, of the rule's own shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.papertypes.queries import WORDS
from chancery.kernel.records.papertypes.terms import RULES, RuleKind, Shape

UNSAID = ""
FLAGS = ((UNSAID, _("says nothing")), ("yes", _("yes")), ("no", _("no")))


class AmendTypeForm(forms.Form):
    """A type as it shall hold from a day on. A rule keeps its basis; a new one rests on the type's."""

    valid_from = forms.DateField(label=_("Holds from"))
    name_en = forms.CharField(label=_("Name (English)"), max_length=80)
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=80)
    use_en = forms.CharField(label=_("What it is for (English)"), widget=forms.Textarea(attrs={"rows": 2}))
    use_zh = forms.CharField(label=_("What it is for (Chinese)"), widget=forms.Textarea(attrs={"rows": 2}))
    basis_en = forms.CharField(label=_("Legal basis (English)"), widget=forms.Textarea(attrs={"rows": 2}))
    basis_zh = forms.CharField(label=_("Legal basis (Chinese)"), widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(
        label=_("Reason for the change"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Goes into the journal, with your name and post."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: PaperType, **more: Any) -> None:
        super().__init__(*args, **more)
        self.row = row
        for kind in RULES.values():
            self.fields[kind.code] = _control(kind)
        self.order_fields(["valid_from", *WORDS, *RULES, "reason"])

    def said(self) -> dict[str, str]:
        """Names, uses, bases."""
        return {name: self.cleaned_data[name] for name in WORDS}

    def type_rules(self) -> dict[str, dict[str, Any]]:
        """The rules that say something, each with its basis."""
        found: dict[str, dict[str, Any]] = {}
        for code, kind in RULES.items():
            value = _value(kind, self.cleaned_data[code])
            if value is None and code not in self.row.rules:
                continue
            if value is None:
                continue
            before = self.row.rules.get(code, {})
            found[code] = {
                "value": value,
                "basis_en": before.get("basis_en", ""),
                "basis_zh": before.get("basis_zh", ""),
            }
        return found

    @staticmethod
    def initial_of(row: PaperType) -> Mapping[str, Any]:
        """What the page shows of a row."""
        shown: dict[str, Any] = {name: getattr(row, name) for name in WORDS}
        for code, kind in RULES.items():
            value = row.says(code)
            if kind.shape == Shape.FLAG:
                shown[code] = UNSAID if value is None else "yes" if value else "no"
            elif kind.shape == Shape.PHRASES or code == "answers":
                shown[code] = "\n".join(value or [])
            else:
                shown[code] = value
        return shown


def _control(kind: RuleKind) -> forms.Field:
    more: dict[str, Any] = {"label": kind.words, "help_text": kind.hint, "required": False}
    if kind.shape == Shape.FLAG:
        return forms.ChoiceField(choices=FLAGS, **more)
    if kind.shape == Shape.ONE:
        return forms.ChoiceField(choices=[(UNSAID, _("says nothing")), *kind.choices], **more)
    if kind.shape == Shape.PHRASES or kind.code == "answers":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **more)
    choices = UnitKind.choices if kind.code == "issuers" else kind.choices
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **more)


def _value(kind: RuleKind, typed: Any) -> Any:
    """A rule's value as it is kept; None: it says nothing."""
    if kind.shape == Shape.FLAG:
        return None if typed == UNSAID else typed == "yes"
    if kind.shape == Shape.ONE:
        return typed or None
    if kind.shape == Shape.PHRASES or kind.code == "answers":
        lines = [line.strip() for line in str(typed).splitlines() if line.strip()]
        return lines or None
    return list(typed) if typed or kind.code == "issuers" else None


class EndTypeForm(forms.Form):
    """The last day of a type that gets no successor, and why."""

    last_day = forms.DateField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason for the change"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Goes into the journal, with your name and post."),
    )
