"""Fields for choosing people, posts and units: typed, completed from a list, never a menu of ten thousand lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.words import words
from chancery.kernel.directory.models import Holding, Person, Unit

LISTED = 300  # suggestions sent with the page; beyond that one types and the server finds


class TypedChoice(forms.TextInput):
    """A text box with suggestions; works without script."""

    options: list[str] = []

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        """The box and its suggestions."""
        list_id = f"{(attrs or {}).get('id', name)}_list"
        box = super().render(name, value, {**(attrs or {}), "list": list_id, "autocomplete": "off"}, renderer)
        return render_to_string("access/typed_choice.html", {"box": box, "list_id": list_id, "options": self.options})


class _Typed(forms.CharField):
    """A line "words #12" or "words [code]" chosen from suggestions, or words that match one thing only."""

    widget = TypedChoice
    nothing = _("Nothing matches what you typed.")

    def suggest(self) -> list[str]:
        """The lines offered; called when the form is made."""
        raise NotImplementedError

    def find(self, typed: str) -> list[tuple[int, str]]:
        """(primary key, line) of what the typed words match, at most a few."""
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        """The primary key, or None when left empty."""
        typed = super().clean(value).strip()
        if not typed:
            return None
        found = self.find(typed)
        if not found:
            raise forms.ValidationError(self.nothing)
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several match: %(lines)s. Write one of them."),
                params={"lines": "; ".join(line for _pk, line in found[:6])},
            )
        return found[0][0]


def _number_after(typed: str, mark: str) -> int | None:
    tail = typed.rpartition(mark)[2].strip()
    return int(tail) if mark in typed and tail.isascii() and tail.isdecimal() and len(tail) < 19 else None


class PostField(_Typed):
    """A post somebody holds today: "Lin Shu · Registrar · General Office #12"."""

    nothing = _("Nobody of that name holds a post today.")

    def suggest(self) -> list[str]:
        """Holders and their posts."""
        return [line for _pk, line in _holders()[:LISTED]]

    def find(self, typed: str) -> list[tuple[int, str]]:
        """By number, or by any of the words."""
        number = _number_after(typed, "#")
        lines = _holders(post_id=number) if number is not None else _holders(typed=typed)
        return list(dict(lines).items())


def _holders(*, post_id: int | None = None, typed: str = "") -> list[tuple[int, str]]:
    rows = Holding.objects.filter(during__contains=clock.today()).order_by(
        "post__unit__position", "post__position", "id"
    )
    if post_id is not None:
        rows = rows.filter(post_id=post_id)
    if typed:
        person = Person.objects.filter(name_en__icontains=typed) | Person.objects.filter(name_zh__icontains=typed)
        rows = rows.filter(person__in=person | Person.objects.filter(sort_key__startswith=typed.lower()))
    names = ("post_id", "person__name_en", "person__name_zh", "post__title_en", "post__title_zh",
             "post__unit__name_en", "post__unit__name_zh")  # fmt: skip
    return [
        (
            row["post_id"],
            " · ".join((words(row, "person__name"), words(row, "post__title"), words(row, "post__unit__name")))
            + f" #{row['post_id']}",
        )
        for row in rows.values(*names)[: LISTED + 1]
    ]


class UnitField(_Typed):
    """A unit of today: "General Office [GO]"."""

    nothing = _("There is no such unit.")

    def suggest(self) -> list[str]:
        """Units in the directory's order."""
        return [line for _pk, line in _units(Unit.objects.all())]

    def find(self, typed: str) -> list[tuple[int, str]]:
        """By code, or by name."""
        code = typed.rpartition("[")[2].rstrip("] ") if "[" in typed else typed
        by_code = _units(Unit.objects.filter(code__iexact=code))
        return by_code or _units(
            Unit.objects.filter(name_en__icontains=typed) | Unit.objects.filter(name_zh__icontains=typed)
        )


def _units(units: Any) -> list[tuple[int, str]]:
    rows = units.filter(during__contains=clock.today()).order_by("position", "code")
    return [
        (row["id"], f"{words(row)} [{row['code']}]") for row in rows.values("id", "code", "name_en", "name_zh")[:LISTED]
    ]


class PersonField(_Typed):
    """A person of the directory: "Lin Shu [lin-shu]"."""

    nothing = _("There is no such person in the directory.")

    def suggest(self) -> list[str]:
        """People in order of name."""
        return [line for _pk, line in _people(Person.objects.filter(account=None))]

    def find(self, typed: str) -> list[tuple[int, str]]:
        """By code, or by name."""
        code = typed.rpartition("[")[2].rstrip("] ") if "[" in typed else typed
        by_code = _people(Person.objects.filter(code__iexact=code))
        return by_code or _people(
            Person.objects.filter(name_en__icontains=typed) | Person.objects.filter(name_zh__icontains=typed)
        )


def _people(people: Any) -> list[tuple[int, str]]:
    rows = people.order_by("sort_key", "id").values("id", "code", "name_en", "name_zh")[:LISTED]
    return [(row["id"], f"{words(row)} [{row['code']}]") for row in rows]


class HouseForm(forms.Form):
    """A form whose typed fields bring their suggestions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, _Typed):
                field.widget.options = field.suggest()
