"""Verbs of address groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries, rules
from chancery.departments.general_office.outgoing_documents.address_book.models import AddressGroup, GroupMember
from chancery.departments.general_office.outgoing_documents.drafting.beginnings.rules import may_keep
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.records import services as records


class NoSuchGroup(Refused):
    """The group does not exist or was ended."""


class EmptyGroup(Refused):
    """A group has somebody in it."""


@service
def keep_group(
    *,
    group_id: int | None = None,
    name_en: str,
    name_zh: str,
    unit_id: int | None,
    unit_ids: Sequence[int],
    outside: Sequence[Mapping[str, str]],
    by: Actor,
    at: dt.datetime,
) -> AddressGroup:
    """Keep a group, new or changed: units of the directory in order, then whoever is outside it with an address."""
    may_keep(by, unit_id, queries.office_id()).demand()
    group = _group(group_id) if group_id else AddressGroup()
    if group_id:
        may_keep(by, group.unit_id, queries.office_id()).demand()
    members = [{name: str(one.get(name) or "").strip() for name in ("name", "email", "postal")} for one in outside]
    members = [one for one in members if any(one.values())]
    if (fault := next(rules.reachable(members), None)) is not None:
        fault.demand()
    if not (name_en.strip() or name_zh.strip()):
        raise Refused(_("Give the group a name."), field="name_en")
    if not unit_ids and not members:
        raise EmptyGroup(_("Name at least one addressee."), field="units")
    said = [name_en, name_zh, *(" ".join(one.values()) for one in members)]
    records.demand_unmarked(texts={"name_en": "\n".join(said)}, where="outgoing", by=by, at=at)
    group.name_en, group.name_zh = name_en.strip() or name_zh.strip(), name_zh.strip() or name_en.strip()
    group.unit_id, group.kept_person_id, group.kept_at = unit_id, by.person_id, at
    group.save()
    GroupMember.objects.filter(group=group).delete()
    lines: list[dict[str, Any]] = [{"unit_id": one} for one in dict.fromkeys(unit_ids)]
    lines += members
    GroupMember.objects.bulk_create(
        GroupMember(group=group, position=place, **line) for place, line in enumerate(lines)
    )
    journal.write(by=by, at=at, act="address_group.kept", on=group, data={"name": group.name_en, "members": len(lines)})
    return group


@service
def end_group(*, group_id: int, by: Actor, at: dt.datetime) -> None:
    """Take a group out of use; papers addressed by it stay as they are."""
    group = _group(group_id)
    may_keep(by, group.unit_id, queries.office_id()).demand()
    group.ended_at = at
    group.save(update_fields=["ended_at"])
    journal.write(by=by, at=at, act="address_group.ended", on=group, data={"name": group.name_en})


def _group(group_id: int) -> AddressGroup:
    found = AddressGroup.objects.select_for_update(of=("self",)).filter(pk=group_id, ended_at=None).first()
    if found is None:
        raise NoSuchGroup(_("There is no such group."))
    return found
