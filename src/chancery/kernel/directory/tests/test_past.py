"""The directory of any past day: random histories against plain recomputation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.directory import queries, services
from chancery.kernel.directory.publicpage.queries import house_on
from chancery.kernel.directory.tests.conftest import NOW, Office, person
from chancery.kernel.directory.validity.rules import Term, change

FIRST = dt.date(2021, 1, 1)
DAYS = [FIRST + dt.timedelta(days=each) for each in range(12)]
FIELDS = ("name", "parent", "order")

offsets = st.integers(0, len(DAYS) - 1)
edits = st.lists(st.tuples(offsets, st.sampled_from(FIELDS), st.integers(0, 3)), max_size=12)


class Plain:
    """Each fact as a list of its value on every day."""

    def __init__(self) -> None:
        self.days = {name: [0] * len(DAYS) for name in FIELDS}

    def record(self, offset: int, name: str, value: int) -> None:
        line = self.days[name]
        was = line[offset]
        for day in range(offset, len(DAYS)):
            if line[day] != was:
                break
            line[day] = value


@given(edits)
def test_a_chain_of_terms_equals_plain_recomputation(history: list[tuple[int, str, int]]) -> None:
    plain = Plain()
    chain = [Term(1, DAYS[0], None, dict.fromkeys(FIELDS, 0))]
    for offset, name, value in history:
        plain.record(offset, name, value)
        chain = change(chain, DAYS[offset], {name: value})
        # No gap, no overlap, and open at the end, whatever was entered in whatever order.
        assert [term.end for term in chain[:-1]] == [term.start for term in chain[1:]]
        assert (chain[0].start, chain[-1].end) == (DAYS[0], None)
    for offset, day in enumerate(DAYS):
        (term,) = [term for term in chain if term.holds_on(day)]
        assert term.facts == {name: plain.days[name][offset] for name in FIELDS}


database = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
unit_edits = st.lists(st.tuples(offsets, st.sampled_from(("name_en", "position")), st.integers(1, 3)), max_size=7)


@database
@given(unit_edits)
def test_a_unit_as_of_each_day_equals_plain_recomputation(office: Office, history: list[tuple[int, str, int]]) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        plain: dict[str, list[Any]] = {"name_en": ["Department of Beans"] * len(DAYS), "position": [2] * len(DAYS)}
        for offset, name, number in history:
            value: Any = f"Name {number}" if name == "name_en" else number
            services.change_unit(
                unit_id=office.b,
                changes={name: value},
                act="unit.changed",
                on=DAYS[offset],
                decision="x",
                by=SYSTEM,
                at=NOW,
            )
            line = plain[name]
            was = line[offset]
            for day in range(offset, len(DAYS)):
                if line[day] != was:
                    break
                line[day] = value
        for offset, day in enumerate(DAYS):
            facts = queries.unit_as_of(office.b, day)
            assert facts is not None
            assert (facts["name_en"], facts["position"]) == (plain["name_en"][offset], plain["position"][offset])
        transaction.set_rollback(True)


spans = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 2), offsets, st.integers(1, 8), st.booleans()), max_size=10
)


@database
@given(spans)
def test_who_held_what_on_each_day_equals_plain_recomputation(
    office: Office, history: list[tuple[int, int, int, int, bool]]
) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        post = services.open_post(
            unit_id=office.b, title_en="Clerk", seats=2, is_public=True, on=DAYS[0], decision="x", by=SYSTEM, at=NOW
        ).pk
        people = [person(f"Random {number}").pk for number in range(3)]
        held: list[tuple[int, int, str, int, int]] = []
        for who, seat, start, length, is_acting in history:
            kind = "ACTING" if is_acting else "SUBSTANTIVE"
            end = start + length
            clash = any(
                start < other_end and other_start < end
                and (other == who or (other_seat == seat and (other_kind == "ACTING") == is_acting))
                for other, other_seat, other_kind, other_start, other_end in held
            )  # fmt: skip
            try:
                services.appoint(
                    person_id=people[who], post_id=post, kind=kind, seat=seat, on=FIRST + dt.timedelta(days=start),
                    until=FIRST + dt.timedelta(days=end), decision="x", by=SYSTEM, at=NOW,
                )  # fmt: skip
                assert not clash
                held.append((who, seat, kind, start, end))
            except Refused:
                assert clash
        for offset, day in enumerate(DAYS):
            plain = {(people[who], seat, kind) for who, seat, kind, start, end in held if start <= offset < end}
            asked = {(row["person_id"], row["seat"], row["kind"]) for row in queries.holders_of(post, day)}
            assert asked == plain
            shown = {
                (holder["name_en"], holder["seat"], holder["kind"])
                for unit in house_on(day).units if unit.code == "B" for each in unit.posts for holder in each["holders"]
            }  # fmt: skip
            names = {person_id: f"Random {number}" for number, person_id in enumerate(people)}
            assert shown == {(names[who], seat, kind) for who, seat, kind in plain}
            empty = {row["seat"] for row in queries.vacancies(day) if row["post_id"] == post}
            assert empty == {1, 2} - {seat for _who, seat, kind in plain if kind != "ACTING"}
        transaction.set_rollback(True)
