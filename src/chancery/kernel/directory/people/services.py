"""The verbs of people."""

from __future__ import annotations

import datetime as dt
import itertools

from django.db.models import F
from django.utils.text import slugify

from chancery.foundations.actor import Actor, Clearance
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.kernel.directory import rules
from chancery.kernel.directory.models import Person
from chancery.kernel.directory.people.rules import is_known_apart, name_keys


@service
def add_person(
    *,
    name_en: str,
    by: Actor,
    at: dt.datetime,
    name_zh: str = "",
    code: str = "",
    is_sample: bool = False,
    label: int = Clearance.INTERNAL,
    is_namesake: bool = False,
) -> Person:
    """Add a person. The name shows from clearance `label` upward, and to all once they have held a public post."""
    rules.may_edit(by, by.body_id).demand()
    namesakes = 0 if code else Person.objects.filter(name_en__iexact=name_en, name_zh=name_zh).count()
    is_known_apart(namesakes, is_namesake).demand()
    keys = name_keys(name_en, name_zh)
    with rules.law_in_words():
        person = Person.objects.create(
            code=code or _free_code(name_en, keys.sort_key), name_en=name_en, name_zh=name_zh, sort_key=keys.sort_key,
            initials=keys.initials, keys=keys.keys, label=label, is_sample=is_sample,
        )  # fmt: skip
    journal.write(
        by=by, at=at, act="person.added", on=person,
        data={"code": person.code, "name_en": name_en, "name_zh": name_zh, "is_sample": is_sample},
    )  # fmt: skip
    return person


def _free_code(name_en: str, sort_key: str) -> str:
    stem = slugify(name_en)[:70] or slugify(sort_key)[:70] or "person"
    taken = set(Person.objects.filter(code__startswith=stem).values_list("code", flat=True))
    codes = (stem if number == 1 else f"{stem}-{number}" for number in itertools.count(1))
    return next(code for code in codes if code not in taken)


@service
def rename_person(
    *,
    person_id: int,
    name_en: str,
    name_zh: str,
    by: Actor,
    at: dt.datetime,
    label: int | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Person:
    """Correct how a person is written, or from which clearance the name shows. The earlier spelling is kept."""
    person = Person.objects.select_for_update().get(pk=person_id)
    rules.may_edit(by, by.body_id).demand()
    rules.has_not_moved_on(seen, person.version).demand()
    rules.gives_reason(reason).demand()
    keys = name_keys(name_en, name_zh)
    new_label = person.label if label is None else label
    was = {"name_en": person.name_en, "name_zh": person.name_zh, "label": person.label}
    if was != {"name_en": name_en, "name_zh": name_zh, "label": new_label}:
        with rules.law_in_words():
            Person.objects.filter(pk=person_id).update(
                name_en=name_en, name_zh=name_zh, sort_key=keys.sort_key, initials=keys.initials, keys=keys.keys,
                label=new_label, reason=reason, version=F("version") + 1,
            )  # fmt: skip
        journal.write(
            by=by, at=at, act="person.renamed", on=person, label=max(new_label, person.label),
            data={"from": was, "to": {"name_en": name_en, "name_zh": name_zh, "label": new_label}, "reason": reason},
        )  # fmt: skip
        person.refresh_from_db()
    return person
