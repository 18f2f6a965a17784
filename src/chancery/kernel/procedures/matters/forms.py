"""Small forms of the matter page: one a verb."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import connection
from django.utils.translation import gettext_lazy as _

from chancery.foundations.words import is_chinese

MOST_CHOICES = 500


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

    post_id = forms.TypedChoiceField(label=_("Hand over to"), coerce=int)
    field_order = ("post_id", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post_id"].choices = held_posts()  # type: ignore[attr-defined]  # a ChoiceField


class SignerForm(ReasonForm):
    """Whom to ask as well, and why."""

    item = forms.TypedChoiceField(label=_("Ask also"), coerce=int)
    field_order = ("item", "reason")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = held_posts() if kind == "posts" else units()  # type: ignore[attr-defined]  # a ChoiceField


class CirculateForm(NoteForm):
    """Whom to send it to for reading."""

    post_ids = forms.TypedMultipleChoiceField(
        label=_("Send to"), coerce=int, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    field_order = ("post_ids", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post_ids"].choices = held_posts()  # type: ignore[attr-defined]  # a ChoiceField


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


def held_posts() -> list[tuple[int, str]]:
    """Posts somebody holds today, unit by unit, with the holder's name."""
    language = "zh" if is_chinese() else "en"
    other = "en" if language == "zh" else "zh"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select p.id, coalesce(nullif(u.name_{language}, ''), u.name_{other}),
                   coalesce(nullif(p.title_{language}, ''), p.title_{other}),
                   string_agg(coalesce(nullif(q.name_{language}, ''), q.name_{other}), '、')
            from directory_post p join directory_unit u on u.id = p.unit_id
            join directory_holding h on h.post_id = p.id and h.during @> (select chancery_today())
            join directory_person q on q.id = h.person_id
            group by p.id, u.id order by u.position, u.id, p.position, p.id limit %s
            """,  # noqa: S608  # the language is one of two words
            [MOST_CHOICES],
        )
        return [(row[0], f"{row[1]} · {row[2]} · {row[3]}") for row in cursor.fetchall()]


def units() -> list[tuple[int, str]]:
    """Units that exist today."""
    language = "zh" if is_chinese() else "en"
    other = "en" if language == "zh" else "zh"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select id, coalesce(nullif(name_{language}, ''), name_{other}) from directory_unit
            where during @> (select chancery_today()) order by position, id limit %s
            """,  # noqa: S608  # the language is one of two words
            [MOST_CHOICES],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]
