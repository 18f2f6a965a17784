"""GB/T 9704-2012 by the ruler: pages are rendered and their ink is measured, in millimetres."""

from __future__ import annotations

import pytest
import segno

from chancery.kernel.records.setting import Attendance, Format, set_paper

from .measure import Box, Page, pages
from .samples import BODY, FIVE, HOUSE, SENTENCE, paper, paragraph

LINE = (225 - 16 / 72 * 25.4) / 21  # 22 lines fill 225 mm
TEXT = Box(28, 37, 184, 262)
ABOUT = 0.4  # a character's ink does not reach the edges of its place


@pytest.fixture(scope="module")
def full() -> list[Page]:
    """Three and a half pages of one character."""
    return pages(set_paper(paper(blocks=[paragraph("国" * 28 * 22 * 3)], seals=[])).pdf)


@pytest.fixture(scope="module")
def notice() -> list[Page]:
    return pages(set_paper(paper()).pdf)


def test_the_page_is_a4(full: list[Page]) -> None:
    assert (round(full[0].width, 1), round(full[0].height, 1)) == (210.0, 297.0)


def test_a_full_page_has_22_lines_of_28_characters(full: list[Page]) -> None:
    lines = [line for line in full[1].lines() if set(line) == {"国"}]
    assert [len(line) for line in lines] == [28] * 22


def test_the_text_fills_156_by_225_mm_at_28_and_37_mm(full: list[Page]) -> None:
    ink = full[1].ink("black", Box(0, 0, 210, 263))
    assert ink is not None
    assert ink.top == pytest.approx(TEXT.top, abs=1)  # the standard's own tolerance: 37 ± 1, 28 ± 1
    assert ink.left == pytest.approx(TEXT.left, abs=1)
    assert ink.right == pytest.approx(TEXT.right, abs=1)
    assert ink.bottom == pytest.approx(TEXT.bottom, abs=1)


def test_copy_number_marking_and_urgency_stand_under_one_another_in_the_top_left_corner(notice: list[Page]) -> None:
    for row, words in enumerate(("000001", "内部", "特急")):
        place = notice[0].where(words)
        assert place.left == pytest.approx(28, abs=ABOUT)
        assert place.top == pytest.approx(37 + row * LINE, abs=0.8)


def test_the_issuer_mark_is_red_centred_and_35_mm_under_the_top_of_the_text(notice: list[Page]) -> None:
    rule = notice[0].rules("red")[0]
    mark = notice[0].ink("red", Box(0, 0, 210, rule.top - 1))
    assert mark is not None
    assert mark.top == pytest.approx(72, abs=0.2)
    assert mark.middle == pytest.approx(106, abs=0.5)
    assert mark.width <= 156
    assert "示例学会联合会文件" in notice[0].text


def test_the_number_stands_two_lines_under_the_mark_and_the_rule_4_mm_under_the_number(notice: list[Page]) -> None:
    rule = notice[0].rules("red")[0]
    mark = notice[0].ink("red", Box(0, 0, 210, rule.top - 1))
    number = notice[0].seen("示联发〔2026〕12号")
    assert mark is not None
    assert 1.9 * LINE <= number.top - mark.bottom <= 2.95 * LINE
    assert number.middle == pytest.approx(106, abs=0.5)
    assert rule.centre - number.bottom == pytest.approx(4, abs=0.4)
    assert (rule.left, rule.width) == (pytest.approx(28, abs=0.2), pytest.approx(156, abs=0.3))


def test_the_title_stands_two_lines_under_the_rule_in_even_lines_broken_at_the_sense(notice: list[Page]) -> None:
    rule = notice[0].rules("red")[0]
    first = notice[0].seen("示例学会联合会关于印发")
    second = notice[0].seen("《统计工作管理办法（试行）》的通知")
    assert 1.8 * LINE <= first.top - rule.bottom <= 2.3 * LINE
    assert second.top - first.top == pytest.approx(LINE, abs=0.3)
    assert first.middle == pytest.approx(106, abs=1)
    assert first.height == pytest.approx(22 / 72 * 25.4, abs=0.8)
    to = notice[0].where("各会员学会")
    assert to.left == pytest.approx(28, abs=ABOUT)
    assert to.top - second.bottom == pytest.approx(1.45 * LINE, abs=0.15 * LINE)  # one blank line between


def test_paragraphs_and_headings_begin_two_characters_in(notice: list[Page]) -> None:
    for words in ("为规范联合会", "一、总体要求", "（一）明确", "1.责任到人", "（1）逐级核对"):
        page = next(page for page in notice if words in page.text)
        assert page.where(words).left == pytest.approx(28 + 2 * 156 / 28, abs=ABOUT), words


def test_page_numbers_stand_7_mm_under_the_text_one_character_in_on_the_outer_side(full: list[Page]) -> None:
    for number, page in enumerate(full[:3], 1):
        dashes = page.ink("black", Box(28, 263, 184, 275))
        assert dashes is not None
        assert f"— {number} —" in page.text
        if number % 2:
            assert dashes.right == pytest.approx(184 - 14 / 72 * 25.4, abs=0.8)
        else:
            assert dashes.left == pytest.approx(28 + 14 / 72 * 25.4, abs=0.8)
        dash = page.ink("black", Box(dashes.left, 263, dashes.left + 3, 275))
        assert dash is not None
        assert dash.top == pytest.approx(262 + 7, abs=0.2)


def test_the_annex_note_hangs_on_its_first_letter(notice: list[Page]) -> None:
    last = notice[-1]
    assert last.where("附件：1").left == pytest.approx(28 + 2 * 156 / 28, abs=ABOUT)
    assert last.where("统计工作管理办法（试行）").left == pytest.approx(last.where("统计负责人备案表").left, abs=0.3)


def test_the_seal_presses_signer_and_date_a_line_under_the_text() -> None:
    made = set_paper(paper())
    assert len(made.seal_places) == 1
    seal = made.seal_places[0]
    page = pages(made.pdf)[seal.page]
    signer, date, above = page.where(HOUSE), page.where("2026年11月23日"), page.where("2.统计负责人备案表")
    middle, centre = seal.x_mm + seal.width_mm / 2, seal.y_mm + seal.height_mm / 2
    assert 0 < seal.y_mm - above.bottom <= LINE  # 7.3.5.1: its top within a line of the text
    assert date.middle == pytest.approx(middle, abs=0.5)
    assert signer.middle == pytest.approx(middle, abs=0.5)
    assert seal.y_mm < signer.top
    assert date.bottom < seal.y_mm + seal.height_mm
    assert centre < (signer.top + date.bottom) / 2 < centre + 6  # a little below its middle
    assert date.right == pytest.approx(184 - 4 * 156 / 28, abs=0.6)
    assert page.where("（此件公开发布）").top > date.bottom


def test_without_a_seal_the_date_begins_two_characters_right_of_the_signer() -> None:
    page = pages(set_paper(paper(seals=[], signers=["示例学会联合会统计工作委员会"])).pdf)[-1]
    signer, date = page.where("示例学会联合会统计工作委员会"), page.where("2026年11月23日")
    assert signer.right == pytest.approx(184 - 2 * 156 / 28, abs=0.6)
    assert date.left - signer.left == pytest.approx(2 * 156 / 28, abs=0.5)
    short = pages(set_paper(paper(seals=[], signers=["示例会"])).pdf)[-1]
    assert short.where("2026年11月23日").right == pytest.approx(184 - 2 * 156 / 28, abs=0.6)
    assert short.where("2026年11月23日").left - short.where("示例会").left == pytest.approx(2 * 156 / 28, abs=0.5)


def test_the_imprint_stands_at_the_foot_of_the_last_page_between_its_rules(notice: list[Page]) -> None:
    rules = notice[-1].rules("black")
    assert [round(rule.height, 2) for rule in rules] == [
        pytest.approx(0.35, abs=0.09), pytest.approx(0.25, abs=0.09), pytest.approx(0.35, abs=0.09)
    ]  # fmt: skip
    assert [round(rule.width) for rule in rules] == [156, 156, 156]
    assert rules[-1].bottom == pytest.approx(262, abs=0.2)
    one = 14 / 72 * 25.4
    assert notice[-1].where("抄送：").left == pytest.approx(28 + one, abs=ABOUT)
    assert notice[-1].where("示例学会联合会办公厅").left == pytest.approx(28 + one, abs=ABOUT)
    assert notice[-1].where("2026年11月24日印发").right == pytest.approx(184 - one, abs=ABOUT)
    assert rules[0].bottom < notice[-1].where("抄送：").top < rules[1].top < notice[-1].where("印发").top
    assert "科技馆。" in notice[-1].text.replace("\r\n", "")
    assert all(not page.rules("black") for page in notice[:-1])


def test_printed_on_both_sides_the_imprint_is_on_an_even_page() -> None:
    short = {"blocks": [paragraph("请遵照执行。")], "annexes": [], "seals": [], "copy_no": ""}
    assert set_paper(paper(**short)).pages == 1
    made = pages(set_paper(paper(**short, is_duplex=True)).pdf)
    assert len(made) == 2
    assert made[1].rules("black")[-1].bottom == pytest.approx(262, abs=0.2)


def test_the_verification_square_is_15_mm_wide_beside_the_page_number(notice: list[Page]) -> None:
    last = notice[-1]
    odd = len(notice) % 2 == 1
    square = last.ink("black", Box(28, 263, 47, 290) if odd else Box(165, 263, 184, 290))
    assert square is not None
    assert square.width >= 15
    assert square.width == pytest.approx(square.height, abs=0.2)
    assert "ABCD-EFGH-JKLM-NPQR" in last.text
    wanted = [
        bytes(row) for row in segno.make("https://lianhe.example/verify/ABCD-EFGH-JKLM-NPQR/", error="m", mask=2).matrix
    ]
    step = square.width / len(wanted)
    seen = [
        bytes(last.is_dark(square.left + (x + 0.5) * step, square.top + (y + 0.5) * step) for x in range(len(wanted)))
        for y in range(len(wanted))
    ]
    assert seen == wanted


# --- Several issuers, upward papers -----------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_a_joint_paper_has_a_seal_for_each_signer_in_even_rows(count: int) -> None:
    names = FIVE[:count]
    made = set_paper(paper(issuer_marks=names, signers=names, seals=list(range(count))))
    places = made.seal_places
    assert len(places) == count
    assert len({place.page for place in places}) == 1
    page = pages(made.pdf)[places[0].page]
    for name, place in zip(names, places, strict=True):
        assert place.x_mm >= 28
        assert place.x_mm + place.width_mm <= 184  # no seal beyond the text area
        words = page.where(name[:4])
        assert place.y_mm < words.top < place.y_mm + place.height_mm
    for n, one in enumerate(places):
        for other in places[n + 1 :]:  # neither crossing nor touching
            apart = (one.x_mm - other.x_mm) ** 2 + (one.y_mm - other.y_mm) ** 2
            assert apart > one.width_mm**2
    date, last = page.where("2026年11月23日"), places[-1]
    assert date.middle == pytest.approx(last.x_mm + last.width_mm / 2, abs=0.5)
    text = pages(made.pdf)[0].text
    assert all(name in "".join(text.split()) for name in names)
    assert text.count("文件") == 1
    assert "现就有关事项通知如下" in "".join(text.split())  # text on the first page


def test_a_note_stands_clear_of_every_seal() -> None:
    for names in (FIVE[:1], FIVE[:2], FIVE[:3]):
        made = set_paper(paper(signers=names, seals=list(range(len(names)))))
        note = pages(made.pdf)[made.seal_places[0].page].where("（此件公开发布）")
        for place in made.seal_places:
            assert note.right < place.x_mm or note.top > place.y_mm + place.height_mm or note.left > place.x_mm + 42


def test_the_urgency_of_an_order_stands_clear_of_its_mark() -> None:
    page = pages(set_paper(paper(format=Format.ORDER, signatories=["唐薇"], seals=[])).pdf)[0]
    mark = page.ink("red")
    assert mark is not None
    assert page.where("特急").right < mark.left


def test_joint_marks_are_as_wide_as_one_another_and_文件_stands_beside_their_middle() -> None:
    page = pages(set_paper(paper(issuer_marks=FIVE[:3], signers=FIVE[:3])).pdf)[0]
    first, third, word = page.seen(FIVE[0], "red"), page.seen(FIVE[2], "red"), page.seen("文件", "red")
    assert first.left == pytest.approx(third.left, abs=0.5)
    assert first.right == pytest.approx(third.right, abs=0.8)
    assert word.left > third.right
    assert word.centre == pytest.approx((first.top + third.bottom) / 2, abs=0.8)
    assert first.top == pytest.approx(72, abs=0.4)


def test_an_upward_paper_has_its_number_left_and_its_signatory_right_on_one_line() -> None:
    page = pages(set_paper(paper(signatories=["唐薇"])).pdf)[0]
    number, word, name = page.where("示联发〔2026〕12号"), page.where("签发人："), page.where("唐薇")
    assert number.left == pytest.approx(28 + 156 / 28, abs=ABOUT)
    assert name.right == pytest.approx(184 - 156 / 28, abs=ABOUT)
    assert word.bottom == pytest.approx(number.bottom, abs=0.3)
    assert page.rules("red")[0].top - number.bottom == pytest.approx(4, abs=0.6)


def test_three_signatories_stand_two_a_line_and_the_number_beside_the_last() -> None:
    page = pages(set_paper(paper(signatories=["唐薇", "赵衡", "欧阳示例"])).pdf)[0]
    first, second, third = page.where("唐薇"), page.where("赵衡"), page.where("欧阳示例")
    assert first.bottom == pytest.approx(second.bottom, abs=0.3)
    assert third.left == pytest.approx(first.left, abs=0.3)
    assert page.where("示联发〔2026〕12号").bottom == pytest.approx(third.bottom, abs=0.6)
    assert page.rules("red")[0].top > third.bottom


# --- The particular formats (10) --------------------------------------------------------------------------------------
def test_a_letter_has_its_mark_30_mm_from_the_edge_between_double_rules_of_170_mm() -> None:
    made = set_paper(paper(format=Format.LETTER, number="示联函〔2026〕5号", blocks=[paragraph(SENTENCE * 20)]))
    first, *others = pages(made.pdf)
    thick, thin, low_thin, low_thick = first.rules("red")
    mark = first.ink("red", Box(0, 0, 210, thick.top - 1))
    assert mark is not None
    assert mark.top == pytest.approx(30, abs=0.3)
    assert mark.middle == pytest.approx(105, abs=0.5)
    assert thick.top - mark.bottom == pytest.approx(4, abs=0.3)
    assert thick.height > thin.height
    assert low_thin.height < low_thick.height
    assert low_thick.bottom == pytest.approx(297 - 20, abs=0.3)
    for rule in (thick, thin, low_thin, low_thick):
        assert (rule.left, rule.width) == (pytest.approx(20, abs=0.2), pytest.approx(170, abs=0.3))
    number = first.where("示联函〔2026〕5号")
    assert number.right == pytest.approx(184, abs=0.5)
    assert number.top - thin.bottom == pytest.approx(16 / 72 * 25.4 * 7 / 8, abs=0.6)
    assert first.where("000001").top == pytest.approx(number.top, abs=0.5)
    assert "— 1 —" not in first.text
    assert "— 2 —" in others[0].text
    assert all(not page.rules("red") for page in others)
    assert "印发" not in others[-1].text
    assert not others[-1].rules("black")


def test_a_joint_letter_carries_the_leads_mark_alone() -> None:
    first = pages(set_paper(paper(format=Format.LETTER, issuer_marks=FIVE[:2], signers=FIVE[:2], seals=[1, 2])).pdf)[0]
    assert FIVE[1] not in first.text


def test_an_order_has_its_mark_20_mm_down_no_title_and_the_signature_with_post_and_date() -> None:
    order = paper(
        format=Format.ORDER, number="第8号", title="", addressees="", annexes=[], note="", copy_no="", marking="",
        urgency="", signatories=["唐薇"], signatory_title="主席", seals=[], blocks=BODY[:1],
    )  # fmt: skip
    page = pages(set_paper(order).pdf)[0]
    mark = page.ink("red")
    assert mark is not None
    assert mark.top == pytest.approx(57, abs=0.3)
    assert "示例学会联合会令" in page.text
    number, text = page.seen("第8号"), page.seen("为规范联合会")
    assert number.middle == pytest.approx(106, abs=0.5)
    assert 2 * LINE <= text.top - number.bottom <= 3 * LINE
    name, post, date = page.where("唐薇"), page.where("主席"), page.where("2026年11月23日")
    assert name.right == pytest.approx(184 - 4 * 156 / 28, abs=2)
    assert post.right < name.left
    assert date.right == pytest.approx(184 - 4 * 156 / 28, abs=0.6)
    assert not page.rules("red")


def test_an_order_is_stamped_with_the_signatorys_name_or_sealed_over_name_and_date() -> None:
    (stamp,) = set_paper(paper(format=Format.ORDER, signatories=[], signatory_title="主席", seals=[7])).seal_places
    assert (stamp.width_mm, stamp.height_mm) == (40, 20)
    assert stamp.x_mm + stamp.width_mm == pytest.approx(184 - 4 * 156 / 28, abs=0.5)
    made = set_paper(paper(format=Format.ORDER, signatories=["唐薇"], signatory_title="主席", seals=[7, 8]))
    (seal,) = made.seal_places
    page = pages(made.pdf)[seal.page]
    for words in ("唐薇", "2026年11月23日"):
        assert seal.y_mm < page.where(words).top
        assert page.where(words).bottom < seal.y_mm + seal.height_mm
        assert seal.x_mm < page.where(words).middle < seal.x_mm + seal.width_mm


def test_minutes_name_their_office_date_and_those_present() -> None:
    minutes = paper(
        format=Format.MINUTES, issuer_marks=["示例学会联合会办公会议"], number="〔2026〕3号", addressees="",
        annexes=[], blocks=BODY[:3], note="",
        attendance=[
            Attendance("出席", "唐薇、赵衡、薛明" * 6), Attendance("请假", "孙示例"), Attendance("列席", "钱示例"),
        ],
    )  # fmt: skip
    made = set_paper(minutes)
    first = pages(made.pdf)[0]
    words = "".join("".join(page.text for page in pages(made.pdf)).split())
    assert "示例学会联合会办公会议纪要" in words
    assert first.ink("red").top == pytest.approx(72, abs=0.3)  # type: ignore[union-attr]  # there is red on it
    rule = first.rules("red")[0]
    assert first.where("2026年11月23日").bottom < rule.top
    assert first.where("出席：").left == pytest.approx(28 + 2 * 156 / 28, abs=ABOUT)
    assert "请假：孙示例" in words
    assert made.seal_places == []


# --- What the standard says for the awkward cases -------------------------------------------------------------------
@pytest.mark.parametrize("length", [*range(200, 460, 20)])
def test_signers_and_date_never_stand_on_a_page_without_text(length: int) -> None:
    made = set_paper(paper(blocks=[paragraph("国" * length)], annexes=[], cc="", printed_by="", printed_on=None))
    page = pages(made.pdf)[made.seal_places[0].page]
    assert "国" in page.text
    assert "此页无正文" not in page.text


def test_addressees_that_crowd_out_the_text_move_to_the_imprint() -> None:
    many = "，".join(f"示例学会第{n}分会" for n in range(60))
    made = pages(set_paper(paper(addressees=many)).pdf)
    assert "为规范联合会" in made[0].text
    assert "主送：" in made[-1].text


def test_a_very_long_title_flows_and_nothing_of_it_is_lost() -> None:
    title = "示例学会联合会关于进一步加强和改进新形势下青少年科学素质教育与科普资源共建共享工作的若干意见" * 4
    made = set_paper(paper(title=title))
    assert title in "".join("".join(page.text for page in pages(made.pdf)).split())


@pytest.mark.parametrize("count", [1, 40])
def test_from_one_page_to_forty(count: int) -> None:
    length = 28 * 22 * count - 600 if count > 1 else 60
    made = set_paper(paper(blocks=[paragraph("国" * length)], annexes=[], seals=[], copy_no=""))
    assert made.pages in {count, count + 1}


def test_an_annex_with_text_begins_a_page_before_the_imprint() -> None:
    from chancery.kernel.records.setting import Annex

    made = pages(set_paper(paper(annexes=[Annex("办法", [paragraph("第一条　为了规范。")]), "备案表"])).pdf)
    page = next(page for page in made if "第一条" in page.text)
    assert page.where("附件1").top == pytest.approx(37, abs=0.6)
    assert page.where("附件1").left == pytest.approx(28, abs=ABOUT)
    title = page.seen("办法")
    assert title.middle == pytest.approx(106, abs=0.6)
    assert title.centre == pytest.approx(37 + 2 * LINE + 2.8, abs=0.6)  # on the third line
    assert page is made[-1]
    assert page.rules("black")
