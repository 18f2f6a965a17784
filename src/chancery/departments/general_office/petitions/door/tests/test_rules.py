"""What is personal data in a text."""

from __future__ import annotations

import pytest

from chancery.departments.general_office.petitions.door.rules import is_token, personal_data_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证 11010519491231002X。", ["ID"]),
        ("１１０１０５１９４９１２３１００２Ｘ", ["ID"]),
        ("11010519491231002x", ["ID"]),
        ("110105194912310021", []),  # its check digit is wrong
        ("请回电 13800138000", ["PHONE"]),
        ("+86 138-0013-8000", ["PHONE"]),
        ("文号 12800138000", []),
        ("卡号 6222 0200 0000 0000 0000 1", []),
        ("4539 1488 0343 6467", ["CARD"]),
        ("4539148803436468", []),
        ("0000000000000000", []),
        ("2026年11月23日 第 1234 号", []),
        ("", []),
    ],
)
def test_numbers_are_judged_by_their_check_digits(text: str, found: list[str]) -> None:
    assert personal_data_in(text) == found


def test_a_token_is_thirty_two_small_hexadecimal_digits() -> None:
    assert is_token("0123456789abcdef" * 2)
    assert not any(is_token(one) for one in ("", "x" * 32, "A" * 32, "0" * 31, "0" * 33, "0" * 32 + "\n"))
