"""Pickers: found by any mixture of name, pinyin, title and unit; only what one may see and pick; without script too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.directory import services
from chancery.kernel.directory.picking.forms import PersonPicker, PostPicker, PostsPicker, UnitPicker
from chancery.kernel.directory.picking.queries import find_posts, find_units, posts_named, units_named
from chancery.kernel.directory.picking.terms import Among
from chancery.kernel.directory.tests.conftest import CLERK, KEEPER, NOW, Office, person, raw


class Choosing(forms.Form):
    """One of each."""

    post = PostPicker(label="Post")
    posts = PostsPicker(label="Posts", required=False)
    unit = UnitPicker(label="Unit", required=False)
    who = PersonPicker(label="Person", required=False)


def sent(text: str) -> Choosing:
    return Choosing(QueryDict(text))


@pytest.mark.parametrize(
    "typed", ["anna", "Ash", "安雅", "ay", "anya", "director ash", "部长 安", "anna apples", "pgb anna", "dir app ash"]
)
def test_a_post_is_found_by_holder_title_and_unit_in_any_mixture(office: Office, typed: str) -> None:
    assert office.director in {line.value for line in find_posts(typed, 20)}


def test_every_word_must_fit_the_same_post(office: Office) -> None:
    assert find_posts("anna deputy", 20) == []
    assert find_posts("director beans", 20) == []
    assert [line.value for line in find_posts("deputy", 20)] == [office.deputies]


def test_a_line_names_the_holders_first(office: Office) -> None:
    (line,) = find_posts("bo birch", 20)
    assert (line.label, line.place) == ("Bo Birch, Chen Cedar", "Deputy director · Department of Apples")


def test_a_vacant_post_is_picked_only_where_vacant_ones_may_be(office: Office) -> None:
    empty = services.open_post(unit_id=office.b, title_en="Bean counter", by=SYSTEM, at=NOW).pk
    assert find_posts("bean", 20) == []
    assert posts_named([empty]) == []
    assert [line.value for line in find_posts("counter", 20, is_held=False)] == [empty]
    assert [line.label for line in posts_named([empty], is_held=False)] == ["Bean counter"]


def test_leading_posts_alone(office: Office) -> None:
    assert [line.value for line in find_posts("director", 20, is_leading=True)] == [office.director]
    assert posts_named([office.deputies], is_leading=True) == []


def test_within_a_list_words_still_narrow(office: Office) -> None:
    both = [office.director, office.deputies]
    assert [line.value for line in find_posts("", 20, within=both)] == both
    assert [line.value for line in find_posts("chen", 20, within=both)] == [office.deputies]
    assert find_posts("", 20, within=[]) == []


def test_no_words_offer_the_first_few_and_odd_ones_nothing(office: Office) -> None:
    assert [line.value for line in find_posts("", 1)] == [office.director]
    for odd in ("'", "!!", "& | <->", "'); drop table directory_post; --", "%", "\\"):
        find_posts(odd, 5)
        find_units(odd, 5)


def test_units_by_code_name_pinyin_and_initials(office: Office) -> None:
    for typed in ("a1", "A1", "cider", "division"):
        assert office.a1 in {line.value for line in find_units(typed, 20)}
    assert [line.value for line in find_units("pgb", 20)] == [office.a]
    assert find_units("cider", 20, kinds=["DEPARTMENT"]) == []
    assert units_named([office.a1], kinds=["DEPARTMENT"]) == []
    assert [line.value for line in find_units("", 2)] == [office.hq, office.a]


def test_a_dissolved_unit_is_not_picked(office: Office) -> None:
    services.dissolve_unit(unit_id=office.b, on=NOW.date(), decision="Reform", by=SYSTEM, at=NOW)
    assert find_units("beans", 20) == []
    assert units_named([office.b]) == []


def test_a_protected_holder_is_neither_found_nor_named(office: Office) -> None:
    hidden = person("Wu Hidden", "吴密", label=20).pk
    post = services.open_post(unit_id=office.b, title_en="Watcher", by=SYSTEM, at=NOW).pk
    services.appoint(person_id=hidden, post_id=post, by=SYSTEM, at=NOW)
    with acting_as(CLERK):
        assert find_posts("hidden", 20) == []
        assert find_posts("watcher hidden", 20, is_held=False) == []
        assert find_posts("watcher", 20) == []
        assert [line.label for line in find_posts("watcher", 20, is_held=False)] == ["Watcher"]
    with acting_as(KEEPER):
        assert [line.label for line in find_posts("wumi watcher", 20)] == ["Wu Hidden"]
    with acting_as(PUBLIC):
        assert find_posts("director", 20) == []
        assert raw("select * from directory_pick_posts('{}', null, current_date, false, false, 100)") == []


def test_the_endpoint_answers_staff_and_nobody_else(visit: Any, office: Office) -> None:
    answer = visit(CLERK).get("/pick/posts-held/", {"q": "anna"})
    assert json.loads(answer.content) == {
        "lines": [{"value": office.director, "label": "Anna Ash", "place": "Director · Department of Apples"}],
        "more": False,
    }
    assert visit(CLERK).get("/pick/nothing-such/").status_code == 404
    assert visit(PUBLIC).get("/pick/posts-held/", {"q": "anna"}).status_code == 302


def test_it_asks_as_often_for_one_as_for_thirty(office: Office) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            find_posts("apples", 20)
        return len(queries)

    before = asked()
    for number in range(30):
        post = services.open_post(unit_id=office.a, title_en=f"Picker {number}", by=SYSTEM, at=NOW).pk
        services.appoint(person_id=person(f"Pe Rson{number}").pk, post_id=post, by=SYSTEM, at=NOW)
    assert asked() == before == 1


# --- The field: what is sent with script, and what without ------------------------------------------------------------
def test_what_was_picked_is_cleaned_to_ids_in_order(office: Office) -> None:
    form = sent(
        f"post={office.director}&posts={office.deputies}&posts={office.director}&unit={office.a}&who={office.bo}"
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "post": office.director,
        "posts": [office.deputies, office.director],
        "unit": office.a,
        "who": office.bo,
    }


def test_an_id_that_may_not_be_picked_is_refused(office: Office) -> None:
    assert sent("post=999999").errors["post"] == ["That cannot be chosen here any more."]
    assert sent(f"post={office.director}&posts=999999").errors["posts"] == ["That cannot be chosen here any more."]
    for odd in ("zz", "-1", "1' or '1", "9" * 30):
        assert sent(f"post={odd}").errors["post"] == ["Nothing is found by that."], odd


def test_without_script_words_that_find_one_thing_pick_it(office: Office) -> None:
    form = sent("post_words=anna")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["post"] == office.director


def test_without_script_several_finds_are_offered_and_nothing_is_done(office: Office) -> None:
    form = sent("post_words=apples")
    assert form.errors["post"] == ["Choose from what was found."]
    page = str(form["post"])
    assert f'<option value="{office.director}">Anna Ash' in page
    assert f'<option value="{office.deputies}">Bo Birch, Chen Cedar' in page
    form = sent("post_words=apples&post_find=1")
    assert form.errors["post"] == ["Choose from what was found."]


def test_a_code_means_one_thing_alone(office: Office) -> None:
    services.rename_unit(unit_id=office.b, name_en="Agriculture", name_zh="", by=SYSTEM, at=NOW)
    form = sent(f"post={office.director}&unit=a&who_words=anna-ash")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["unit"], form.cleaned_data["who"]) == (office.a, office.anna)


def test_find_with_an_empty_field_is_an_ordinary_sending(office: Office) -> None:
    assert sent(f"post={office.director}&post_words=&post_find=1").is_valid()
    assert sent("post_words=&post_find=1").errors["post"] == ["This field is required."]
    assert sent("post_words=zzzz").errors["post"] == ["Nothing is found by that."]


def test_words_typed_beside_a_choice_are_never_passed_over(office: Office) -> None:
    form = sent(f"post={office.director}&posts={office.director}&posts_words=chen")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["posts"] == [office.director, office.deputies]
    assert not sent(f"post={office.director}&posts={office.director}&posts_words=nobody").is_valid()


def test_the_form_shows_what_was_chosen_and_escapes_it(office: Office) -> None:
    services.rename_unit(unit_id=office.a, name_en="<b>Apples</b>", name_zh="", by=SYSTEM, at=NOW)
    form = Choosing(initial={"post": office.director, "posts": [office.deputies]})
    page = str(form["post"])
    assert (
        f'<option value="{office.director}" selected>Anna Ash · Director · &lt;b&gt;Apples&lt;/b&gt;</option>' in page
    )
    assert "Bo Birch" in str(form["posts"])
    assert "<b>" not in page


def test_every_source_of_the_directory_is_registered() -> None:
    from chancery.foundations.web.picker import all_sources

    assert set(Among) <= set(all_sources())
