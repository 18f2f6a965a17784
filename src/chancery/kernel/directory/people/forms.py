"""Forms of people."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Clearance
from chancery.kernel.directory.desk.forms import DeskForm

LABELS = [
    (int(Clearance.INTERNAL), _("All staff")),
    (int(Clearance.RESTRICTED), _("Restricted")),
    (int(Clearance.CONFIDENTIAL), _("Confidential")),
]


class PersonForm(DeskForm):
    """How a person is written."""

    name_en = forms.CharField(label=_("Romanised name"), max_length=200, help_text=_("Surname first."))
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200, required=False)
    label = forms.TypedChoiceField(
        label=_("Name shown to"), choices=LABELS, coerce=int, initial=int(Clearance.INTERNAL)
    )


class NewPersonForm(PersonForm):
    """Somebody new."""

    is_namesake = forms.BooleanField(label=_("Another person of the same name is meant"), required=False)


class RenamePersonForm(PersonForm):
    """A correction of the name."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
