"""Blacking out: whatever of the sender stands in a text, however it is written."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.departments.general_office.petitions.custody import rules
from chancery.departments.general_office.petitions.custody.rules import BAR
from chancery.departments.general_office.petitions.terms import IdentityFacts


def mac(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def masked(text: str, **facts: object) -> str:
    held = rules.needles(rules.words_of(IdentityFacts(**facts)), mac)  # type: ignore[arg-type]  # facts by name
    return rules.mask(text, held, mac).text


@pytest.mark.parametrize(
    ("text", "facts", "shown"),
    [
        ("我叫张伟。", {"name": "张伟"}, "我叫████。"),
        ("张 伟、张\u200b伟、张·伟", {"name": "张伟"}, "████、████、████"),
        ("欧阳晓明来信，晓明敬上", {"name": "欧阳晓明"}, "████来信，████敬上"),
        ("红星机械有限公司诉某公司", {"name": "红星机械有限公司"}, "████诉某公司"),
        ("Zhang Wei, WEI ZHANG and Wei", {"name": "Wei Zhang"}, "████, ████ and ████"),
        ("He will go. I am Li He.", {"name": "Li He"}, "████ will go. I am ████."),
        ("they believe she is here", {"name": "Li He"}, "they believe she is here"),
        ("Mr. Thistlewood's letter", {"name": "Margaret Thistlewood"}, "Mr. ████'s letter"),
        ("Thistlewoodshire", {"name": "Margaret Thistlewood"}, "Thistlewoodshire"),
        ("电话１３８ 0013-8000", {"phone": "13800138000"}, "电话████"),
        ("幺三八〇〇一三八〇〇〇", {"phone": "13800138000"}, "████"),
        ("A.B @ Example.NET", {"email": "a.b@example.net"}, "████"),
        ("住珠江路88号。", {"address": "南京市玄武区珠江路88号"}, "住████。"),
        ("at 12 Mill Lane since 2010", {"address": "12 Mill Lane, Oxford"}, "at ████ since 2010"),
        ("证 110105 19491231 002x", {"id_number": "11010519491231002X"}, "证 ████"),
        ("联系 13912345678 或 010-66554433", {}, "联系 ████ 或 ████"),
        ("mail someone@example.org now", {}, "mail ████ now"),
        ("证件 440301199001011234", {}, "证件 ████"),
        ("代码 91350100M000100Y43", {}, "代码 ████"),
        ("微信：zhang_88888", {}, "████"),
        (
            "2026年11月24日，第12345号文，人民币1000000元",
            {"name": "张伟"},
            "2026年11月24日，第12345号文，人民币1000000元",
        ),
        ("", {"name": "张伟"}, ""),
    ],
)
def test_blacked_out(text: str, facts: dict[str, str], shown: str) -> None:
    assert masked(text, **facts) == shown


CHINESE_NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
FILLING = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)
GAPS = st.sampled_from(["", " ", "\u3000", "\u200b", "·", "-", "\n"])


@settings(deadline=None, max_examples=150)
@given(CHINESE_NAMES, FILLING, FILLING, GAPS)
def test_no_name_survives_whatever_stands_around_or_between(name: str, before: str, after: str, gap: str) -> None:
    shown = masked(f"{before}{gap.join(name)}{after}", name=name)
    assert rules.tight(name) not in rules.tight(shown)


@settings(deadline=None, max_examples=150)
@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), FILLING, FILLING, GAPS, st.booleans())
def test_no_number_survives(number: str, before: str, after: str, gap: str, is_wide: bool) -> None:
    written = gap.join(chr(ord(digit) + 0xFEE0) for digit in number) if is_wide else gap.join(number)
    shown = masked(f"{before}{written}{after}", phone=number)
    assert number not in rules.tight(shown)


@settings(deadline=None, max_examples=100)
@given(FILLING)
def test_a_text_that_tells_nobody_is_changed_only_by_patterns(text: str) -> None:
    assert rules.mask(text, [], mac).text == text or BAR in rules.mask(text, [], mac).text


@settings(deadline=None, max_examples=100)
@given(FILLING, st.lists(st.text(min_size=1, max_size=6), max_size=3))
def test_what_is_black_stays_black(text: str, words: list[str]) -> None:
    first = rules.black_out(text, words).text
    for word in filter(None, map(rules.tight, words)):
        assert word not in rules.tight(first)
    assert rules.black_out(first, words).text == first


@settings(deadline=None, max_examples=80)
@given(FILLING, CHINESE_NAMES)
def test_finding_and_blacking_out_agree(text: str, name: str) -> None:
    held = rules.needles(rules.words_of(IdentityFacts(name=name)), mac)
    assert rules.finds(text + name, held, mac)
    assert not rules.finds(rules.mask(text + name, held, mac).text, held, mac)


def test_bars_tell_nothing_of_length() -> None:
    assert masked("张伟", name="张伟") == masked("欧阳晓明", name="欧阳晓明") == BAR


def test_nothing_of_the_facts_prints() -> None:
    facts = IdentityFacts(name="张伟", phone="13800138000")
    assert "张伟" not in repr(facts) and "138" not in str(facts)
    assert unicodedata.normalize("NFKC", repr(facts)) == repr(facts)
