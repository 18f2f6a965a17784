"""State-secret markings: found in every dress they come in, and never in prose about secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.kernel.records.markings.rules import SecretMarking, marking_in, refuse_marked

LEVELS = ["绝密", "机密", "秘密", "絕密", "機密"]
STARS = ["★", "☆", "⭐", "✩", "✭"]
PERIODS = ["20年", "２０年", "10 年", "1年", "6个月", "长期", "启用前", "二十年", "30天"]
GAPS = ["", " ", "  ", "\u3000", "\t", "\u00a0", "\u200b", "\ufeff"]


@given(
    st.sampled_from(LEVELS),
    st.sampled_from(STARS),
    st.sampled_from(PERIODS),
    st.lists(st.sampled_from(GAPS), min_size=3, max_size=3),
)
def test_a_marking_is_found_whatever_star_width_and_spaces_it_is_set_with(
    level: str, star: str, period: str, gaps: list[str]
) -> None:
    marking = f"{level[0]}{gaps[0]}{level[1]}{gaps[1]}{star}{gaps[2]}{period}"
    assert marking_in(f"关于开展工作的通知\n{marking}\n各单位：") is not None
    assert marking_in(f"前文 {marking} 后文") is not None


@pytest.mark.parametrize(
    "text",
    [
        "机密★20年",
        "机密★",
        "绝密★启用前",
        "秘密*10年",
        "机密＊２０年",
        "机 密 ★ 2 0 年",
        "机密\n★\n20年",
        "机密★\n20年",
        "机密级★20年",
        "机密20年",
        "  秘密 5年  ",
        "机密（20年）",
        "★绝密★",
        "密级：机密",
        "密 级: 秘密",
        "机密·20年",
        "機密★長期",
        "000001\n机密★1年\n特急",
        "“机密”★20年",
        "【机密】★20年",
        "机密（★20年）",
        "密级：【机密】",
        "SECRET ★ 20 years",
        "TOP SECRET★30 YEARS",
        "Top Secret ☆ 30 years",
        "ＳＥＣＲＥＴ★２０ years",
        "S E C R E T ★ 20 years",
        "CONFIDENTIAL★10 years",
        "SECRET*20 years",
        "SECRET (20 years)",
        "★SECRET★",
        "Classification: TOP SECRET",
        "TOP SECRET//NOFORN",
        "&#26426;&#23494;&#9733;20&#24180;",
        "&#x673A;&#x5BC6;★20年",
        "机密&starf;20年",
        r"\u673a\u5bc6\u260520\u5e74",
        "<b>机</b>密<i>★</i>20年",
    ],
)
def test_a_marking_as_papers_carry_it_is_found(text: str) -> None:
    assert marking_in(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "保守国家秘密是每个公民的义务。",
        "本部门负责机密、秘密级文件的登记。",
        "绝密、机密、秘密三级",
        "泄露国家秘密\n★ 第一条 各单位应当",
        "他为此保守秘密20年之久。",
        "机密文件管理办法（2024年修订）",
        "秘密花园 ★★★★★",
        "Secret ★ 20",
        "密级：无",
        "密码★20年",
        "涉及机密*，见注。\n* 注",
        "工作秘密",
        "定密责任人",
        "关于做好保密工作的通知：各单位要保守国家秘密，机密级文件登记造册。",
        "绝密、机密、秘密最长保密期限分别为30年、20年、10年",
        "涉密人员脱密期：核心三年，重要两年",
        "机密件、绝密件登记簿（2026年）",
        "SECRET",
        "TOP_SECRET",
        "Level: SECRET",
        "CONFIDENTIAL",
        "Classification: Confidential",
        "keep it confidential for 10 years",
        "The secret* was kept for 20 years.",
        "It was secret 20 years ago.",
        "secret garden ★★★★★ 20 reviews",
        "Secretary ★ 20 years",
        "",
        "密",
    ],
)
def test_prose_about_secrets_passes(text: str) -> None:
    assert marking_in(text) is None


@given(
    st.text(alphabet="关于国家秘密机密绝工作★的通知年，。 20\n", max_size=60).filter(
        lambda text: "★" not in text and "年" not in text
    )
)
def test_without_star_and_period_words_alone_never_refuse(text: str) -> None:
    assert marking_in(text) is None or "级" in text


def test_the_level_is_told_and_nothing_else() -> None:
    assert [marking_in(f"{level}★20年") for level in LEVELS] == [
        "TOP_SECRET",
        "SECRET",
        "CONFIDENTIAL",
        "TOP_SECRET",
        "SECRET",
    ]


def test_the_refusal_cites_the_law_and_names_the_field() -> None:
    verdict = refuse_marked("机密★20年", field="title")
    assert (bool(verdict), verdict.field, verdict.refusal) == (False, "title", SecretMarking)
    assert "第三十一条" in verdict.basis


@pytest.mark.parametrize("filler", [" ", "\t", "\n", "\u3000", "★", "<b", "S "])
@pytest.mark.parametrize("level", ["机密", "SECRET"])
def test_a_text_made_to_be_slow_is_judged_all_the_same(level: str, filler: str) -> None:
    gap = filler * 20_000
    assert marking_in(f"{level}{gap}x") is None or filler == "★"


def test_a_megabyte_of_ordinary_text_is_judged_quickly() -> None:
    import time

    text = "关于做好国家秘密管理工作的通知，各部门按照职责分工落实。" * 40_000
    begun = time.perf_counter()
    assert marking_in(text) is None
    assert time.perf_counter() - begun < 3
