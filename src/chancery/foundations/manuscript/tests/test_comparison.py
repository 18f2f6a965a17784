"""Two texts side by side: nothing is lost, and what changed is marked by words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings

from chancery.foundations import manuscript
from chancery.foundations.manuscript.tokens import tokens

from .texts import DOCUMENT, TEXT, doc, head, items, para, table, words


def sides(rows):
    """Both sides put together again from their pieces."""
    old = ["".join(piece.text for piece in row.old) for row in rows if row.old is not None]
    new = ["".join(piece.text for piece in row.new) for row in rows if row.new is not None]
    return "\n".join(old), "\n".join(new)


def marked(row):
    return (
        [(piece.text, piece.mark) for piece in row.old or []],
        [(piece.text, piece.mark) for piece in row.new or []],
    )


@given(DOCUMENT, DOCUMENT)
@settings(max_examples=60)
def test_the_pieces_rebuild_both_sides_exactly(old, new):
    old, new = manuscript.check(old), manuscript.check(new)
    rows = manuscript.compare(old, new)
    assert sides(rows) == (manuscript.plain(old), manuscript.plain(new))
    for row in rows:
        assert row.kind == {(False, True): "added", (True, False): "removed"}.get(
            (row.old is not None, row.new is not None), row.kind
        )
        assert {piece.mark for piece in row.old or []} <= {"", "del"}
        assert {piece.mark for piece in row.new or []} <= {"", "ins"}
    untouched = [
        ["".join(p.text for p in side if not p.mark) for side in (row.old or [], row.new or [])] for row in rows
    ]
    assert all(a == b for a, b in untouched)


@given(DOCUMENT)
@settings(max_examples=30)
def test_a_text_is_the_same_as_itself(given_doc):
    found = manuscript.check(given_doc)
    rows = manuscript.compare(found, found)
    assert not manuscript.is_changed(rows)
    assert all(row.kind == "same" for row in rows)
    assert manuscript.is_same_text(found, found)


@given(TEXT)
def test_words_are_cut_without_loss(text):
    assert "".join(tokens(text)) == text


def test_a_changed_line_is_marked_by_words():
    [row] = manuscript.compare(
        manuscript.check(doc(para("各学会应于12月31日前报送学术年会计划。"))),
        manuscript.check(doc(para("各学会应于12月15日前报送年度学术年会计划。"))),
    )
    assert row.kind == "changed"
    assert marked(row) == (
        [("各学会应于12月", ""), ("31", "del"), ("日前报送学术年会计划。", "")],
        [("各学会应于12月", ""), ("15", "ins"), ("日前报送", ""), ("年度", "ins"), ("学术年会计划。", "")],
    )


def test_english_words_are_whole():
    [row] = manuscript.compare(
        manuscript.check(doc(para("The well-known society meets at 9.30 today."))),
        manuscript.check(doc(para("The well-known societies met at 9.45 today."))),
    )
    assert [text for text, mark in marked(row)[0] if mark] == ["society meets", "9.30"]
    assert [text for text, mark in marked(row)[1] if mark] == ["societies met", "9.45"]


def test_lines_are_paired_though_others_came_between():
    rows = manuscript.compare(
        manuscript.check(
            doc(
                para("第一条 学会应当按期报送年度工作总结。"),
                para("第二条 经费单独核算。"),
                para("第三条 本办法自印发之日起施行。"),
            )
        ),
        manuscript.check(
            doc(
                para("总的要求如下，请认真执行。"),
                para("第一条 学会应当按期报送年度工作总结和计划。"),
                para("第三条 本办法自2027年1月1日起施行。"),
                para("附则"),
            )
        ),
    )
    assert [row.kind for row in rows] == ["added", "changed", "removed", "changed", "added"]


def test_a_heading_made_of_a_paragraph_and_a_change_of_looks_are_told():
    rows = manuscript.compare(
        manuscript.check(doc(para("总体要求"), head(1, "重点"), para("加强"), para("署名"))),
        manuscript.check(
            doc(head(1, "总体要求"), head(2, "重点"), para(words("加强", "strong")), para("署名", align="right"))
        ),
    )
    assert [(row.kind, row.was, row.was_level, row.is_restyled) for row in rows] == [
        ("same", "paragraph", 0, False),
        ("same", "heading", 1, False),
        ("same", "", 0, True),
        ("same", "", 0, True),
    ]
    assert manuscript.is_changed(rows)


def test_tables_are_compared_cell_by_cell():
    rows = manuscript.compare(
        manuscript.check(doc(table(["项目", "金额"], ["场地", "120,000"], ["材料", "8,500"]))),
        manuscript.check(doc(table(["项目", "金额"], ["场地", "100,000"], ["差旅", "9,000"], ["材料", "8,500"]))),
    )
    assert [(row.block, row.kind) for row in rows] == [
        ("table_row", "same"),
        ("table_row", "changed"),
        ("table_row", "added"),
        ("table_row", "same"),
    ]
    changed = rows[1]
    assert [[piece.text for piece in cell] for cell in changed.old_cells] == [["场地"], ["120,000"]]
    assert [[(piece.text, piece.mark) for piece in cell] for cell in changed.new_cells] == [
        [("场地", "")],
        [("100,000", "ins")],
    ]


def test_a_row_with_another_number_of_cells_is_still_whole():
    old, new = manuscript.check(doc(table(["甲", "乙"]))), manuscript.check(doc(table(["甲", "新", "乙"])))
    assert sides(manuscript.compare(old, new)) == ("甲\t乙", "甲\t新\t乙")


def test_list_items_are_lines():
    rows = manuscript.compare(
        manuscript.check(doc(items("bullet_list", [para("一")], [para("二")]))),
        manuscript.check(doc(items("bullet_list", [para("一")]))),
    )
    assert [(row.block, row.kind) for row in rows] == [("list_item", "same"), ("list_item", "removed")]


@pytest.mark.parametrize("kind", ["every line edited", "one line put before", "lines shuffled", "one endless line"])
def test_a_hundred_pages_are_compared_within_reason(kind):
    """No time is asserted; a quadratic comparison would not end within the run's limit."""
    rng = random.Random(7)
    stock = [
        f"第{n}条 学会应当{rng.choice(['报送总结', '组织交流'])}，编号{rng.randrange(10**6)}。" for n in range(1600)
    ]
    after = list(stock)
    if kind == "every line edited":
        after = [line.replace("应当", "必须") for line in stock]
    elif kind == "one line put before":
        after = ["新的一条。", *(line.replace("学会", "协会") for line in stock)]
    elif kind == "lines shuffled":
        rng.shuffle(after)
    else:
        stock, after = ["".join(stock)], ["".join(rng.sample(stock, len(stock)))]
    old, new = manuscript.check(doc(*map(para, stock))), manuscript.check(doc(*map(para, after)))
    rows = manuscript.compare(old, new)
    assert sides(rows) == (manuscript.plain(old), manuscript.plain(new))
    if kind in {"every line edited", "one line put before"}:
        assert sum(row.kind == "changed" for row in rows) == 1600
