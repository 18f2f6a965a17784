"""Manuscripts for the tests: by hand and by hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from chancery.foundations.manuscript import shape

PROFILES = ("cn", "neutral")


def words(text, *marks):
    """A run as a browser sends it."""
    node = {"type": "text", "text": text}
    return {**node, "marks": [{"type": mark} for mark in marks]} if marks else node


def para(*runs, align=None):
    return {
        "type": "paragraph",
        "attrs": {"align": align},
        "content": [words(r) if isinstance(r, str) else r for r in runs],
    }


def head(level, text):
    return {"type": "heading", "attrs": {"level": level}, "content": [words(text)]}


def items(kind, *contents):
    return {"type": kind, "content": [{"type": "list_item", "content": list(content)} for content in contents]}


def table(*rows):
    """Rows of cells: a text, or (text, colspan, rowspan)."""

    def cell(given):
        text, colspan, rowspan = given if isinstance(given, tuple) else (given, 1, 1)
        return {
            "type": "table_cell",
            "attrs": {"colspan": colspan, "rowspan": rowspan},
            "content": [para(text) if text else para()],
        }

    return {
        "type": "table",
        "content": [{"type": "table_row", "content": [cell(given) for given in row]} for row in rows],
    }


def doc(*blocks):
    return {"type": "doc", "content": list(blocks)}


# --- By hypothesis --------------------------------------------------------------------------------------------------
LETTERS = st.sampled_from(
    list("通知学术年会的和，。；（）一二三1234567890.、 abcXYZ-<>&=*#_\"'\t\n\u00e9e\u0301\u200b\u202e\ufeff\U00020bb7")
)
TEXT = st.text(LETTERS, min_size=1, max_size=24)
RUN = st.one_of(
    st.builds(lambda text, marks: words(text, *marks), TEXT, st.sets(st.sampled_from(shape.MARKS))),
    st.just({"type": "hard_break"}),
)
RUNS = st.lists(RUN, max_size=4)
PARAGRAPH = st.builds(lambda runs, align: para(*runs, align=align), RUNS, st.sampled_from(shape.ALIGNMENTS))
HEADING = st.builds(
    lambda level, runs: {"type": "heading", "attrs": {"level": level}, "content": runs},
    st.sampled_from(shape.LEVELS),
    RUNS,
)
LIST = st.recursive(
    st.builds(
        lambda kind, found: items(kind, *found),
        st.sampled_from(shape.LISTS),
        st.lists(st.lists(PARAGRAPH, max_size=2), max_size=3),
    ),
    lambda inner: st.builds(
        lambda kind, found: items(kind, *found),
        st.sampled_from(shape.LISTS),
        st.lists(st.tuples(PARAGRAPH, inner).map(list), max_size=2),
    ),
    max_leaves=3,
)
CELL = st.builds(
    lambda kind, colspan, rowspan, found: {
        "type": kind,
        "attrs": {"colspan": colspan, "rowspan": rowspan},
        "content": found,
    },
    st.sampled_from(shape.CELLS),
    st.integers(1, 4),
    st.integers(1, 4),
    st.lists(PARAGRAPH, max_size=2),
)
TABLE = st.builds(
    lambda first, rows: {
        "type": "table",
        "content": [{"type": "table_row", "content": row} for row in ([first], *rows)],
    },
    CELL,
    st.lists(st.lists(CELL, max_size=4), max_size=3),
)
DOCUMENT = st.lists(st.one_of(PARAGRAPH, HEADING, LIST, TABLE), max_size=6).map(lambda blocks: doc(*blocks))
