"""Small words of the directory's templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chancery.kernel.directory.contacts.rules import as_uri
from chancery.kernel.directory.terms import Change, ContactKind, HoldingKind, Rank, UnitKind

register = template.Library()


_WIDE = {
    "functions_en",
    "functions_zh",
    "reason",
    "value",
    "person",
    "with_posts",
    "with_holdings",
    "is_wrong",
    "is_namesake",
}


@register.filter
def width(field: str) -> str:
    """How wide a field of the desk stands: two in a row, but those that hold sentences alone."""
    return "" if field in _WIDE else "half"


@register.filter
def contact_kind(code: str) -> str:
    """The word for a kind of contact."""
    return str(ContactKind(code).label)


@register.filter
def unit_kind(code: str) -> str:
    """The word for a kind of unit."""
    return str(UnitKind(code).label)


@register.filter
def holding_kind(code: str) -> str:
    """The word for how a post is held."""
    return str(HoldingKind(code).label)


@register.filter
def rank(code: str) -> str:
    """The word for a rank."""
    return str(Rank(code).label)


@register.simple_tag
def dial(contact: Mapping[str, Any]) -> SafeString:
    """A contact as printed, linked where it can be dialled, written to or opened."""
    shown = contact["value"]
    if contact.get("value_zh") and (get_language() or "").startswith("zh"):
        shown = contact["value_zh"]
    address = as_uri(contact["kind"], contact["value"])
    if contact["kind"] in {ContactKind.ADDRESS, ContactKind.POSTCODE, ContactKind.FAX}:
        return format_html("{}", shown)
    return format_html('<a href="{}">{}</a>', address, shown)


@register.filter
def change_words(code: str) -> str:
    """The word for a change in the directory."""
    return str(Change(code).label)


@register.filter
def stood(facts: Mapping[str, Any] | str) -> str:
    """An earlier version of a holding or a person, in a line: days, seat, kind, decision, names."""
    row = json.loads(facts) if isinstance(facts, str) else facts
    told = [row.get("name_en"), row.get("name_zh")]
    if "during" in row:
        told.append(row["during"].strip("[)").replace(",", " – "))
    if "seat" in row:
        told += [HoldingKind(row["kind"]).label, _("seat %(number)s") % {"number": row["seat"]}, row["decision"]]
    return " · ".join(str(part) for part in told if part)
