"""Keeping questions, and telling of what is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.foundations import clock
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused, Stale
from chancery.kernel.records.markings.services import demand_unmarked
from chancery.kernel.records.search.queries import CANDIDATES, filters_of, search
from chancery.kernel.records.search.saved import queries, rules
from chancery.kernel.records.search.saved.models import SavedSearch
from chancery.kernel.records.search.saved.terms import REMEMBERED, Notify, tell

#: Fresh finds kept to be looked at.
FRESH = 200


class NotYours(Refused):
    """There is no such saved search, or it is another's: the two look alike on purpose."""


class NameTaken(Refused):
    """One has a saved search of that name."""


@service
def save_search(
    *, name: str, q: str, asked: Mapping[str, Any], notify: str = Notify.NEVER, by: Actor, at: dt.datetime
) -> SavedSearch:
    """Keep a question. What it finds today counts as known: notices tell of what comes later."""
    name, q = name.strip(), q.strip()
    demand_unmarked(texts={"q": q, "name": name}, by=by, at=at)
    with connection.cursor() as cursor:  # two windows saving at once count one another
        cursor.execute("select pg_advisory_xact_lock(hashtext('records_savedsearch'), %s)", [by.person_id or 0])
    most = int(rulebook.number("search.saved.most", on=clock.date_of(at)))
    rules.may_save(by, q, SavedSearch.objects.count(), most).demand()
    _demand_name(name)
    _demand_bounds(notify, q, asked, by)
    saved = SavedSearch.objects.create(
        account_id=by.account_id or 0,
        person_id=by.person_id or 0,
        name=name,
        question=q,
        asked=dict(asked),
        notify=notify,
        told=queries.seen_by(queries.hats_of(by.account_id or 0), q, dict(asked)),
        made_at=at,
        ran_at=at,
    )
    journal.write(by=by, at=at, act="search.saved", on=saved, label=Clearance.RESTRICTED)
    return saved


@service
def change_search(*, saved_id: int, name: str, notify: str, version: int, by: Actor, at: dt.datetime) -> None:
    """Another name, other notices (also none: that is how one unsubscribes)."""
    saved = _locked(saved_id)
    if saved.version != version:
        raise Stale(_("This saved search was changed meanwhile. Nothing was done."))
    name = name.strip()
    demand_unmarked(texts={"name": name}, by=by, at=at)
    _demand_name(name, other_than=saved.pk)
    _demand_bounds(notify, saved.question, saved.asked, by)
    if saved.notify == Notify.NEVER and notify != Notify.NEVER:
        saved.told, saved.ran_at = queries.seen_by(queries.hats_of(saved.account_id), saved.question, saved.asked), at
    saved.name, saved.notify, saved.version = name, notify, version + 1
    saved.save(update_fields=["name", "notify", "told", "ran_at", "version"])
    journal.write(by=by, at=at, act="search.changed", on=saved, label=Clearance.RESTRICTED)


@service
def stop_notices(*, saved_id: int, by: Actor, at: dt.datetime) -> None:
    """Unsubscribe; the search stays."""
    saved = _locked(saved_id)
    saved.notify, saved.version = Notify.NEVER, saved.version + 1
    saved.save(update_fields=["notify", "version"])
    journal.write(by=by, at=at, act="search.changed", on=saved, label=Clearance.RESTRICTED)


@service
def look_at_finds(*, saved_id: int, by: Actor, at: dt.datetime) -> None:
    """What was fresh is known now."""
    saved = _locked(saved_id)
    saved.fresh = []
    saved.save(update_fields=["fresh"])


@service
def drop_search(*, saved_id: int, by: Actor, at: dt.datetime) -> None:
    """Delete a saved search."""
    saved = _locked(saved_id)
    journal.write(by=by, at=at, act="search.dropped", on=saved, label=Clearance.RESTRICTED)
    saved.delete()


@service
def tell_of_new(*, once_a_day: bool, by: Actor, at: dt.datetime, limit: int = 50) -> int:
    """Run what is due as its person, in each post they hold today, and write to those for whom something is new; how
    many were run. Nobody who has left is asked for, or told. By the system."""
    due = queries.due(at, once_a_day=once_a_day, limit=limit)
    for saved in due:
        hats = queries.hats_of(saved.account_id)
        found = queries.seen_by(hats, saved.question, saved.asked) if hats else []
        known = set(saved.told)
        new = [one for one in found if one not in known]
        saved.ran_at = at
        if new:
            saved.told = [*new, *saved.told][:REMEMBERED]
            saved.fresh = [*new, *saved.fresh][:FRESH]
            saved.told_at = at
            _write_to(saved, hats[0].name, len(new), at)
        saved.save(update_fields=["ran_at", "told", "fresh", "told_at"])
    return len(due)


def _write_to(saved: SavedSearch, person: str, new: int, at: dt.datetime) -> None:
    """How many and where to look: what was found never stands in a mail."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = ngettext(
            "%(count)s new find: %(name)s", "%(count)s new finds: %(name)s", new
        ) % {"count": new, "name": saved.name}  # fmt: skip
        address = f"{settings.SITE_URL}{reverse('records:saved_search', args=[saved.pk])}"
        text = "\n".join([subject, address, "", _("To be told no more, press “Stop the notices” on that page.")])
    tell(saved.account.email, person, subject, text, at)


def _locked(saved_id: int) -> SavedSearch:
    saved = SavedSearch.objects.select_for_update().filter(pk=saved_id).first()
    if saved is None:
        raise NotYours(_("There is no such saved search."))
    return saved


def _demand_name(name: str, other_than: int = 0) -> None:
    if not name:
        raise Refused(_("Give it a name."), field="name")
    if SavedSearch.objects.filter(name=name).exclude(pk=other_than).exists():
        raise NameTaken(_("You have a saved search of this name."), field="name")


def _demand_bounds(notify: str, q: str, asked: Mapping[str, Any], by: Actor) -> None:
    if notify != Notify.NEVER:
        too_much = search(q, by=by, limit=1, filters=filters_of(asked)).more
        rules.may_notify(notify, is_too_much=too_much, cap=CANDIDATES).demand()
