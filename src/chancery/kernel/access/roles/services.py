"""Granting and ending roles."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal.services import write as journal_write
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.access.roles import rules
from chancery.kernel.access.roles.models import RoleGrant


class AlreadyHeld(Refused):
    """The post holds that role over that unit on some of the days."""


@service
def grant_role(
    *,
    post_id: int,
    role: str,
    unit_id: int,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> RoleGrant:
    """Give a post a role over a unit and all below it, until the day before `valid_to`."""
    rules.may_grant(by, unit_id).demand()
    rules.is_known_role(role, by).demand()
    rules.are_days(valid_from, valid_to, clock.date_of(at), by).demand()
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                post_id=post_id,
                role=role,
                unit_id=unit_id,
                valid_from=valid_from,
                valid_to=valid_to,
                granted_by_post_id=by.post_id,
                note=note.strip(),
            )
    except IntegrityError as error:
        if "access_rolegrant_once_at_a_time" not in str(error):
            raise
        raise AlreadyHeld(
            _("The post already holds this role over the unit on some of those days."), field="valid_from"
        ) from error
    data = {"role": role, "post": post_id, "unit": unit_id, "from": valid_from.isoformat()}
    if valid_to:
        data["until"] = valid_to.isoformat()
    journal_write(by=by, at=at, act="role.granted", on=grant, data=data)
    return grant


@service
def end_role(*, grant_id: int, on: dt.date, by: Actor, at: dt.datetime) -> RoleGrant:
    """End a grant: `on` is the first day without it; today ends it at once."""
    grant = RoleGrant.objects.select_for_update().filter(pk=grant_id).first()
    if grant is None:
        raise Refused(_("There is no such grant."))
    rules.may_grant(by, grant.unit_id).demand()
    rules.may_end_on(grant.valid_from, grant.valid_to, on, clock.date_of(at)).demand()
    grant.valid_to = max(on, grant.valid_from)
    grant.save(update_fields=["valid_to"])
    journal_write(
        by=by,
        at=at,
        act="role.ended",
        on=grant,
        data={"role": grant.role, "post": grant.post_id, "unit": grant.unit_id, "on": on.isoformat()},
    )
    return grant
