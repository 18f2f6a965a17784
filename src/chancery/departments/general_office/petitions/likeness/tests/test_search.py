"""The search in one question says the same as a plain comparison of every signature with every other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.likeness import queries, rules
from chancery.departments.general_office.petitions.likeness.models import PetitionLikeness
from chancery.departments.general_office.petitions.likeness.tests.letters import OTHER, TEXT, letter, sender
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.terms import Kind
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

pytestmark = pytest.mark.django_db

MIXED = TEXT[:60] + OTHER[:30]


def letters() -> list[Petition]:
    """Of one text, partly of one text, of another; some of them by the same sender."""
    return [
        letter(1),
        letter(2),
        letter(3, MIXED),
        letter(4, OTHER),
        letter(1, OTHER, identity=sender(1)),
        letter(5, "请为离退休专家举办一次座谈会。"),
        letter(1, "申请查阅本人历年申报材料。", identity=sender(1)),
    ]


def plainly(by: Any, petition_id: int, least: int) -> set[tuple[int, int, bool, bool]]:
    """Every row that the actor sees, compared one by one in Python."""
    held = {row.petition_id: (set(row.bands), bytes(row.signature)) for row in PetitionLikeness.objects.all()}
    kin = {row["petition_id"]: row for row in custody.kin(petition_id)}
    bands, signature = held[petition_id]
    made = set()
    for other, (others, signed) in held.items():
        percent = rules.percent(signature, signed)
        if other != petition_id and ((others & bands and percent >= least) or other in kin):
            own = kin.get(other, {})
            made.add((other, percent, bool(own.get("same_contact")), bool(own.get("same_name"))))
    return made


@pytest.mark.parametrize("least", [1, 30, 75, 101])
def test_it_finds_what_a_plain_comparison_finds(cast: Any, least: int) -> None:
    made = letters()
    with acting_as(cast.petition_registrar):
        said = {one.pk: set(queries.search(one.pk, least=least)) for one in made}
        assert said == {one.pk: plainly(cast.petition_registrar, one.pk, least) for one in made}
    assert any(said.values()), "the same sender is found whatever was written"


def test_the_latest_are_compared_when_there_are_too_many(cast: Any) -> None:
    first, second, third, asked = letter(1), letter(2), letter(3), letter(4)
    with acting_as(cast.petition_registrar):
        assert {row[0] for row in queries.search(asked.pk, least=50)} == {first.pk, second.pk, third.pk}
        assert {row[0] for row in queries.search(asked.pk, least=50, most=2)} == {second.pk, third.pk}


def test_of_what_one_may_not_see_there_is_not_even_a_number(cast: Any) -> None:
    open_one, asked = letter(1), letter(2)
    hidden = letter(3, kind=Kind.ACCUSATION, subject_unit_id=cast.units["GO"])
    with acting_as(SYSTEM):
        assert {row[0] for row in queries.search(asked.pk, least=50)} == {open_one.pk, hidden.pk}
    for name in ("outsider", "handler", "petition_registrar", "petition_officer"):
        with acting_as(cast[name]):
            seen = set(Petition.objects.values_list("pk", flat=True))
            assert {row[0] for row in queries.search(asked.pk, least=50)} == (
                {open_one.pk, hidden.pk} & seen if asked.pk in seen else set()
            )
            assert hidden.pk in seen or queries.search(hidden.pk, least=1) == [], "nor is it asked about"


def test_who_has_no_part_in_petitions_finds_nothing_by_the_inner_question(cast: Any) -> None:
    letter(1), letter(2)
    with acting_as(SYSTEM):
        row = PetitionLikeness.objects.earliest("pk")
    asked = "select * from general_office_petition_alike_found(%s::bigint[], %s, 0, '{}', 300)"
    for name, count in (("outsider", 0), ("petition_registrar", 2)):
        with acting_as(cast[name]), connection.cursor() as cursor:
            cursor.execute(asked, [row.bands, bytes(row.signature)])
            assert len(cursor.fetchall()) == count


def test_a_text_without_words_is_like_nothing(cast: Any) -> None:
    letter(1, "……")
    asked = letter(2)
    with acting_as(SYSTEM):
        PetitionLikeness.objects.filter(petition=asked).update(signature=b"", bands=[])
    with acting_as(cast.petition_registrar):
        assert queries.search(asked.pk, least=1) == []
