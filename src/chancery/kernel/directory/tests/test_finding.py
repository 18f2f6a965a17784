"""The find box: by name, pinyin, initials, title and function; never more than one may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.directory import services
from chancery.kernel.directory.finding.queries import find, find_people
from chancery.kernel.directory.finding.rules import question, tails, unit_keys
from chancery.kernel.directory.people.rules import name_keys
from chancery.kernel.directory.tests.conftest import CLERK, KEEPER, NOW, TODAY, Office, person, raw


@pytest.mark.parametrize(
    "typed", ["wang", "Wang Y", "yanhu", "wangyanhu", "WY", "王", "王彦", "彦虎", "虎", "wyh", "wang yan hu", "yan"]
)
def test_a_person_is_found_by_name_pinyin_and_initials(office: Office, typed: str) -> None:
    person("Wang Yanhu", "王彦虎")
    assert [row["name_en"] for row in find_people(typed, on=TODAY)] == ["Wang Yanhu"]


def test_names_that_begin_as_asked_come_first_in_the_order_of_pinyin(office: Office) -> None:
    for name_en, name_zh in (("Li Wang", "李望"), ("Wang Bai", "王白"), ("Wang An", "王安"), ("Zhao Wangli", "赵望里")):
        person(name_en, name_zh)
    assert [row["name_en"] for row in find_people("wang", on=TODAY)] == [
        "Wang An",
        "Wang Bai",
        "Li Wang",
        "Zhao Wangli",
    ]


def test_a_person_comes_with_the_posts_of_that_day(office: Office) -> None:
    (row,) = find_people("anna", on=TODAY)
    assert [post["title_en"] for post in row["posts"]] == ["Director"]
    (row,) = find_people("anna", on=dt.date(2019, 1, 1))
    assert row["posts"] is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [("apples", "A"), ("苹果", "A"), ("pgb", "A"), ("种植", "A"), ("植苹", "A"), ("cider", "A1"), ("grow", "A")],
)
def test_a_unit_is_found_by_name_and_by_what_it_does(office: Office, typed: str, code: str) -> None:
    assert [row["code"] for row in find(typed, on=TODAY).units] == [code]


def test_a_unit_is_found_under_the_name_of_the_day(office: Office) -> None:
    services.rename_unit(unit_id=office.a, name_en="Pears", name_zh="", by=SYSTEM, at=NOW)
    assert find("pears", on=TODAY).units
    assert not find("pears", on=TODAY - dt.timedelta(days=1)).units


def test_a_post_is_found_by_its_title(office: Office) -> None:
    found = find("副部长", on=TODAY)
    assert [(row["title_en"], [h["name_en"] for h in row["holders"]]) for row in found.posts] == [
        ("Deputy director", ["Bo Birch", "Chen Cedar"])
    ]


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "'", "!!", "& | <->", "'); drop table directory_person; --", "\\", "%", "\x00a", "a" * 500, "王" * 300],
)
def test_whatever_is_typed_is_only_a_question(office: Office, typed: str) -> None:
    find(typed, on=TODAY)


@given(st.text(max_size=40))
def test_a_question_is_always_a_sound_tsquery(typed: str) -> None:
    asked = question(typed)
    assert asked.count("'") % 2 == 0
    assert all(piece.startswith("'") and piece.endswith("':*") for piece in asked.split(" & ") if asked)


@given(st.text(alphabet="王彦虎科学技术办公厅", min_size=1, max_size=20), st.data())
def test_any_piece_of_a_chinese_text_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : data.draw(st.integers(start + 1, min(len(text), start + 8)))]
    assert any(tail.startswith(piece) for tail in tails(text))


def test_keys_of_a_name() -> None:
    keys = name_keys("Lü Bu", "吕布")
    assert keys.sort_key == "lv bu"
    assert keys.initials == "lb"
    assert "'lvbu':1A" in keys.keys
    assert "'吕布':1A" in keys.keys
    assert unit_keys("General Office", "办公厅", "Keeps archives.", "").count("'bgt':1A") == 1


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (PUBLIC, {"Wang Public"}),
        (CLERK, {"Wang Public", "Wang Inside"}),
        (KEEPER, {"Wang Public", "Wang Inside", "Wang Hidden"}),
    ],
)
def test_a_search_shows_exactly_what_one_may_see(office: Office, actor: Actor, seen: set[str]) -> None:
    shown = person("Wang Public", "王公").pk
    services.appoint(
        person_id=shown,
        post_id=services.open_post(unit_id=office.b, title_en="Head", is_public=True, by=SYSTEM, at=NOW).pk,
        by=SYSTEM,
        at=NOW,
    )
    person("Wang Inside", "王内")
    person("Wang Hidden", "王密", label=20)
    for typed in ("wang", "王", "w", "public", "inside", "hidden", "公", "密", "wm"):
        with acting_as(actor):
            found = {row["name_en"] for row in find_people(typed, on=TODAY)}
        everything = {row["name_en"] for row in find_people(typed, on=TODAY)}
        with acting_as(KEEPER):
            everything |= {row["name_en"] for row in find_people(typed, on=TODAY)}
        assert found == everything & seen, typed


def test_the_public_finds_its_few_among_many_of_the_same_name(office: Office) -> None:
    for number in range(60):
        person(f"Wang A{number}", is_namesake=True)
    shown = person("Wang Zz").pk
    services.appoint(
        person_id=shown,
        post_id=services.open_post(unit_id=office.b, title_en="Head", is_public=True, by=SYSTEM, at=NOW).pk,
        by=SYSTEM,
        at=NOW,
    )
    with acting_as(PUBLIC):
        assert [row["name_en"] for row in find_people("wang", on=TODAY, most=5)] == ["Wang Zz"]
    with acting_as(CLERK):
        assert len(find_people("wang", on=TODAY, most=5)) == 5
        assert [row["name_en"] for row in find_people("wang", on=TODAY, most=5, public_only=True)] == ["Wang Zz"]


def test_one_finds_oneself_whatever_the_label(office: Office) -> None:
    hidden = person("Wang Hidden", label=30).pk
    me = Actor(account_id=9, person_id=hidden, post_id=1, clearance=10)
    with acting_as(me):
        assert [row["name_en"] for row in find_people("hidden", on=TODAY)] == ["Wang Hidden"]


def test_the_database_cannot_be_asked_past_the_stamp(office: Office) -> None:
    person("Wang Inside")
    with acting_as(PUBLIC):
        assert raw("select * from directory_find_people('''wang'':*', 'wang', '', false, 10)") == []


def test_finding_takes_three_questions(office: Office) -> None:
    with CaptureQueriesContext(connection) as asked:
        find("wang", on=TODAY)
    assert len(asked) == 3
