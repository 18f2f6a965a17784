"""People, units, posts, provisions, types of paper and seals are found; what changes is found as it is now."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse

from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook.models import Provision
from chancery.kernel.directory.models import Person
from chancery.kernel.directory.services import add_person, dissolve_unit, rename_unit
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.papertypes.services import load_types
from chancery.kernel.records.queries import Filters, search
from chancery.kernel.records.search.following.models import SearchDue
from chancery.kernel.records.search.following.services import catch_up, fill_index

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def found(q: str, by: Actor) -> dict[str, str]:
    with acting_as(by), transaction.atomic():
        return {row.words: row.kind for row in search(q, by=by, limit=200).rows}


@pytest.mark.parametrize(
    ("q", "kind"),
    [
        ("办公厅", "unit"),
        ("General Office", "unit"),
        ("GO", "unit"),
        ("registrar", "post"),
        ("search.saved.most", "provision"),
    ],
)
def test_what_a_member_of_staff_may_see_is_found_and_the_public_finds_nothing(cast, q: str, kind: str) -> None:
    fill_index(by=SYSTEM, at=AT)
    assert kind in found(q, cast.outsider).values()
    assert found(q, PUBLIC) == {}


def test_a_rule_and_a_type_of_paper_are_found_once_in_the_profile_of_the_site(cast, settings) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        load_types(by=SYSTEM, at=AT)
    fill_index(by=SYSTEM, at=AT)
    for q, kind, table in (("search.saved.most", "provision", Provision), ("NOTICE", "paper_type", PaperType)):
        with acting_as(cast.outsider), transaction.atomic():
            rows = search(q, by=cast.outsider, limit=200, filters=Filters(kinds=(kind,))).rows
            keys = [int(row.subject.rpartition(":")[2]) for row in rows]
            profiles = set(table.objects.filter(pk__in=keys).values_list("profile", flat=True))
        assert profiles == {settings.PROFILE}


def test_a_person_is_found_by_name_and_leads_to_their_page(cast, client_as) -> None:
    fill_index(by=SYSTEM, at=AT)
    with acting_as(cast.outsider), transaction.atomic():
        person = Person.objects.get(pk=cast.registrar.person_id)
        row = next(row for row in search(person.name_zh, by=cast.outsider).rows if row.kind == "person")
    answer = client_as(cast.outsider).get(row.url)
    assert answer["Location"] == reverse("directory:desk_person", args=[person.code])


def test_whom_one_may_not_see_one_does_not_find(cast, client_as) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        person = add_person(name_en="Orpiment Hidden", name_zh="雌黄", is_sample=True, label=30, by=SYSTEM, at=AT)
    fill_index(by=SYSTEM, at=AT)
    assert found("雌黄", cast.outsider) == {}
    assert client_as(cast.outsider).get(reverse("records:found_person", args=[person.pk])).status_code == 404


def test_what_changes_is_noted_and_read_anew_once(cast) -> None:
    fill_index(by=SYSTEM, at=AT)
    catch_up(by=SYSTEM, at=AT, batch=100_000)
    with acting_as(SYSTEM):
        assert not SearchDue.objects.exists()
        with transaction.atomic():
            rename_unit(unit_id=cast.units["GO"], name_en="General Affairs", name_zh="综合办公室", by=SYSTEM, at=AT)
    assert 0 < catch_up(by=SYSTEM, at=AT) < 5
    assert found("综合办公室", cast.outsider)["General Affairs"] == "unit"
    assert catch_up(by=SYSTEM, at=AT) == 0


def test_what_is_over_says_so(cast) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        dissolve_unit(unit_id=cast.units["SP"], with_posts=True, by=SYSTEM, at=AT)
    fill_index(by=SYSTEM, at=AT)
    with acting_as(cast.outsider), transaction.atomic():
        rows = search("科学技术普及部", by=cast.outsider, filters=Filters(kinds=("unit",))).rows
    assert [row.state for row in rows] == ["PAST"]


def test_staff_cannot_read_what_is_noted(cast) -> None:
    with acting_as(cast.administrator), transaction.atomic():
        assert SearchDue.objects.count() == 0
