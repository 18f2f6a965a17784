"""Who may see what, reckoned in the database by the law that guards the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.departments.general_office.confidential_work.classification import queries as levels
from chancery.departments.general_office.confidential_work.classification.terms import Target, level_of, level_words
from chancery.departments.general_office.confidential_work.sight.terms import MOST
from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.words import words
from chancery.kernel.access.hats.queries import actor_for, wardrobe
from chancery.kernel.access.models import Account
from chancery.kernel.access.readings import queries as readings
from chancery.kernel.access.readings.terms import Why
from chancery.kernel.directory.models import Person, Post
from chancery.kernel.records.models import SearchEntry
from chancery.kernel.records.search.terms import all_kinds

# Asked under the other person's stamp: the policy itself decides which rows there are; this only says on what ground.
_SEEN = """
select g.id, g.label, case
    when g.is_public then 'PUBLIC'
    when g.opened_post_id = any ((select access_sight_posts())::bigint[])
         or (g.opened_post_id is null and g.opened_account_id = (select chancery_account())) then 'OPENER'
    when g.reader_posts && (select access_sight_posts()) then 'READER'
    when g.unit_id <@ (select access_sight_units()) then 'OVERSIGHT'
    when g.reader_duties <> '{}' and (select access_sight_duties()) ?| g.reader_duties then 'DUTY'
    else 'DEPUTY' end as why
from access_guard g where g.label >= %s
"""
_COUNTED = f"select s.label, s.why, count(*) from ({_SEEN}) s group by 1, 2 order by 1 desc, 2"  # noqa: S608 - our own text
_NEWEST = f"select s.id, s.label, s.why from ({_SEEN}) s order by s.id desc limit {MOST}"  # noqa: S608 - our own text
_KINDS = """
select e.kind, g.label, count(*) from records_searchentry e join access_guard g on g.id = e.guard_id
where g.label >= %s group by 1, 2 order by 2 desc, 3 desc
"""


@dataclass(slots=True)
class HatSight:
    """What a person may see under one hat."""

    title: str
    unit: str
    grounds: list[tuple[str, str, int]] = field(default_factory=list)  # (label, why, how many)
    kinds: list[tuple[str, str, int]] = field(default_factory=list)  # (kind, label, how many)
    things: list[dict[str, Any]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many guarded things."""
        return sum(row[2] for row in self.grounds)


def why_words(why: str) -> str:
    """A ground in words."""
    return str(_("As a deputy for one procedure")) if why == "DEPUTY" else str(Why(why).label)


def code_name(guard_id: int) -> str:
    """What a thing is called to whoever may not see it."""
    return _("Thing %(n)s") % {"n": f"{guard_id:06}"}


def _rows(question: str, label: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [label])
        return list(cursor.fetchall())


def of_person(person_id: int, *, by: Actor, from_label: int = Clearance.RESTRICTED) -> list[HatSight]:
    """What a person may see, hat by hat, deputies' duties included; the things are named as `by` may name them."""
    found: list[HatSight] = []
    for account in Account.objects.filter(person_id=person_id, is_active=True).order_by("id"):
        worn = wardrobe(account.pk)
        for hat in worn.hats if worn else ():
            with acting_as(actor_for(account, hat.post_id)):
                grounds = _rows(_COUNTED, from_label)
                kinds = _rows(_KINDS, from_label)
                newest = _rows(_NEWEST, from_label)
            with acting_as(by):
                names = named([row[0] for row in newest])
            found.append(
                HatSight(
                    hat.title,
                    hat.unit,
                    [(label_words(label), why_words(why), n) for label, why, n in grounds],
                    [(kind_words(kind), label_words(label), n) for kind, label, n in kinds],
                    [
                        {**names[guard_id], "label": label_words(label), "why": why_words(why)}
                        for guard_id, label, why in newest
                    ],
                )
            )
    return found


def kind_words(kind: str) -> str:
    """A kind of thing in words."""
    known = all_kinds().get(kind)
    return str(known.name) if known else kind


def label_words(label: int) -> str:
    """A label in words."""
    return str(level_words(Target.THING, level_of(label))) or _("Public")


def named(guard_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Guards by the titles of what they keep, where the stamped actor may see it; by code names elsewhere."""
    asked = list(guard_ids)
    found: dict[int, dict[str, Any]] = {one: {"name": code_name(one), "url": ""} for one in asked}
    rows = SearchEntry.objects.filter(guard_id__in=asked).order_by("-id")
    for row in rows.values("guard_id", "title_en", "title_zh"):
        found[row["guard_id"]]["name"] = words(row, "title") or found[row["guard_id"]]["name"]
        found[row["guard_id"]]["url"] = f"{reverse('general_office:sight_thing')}?guard={row['guard_id']}"
    return found


def of_guard(guard_id: int) -> list[dict[str, Any]]:
    """The people who may see a thing, with hat and ground, as rows for the page; a row without a person: everybody."""
    grounds = readings.who_sees(guard_id)
    people = Person.objects.in_bulk({one.person_id for one in grounds if one.person_id})
    posts = {
        row["id"]: row
        for row in Post.objects.filter(
            pk__in={key for one in grounds for key in (one.post_id, one.for_post_id) if key}
        ).values("id", "title_en", "title_zh", "unit__name_en", "unit__name_zh")
    }
    told = [
        {
            "person": words(people[one.person_id]) if one.person_id in people else "",
            "post": _post(posts.get(one.post_id or 0)),
            "why": why_words(one.why),
            "for_post": _post(posts.get(one.for_post_id or 0)),
            "is_public": one.why == Why.PUBLIC,
        }
        for one in grounds
    ]
    return sorted(told, key=lambda row: (row["person"], row["post"], row["why"]))


def _post(row: Mapping[str, Any] | None) -> str:
    return f"{words(row, 'title')} · {words(row, 'unit__name')}" if row else ""


def guard_of(subject: str) -> int | None:
    """The guard of a thing the actor may see."""
    thing = levels.thing(subject)
    return thing.guard_id if thing else None
