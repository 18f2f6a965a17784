"""Signatures: estimates near the true share, the same either way round, found by their bands; clusters."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.departments.general_office.petitions.likeness import rules

WORDS = [f"word{n}" for n in range(400)]


def mac(text: str) -> str:
    """A hash as good as the vault's, without a vault."""
    return hashlib.blake2b(text.encode(), key=b"key", digest_size=32).hexdigest()


def true_share(one: str, other: str) -> float:
    mine, theirs = rules.shingles(one), rules.shingles(other)
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


@st.composite
def two_texts(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts of which the second is the first with some of it replaced."""
    seed, length = draw(st.integers(0, 2**32)), draw(st.integers(60, 400))
    changed = draw(st.floats(0, 1))
    numbers = random.Random(seed)
    is_chinese = draw(st.booleans())
    letters = [chr(0x4E00 + n) for n in range(800)] if is_chinese else WORDS
    one = [numbers.choice(letters) for _n in range(length)]
    cut = int(length * changed)
    other = one[cut:] + [numbers.choice(letters) for _n in range(cut)]
    join = "" if is_chinese else " "
    return join.join(one), join.join(other)


@settings(max_examples=60, deadline=None)
@given(two_texts())
def test_the_estimate_is_within_four_standard_errors_of_the_truth(texts: tuple[str, str]) -> None:
    one, other = texts
    truth = true_share(one, other)
    told = rules.likeness(rules.signature(one, mac), rules.signature(other, mac))
    error = (truth * (1 - truth) / rules.PLACES) ** 0.5
    assert abs(told - truth) <= 4 * error + 0.02


@settings(max_examples=40, deadline=None)
@given(two_texts())
def test_it_is_the_same_either_way_round_and_whole_with_itself(texts: tuple[str, str]) -> None:
    one, other = (rules.signature(text, mac) for text in texts)
    assert rules.likeness(one, other) == rules.likeness(other, one)
    assert rules.likeness(one, one) == 1.0


@settings(max_examples=40, deadline=None)
@given(two_texts())
def test_what_is_much_alike_shares_a_band_and_bands_keep_their_order(texts: tuple[str, str]) -> None:
    one, other = (rules.signature(text, mac) for text in texts)
    mine, theirs = rules.bands(one), rules.bands(other)
    assert len(mine) == rules.BANDS and rules.bands(one) == mine
    shared = [place for place in range(rules.BANDS) if mine[place] == theirs[place]]
    whole = len(one) // rules.BANDS
    assert shared == [
        place for place in range(rules.BANDS)
        if one[place * whole : (place + 1) * whole] == other[place * whole : (place + 1) * whole]
    ]  # fmt: skip
    if rules.likeness(one, other) > 0.9:
        assert shared


def test_a_band_of_one_place_is_not_found_by_another() -> None:
    same_everywhere = b"\x00\x00\x00\x07" * rules.PLACES
    assert len(set(rules.bands(same_everywhere))) == rules.BANDS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("请复核评审结果，谢谢。", "请 复核 评审结果 谢谢"),  # signs and spaces do not count
        ("ＡＢＣ one two three", "abc ONE Two three"),  # nor do width and case
        ("请████复核评审结果", "请████████复核评审结果"),  # nor what was blacked out
    ],
)
def test_the_same_words_are_the_same_text(one: str, other: str) -> None:
    assert rules.signature(one, mac) == rules.signature(other, mac)


def test_without_words_there_is_no_signature() -> None:
    assert rules.signature("…… ！！ ████", mac) == b""
    assert rules.bands(b"") == [] and rules.likeness(b"", b"") == 0.0


def test_another_key_gives_another_signature() -> None:
    def other_mac(text: str) -> str:
        return hashlib.blake2b(text.encode(), key=b"other", digest_size=32).hexdigest()

    text = "请复核评审结果，我认为评审程序有误。"
    assert rules.likeness(rules.signature(text, mac), rules.signature(text, other_mac)) < 0.1


def test_letters_of_one_text_make_one_cluster() -> None:
    text = "我们要求公开评审程序和评审结果，并说明未予立项的理由。各学会应当同等对待，" * 2
    letters = [f"{text} 附言{n}" for n in range(6)]
    others = ["关于借用报告厅的建议，请予考虑为盼。", "建议增加科普讲座的场次并在周末举办。"]
    rows = []
    for pk, one in enumerate([*letters[:3], *others, *letters[3:]], 1):
        signed = rules.signature(one, mac)
        rows.append((pk, rules.bands(signed), signed))
    assert rules.clusters(rows, least=75, many=5) == [(1, 2, 3, 6, 7, 8)]
    assert rules.clusters(rows, least=75, many=7) == []
