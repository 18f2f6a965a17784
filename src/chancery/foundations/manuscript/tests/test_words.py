"""Plain words, sizes, outlines, hashes, anchors."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations import manuscript
from chancery.foundations.manuscript import numbering, shape
from chancery.foundations.verdict import Refused

from .texts import DOCUMENT, PROFILES, TEXT, doc, head, items, para, table, words


def test_plain_words_have_a_line_for_each_paragraph_and_row():
    found = manuscript.check(
        doc(
            head(1, "总体要求"),
            para("甲", {"type": "hard_break"}, "乙"),
            items("ordered_list", [para("一个"), items("bullet_list", [para("里面")])], [para("二个")]),
            table([("宽", 2, 1)], ["左", "右"]),
        )
    )
    assert manuscript.plain(found) == "总体要求\n甲\n乙\n一个\n里面\n二个\n宽\n左\t右"
    assert manuscript.characters(found) == 15


def test_headings_are_numbered_as_the_profile_prints_them():
    levels = [1, 2, 2, 3, 4, 4, 1, 2, 4]
    found = manuscript.check(doc(*(head(level, "x") for level in levels)))
    assert [number for _level, number, _words in manuscript.outline(found, "cn")] == [
        "一、", "（一）", "（二）", "1.", "（1）", "（2）", "二、", "（一）", "（1）",
    ]  # fmt: skip
    assert [number for _level, number, _words in manuscript.outline(found, "neutral")] == [
        "1", "1.1", "1.2", "1.2.1", "(a)", "(b)", "2", "2.1", "(a)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1010, "一千零一十"),
    ],
)
def test_chinese_numbers(number, said):
    assert numbering.chinese(number) == said


def test_letters_go_on_after_z():
    assert [numbering.letters(n) for n in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]


def test_typed_numbers_in_order_make_headings():
    found = manuscript.from_plain(
        "一、总体要求\n\n（一）目标\n（二） 原则\n1.加强领导\n2．分工负责\n（1）具体\n正文很长。\n"
        "二、保障\n九、不按次序\n1.这一句以句号结束，因此是段落。",
        profile="cn",
    )
    assert [
        (block["type"], block["attrs"].get("level"), manuscript.plain(manuscript.check(doc(block))))
        for block in found["content"]
    ] == [
        ("heading", 1, "总体要求"),
        ("heading", 2, "目标"),
        ("heading", 2, "原则"),
        ("heading", 3, "加强领导"),
        ("heading", 3, "分工负责"),
        ("heading", 4, "具体"),
        ("paragraph", None, "正文很长。"),
        ("heading", 1, "保障"),
        ("paragraph", None, "九、不按次序"),
        ("paragraph", None, "1.这一句以句号结束，因此是段落。"),
    ]
    found = manuscript.from_plain(
        "1 Aims\n1.1 Scope\n1.1.1 Detail\n(a) Point\n3 people came\n1.5 million\n2. Means", profile="neutral"
    )
    years = manuscript.from_plain("1.2026年计划\n2.5亿元投资到位", profile="cn")
    assert manuscript.outline(years, "cn") == [(3, "1.", "2026年计划")]
    numbers = [line[:2] for line in manuscript.outline(found, "neutral")]
    assert numbers == [(1, "1"), (2, "1.1"), (3, "1.1.1"), (4, "(a)"), (1, "2")]


@pytest.mark.parametrize("profile", PROFILES)
@given(lines=st.lists(TEXT, max_size=8))
def test_typed_lines_lose_nothing(profile, lines):
    """A typed number may be printed in another shape (brackets, stops, zeros before it); all else is kept."""
    text = "\n".join(lines)
    found = manuscript.from_plain(text, profile=profile)
    assert manuscript.check(found) == found

    def bare(written):
        written = "\n".join(shape.clean(line) for line in written.splitlines())
        return [char for char in unicodedata.normalize("NFKC", written) if char not in "().、0" and not char.isspace()]

    assert bare(manuscript.numbered(found, profile=profile)) == bare(text)


@given(lines=st.lists(TEXT, max_size=8))
def test_sentences_are_never_headings(lines):
    found = manuscript.from_plain(
        "\n".join(f"{line.splitlines()[0] if line.splitlines() else ''}。" for line in lines), profile="cn"
    )
    assert manuscript.outline(found, "cn") == []


@pytest.mark.parametrize("profile", PROFILES)
@given(given_doc=DOCUMENT)
def test_what_is_shown_without_script_is_read_back(profile, given_doc):
    found = manuscript.check(given_doc)
    again = manuscript.from_plain(manuscript.numbered(found, profile=profile), profile=profile)
    assert manuscript.check(again) == again


@pytest.mark.parametrize("profile", PROFILES)
@given(given_doc=DOCUMENT, added=TEXT)
def test_lines_laid_over_a_text_keep_what_nobody_touched(profile, given_doc, added):
    found = manuscript.check(given_doc)
    shown = manuscript.numbered(found, profile=profile)
    same = manuscript.retyped(found, shown, profile=profile)
    assert manuscript.check(same) == same
    assert [block for block in same["content"] if manuscript.plain(doc(block)).strip()] == [
        block for block in found["content"] if manuscript.plain(doc(block)).strip()
    ]
    more = manuscript.retyped(found, f"{shown}\n{added}", profile=profile)
    assert manuscript.check(more) == more


# --- The hash of a text -----------------------------------------------------------------------------------------------
@given(DOCUMENT, TEXT)
def test_the_hash_does_not_depend_on_how_it_is_written_down(given_doc, title):
    body = manuscript.check(given_doc)
    parts = {"title": title, "body": body, "on": dt.date(2026, 11, 23), "addressees": ("a", "b"), "note": None}
    other = dict(reversed(list(parts.items())))
    other["title"] = unicodedata.normalize("NFD", title)
    other["addressees"] = ["a", "b"]
    other["body"] = {"content": body["content"], "type": "doc"}
    assert manuscript.digest(parts) == manuscript.digest(other)
    assert len(manuscript.digest(parts)) == 64


@given(DOCUMENT, st.data())
def test_the_hash_changes_with_every_text(given_doc, data):
    body = manuscript.check(given_doc)
    before = manuscript.digest({"body": body})
    place = data.draw(st.integers(0, len(body["content"])))
    added = data.draw(st.sampled_from("甲b，"))
    changed = {
        **body,
        "content": [
            *body["content"][:place],
            manuscript.check(doc(para(added)))["content"][0],
            *body["content"][place:],
        ],
    }
    assert manuscript.digest({"body": changed}) != before
    assert manuscript.digest({"body": body, "note": ""}) != before


def test_the_hash_is_that_of_the_canonical_json():
    """Whoever checks a signature without this program must find the same."""
    canonical = '{"a":[1,null,true],"b":"\u00e9"}'
    assert manuscript.digest({"b": "e\u0301", "a": [1, None, True]}) == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize("value", [1.5, {1: "x"}, {"x"}, b"x"])
def test_what_has_no_canonical_form_has_no_hash(value):
    with pytest.raises(TypeError):
        manuscript.digest({"x": value})


# --- Anchors ----------------------------------------------------------------------------------------------------------
def test_a_passage_is_found_again_after_edits_around_it():
    before = "各学会应于12月15日前报送。\n各分会应于12月15日前报送。"
    at = before.index("12月15日", 20)
    anchor = manuscript.anchor_at(before, at, at + 6)
    after = f"新的开头。{before}"
    assert manuscript.find(after, anchor) == (at + 5, at + 11)
    assert manuscript.find(after.replace("12月15日", "12月31日"), anchor) is None


@given(st.text("甲乙丙\n", min_size=1, max_size=40), st.data())
def test_an_anchor_finds_its_own_place(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert manuscript.find(text, manuscript.anchor_at(text, start, end)) == (start, end)


@pytest.mark.parametrize(
    "anchor",
    [
        None,
        [],
        {},
        {"exact": ""},
        {"exact": 7},
        {"exact": "x", "start": "0"},
        {"exact": "x", "start": -1},
        {"exact": "x" * 2001},
    ],
)
def test_an_anchor_that_is_none_is_refused(anchor):
    with pytest.raises(Refused):
        manuscript.check_anchor(anchor)


def test_an_anchor_is_cut_to_its_measure():
    found = manuscript.check_anchor({"exact": "x", "prefix": "p" * 40, "suffix": "s" * 40, "start": 3, "evil": 1})
    assert found == {"exact": "x", "prefix": "p" * 32, "suffix": "s" * 32, "start": 3}


# --- For typesetting --------------------------------------------------------------------------------------------------
def test_blocks_for_the_typesetter_are_inert():
    found = manuscript.check(
        doc(
            head(1, "要求"),
            para(words("#eval", "strong"), {"type": "hard_break"}, "$x$", align="right"),
            items("ordered_list", [para("项")]),
            table([("宽", 2, 1)], ["左", "右"]),
        )
    )
    plain_run = {"strong": False, "em": False}
    assert manuscript.for_typst(found, profile="cn") == [
        {"kind": "heading", "level": 1, "number": "一、", "runs": [{"text": "要求", **plain_run}]},
        {
            "kind": "paragraph",
            "align": "right",
            "runs": [{"text": "#eval", "strong": True, "em": False}, {"break": True}, {"text": "$x$", **plain_run}],
        },
        {
            "kind": "list",
            "ordered": True,
            "items": [[{"kind": "paragraph", "align": None, "runs": [{"text": "项", **plain_run}]}]],
        },
        {
            "kind": "table",
            "columns": 2,
            "rows": [
                [_cell("宽", colspan=2)],
                [_cell("左"), _cell("右")],
            ],
        },
    ]


def _cell(text, *, colspan=1):
    runs = [{"text": text, "strong": False, "em": False}]
    return {
        "header": False,
        "colspan": colspan,
        "rowspan": 1,
        "blocks": [{"kind": "paragraph", "align": None, "runs": runs}],
    }
