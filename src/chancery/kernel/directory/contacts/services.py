"""The verbs of contacts. The journal tells that a private line changed, not what it is."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.directory import rules
from chancery.kernel.directory.contacts.rules import is_well_formed, may_be_public
from chancery.kernel.directory.holdings.rules import ends_after_start, is_running_on
from chancery.kernel.directory.models import Contact, Post
from chancery.kernel.directory.terms import ContactKind, ContactUse
from chancery.kernel.directory.validity.services import NO_DAY, span


def _unit_of(unit_id: int | None, post_id: int | None, by: Actor) -> int | None:
    if unit_id is not None:
        return unit_id
    return by.body_id if post_id is None else Post.objects.values_list("unit_id", flat=True).get(pk=post_id)


@service
def add_contact(
    *,
    kind: str,
    value: str,
    by: Actor,
    at: dt.datetime,
    value_zh: str = "",
    unit_id: int | None = None,
    post_id: int | None = None,
    person_id: int | None = None,
    use: str = ContactUse.OFFICE,
    is_public: bool = False,
    position: int = 0,
    on: dt.date | None = None,
    until: dt.date | None = None,
    reason: str = "",
) -> Contact:
    """Give a unit, a post or a person a contact from a day on; the value is kept as given."""
    start = on or clock.date_of(at)
    rules.may_edit(by, _unit_of(unit_id, post_id, by)).demand()
    may_be_public(use, is_public).demand()
    is_well_formed(kind, value).demand()
    ends_after_start(start, until).demand()
    with rules.law_in_words():
        contact = Contact.objects.create(
            unit_id=unit_id, post_id=post_id, person_id=person_id, kind=ContactKind(kind).value,
            use=ContactUse(use).value, value=value, value_zh=value_zh, is_public=is_public, position=position,
            during=span(start, until), reason=reason,
        )  # fmt: skip
    journal.write(by=by, at=at, act="contact.added", on=contact, data=_told(contact, on=start, reason=reason))
    return contact


@service
def end_contact(
    *,
    contact_id: int,
    by: Actor,
    at: dt.datetime,
    on: dt.date | None = None,
    reason: str = "",
    is_wrong: bool = False,
    seen: int | None = None,
) -> Contact:
    """End a contact (`on`: the first day without it), or strike it out as wrong, with a reason."""
    day = on or clock.date_of(at)
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    rules.may_edit(by, _unit_of(contact.unit_id, contact.post_id, by)).demand()
    rules.has_not_moved_on(seen, contact.version).demand()
    if is_wrong:
        rules.gives_reason(reason).demand()
    else:
        is_running_on(contact.during.lower, contact.during.upper, day).demand()
    with rules.law_in_words():
        Contact.objects.filter(pk=contact_id).update(
            during=NO_DAY if is_wrong else span(contact.during.lower, day), is_void=is_wrong, reason=reason,
            version=F("version") + 1,
        )  # fmt: skip
    journal.write(
        by=by, at=at, act="contact.struck_out" if is_wrong else "contact.ended", on=contact,
        data=_told(contact, on=day, reason=reason),
    )  # fmt: skip
    contact.refresh_from_db()
    return contact


def _told(contact: Contact, *, on: dt.date, reason: str) -> dict[str, object]:
    facts: dict[str, object] = {
        "unit": contact.unit_id, "post": contact.post_id, "person": contact.person_id, "kind": contact.kind,
        "is_public": contact.is_public, "on": on, "reason": reason,
    }  # fmt: skip
    if contact.is_public:
        facts["value"] = contact.value
    return facts
