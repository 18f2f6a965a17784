"""Input of registration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.departments.general_office.petitions import queries
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import LONGEST_TITLE, Kind
from chancery.foundations import clock
from chancery.kernel.directory.picking.forms import PersonPicker, UnitPicker


class RegisterForm(forms.Form):
    """What the office says of a petition: never in its sender's words."""

    title = forms.CharField(
        label=_("Neutral title"),
        max_length=LONGEST_TITLE,
        help_text=_("The matter in the office's own words, for example: appeal against the result of an evaluation."),
    )
    kind = forms.ChoiceField(label=pgettext_lazy("petition", "Kind"), choices=Kind.choices)
    field = forms.ChoiceField(label=_("Subject field"), required=False)
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    subject_unit_id = UnitPicker(label=_("Unit complained of"), required=False)
    subject_person_id = PersonPicker(
        label=_("Person complained of"),
        required=False,
        help_text=_("Who is named here sees nothing of the petition from now on."),
    )

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        told = {name: getattr(petition, name) for name in ("title", "kind", "field", "region", "subject_unit_id",
                                                            "subject_person_id")}  # fmt: skip
        super().__init__(*args, **{**kwargs, "initial": told})
        listed = queries.fields(on=clock.today())
        if petition.field and petition.field not in dict(listed):
            listed = [*listed, (petition.field, petition.field)]
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("not told")), *listed]


class CorrectForm(RegisterForm):
    """Registration set right."""

    group_size = forms.IntegerField(label=_("How many people"), min_value=1)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, petition=petition, **kwargs)
        self.initial = {**self.initial, "group_size": petition.group_size, "version": petition.version}
