"""Granting a role, and asking who answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundations.card import all_roles
from chancery.foundations.words import words
from chancery.kernel.directory.picking.forms import PostPicker, UnitPicker
from chancery.kernel.directory.picking.terms import Among


def role_choices() -> list[tuple[str, str]]:
    """Every role a card declares, in words."""
    return [(code, words(role)) for code, role in all_roles().items()]


class GrantForm(forms.Form):
    """Which post gets which role over which unit, from when to when."""

    post = PostPicker(Among.POSTS, label=_("Post"))
    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
    unit = UnitPicker(label=_("Over"), help_text=_("The unit and everything below it."))
    valid_from = forms.DateField(label=_("From"))
    valid_to = forms.DateField(label=_("Until (first day without)"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class AskForm(forms.Form):
    """Who answers for a role in a unit."""

    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
    unit = UnitPicker(label=_("Unit"))


class EndForm(forms.Form):
    """When a grant ends."""

    on = forms.DateField(label=_("First day without it"))
