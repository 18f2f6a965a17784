"""`/pick/<source>/` asks the database as often for thirty lines as for one, whichever function the source is of."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.picker import all_sources
from chancery.kernel.access.models import Account
from chancery.kernel.directory import services as directory

if TYPE_CHECKING:
    from django.test import Client


def grow(unit_id: int, numbers: range) -> None:
    """More of all that is picked: units, posts, people with and without an account."""
    at = clock.now()
    with acting_as(SYSTEM), transaction.atomic():
        for number in numbers:
            name = f"Quokka {number}"
            given: dict[str, Any] = {"on": clock.today(), "decision": "test", "by": SYSTEM, "at": at}
            directory.create_unit(code=f"q{number}", name_en=name, kind="DEPARTMENT", parent_id=unit_id, **given)
            post = directory.open_post(unit_id=unit_id, title_en=f"Quokka keeper {number}", **given)
            for has_account in (True, False):
                code = f"quokka-{number}{'-known' if has_account else ''}"
                person = directory.add_person(name_en=name, code=code, is_sample=True, by=SYSTEM, at=at)
                if has_account:
                    directory.appoint(person_id=person.pk, post_id=post.pk, **given)
                    Account.objects.create(email=f"{code}@example.test", person=person, clearance=10, created_at=at)


def test_every_source_asks_as_often_for_thirty_lines_as_for_one(
    cast: Any, client_as: Callable[[Actor], Client]
) -> None:
    client = client_as(cast.administrator)

    def asked(code: str, words: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(f"/pick/{code}/", {"q": words})
        assert answer.status_code == 200, code
        return len(seen), len(json.loads(answer.content)["lines"])

    grow(cast.units["PF"], range(1))
    typed = [(code, words) for code in all_sources() for words in ("", "quokka")]
    for key in typed:
        asked(*key)  # the first asking fills what is remembered
    one = {key: asked(*key) for key in typed}
    grow(cast.units["PF"], range(1, 30))
    many = {key: asked(*key) for key in typed}
    assert {key: queries for key, (queries, _) in one.items()} == {key: queries for key, (queries, _) in many.items()}
    grown = {code for code, words in typed if words and many[code, words][1] > one[code, words][1] > 0}
    assert {"posts-held", "units", "people", "people-without-account", "posts-reachable"} <= grown
