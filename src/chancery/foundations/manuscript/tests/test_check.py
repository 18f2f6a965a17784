"""Nothing that a browser sends is believed; what is sound comes out in one form."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations import manuscript
from chancery.foundations.manuscript import grid, shape
from chancery.foundations.verdict import Refused

from .texts import DOCUMENT, doc, head, items, para, table, words


@given(DOCUMENT)
def test_checking_what_was_checked_changes_nothing(given_doc):
    before = copy.deepcopy(given_doc)
    once = manuscript.check(given_doc)
    assert manuscript.check(once) == once
    assert manuscript.from_json(json.dumps(once)) == once
    assert given_doc == before  # a copy, not the thing itself


@given(DOCUMENT)
def test_every_table_comes_out_a_whole_rectangle(given_doc):
    for block in manuscript.check(given_doc)["content"]:
        if block["type"] != "table":
            continue
        width = grid.width_of(block)
        places = [
            (row + down, column + right)
            for row, column, cell in grid.placed(block)
            for down in range(cell["attrs"]["rowspan"])
            for right in range(cell["attrs"]["colspan"])
        ]
        assert len(set(places)) == len(places) == width * len(block["content"])


def test_texts_of_one_look_are_joined_and_cleaned():
    found = manuscript.check(
        doc(
            para(
                "e", words("\u0301\u202e evil"), words("", "em"), words("b", "em", "strong"), words("c", "strong", "em")
            )
        )
    )
    assert found["content"][0]["content"] == [
        {"type": "text", "text": "\u00e9 evil"},
        {"type": "text", "text": "bc", "marks": [{"type": "strong"}, {"type": "em"}]},
    ]


def test_an_empty_document_holds_an_empty_paragraph():
    assert manuscript.check({"type": "doc"}) == manuscript.EMPTY
    assert manuscript.is_empty(manuscript.EMPTY)


def test_a_break_in_bold_words_is_a_plain_break():
    broken = {"type": "hard_break", "marks": [{"type": "strong"}]}
    assert manuscript.check(doc(para("a", broken)))["content"][0]["content"][1] == {"type": "hard_break"}


def _deep(depth):
    found = para("x")
    for _n in range(depth):
        found = items("bullet_list", [para("y"), found])
    return found


CELL_WITH_TABLE = table(["x"])
CELL_WITH_TABLE["content"][0]["content"][0]["content"] = [table(["y"])]

HOSTILE = {
    "not a mapping": [],
    "nothing": None,
    "a text": "doc",
    "another root": {"type": "paragraph"},
    "unknown block": doc({"type": "image", "attrs": {"src": "x"}}),
    "unknown inline": doc({"type": "paragraph", "content": [{"type": "mention"}]}),
    "block in a paragraph": doc({"type": "paragraph", "content": [para("x")]}),
    "text in the document": doc(words("x")),
    "a table in a cell": doc(CELL_WITH_TABLE),
    "a heading in a list": doc(items("bullet_list", [head(1, "x")])),
    "unknown mark": doc(para(words("x", "link"))),
    "a mark with attributes": doc(para({**words("x"), "marks": [{"type": "strong", "attrs": {"onclick": "x"}}]})),
    "a mark that is a list": doc(para({"type": "text", "text": "x", "marks": [["strong"]]})),
    "marks that are a text": doc(para({"type": "text", "text": "x", "marks": "strong"})),
    "unknown attribute": doc({"type": "paragraph", "attrs": {"style": "color:red"}}),
    "attributes that are a list": doc({"type": "paragraph", "attrs": ["x"]}),
    "a wrong alignment": doc({"type": "paragraph", "attrs": {"align": "justify"}}),
    "an alignment that is a list": doc({"type": "paragraph", "attrs": {"align": []}}),
    "level 5": doc({"type": "heading", "attrs": {"level": 5}}),
    "level true": doc({"type": "heading", "attrs": {"level": True}}),
    "level as text": doc({"type": "heading", "attrs": {"level": "1"}}),
    "no level": doc({"type": "heading"}),
    "a span of none": doc(table([("x", 0, 1)])),
    "a negative span": doc(table([("x", 1, -1)])),
    "a span beyond measure": doc(table([("x", 10**9, 10**9)])),
    "too many columns": doc(table(["x"] * 65)),
    "a table without rows": doc({"type": "table"}),
    "a table without cells": doc({"type": "table", "content": [{"type": "table_row"}]}),
    "text that is a number": doc(para({"type": "text", "text": 7})),
    "text without words": doc(para({"type": "text"})),
    "content that is a text": doc({"type": "paragraph", "content": "abc"}),
    "content that is a mapping": {"type": "doc", "content": {"type": "paragraph"}},
    "a child that is a text": doc("abc"),
    "an unknown key": doc({**para("x"), "__proto__": {}}),
    "text with children": doc(para({"type": "text", "text": "x", "content": [para("y")]})),
    "a break with children": doc({"type": "paragraph", "content": [{"type": "hard_break", "content": [words("x")]}]}),
    "a type that is a list": doc({"type": ["paragraph"]}),
    "lists too deep": doc(_deep(7)),
    "lists far too deep": doc(_deep(200)),
    "too many characters": doc(para("字" * (shape.MOST_CHARACTERS + 1))),
    "too many blocks": {"type": "doc", "content": [para()] * (shape.MOST_NODES + 1)},
    "a table of a million cells": doc(table([("x", 64, 1)], *[["x"]] * 400)),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_manuscript_is_refused_with_a_reason(case):
    with pytest.raises(Refused) as refusal:
        manuscript.check(HOSTILE[case], field="text")
    assert refusal.value.field == "text"
    assert len(str(refusal.value)) > 10


def test_the_refusal_says_what_and_where():
    broken = doc(para("x"), table(["a"], ["b"]))
    broken["content"][1]["content"][1]["content"][0]["content"][0]["content"] = [{"type": "img"}]
    with pytest.raises(Refused) as refusal:
        manuscript.check(broken)
    said = str(refusal.value)
    assert "img" in said
    assert "2 › " in said


NO_MANUSCRIPTS = {
    "nothing": "",
    "half": "{",
    "deep": "[" * 100_000,
    "deep inside": '{"type":"doc","content":' + "[" * 50_000,
    "no number": "NaN",
    "a text": '"doc"',
    "null": "null",
    "too long": "x" * (shape.LARGEST_JSON + 1),
    "text in the document": '{"type":"doc","content":[{"type":"text","text":"\\ud800"}]}',
}


@pytest.mark.parametrize("case", NO_MANUSCRIPTS)
def test_json_that_is_no_manuscript_is_refused(case):
    with pytest.raises(Refused):
        manuscript.from_json(NO_MANUSCRIPTS[case])


def test_half_a_character_is_left_out():
    sent = json.dumps(doc(para("a\ud800b")))
    assert manuscript.plain(manuscript.from_json(sent)) == "ab"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*shape.WITHIN, "text"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "content", "attrs", "marks", "text", "level", "align", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_comes_is_either_taken_or_refused(anything):
    for given_doc in (anything, {"type": "doc", "content": anything}, {"type": "doc", "content": [anything]}):
        try:
            found = manuscript.check(given_doc)
        except Refused:
            continue
        assert manuscript.check(found) == found
