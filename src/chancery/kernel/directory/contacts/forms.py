"""Forms of contacts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.directory.desk.forms import DeskForm, day_field
from chancery.kernel.directory.terms import ContactKind, ContactUse


class ContactForm(DeskForm):
    """A contact from a day on."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices)
    value = forms.CharField(label=_("As it is to be printed"), max_length=300)
    value_zh = forms.CharField(label=_("In Chinese"), max_length=300, required=False)
    use = forms.ChoiceField(label=_("Whose line"), choices=ContactUse.choices)
    is_public = forms.BooleanField(label=_("On the public page"), required=False)
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=1000, initial=0)
    on = day_field(_("From"))
    until = day_field(_("Until"), required=False)


class EndContactForm(DeskForm):
    """The end of a contact."""

    on = day_field(_("Ends on"))
    is_wrong = forms.BooleanField(label=_("Strike the entry out: it was never so"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
