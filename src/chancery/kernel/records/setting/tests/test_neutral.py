"""Papers of the neutral set, in English and Chinese."""

from __future__ import annotations

import pytest

from chancery.kernel.records.setting import Annex, Format, set_paper

from .measure import Box, pages
from .samples import HOUSE, english, paper, paragraph, table

NEUTRAL = [Format.LETTERHEAD, Format.MEMO, Format.NOTICE, Format.RESOLUTION]


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.text for page in pages(content)).split())


@pytest.mark.parametrize("kind", NEUTRAL)
def test_each_is_set_on_a4_with_all_its_facts(kind: Format) -> None:
    made = set_paper(english(format=kind), strict=True)
    text = words_of(made.pdf)
    for fact in (
        "Sample Federation of Learned Societies", "SF/2026/12", "23 November 2026", "The Secretary General",
        "Wei Tang", "Rules on Statistical Work", "Council members", "INTERNAL", "Page 1 of", "Issued by General Office",
        "ABCD-EFGH-JKLM-NPQR",
    ):  # fmt: skip
        assert fact in text, fact
    assert (made.missing, made.fallbacks) == ([], [])
    for page in pages(made.pdf):
        assert (round(page.width), round(page.height)) == (210, 297)
        ink = page.ink("black", Box(0, 0, 210, 270))
        assert ink is None or (ink.left >= 24.5 and ink.right <= 186)  # a hyphen may hang a little


@pytest.mark.parametrize("kind", NEUTRAL)
def test_and_in_chinese(kind: Format) -> None:
    made = set_paper(paper(format=kind, signatories=["唐薇"], signatory_title="秘书长"), strict=True)
    text = words_of(made.pdf).replace(" ", "")
    for fact in (HOUSE, "示联发〔2026〕12号", "2026年11月23日", "唐薇", "秘书长", "抄送", "附件", "第1页，共"):
        assert fact in text, fact
    assert (made.missing, made.fallbacks) == ([], [])


@pytest.mark.parametrize("kind", NEUTRAL)
def test_a_place_is_left_for_the_seal_on_the_signers_page(kind: Format) -> None:
    made = set_paper(english(format=kind, seals=[1]))
    (place,) = made.seal_places
    page = pages(made.pdf)[place.page]
    assert place.x_mm >= 25
    assert place.x_mm + place.width_mm <= 185
    assert place.y_mm + place.height_mm <= 267
    assert place.y_mm < page.where("Wei Tang").top < place.y_mm + place.height_mm


def test_joint_signers_have_a_place_each_though_one_person_signs() -> None:
    made = set_paper(english(signers=["Sample Federation", "Sample University"], seals=[1, 2]))
    first, second = made.seal_places
    assert abs(first.x_mm - second.x_mm) >= 42
    text = pages(made.pdf)[first.page]
    assert text.where("Sample University").left > second.x_mm - 20


def test_a_paper_printed_by_nobody_says_its_number_in_the_foot() -> None:
    made = set_paper(english(printed_by=""))
    assert "Issued by" not in words_of(made.pdf)


def test_the_signature_shares_its_page_with_text() -> None:
    for times in range(18, 34):
        made = set_paper(english(blocks=[paragraph("word " * 22 * times)], annexes=[], cc="", seals=[1]))
        assert "word word" in pages(made.pdf)[made.seal_places[0].page].text


def test_a_memorandum_says_to_whom_from_whom_and_about_what() -> None:
    text = words_of(set_paper(english(format=Format.MEMO)).pdf)
    for fact in ("Memorandum", "To", "From", "Copy to", "Subject"):
        assert fact in text


def test_a_resolution_says_when_it_was_adopted() -> None:
    assert "Adopted: 23 November 2026" in words_of(set_paper(english(format=Format.RESOLUTION)).pdf)


def test_annexes_with_text_begin_new_pages_and_tables_repeat_their_head() -> None:
    made = pages(set_paper(english(annexes=[Annex("Form", [table(70)]), "Rules"])).pdf)
    assert "Annex 1" in made[1].text
    assert all("栏目0" in page.text for page in made[1:-1])


def test_a_paper_without_anything_optional_is_set() -> None:
    bare = {"addressees": "", "annexes": [], "cc": "", "signatories": [], "signers": [], "number": "", "marking": ""}
    for kind in Format:
        made = set_paper(english(format=kind, **bare, dated_on=None, printed_by="", verify_url="", blocks=[]))
        assert made.pages == 1
