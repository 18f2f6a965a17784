"""Forms of posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.directory.desk.forms import DatedForm, EndForm
from chancery.kernel.directory.terms import Rank
from chancery.kernel.directory.validity.queries import POST_FACTS


class PostForm(DatedForm):
    """A post's facts from a day on."""

    title_en = forms.CharField(label=_("English title"), max_length=200)
    title_zh = forms.CharField(label=_("Chinese title"), max_length=200, required=False)
    heading_en = forms.CharField(
        label=_("English heading"), max_length=200, required=False, help_text=_("Plural, where several hold it.")
    )
    heading_zh = forms.CharField(label=_("Chinese heading"), max_length=200, required=False)
    rank = forms.ChoiceField(label=_("Rank"), choices=Rank.choices, initial=Rank.STAFF)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=10_000, initial=1)
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=100_000, initial=0)
    is_leading = forms.BooleanField(label=_("Leading post"), required=False)
    field_order = (
        "title_en", "title_zh", "heading_en", "heading_zh", "rank", "seats", "position", "is_leading", "is_public",
        "on", "decision", "reason",
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """What was given, under the names of the post's facts."""
        return {name: self.cleaned_data[name] for name in POST_FACTS}


class NewPostForm(PostForm):
    """The same, and whether the public sees it."""

    is_public = forms.BooleanField(label=_("In the public directory"), required=False)


class AbolishForm(EndForm):
    """The end of a post."""

    with_holdings = forms.BooleanField(label=_("End the holdings with it"), required=False)
    field_order = ("on", "with_holdings", "decision", "reason")
