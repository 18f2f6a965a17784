"""The one way to pick from a long list: typed words find, a click or Enter takes. With script a combobox, without it a
search field, a "Find" button and a select; both send the same fields.

    class HandOver(forms.Form):
        post = PickOne("posts-held", label=_("Hand over to"))           # cleaned: an id, or None
        readers = PickMany("posts-held", label=_("Send to"))            # cleaned: ids, in the order picked

A *source* says what can be found and which ids may be picked. It is registered in `AppConfig.ready` by whoever knows
the things; `/pick/<source>/?q=` answers for it under the actor's own sight, and `clean` asks it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chancery.foundations.web.door import Rule, staff

SHOWN = 20  # lines offered at once; who does not find it among them types more
LONGEST_QUESTION = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can be picked: its id, what it is called, and quietly where it stands."""

    value: int
    label: str
    place: str = ""
    is_exact: bool = False  # the words were its very code: they mean this and nothing else

    @property
    def words(self) -> str:
        """Both on one line."""
        return f"{self.label} · {self.place}" if self.place else self.label


@dataclass(frozen=True, slots=True)
class Source:
    """`find(words, most)`: what the words find, best first; no words: the first few. `named(ids)`: those of the ids
    that may be picked, in any order. Both see with the eyes of the stamped actor. `rule`: who may ask at all.
    """

    code: str
    find: Callable[[str, int], list[Line]]
    named: Callable[[Collection[int]], list[Line]]
    rule: Rule = staff


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Offer a source; called from `AppConfig.ready`."""
    _sources[source.code] = source


def source(code: str) -> Source | None:
    """The source of that code."""
    return _sources.get(code)


def all_sources() -> list[str]:
    """The codes of every source."""
    return sorted(_sources)


@dataclass(frozen=True, slots=True)
class Given:
    """What came back from the browser: ids picked, words typed and not yet picked from, "Find" pressed."""

    ids: tuple[int, ...] = ()
    words: str = ""
    is_asking: bool = False


class PickWidget(forms.Widget):
    """The control; `web/picker.js` makes a combobox of it."""

    def __init__(self, code: str, *, is_many: bool = False) -> None:
        super().__init__()
        self.code, self.is_many = code, is_many

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Given:
        """The fields of one picker. What stands in the place of an id and is none counts as words."""
        raw = data.getlist(name) if hasattr(data, "getlist") else _several(data.get(name))
        texts = [str(one).strip() for one in raw if one is not None]
        ids = [int(text) for text in texts if _is_id(text)]
        typed = str(data.get(f"{name}_words") or " ".join(text for text in texts if not _is_id(text))).strip()
        asking = bool(data.get(f"{name}_find")) and bool(typed)
        return Given(tuple(dict.fromkeys(ids)), typed[:LONGEST_QUESTION], asking)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Nothing sent under this name."""
        return name not in data and f"{name}_words" not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        """The search field, its button and the select with what is picked or was found."""
        given = value if isinstance(value, Given) else Given(tuple(_ids(value)))
        asked = _source(self.code)
        picked = {line.value: line for line in asked.named(given.ids)} if given.ids else {}
        found = asked.find(given.words, SHOWN) if given.words else []
        own = self.build_attrs(self.attrs, attrs)
        context = {
            "name": name,
            "id": own.pop("id", f"id_{name}"),
            "attrs": own,
            "address": reverse("web:pick", args=[self.code]),
            "is_many": self.is_many,
            "words": given.words,
            "is_found": bool(found),
            "picked": [picked[one] for one in given.ids if one in picked],
            "found": [line for line in found if line.value not in picked],
        }
        return render_to_string("web/components/picker.html", context)


class _Pick(forms.Field):
    is_many = False
    default_error_messages = {
        "gone": _("That cannot be chosen here any more."),
        "nothing": _("Nothing is found by that."),
        "several": _("Choose from what was found."),
    }

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(widget=PickWidget(code, is_many=self.is_many), **more)
        self.code = code

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Other ids than at first."""
        return _ids(initial) != (list(data.ids) if isinstance(data, Given) else _ids(data))

    def clean(self, value: Any) -> Any:
        """The ids that stand, asked of the source again; words that find one thing alone pick it."""
        given = value if isinstance(value, Given) else Given(tuple(_ids(value)))
        ids = list(given.ids if self.is_many else given.ids[-1:])
        if given.words:  # typed and not picked from: never passed over in silence
            found = _source(self.code).find(given.words, 2)
            if not found:
                raise forms.ValidationError(self.error_messages["nothing"], code="nothing")
            if given.is_asking or (len(found) > 1 and not found[0].is_exact):
                raise forms.ValidationError(self.error_messages["several"], code="several")
            ids = list(dict.fromkeys([*ids, found[0].value])) if self.is_many else [found[0].value]
        if ids and {line.value for line in _source(self.code).named(ids)} != set(ids):
            raise forms.ValidationError(self.error_messages["gone"], code="gone")
        if not ids and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return ids if self.is_many else (ids[0] if ids else None)


class PickOne(_Pick):
    """One thing: its id, or None."""


class PickMany(_Pick):
    """Several: their ids in the order picked."""

    is_many = True


def _source(code: str) -> Source:
    found = source(code)
    if found is None:
        raise LookupError(f"no picker source is called {code}")
    return found


def _several(value: Any) -> Iterable[Any]:
    return () if value is None else value if isinstance(value, (list, tuple)) else (value,)


def _ids(value: Any) -> list[int]:
    return [int(one) for one in (str(getattr(one, "pk", one)) for one in _several(value)) if _is_id(one)]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
