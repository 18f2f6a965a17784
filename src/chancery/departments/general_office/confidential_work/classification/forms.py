"""Input of a proposal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.departments.general_office.confidential_work.classification.terms import (
    HouseLevel,
    Kind,
    PeriodKind,
    label_of,
)
from chancery.kernel.directory.picking.forms import PostsPicker, UnitsPicker


def _date(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class ProposalForm(forms.Form):
    """Level, grounds, period, audience. The service says what does not fit, at its field."""

    level = forms.ChoiceField(label=_("Level"), error_messages={"required": _("Choose a level.")})
    basis_clause = forms.ChoiceField(
        label=_("Legal clause"),
        error_messages={"required": _("A level needs its basis: choose the clause it rests on.")},
    )
    basis_text = forms.CharField(
        label=_("Basis"),
        max_length=500,
        error_messages={"required": _("Say what of this thing falls under the clause.")},
        help_text=_("What of this thing falls under the clause."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    period_kind = forms.ChoiceField(
        label=pgettext_lazy("level", "Period"), choices=PeriodKind, initial=PeriodKind.YEARS
    )
    years = forms.IntegerField(label=_("Years"), required=False, min_value=1, max_value=99)
    until = _date(_("Until"))
    condition = forms.CharField(label=_("Until this happens"), max_length=300, required=False)
    starts_on = _date(_("Counted from"), help_text=_("The day the thing was made; empty: today."))
    audience_units = UnitsPicker(
        label=_("Audience: units"), required=False, help_text=_("A unit stands for its head and its handlers.")
    )
    audience_posts = PostsPicker(label=_("Audience: posts"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    WIDTHS = {
        "level": "half", "basis_clause": "half", "period_kind": "third", "years": "third", "until": "third",
        "condition": "half", "starts_on": "half", "audience_units": "half", "audience_posts": "half",
    }  # fmt: skip

    def __init__(self, *args: Any, kind: str, clauses: dict[str, str], clearance: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind = kind
        self.fields["level"].choices = [  # type: ignore[attr-defined]  # stubs know no ChoiceField here
            (code, words) for code, words in HouseLevel.choices if label_of(code) <= clearance
        ]
        self.fields["basis_clause"].choices = [("", _("Choose a clause")), *clauses.items()]  # type: ignore[attr-defined]  # as above
        if kind in (Kind.EXTEND, Kind.DECLASSIFY):
            del self.fields["level"]
        if kind == Kind.EXTEND:
            del self.fields["starts_on"]
        if kind == Kind.DECLASSIFY:
            for name in ("period_kind", "years", "until", "condition", "starts_on"):
                del self.fields[name]

    def told(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        return {
            "level": given.get("level") or "",
            "basis_clause": given["basis_clause"],
            "basis_text": given["basis_text"],
            "period_kind": given.get("period_kind") or PeriodKind.YEARS,
            "years": given.get("years"),
            "until": given.get("until"),
            "condition": given.get("condition") or "",
            "starts_on": given.get("starts_on"),
            "audience_units": given["audience_units"] or [],
            "audience_posts": given["audience_posts"] or [],
            "reason": given["reason"],
        }
