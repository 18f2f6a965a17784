"""Reading address groups."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from chancery.departments.general_office.outgoing_documents.address_book.models import AddressGroup, GroupMember
from chancery.foundations.actor import Actor
from chancery.foundations.web.columns import Rows


def groups(by: Actor) -> QuerySet[AddressGroup]:
    """The groups the actor may write to: the house's and those of the actor's unit."""
    return AddressGroup.objects.filter(Q(unit__isnull=True) | Q(unit_id=by.body_id or 0), ended_at=None).order_by(
        "name_en", "id"
    )


def listed(by: Actor) -> Rows:
    """The same as rows with how many are in each."""
    return (
        groups(by)
        .values("id", "name_en", "name_zh", "kept_at", "unit__name_en", "unit__name_zh")
        .annotate(count=Count("members"))
    )


def group(group_id: int, by: Actor) -> AddressGroup | None:
    """One group the actor may write to."""
    return groups(by).filter(pk=group_id).first()


def members(group_id: int) -> list[Any]:
    """Who is in a group, in order."""
    return list(
        GroupMember.objects.filter(group_id=group_id)
        .order_by("position", "id")
        .values("unit_id", "name", "email", "postal", unit_en=F("unit__name_en"), unit_zh=F("unit__name_zh"))
    )
