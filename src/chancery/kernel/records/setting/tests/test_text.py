"""What people type is printed as typed, whatever it is; what cannot be printed is told."""

from __future__ import annotations

import pytest

from chancery.foundations import manuscript
from chancery.kernel.records.setting import Annex, Format, MissingGlyphs, set_paper

from .measure import pages
from .samples import cell, english, paper, paragraph, table

HOSTILE = (
    '#panic("x") *粗* _斜_ $x^2$ `code` @ref <label> \\ // /* #import "/etc/passwd" "引" [a] {b} = 标题 -- ~ \'q\''
)


def words_of(content: bytes) -> str:
    return "".join("".join(page.text for page in pages(content)).split())


def test_markup_of_the_typesetter_is_printed_literally_in_every_field() -> None:
    made = set_paper(
        paper(
            title=HOSTILE, number=HOSTILE, addressees=HOSTILE, note=HOSTILE, cc=HOSTILE, printed_by="#x",
            signers=["#let"],
            blocks=[paragraph(HOSTILE), table(1)], annexes=[HOSTILE, Annex("#show", [paragraph(HOSTILE)])],
            marking="*内*", urgency="$急$", copy_no="#1", verify_code="#v",
        )
    )  # fmt: skip
    text = words_of(made.pdf)
    assert text.count("".join(HOSTILE.split())) >= 6
    assert "#1" in text
    assert "$急$" in text


@pytest.mark.parametrize("kind", [Format.LETTERHEAD, Format.MEMO, Format.NOTICE, Format.RESOLUTION])
def test_and_on_neutral_papers(kind: Format) -> None:
    made = set_paper(english(format=kind, title=HOSTILE, blocks=[paragraph(HOSTILE)], signatories=[HOSTILE[:30]]))
    assert words_of(made.pdf).count("".join(HOSTILE.split())) >= 2


def test_a_character_in_no_font_is_printed_as_the_printers_mark_and_told() -> None:
    made = set_paper(paper(blocks=[paragraph("人名𱍐与🎉和שלום。")]))
    assert {"\U00031350", "🎉", "ש"} <= set(made.missing)
    assert "人名〓与〓和〓〓〓〓。" in words_of(made.pdf)


def test_strictly_it_refuses_the_paper_and_names_the_character() -> None:
    with pytest.raises(MissingGlyphs, match=r"🎉 \(U\+1F389\)") as refusal:
        set_paper(paper(blocks=[paragraph("贺🎉")]), strict=True)
    assert refusal.value.field == "body"
    assert set_paper(paper(), strict=True).missing == []


def test_a_rare_name_is_lent_by_another_font_and_told() -> None:
    made = set_paper(paper(blocks=[paragraph("联系人：王堃、李镕喆、赵璟旻、钱嬿。")]))
    assert made.missing == []
    assert "嬿" in made.fallbacks
    assert "王" not in made.fallbacks
    assert "李镕喆" in words_of(made.pdf)


def test_marks_that_turn_the_text_about_are_left_out_and_told() -> None:
    made = set_paper(paper(blocks=[paragraph("付款\u202e001\u202c元\x00\x1b\u0085止")]))
    assert {"\u202e", "\u202c", "\x00", "\x1b"} <= set(made.missing)
    assert "付款001元止" in words_of(made.pdf)


def test_invisible_marks_of_no_account_cost_nothing() -> None:
    made = set_paper(paper(blocks=[paragraph("示\u200b例\ufeff文\u00ad字\u2060。")]), strict=True)
    assert made.missing == []
    assert "示例文字。" in words_of(made.pdf)


def test_lone_halves_of_characters_are_told_too() -> None:
    assert set_paper(paper(blocks=[paragraph("坏\ud83d的")])).missing == ["\ud83d"]


def test_an_endless_word_stays_within_the_text() -> None:
    made = set_paper(paper(blocks=[paragraph("见https://lianhe.example/" + "a" * 300 + "。"), table(1)], seals=[]))
    for page in pages(made.pdf):
        ink = page.ink("black")
        assert ink is None or ink.right <= 184.6


def test_a_manuscript_goes_through_whole() -> None:
    doc = manuscript.from_plain("一、总则\n为了规范。\n（一）范围\n1.甲\n（1）乙", profile="cn")
    made = set_paper(paper(blocks=manuscript.for_typst(doc, profile="cn")))
    for words in ("一、总则", "（一）范围", "1.甲", "（1）乙"):
        assert words in words_of(made.pdf)


# --- Tables, lists, marks -------------------------------------------------------------------------------------------
def test_a_long_table_repeats_its_head_on_every_page_and_keeps_to_the_text() -> None:
    made = pages(set_paper(paper(blocks=[paragraph("见下表。"), table(80)])).pdf)
    with_rows = [page for page in made if "第" in page.text and "栏" in page.text and "行第" in page.text]
    assert len(with_rows) >= 3
    assert all("栏目0" in page.text for page in with_rows)
    for page in with_rows:
        ink = page.ink("black")
        assert ink is not None
        assert ink.left >= 27.8
        assert ink.right <= 184.2


def test_cells_that_span_and_tables_with_holes_are_set() -> None:
    rows = [
        [cell("甲", header=True, colspan=2, rowspan=2), cell("乙", header=True)],
        [cell("丙", header=True)],
        [cell("丁", rowspan=9), cell("戊", colspan=9)],
        [cell("己")],
        [],
    ]
    made = set_paper(paper(blocks=[{"kind": "table", "columns": 3, "rows": rows}]))
    assert set("甲乙丙丁戊己") <= set(words_of(made.pdf))
    assert set_paper(paper(blocks=[{"kind": "table", "columns": 0, "rows": []}])).pages


def test_lists_breaks_and_marks_are_set() -> None:
    runs = [
        {"text": "粗", "strong": True, "em": False}, {"break": True}, {"text": "楷", "strong": False, "em": True},
    ]  # fmt: skip
    nested = {"kind": "list", "ordered": False, "items": [[paragraph("内层")]]}
    blocks = [
        {"kind": "paragraph", "align": "center", "runs": runs},
        {"kind": "paragraph", "align": None, "runs": []},
        {"kind": "list", "ordered": True, "items": [[paragraph("第一项"), nested], [paragraph("第二项")], []]},
    ]
    text = words_of(set_paper(paper(blocks=blocks)).pdf)
    assert "粗楷" in text
    assert "1.第一项·内层2.第二项" in text


def test_a_draft_says_so_across_every_page() -> None:
    made = pages(set_paper(paper(draft_mark=True, number="", dated_on=None)).pdf)
    assert all("草稿" in "".join(page.text.split()) for page in made)
    assert all("草稿" not in "".join(page.text.split()) for page in pages(set_paper(paper()).pdf))
