"""Where a title breaks, how a table is laid, which characters can be printed: for anything at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from chancery.kernel.records.setting import rules, set_paper
from chancery.kernel.records.setting.wording.rules import day

from .samples import cell, english, paper, paragraph

TITLES = [
    (
        "示例学会联合会关于印发《统计工作管理办法（试行）》的通知",
        ["示例学会联合会关于印发", "《统计工作管理办法（试行）》的通知"],
    ),
    ("关于召开年会的通知", ["关于召开年会的通知"]),
    ("第一行\n第二行的通知", ["第一行", "第二行的通知"]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "lines"), TITLES)
def test_a_title_breaks_at_the_sense(title: str, lines: list[str]) -> None:
    assert rules.broken(title, most=19) == lines


def test_no_line_of_a_title_begins_with_的_or_a_stop() -> None:
    for title in (
        "示例学会联合会关于进一步加强和改进新形势下青少年科学素质教育工作的若干意见",
        "示例学会联合会办公厅关于转发《关于推动学术期刊高质量发展的意见》、《学术道德规范》的通知",
        "示例市人力资源和社会保障局、示例大学、示例科学研究院关于联合举办学术年会的请示",
    ):
        lines = rules.broken(title, most=19)
        assert all(line[0] not in "的了，、。》）" for line in lines), lines
        assert all(line[-1] not in "《（" for line in lines), lines
        assert max(map(len, lines)) - min(map(len, lines)) <= 8, lines


@given(st.text(max_size=120), st.integers(min_value=5, max_value=40))
def test_no_character_of_a_title_is_lost_and_no_line_is_too_long(title: str, most: int) -> None:
    lines = rules.broken(title, most=most)
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(rules._width(line) <= most for line in lines)


def test_english_titles_break_between_words() -> None:
    lines = rules.broken("Rules on statistical work and the naming of responsible officers, 2027", most=25)
    assert " ".join(lines) == "Rules on statistical work and the naming of responsible officers, 2027"


CELLS = st.builds(
    cell, st.text(alphabet="表格文字ab ", max_size=6), header=st.booleans(),
    colspan=st.integers(-1, 6), rowspan=st.integers(-1, 6),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_every_place_of_a_table_is_taken_once(rows: list[list[dict[str, Any]]]) -> None:
    laid = rules.table({"kind": "table", "rows": rows})
    taken = [
        (x, y)
        for one in (*laid["head"], *laid["body"])
        for x in range(one["x"], one["x"] + one["colspan"])
        for y in range(one["y"], one["y"] + one["rowspan"])
    ]
    assert len(taken) == len(set(taken)) == len(laid["weights"]) * len(rows)
    head = {one["y"] + one["rowspan"] for one in laid["head"]}
    assert all(one["y"] >= max(head, default=0) for one in laid["body"])


@given(st.lists(st.lists(CELLS, max_size=4), max_size=5))
@effort(max_examples=25, deadline=None)
def test_no_table_stops_a_paper(rows: list[list[dict[str, Any]]]) -> None:
    assert set_paper(paper(blocks=[{"kind": "table", "columns": 4, "rows": rows}], seals=[])).pages >= 1


@given(st.text(max_size=80))
@effort(max_examples=60, deadline=None)
def test_no_text_stops_a_paper(text: str) -> None:
    made = set_paper(paper(title=text, addressees=text, blocks=[paragraph(text)], note=text, cc=text, signers=[text]))
    assert made.pdf.startswith(b"%PDF-1.7")
    assert set_paper(english(title=text, addressees=text, blocks=[paragraph(text)], cc=text)).pdf


@given(st.text(max_size=200))
def test_cutting_endless_words_loses_nothing(text: str) -> None:
    assert "".join(rules.pieces(text)) == text


def test_dates_are_written_as_papers_write_them() -> None:
    import datetime as dt

    assert day(dt.date(2026, 1, 5), "zh") == "2026年1月5日"
    assert day(dt.date(2026, 1, 5), "en") == "5 January 2026"
    assert day(None, "en") == ""
