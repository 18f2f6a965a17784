"""Input of the steps, and of the pages beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.departments.general_office.petitions.handling import queries
from chancery.departments.general_office.petitions.handling.clocks import queries as clocks
from chancery.departments.general_office.petitions.handling.opinions import queries as opinions
from chancery.departments.general_office.petitions.handling.terms import (
    PART_WORDS,
    WAYS,
    Aside,
    Direction,
    Ground,
    Result,
)
from chancery.departments.general_office.petitions.terms import Kind, Stage
from chancery.foundations import clock
from chancery.kernel.directory.picking.forms import UnitPicker

LONGEST = 20000


def _text(label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class StepForm(forms.Form):
    """A form of a step: knows its matter, and with it the petition."""

    def __init__(self, *args: Any, matter: Any, task: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter, self.by = matter, by
        self.petition = queries.petition_of(matter)


class DecideForm(StepForm):
    """The decision: what each way needs."""

    ground = forms.ChoiceField(
        label=_("Ground, if it is not accepted"), required=False, choices=[("", _("—")), *Ground.choices]
    )
    reference = forms.CharField(
        label=_("Where it is under way or belongs"),
        max_length=200,
        required=False,
        help_text=_("Number of that matter, body or channel by law. The sender is told."),
    )
    direction = forms.ChoiceField(
        label=_("If it is transferred"), required=False, choices=[("", _("—")), *Direction.choices]
    )
    to_unit = UnitPicker(label=_("To the unit"), required=False)
    to_body = forms.CharField(label=_("To another body"), max_length=200, required=False)


class NotifyForm(StepForm):
    """The written notice, begun from the decision in the sender's language."""

    text = _text(_("Written notice to the sender"), help_text=_("The sender reads it with the receipt code."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = queries.decision(self.petition.pk)
        if made is not None:
            with translation.override(self.petition.language):
                self.initial.setdefault("text", queries.notice_words(made, self.petition))


class AssignFields(forms.Form):
    """A unit that has handlers, or one of them by name."""

    unit = forms.TypedChoiceField(label=_("Handled by the unit"), coerce=int)
    post = forms.TypedChoiceField(
        label=_("By name"), coerce=int, empty_value=None, required=False,
        help_text=_("Empty: whoever handles petitions in that unit."),
    )  # fmt: skip

    def offer(self) -> None:
        """Offer those of today."""
        today = clock.today()
        unit, post = self.fields["unit"], self.fields["post"]
        assert isinstance(unit, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(post, forms.ChoiceField)  # noqa: S101 - declared above
        unit.choices = [("", _("Choose")), *queries.handler_units(today)]
        post.choices = [("", _("Not by name")), *queries.handler_posts(today)]

    def clean(self) -> dict[str, Any]:
        """A named handler is one of the unit's."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("post") and told.get("unit") and not queries.answers_for(told["post"], told["unit"]):
            self.add_error("post", _("That post does not handle petitions of that unit."))
        return told


class AssignForm(AssignFields, StepForm):
    """Assigning as a step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer()

    def clean(self) -> dict[str, Any]:
        """As the matter keeps them."""
        told = super().clean()
        return {**told, "handler_unit": told.get("unit"), "handler_post": told.get("post")}


class HandleForm(StepForm):
    """What next: only what this kind of petition knows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = WAYS[Kind(self.petition.kind)]


class HeldForm(StepForm):
    """A record of what was held."""

    held_on = forms.DateField(label=_("Held on"))
    record = _text(_("Record"), rows=6, help_text=_("Sealed. Write “the sender”, never a name."))


class MediateForm(HeldForm):
    """A mediation and how it ended."""

    result = forms.ChoiceField(label=_("How it ended"), choices=[
        (Result.SETTLED.value, Result.SETTLED.label), (Result.FAILED.value, Result.FAILED.label),
    ])  # fmt: skip
    field_order = ("held_on", "result", "record")


class AskForm(StepForm):
    """A question to the sender."""

    question = _text(_("Question to the sender"), help_text=_("The clock stands until the answer, or until you go on."))


class OpineForm(StepForm):
    """The opinion, begun from the last one."""

    request = _text(PART_WORDS["request"], rows=2, required=False)
    facts = _text(PART_WORDS["facts"], required=False)
    view = _text(PART_WORDS["view"], required=False)
    basis = _text(PART_WORDS["basis"], rows=2, required=False)
    remedy = _text(PART_WORDS["remedy"], rows=2, required=False)
    outcome = forms.ChoiceField(label=_("It comes to"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for needed in self.fields.values():
            needed.is_needed = True  # type: ignore[attr-defined]  # before the opinion goes on, not before going back
        stage = clocks.running(self.petition.pk)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        if stage is None:
            return
        field.choices = [("", _("Choose")), *[(end.value, end.label) for end in opinions.ends_of(self.petition, stage)]]
        last = opinions.latest(stage.pk)
        if last is not None:
            self.initial.update({**opinions.parts_of(last), "outcome": last.outcome})
        elif stage.stage != Stage.FIRST:
            del self.fields["outcome"]
        else:
            with translation.override(self.petition.language):
                self.initial["remedy"] = str(queries.remedy_words(self.petition, stage))

    def add_prefix(self, field_name: str) -> str:
        """`outcome` is the name of the buttons of every step; the browser would send both under it."""
        return "comes_to" if field_name == "outcome" else super().add_prefix(field_name)


class ApproveForm(StepForm):
    """What is to be done, if it goes back."""

    note = _text(_("What is to be reworked"), rows=2, required=False, help_text=_("Needed when it goes back; sealed."))


# --- Pages beside the steps -------------------------------------------------------------------------------------------
class ReasonForm(forms.Form):
    """A reason, sealed."""

    reason = _text(_("Reason"), help_text=_("Sealed. Write “the sender”, never a name."))


class MoreTimeForm(ReasonForm):
    """How many days more, and why."""

    days = forms.IntegerField(label=_("Days more"), min_value=1)
    field_order = ("days", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("If it is granted, the sender reads this reason.")


class AsideForm(ReasonForm):
    """Why one keeps out."""

    ground = forms.ChoiceField(label=pgettext_lazy("stepping aside", "Why"), choices=Aside.choices)
    field_order = ("ground", "reason")


class ReassignForm(AssignFields, ReasonForm):
    """To whom, and why."""

    field_order = ("unit", "post", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer()
