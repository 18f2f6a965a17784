"""House template tags and filters, loaded everywhere (a builtin library: no `{% load %}`)."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from chancery.foundations import clock
from chancery.foundations import words as bilingual
from chancery.foundations.web import frame

register = template.Library()

TONES = {"neutral", "blue", "green", "amber", "red", "violet"}


# --- Words ----------------------------------------------------------------------------------------------------------
@register.filter
def words(of: Any, name: str = "name") -> str:
    """`{{ unit|words:"name" }}`: the column of the active language, or else the other."""
    return bilingual.words(of, name)


@register.filter
def get(of: Mapping[str, Any], key: str) -> Any:
    """`{{ counts|get:"inbox" }}`: a value by a key that is itself a variable; "" when absent."""
    return of.get(key, "") if isinstance(of, Mapping) else getattr(of, key, "")


@register.filter
def other_language(code: str | None = None) -> str:
    """The language the switch offers."""
    return "en" if (code or get_language() or "").lower().startswith("zh") else "zh-hans"


@register.filter
def iso(value: dt.date | dt.datetime | None) -> str:
    """A machine-readable time for `<time datetime>`."""
    return "" if value is None else value.isoformat()


# --- Small marks ----------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "inbox" %}`: an outline from the sprite; decoration unless `label` gives it a name."""
    if not label:
        return _plain_icon(name)
    href = f"{_sprite()}#{name}"
    return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)


# A page prints some thirty icons and, in a list, a deadline and badges a row: those that are alike are printed once.
@functools.lru_cache(maxsize=1024)
def _plain_icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@functools.cache
def _sprite() -> str:
    return static("vendor/tabler-icons/sprite.svg")


@register.simple_tag
def badge(text: object, tone: str = "neutral", title: str = "") -> SafeString:
    """`{% badge _("Filed") "green" %}`: tones neutral, blue, green, amber, red, violet; all pass contrast."""
    tone = tone if tone in TONES else "neutral"
    if title:
        return format_html('<span class="tag tag-{}" title="{}">{}</span>', tone, title, text)
    return _plain_badge(conditional_escape(str(text)), tone)


@functools.lru_cache(maxsize=2048)
def _plain_badge(text: SafeString, tone: str) -> SafeString:
    return format_html('<span class="tag tag-{}">{}</span>', tone, text)


@register.simple_tag
def deadline(
    due_on: dt.date | None, lateness: str = "", today: dt.date | None = None, *, provisional: bool = False
) -> SafeString:
    """`{% deadline task.due_on task.lateness %}`: the date, and in words and colour how near it is.

    `lateness` is ON_TIME, AMBER, RED or DONE as the calendar judged it (working days, pauses); without it
    the plain distance in days decides. DONE prints the date alone.
    """
    if due_on is None:
        return format_html('<span class="text-secondary">{}</span>', "—")
    return _deadline(due_on, lateness, (due_on - (today or clock.today())).days, provisional, get_language())


@functools.lru_cache(maxsize=4096)
def _deadline(due_on: dt.date, lateness: str, days: int, provisional: bool, language: str | None) -> SafeString:
    """In the active language, which is named so that each language is kept apart."""
    stamp = format_html('<time datetime="{}">{}</time>', due_on.isoformat(), due_on.isoformat())
    if provisional:
        stamp = format_html(
            '{}<abbr class="provisional" title="{}">*</abbr>',
            stamp,
            _("Provisional: the working days of that year are not announced yet"),
        )
    if lateness == "DONE":
        return stamp
    state = lateness or ("RED" if days < 0 else "AMBER" if days <= 1 else "ON_TIME")
    tone = {"RED": "red", "AMBER": "amber"}.get(state, "")
    said = distance(days)
    if not tone:
        return format_html('<span class="deadline">{} <span class="text-secondary">{}</span></span>', stamp, said)
    return format_html('<span class="deadline">{} <span class="tag tag-{}">{}</span></span>', stamp, tone, said)


def distance(days: int) -> str:
    """Days from today, in words: "2 days late", "due today", "in 5 days"."""
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    if days == 0:
        return _("due today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}


# --- Forms ----------------------------------------------------------------------------------------------------------
@register.simple_tag
def act_token() -> SafeString:
    """A hidden token, new each time a form is printed: the door does the act once however often it is sent."""
    return format_html('<input type="hidden" name="act_token" value="{}">', uuid.uuid4())


_CONTROL = "form-control form-control-sm"
_CLASS_OF: list[tuple[tuple[type[forms.Widget], ...], str]] = [
    ((forms.CheckboxSelectMultiple, forms.RadioSelect, forms.CheckboxInput), ""),
    ((forms.Select, forms.SelectMultiple, forms.NullBooleanSelect), "form-select form-select-sm"),
]


@register.inclusion_tag("web/components/field.html")
def field(bound: forms.BoundField, label: str = "", hint: str = "", width: str = "") -> dict[str, Any]:
    """`{% field form.title %}`: label, control, hint and errors, tied together for screen readers.

    `width`: "", "half", "third", "narrow" (columns of a `.form-grid`).
    """
    widget = bound.field.widget
    style = next((name for kinds, name in _CLASS_OF if isinstance(widget, kinds)), _CONTROL)
    own = str(widget.attrs.get("class", ""))
    css = f"{style} {own}{' is-invalid' if bound.errors else ''}".strip()
    attrs: dict[str, Any] = (
        {"class": css} if css and not isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple) else {}
    )
    if isinstance(widget, forms.DateInput) and type(widget) is forms.DateInput:
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    if isinstance(widget, forms.DateTimeInput) and type(widget) is forms.DateTimeInput:
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    if isinstance(widget, forms.Textarea):
        attrs["rows"] = widget.attrs.get("rows") if str(widget.attrs.get("rows")) != "10" else 4
    described = [f"{bound.auto_id}_{part}" for part, there in _parts(bound, hint) if there]
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    group = isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "width": width,
        "is_check": isinstance(widget, forms.CheckboxInput),
        "is_group": group,
        # A form that asks for a field only before some of its buttons says so itself: `is_needed`.
        "is_optional": not (bound.field.required or getattr(bound.field, "is_needed", False)),
    }


def _parts(bound: forms.BoundField, hint: str) -> list[tuple[str, bool]]:
    return [("hint", bool(hint or bound.help_text)), ("error", bool(bound.errors))]


# --- Figures --------------------------------------------------------------------------------------------------------
@register.inclusion_tag("web/components/chart.html")
def chart(id: str, title: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """`{% chart "median" title data %}`: a chart and its table.

    `data`: {"kind": "bar"|"hbar"|"line"|"stack"|"pie", "labels": [...], "series": [{"name", "values"}], "unit": ""}.
    """
    rows = [(label, [one["values"][n] for one in data["series"]]) for n, label in enumerate(data["labels"])]
    return {"id": id, "title": title, "chart": data, "rows": rows, "id_data": f"{id}-data"}


# --- The frame ------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str) -> SafeString:
    """Print what an instrument put into a slot of the frame; nothing when it is empty."""
    filling = frame.filling(name)
    if filling is None:
        return SafeString("")
    request = context.get("request")
    data = dict(filling.provider(request)) if filling.provider and request is not None else {}
    with context.push(**data):
        # The backend's template renders in a new context; the engine's own goes on in this one.
        printed: SafeString = get_template(filling.template).template.render(context)  # type: ignore[attr-defined]  # see above
    return printed


@register.simple_tag
def fixed(name: str) -> SafeString:
    """`{% fixed "web/components/help_dialog.html" %}`: a part that is alike for everybody; printed once a language."""
    return _fixed(name, get_language())


@functools.cache
def _fixed(name: str, language: str | None) -> SafeString:
    return SafeString(get_template(name).render({}))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """`?{% query page=2 %}`: the present query string with some keys changed; None or "" takes one out."""
    request = context.get("request")
    now = request.GET.copy() if request is not None else {}
    for key, value in changes.items():
        now.pop(key, None)
        if value not in (None, ""):
            now[key] = value
    return now.urlencode() if hasattr(now, "urlencode") else urlencode(now)


@register.simple_tag
def html_lang() -> str:
    """The `lang` of the page: `en`, `zh-Hans`."""
    return "zh-Hans" if bilingual.is_chinese() else "en"
