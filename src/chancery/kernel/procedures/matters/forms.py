"""Small forms of the matter page: one a verb."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.kernel.directory.picking.forms import PostPicker, PostsPicker, UnitPicker


class ReasonForm(forms.Form):
    """A verb that wants its reason."""

    reason = forms.CharField(label=_("Reason"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 2}))


class NoteForm(forms.Form):
    """A verb that takes a note."""

    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ReturnForm(ReasonForm):
    """Back to which step, and why."""

    step = forms.ChoiceField(label=_("Back to"))
    field_order = ("step", "reason")

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = steps  # type: ignore[attr-defined]  # a ChoiceField


class DelegateForm(ReasonForm):
    """To which post, and why."""

    post_id = PostPicker(label=_("Hand over to"))
    field_order = ("post_id", "reason")


class SignerForm(ReasonForm):
    """Whom to ask as well, and why."""

    field_order = ("item", "reason")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = PostPicker(label=_("Ask also")) if kind == "posts" else UnitPicker(label=_("Ask also"))
        self.order_fields(self.field_order)


class CirculateForm(NoteForm):
    """Whom to send it to for reading."""

    post_ids = PostsPicker(label=_("Send to"))
    field_order = ("post_ids", "note")


class PauseForm(ReasonForm):
    """Until when, and why."""

    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class ExtensionForm(ReasonForm):
    """How many more working days, and why."""

    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=400)
    field_order = ("days", "reason")


class DecideForm(NoteForm):
    """Granted or not."""

    grant = forms.ChoiceField(label=_("Decision"), choices=[("yes", _("Grant")), ("no", _("Refuse"))])
    field_order = ("grant", "note")


class ReopenForm(ReasonForm):
    """At which step, and why."""

    step = forms.ChoiceField(label=_("At the step"), required=False)
    field_order = ("step", "reason")

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = steps  # type: ignore[attr-defined]  # a ChoiceField
