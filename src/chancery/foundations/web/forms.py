"""Forms of the house: a refusal beside its field; a manuscript, written in the editor or as plain lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from chancery.foundations import manuscript
from chancery.foundations.manuscript import Node, Profile
from chancery.foundations.verdict import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def house_profile() -> Profile:
    """The profile of this site."""
    return "neutral" if settings.PROFILE == "neutral" else "cn"


def refuse(form: forms.BaseForm, refusal: Refused) -> None:
    """Put a service's refusal beside the field it names, or at the head of a form that has no such field."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


class ManuscriptWidget(forms.Textarea):
    """`web/components/manuscript.html`: a textarea that `web/editor.js` turns into the editor.

    A page that prints it loads `manuscript_styles.html` in block head and `manuscript_scripts.html` in block js.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, profile: Profile | None = None) -> None:
        super().__init__({"rows": 16, "class": "manuscript-area", **(attrs or {})})
        self.profile = profile or house_profile()

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The whole component: toolbar, text, count."""
        context = editor_context(
            value, name=name, profile=self.profile, attrs=self.build_attrs(self.attrs, dict(attrs or {}))
        )
        return SafeString(get_template("web/components/manuscript.html").render(context))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """What was typed. Plain lines are laid over the text they were printed from: what is untouched stays whole."""
        typed, was = data.get(name), data.get(f"{name}-was")
        if isinstance(typed, str) and isinstance(was, str) and not _is_json(typed):
            try:
                return manuscript.retyped(manuscript.from_json(was), typed, profile=self.profile)
            except Refused:
                return typed
        return typed


def editor_context(
    value: Any, *, name: str = "", profile: Profile, attrs: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What `web/components/manuscript.html` prints, for any value: a manuscript, its JSON, plain text, nothing."""
    doc = _doc_of(value, profile)
    shown = value if doc is None else manuscript.numbered(doc, profile=profile)
    whole = json.dumps(doc, ensure_ascii=False, separators=(",", ":")) if doc is not None else ""
    given = {key: found for key, found in (attrs or {}).items() if found is not None and found is not False}
    return {
        "name": name,
        "id": str(given.get("id", "")) or f"id_{name}",
        "profile": profile,
        "text": shown or "",
        "json": whole,
        "was": whole if name and not given.get("readonly") and not given.get("disabled") else "",
        "attrs": {key: found for key, found in given.items() if key not in {"id", "name"}},
        "is_fixed": bool(given.get("readonly") or given.get("disabled")),
        "characters": manuscript.characters(doc) if doc is not None else 0,
    }


class ManuscriptField(forms.Field):
    """Cleans to a checked manuscript (a dict). Takes the editor's JSON or, without script, plain lines.

    `profile` may be set later: `form.fields["body"].profile = "neutral"`.
    """

    widget: Any = ManuscriptWidget
    default_error_messages = {
        "too_long": ngettext_lazy(
            "The text has %(count)s characters; at most %(limit)s may be kept here.",
            "The text has %(count)s characters; at most %(limit)s may be kept here.",
            "count",
        ),
    }

    def __init__(
        self,
        *,
        profile: Profile | None = None,
        max_characters: int | None = None,
        label: StrOrPromise | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label=_("Text") if label is None else label, **kwargs)
        self.max_characters = max_characters
        self.profile = profile or house_profile()

    @property
    def profile(self) -> Profile:
        """How headings are numbered."""
        found: Profile = self.widget.profile
        return found

    @profile.setter
    def profile(self, profile: Profile) -> None:
        self.widget.profile = profile

    def to_python(self, value: Any) -> Node:
        """A checked manuscript."""
        try:
            return read(value, profile=self.profile)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="invalid") from None

    def validate(self, value: Any) -> None:
        """Not empty when required, not longer than allowed."""
        if self.required and manuscript.is_empty(value):
            raise ValidationError(self.error_messages["required"], code="required")
        count = manuscript.characters(value)
        if self.max_characters is not None and count > self.max_characters:
            raise ValidationError(
                self.error_messages["too_long"] % {"count": count, "limit": self.max_characters}, code="too_long"
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another text was typed."""
        try:
            return read(initial, profile=self.profile) != read(data, profile=self.profile)
        except Refused:
            return True


def read(value: Any, *, profile: Profile) -> Node:
    """A checked manuscript from whatever a form, a fixture or a browser gave; `Refused` when it is none."""
    if isinstance(value, str):
        return manuscript.from_json(value) if _is_json(value) else manuscript.from_plain(value, profile=profile)
    return manuscript.check(manuscript.EMPTY if value is None else value)


def _doc_of(value: Any, profile: Profile) -> Node | None:
    try:
        return read(value, profile=profile)
    except Refused:
        return None


def _is_json(words: str) -> bool:
    return words.lstrip()[:1] == "{" and '"doc"' in words[:200]
