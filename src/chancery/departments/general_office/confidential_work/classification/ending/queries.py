"""Who lost sight of a thing, and what it is called without its title."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chancery.departments.general_office.incoming_documents.models import IncomingDocument
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.kernel.access.readings.queries import Sight, who_sees
from chancery.kernel.access.readings.terms import Why
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.records.models import ArchivalItem

#: Those whom the thing was given to; a head who could have looked is not asked for copies.
GIVEN = {Why.READER.value, Why.DUTY.value, Why.OPENER.value}


@dataclass(frozen=True, slots=True)
class Lost:
    """Posts whose grant ends, and posts whose holder is asked to give back."""

    grants: frozenset[int]
    posts: frozenset[int]


def lost(guard_id: int, before: Iterable[Sight]) -> Lost:
    """Of those who saw it before, those who do not now. By the system: nobody else may ask."""
    now = who_sees(guard_id)
    people = {one.person_id for one in now}
    standing = {one.for_post_id or one.post_id for one in now if one.why == Why.READER}
    grants = {one.for_post_id or one.post_id for one in before if one.why == Why.READER} - standing
    posts = {one.post_id for one in before if one.why in GIVEN and one.person_id not in people}
    return Lost(frozenset(post for post in grants if post), frozenset(post for post in posts if post))


def reference(guard_id: int) -> str:
    """The number of what the guard keeps: its title is no longer for those who are told."""
    for model, field in ((IncomingDocument, "number"), (OutgoingDocument, "number"), (Matter, "number")):
        found = model.objects.filter(guard_id=guard_id).exclude(**{field: ""}).values_list(field, flat=True).first()
        if found:
            return str(found)
    code = ArchivalItem.objects.filter(content_guard_id=guard_id).values_list("code", flat=True).first()
    return str(code or guard_id)
