"""Search: it finds what stands there, in both languages, and nothing of what the asker may not see."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.models import Guard
from chancery.kernel.access.services import add_reader, end_reader
from chancery.kernel.records.models import SearchEntry
from chancery.kernel.records.queries import Filters, search, suggestions
from chancery.kernel.records.search.queries import highlighted, snippet
from chancery.kernel.records.search.terms import question, vector
from chancery.kernel.records.services import index_item, reindex, withdraw_item
from chancery.kernel.records.tests.world import AT, TODAY, World


def put(
    world: World, key: int, *, zh: str = "", en: str = "", body: str = "", by: Actor | None = None, **more: Any
) -> str:
    by = by or world.clerk
    subject = f"test.thing:{key}"
    index_item(
        guard_id=more.pop("guard_id", None) or world.guard_id,
        kind=more.pop("kind", "thing"),
        subject=subject,
        dated=more.pop("dated", TODAY),
        title_zh=zh,
        title_en=en,
        body=body,
        by=by,
        at=AT,
        **more,
    )
    return subject


def found(q: str, by: Actor, **more: Any) -> list[str]:
    return [row.subject for row in search(q, by=by, **more).rows]


LETTER = "关于召开2026年度全国学会工作会议的通知"
BODY = (
    "各有关单位：林舒同志负责联络。会议费用按照GB/T 33480-2016登记，"
    "编号科协办发调字〔2026〕22号。Contact the Secretariat."
)


@pytest.mark.parametrize(
    "q",
    [
        "学会",
        "会议",
        "工作会议",
        "通知",
        "林舒",
        "联络",
        "Secretariat",
        "Secretariats",
        "secretariat",
        "學會 聯絡",
        "工作會議",
        "33480·2016",
        "費用",
        "SECRETARIAT",
        "GB/T 33480",
        "33480-2016",
        "2026",
        "科协办发调字〔2026〕22号",
        "〔2026〕22号",
        "学会 联络",
        "召",
        "费用",
        "ＧＢ/Ｔ",
        '"全国学会工作会议"',
        "“林舒同志”",
        '"按照GB/T 33480"',
    ],
)
def test_what_stands_there_is_found(world: World, q: str) -> None:
    subject = put(world, 1, zh=LETTER, body=BODY)
    put(world, 2, zh="无关的文件", body="别的内容")
    assert found(q, world.clerk) == [subject]


@pytest.mark.parametrize(
    "q",
    [
        "",
        "  ",
        "!!!",
        "未出现的词语",
        "学会 未出现",
        '"会议召开"',
        "Secretary",
        "'; drop table x; --",
        "a & | ! ( :*",
        "\\",
    ],
)
def test_what_does_not_stand_there_is_not_found_and_nothing_breaks(world: World, q: str) -> None:
    put(world, 1, zh=LETTER, body=BODY)
    assert found(q, world.clerk) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_text_can_be_indexed_and_asked(world: World, text: str) -> None:
    text = text.replace("\x00", "")
    put(world, 7, zh=text[:50], body=text)
    search(text, by=world.clerk)
    search(text, by=world.clerk, prefix=True)


names = st.text(alphabet="林舒赵衡沈毅唐薇高铭何岚邱实白茹马可许安丁昕方元的和在了", min_size=2, max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names, names, names)
def test_a_name_is_found_whatever_stands_around_it(world: World, before: str, name: str, after: str) -> None:
    subject = put(world, 8, zh=f"{before}{name}{after}")
    assert subject in found(name, world.clerk)


@pytest.mark.parametrize(("written", "asked"), [("會議紀要", "会议纪要"), ("会议纪要", "會議紀要"), ("乾隆", "乾")])
def test_traditional_and_simplified_characters_are_one(world: World, written: str, asked: str) -> None:
    subject = put(world, 8, zh=f"{written}（样例）")
    assert found(asked, world.clerk) == [subject]


@pytest.mark.parametrize(
    ("written", "asked"), [("Society", "societies"), ("Notices", "notice"), ("meeting", "meetings")]
)
def test_an_english_word_is_found_in_its_other_forms(world: World, written: str, asked: str) -> None:
    subject = put(world, 8, zh=f"{written} 样例")
    put(world, 9, zh="Social 样例")
    assert found(asked, world.clerk) == [subject]


@pytest.mark.parametrize("asked", ["A001-WS·2025·Y·BGT-0001", "A001-WS-2025-Y-BGT-0001", "a001.ws.2025.y.bgt.0001"])
def test_a_code_is_found_however_its_parts_are_joined(world: World, asked: str) -> None:
    subject = put(world, 8, zh="卷宗", body="A001-WS·2025·Y·BGT-0001")
    put(world, 9, zh="卷宗", body="A001-WS·2025·Y·BGT-0002")
    assert found(asked, world.clerk) == [subject]


def test_a_title_ranks_before_a_body_and_a_newer_before_an_older(world: World) -> None:
    old = put(world, 1, zh="预算", dated=dt.date(2020, 1, 1))
    new = put(world, 2, zh="预算", dated=dt.date(2026, 1, 1))
    body = put(world, 3, zh="别的", body="这里提到预算")
    assert found("预算", world.clerk) == [new, old, body]


def test_others_find_nothing_count_nothing_and_are_suggested_nothing(world: World) -> None:
    put(world, 1, zh=LETTER, body=BODY)
    for by in (world.outsider, PUBLIC):
        result = search("学会", by=by)
        assert (result.rows, result.total, result.more, result.kinds) == ([], 0, False, {})
        assert suggestions("学", by=by) == []
    assert search("学会", by=world.registrar).total == 1


def test_hidden_rows_never_push_visible_ones_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chancery.kernel.records.search.queries.CANDIDATES", 5)
    theirs = world.guard(world.outsider, world.elsewhere_id)
    for key in range(100, 140):
        put(world, key, zh="同一个词 预算", by=world.outsider, guard_id=theirs)
    mine = {put(world, key, zh="同一个词 预算", dated=dt.date(2001, 1, 1)) for key in range(3)}
    result = search("预算", by=world.clerk)
    assert ({row.subject for row in result.rows}, result.total, result.more) == (mine, 3, False)


def test_the_count_is_that_of_the_pages(world: World) -> None:
    for key in range(45):
        put(world, key, zh=f"预算 {key}", kind="thing" if key % 3 else "other")
    first = search("预算", by=world.clerk, limit=20)
    pages = [row.subject for n in range(0, 60, 20) for row in search("预算", by=world.clerk, limit=20, offset=n).rows]
    assert (first.total, first.kinds) == (45, {"thing": 30, "other": 15})
    assert len(pages) == len(set(pages)) == 45


def test_a_question_that_finds_too_much_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chancery.kernel.records.search.queries.CANDIDATES", 10)
    for key in range(12):
        put(world, key, zh="预算")
    result = search("预算", by=world.clerk)
    assert (result.total, result.more) == (10, True)


def test_filters_narrow_by_kind_days_and_unit(world: World) -> None:
    one = put(world, 1, zh="预算", kind="a", dated=dt.date(2026, 1, 5), unit_id=world.office_id)
    two = put(world, 2, zh="预算", kind="b", dated=dt.date(2026, 2, 5), unit_id=world.elsewhere_id)
    assert found("预算", world.clerk, filters=Filters(kinds=("a",))) == [one]
    assert found("预算", world.clerk, filters=Filters(since=dt.date(2026, 2, 1))) == [two]
    assert found("预算", world.clerk, filters=Filters(until=dt.date(2026, 2, 1))) == [one]
    assert found("预算", world.clerk, filters=Filters(unit_ids=(world.elsewhere_id,))) == [two]


def test_a_label_above_the_clearance_hides(world: World) -> None:
    with acting_as(SYSTEM):
        guard = Guard.objects.create(unit_id=world.office_id, label=30)
        put(world, 1, zh="预算", by=SYSTEM, guard_id=guard.pk)
    assert found("预算", world.registrar) == []
    assert found("预算", SYSTEM) == ["test.thing:1"]


def test_indexing_again_replaces_and_withdrawing_removes(world: World) -> None:
    subject = put(world, 1, zh="旧标题")
    put(world, 1, zh="新标题")
    assert (found("旧", world.clerk), found("新", world.clerk)) == ([], [subject])
    withdraw_item(subject=subject, by=world.clerk, at=AT)
    assert found("标题", world.clerk) == []


def test_an_entry_cut_by_an_older_dictionary_is_cut_anew(world: World) -> None:
    subject = put(world, 1, zh="预算")
    with acting_as(SYSTEM):
        SearchEntry.objects.update(tokenizer=0, tokens="")
    assert found("预算", world.clerk) == []
    assert (reindex(by=SYSTEM, at=AT), reindex(by=SYSTEM, at=AT)) == (1, 0)
    assert found("预算", world.clerk) == [subject]


def test_suggestions_complete_the_last_word(world: World) -> None:
    put(world, 1, en="Secretariat calendar")
    assert [row.subject for row in suggestions("calendar secr", by=world.clerk)] == ["test.thing:1"]


def test_raw_sql_as_the_web_role_cannot_ask_for_more(world: World) -> None:
    put(world, 1, zh=LETTER)
    with acting_as(world.outsider), transaction.atomic():
        cursor = connection.cursor()
        cursor.execute("select count(*) from records_searchentry where tokens @@ '''学会'''::tsquery")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "select count(*) from records_search_found('''学会''', null, null, null, null, null, null, null, null,"
            " null, false, 1000000)"
        )
        assert cursor.fetchone() == (0,)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            cursor.execute("select * from records_seen_guards()")


def test_search_keeps_to_the_one_law_of_visibility(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.qual, f.prosrc from pg_policies p, pg_proc f"
            " where p.policyname = 'access_guard_seen' and f.proname = 'records_seen_guards'"
        )
        law, copied = cursor.fetchone()
    assert copied == f"select access_guard.* from access_guard where {law}", (
        "the policy changed: recreate records_seen_guards()"
    )


@pytest.mark.parametrize(
    ("q", "which"),
    [
        ("预算 -草案", [1, 4]),
        ('预算 -"修改草案"', [1, 2, 4]),
        ("草案 OR 决算", [2, 3, 5]),
        ("草案 | 决算", [2, 3, 5]),
        ("title:预算", [1, 2, 3]),
        ("标题：预算 草案", [2, 3]),
        ('"修改草案" OR 决算', [3, 5]),
        ("number:〔2026〕7号", [4]),
        ("-预算", []),
        ("OR", []),
    ],
)
def test_a_question_may_leave_out_choose_and_say_where(world: World, q: str, which: list[int]) -> None:
    for key, (zh, body) in enumerate(
        [("预算", ""), ("预算 草案", ""), ("预算 修改草案", ""), ("别的", "预算〔2026〕7号"), ("决算", "")], start=1
    ):
        put(world, key, zh=zh, body=body)
    assert sorted(found(q, world.clerk)) == [f"test.thing:{key}" for key in which]


def test_each_facet_counts_what_choosing_it_would_list(world: World) -> None:
    for key in range(24):
        put(
            world,
            key,
            zh="预算",
            kind="ab"[key % 2],
            state=("OPEN", "DONE", "")[key % 3],
            class_code=("1", "1.2", "1-3", "2")[key % 4],
            unit_id=(world.office_id, world.elsewhere_id)[key % 5 == 0],
        )
    for chosen in (Filters(), Filters(kinds=("a",)), Filters(states=("OPEN",), classes=("1",)), Filters(labels=(0,))):
        facets = search("预算", by=world.clerk, filters=chosen).facets
        for facet, name in (("kind", "kinds"), ("state", "states"), ("class", "classes"), ("unit", "unit_ids")):
            for value, (n, more) in facets[facet].items():
                narrowed = search("预算", by=world.clerk, filters=replace(chosen, **{name: (value,)}))
                assert (narrowed.total, more) == (n, False), (chosen, facet, value)


def test_beyond_the_cap_facets_say_at_least(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chancery.kernel.records.search.queries.CANDIDATES", 10)
    for key in range(30):
        put(world, key, zh="预算", kind="a" if key % 10 else "b", dated=dt.date(2026, 1, 1 + key))
    result = search("预算", by=world.clerk)
    assert result.more and all(more for _n, more in result.facets["kind"].values())
    narrowed = search("预算", by=world.clerk, filters=Filters(kinds=("b",)))
    assert (narrowed.total, narrowed.more, narrowed.facets["kind"]["b"]) == (3, False, (3, False))
    newest = search("预算", by=world.clerk, newest_first=True)
    assert [row.dated.day for row in newest.rows] == list(range(30, 20, -1))


@pytest.mark.parametrize("most", [3, 20, 2000])
def test_whichever_way_is_taken_the_answer_is_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Few or many seen, few or many matching: the same rows as row security itself gives."""
    monkeypatch.setattr("chancery.kernel.records.search.queries.CANDIDATES", most)
    theirs = world.guard(world.outsider, world.elsewhere_id)
    for key in range(60):
        mine = key % 12 == 0
        put(world, key, zh="预算 报告", by=world.clerk if mine else world.outsider, guard_id=None if mine else theirs)
    for by, all_seen in ((world.clerk, 5), (world.outsider, 55), (SYSTEM, 60), (PUBLIC, 0)):
        for more in ({}, {"newest_first": True}):
            assert search("预算", by=by, limit=100, **more).total == min(all_seen, most)
            assert search('"预算 报告"', by=by, limit=100, **more).total == min(all_seen, most)
            assert search("预算", by=by, filters=Filters(kinds=("thing",)), **more).total == min(all_seen, most)


def test_who_becomes_a_reader_finds_and_who_is_ended_does_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chancery.kernel.records.search.queries.CANDIDATES", 2)
    theirs = world.guard(world.outsider, world.elsewhere_id)
    for key in range(40):
        put(world, key, zh="预算", by=world.outsider, guard_id=theirs)
    one = world.guard(world.outsider, world.elsewhere_id)
    put(world, 99, zh="预算", by=world.outsider, guard_id=one)
    assert found("预算", world.clerk) == []
    add_reader(guard_id=one, post_id=world.clerk.post_id, how="copied", by=world.outsider, at=AT)
    assert found("预算", world.clerk) == ["test.thing:99"]
    end_reader(guard_id=one, post_id=world.clerk.post_id, by=world.outsider, at=AT)
    assert found("预算", world.clerk) == []


def test_snippets_show_the_place_and_escape_the_rest() -> None:
    body = "甲" * 300 + " <b>预算</b> 执行 " + "乙" * 300
    piece = snippet(body, ["预算"])
    assert "<mark>预算</mark>" in piece
    assert "&lt;b&gt;" in piece
    assert piece.startswith("…") and piece.endswith("…")
    assert highlighted("<i>Budget</i>", ["budget"]) == "&lt;i&gt;<mark>Budget</mark>&lt;/i&gt;"
    assert highlighted("party art", ["art"]) == "party <mark>art</mark>"
    assert highlighted("All societies, socially", ["society"]) == "All <mark>societies</mark>, socially"
    assert snippet("", ["x"]) == ""


def test_a_very_long_text_makes_a_valid_vector(world: World) -> None:
    body = " ".join(f"word{n}" for n in range(60_000)) + "关于召开会议的通知" * 3000
    put(world, 1, zh="长文", body=body)
    assert found("word59", world.clerk) == ["test.thing:1"]
    assert len(vector("t", body).encode()) < 1_048_576


def test_a_question_is_cut_into_words_pairs_and_phrases() -> None:
    asked = question('"工作会议" budget')
    assert asked is not None
    assert asked.says == (({"text": "工作会议"},),)
    assert "'budget'" in asked.query
    assert question("“”") is None


def test_a_page_of_results_takes_the_same_few_queries(world: World, django_assert_num_queries: Any) -> None:
    put(world, 0, zh="预算")
    with acting_as(world.clerk):
        with django_assert_num_queries(2):
            search("预算", by=world.clerk)
        for key in range(1, 30):
            put(world, key, zh="预算")
        with django_assert_num_queries(2):
            search("预算", by=world.clerk, limit=30)
