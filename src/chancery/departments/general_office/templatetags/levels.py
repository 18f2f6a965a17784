"""`{% level_of "general_office.outgoingdocument" document.pk as level_section %}`: a thing's label and its grounds."""

from __future__ import annotations

from typing import Any

from django import template

from chancery.departments.general_office.confidential_work.classification import queries
from chancery.departments.general_office.confidential_work.classification.terms import level_words
from chancery.foundations.actor import Actor

register = template.Library()


@register.simple_tag(takes_context=True)
def level_of(context: template.Context, label: str, key: Any) -> dict[str, Any]:
    """The section of classification for a thing; {} when there is none."""
    request = context.get("request")
    by = getattr(request, "actor", None)
    return queries.section(f"{label}:{key}", by) if isinstance(by, Actor) and by.is_person else {}


@register.filter
def level_in_words(of: Any) -> str:
    """`{{ classification|level_in_words }}`."""
    return str(level_words(of.target, of.level))
