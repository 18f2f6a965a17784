"""Money is exact, keeps its currency, and splits without loss."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.foundations.money import MixedCurrencies, Money

amounts = st.decimals(-(10**12), 10**12, places=2, allow_nan=False, allow_infinity=False)
yuan = amounts.map(Money)


@given(yuan, yuan, yuan)
def test_sums_do_not_depend_on_order(a: Money, b: Money, c: Money) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a - a == Money(Decimal(0))
    assert a + -b == a - b


@given(yuan, yuan)
def test_order_is_that_of_the_amounts(a: Money, b: Money) -> None:
    assert (a < b) == (a.amount < b.amount)
    assert (a <= b) == (a.amount <= b.amount)


@given(yuan, st.integers(1, 500))
def test_shares_add_up_and_differ_by_a_cent_at_most(whole: Money, parts: int) -> None:
    shares = whole.split(parts)
    assert len(shares) == parts
    assert sum((share.amount for share in shares), Decimal(0)) == whole.amount
    assert max(share.amount for share in shares) - min(share.amount for share in shares) <= Decimal("0.01")


def test_half_a_cent_goes_away_from_zero() -> None:
    for amount, rounded in (("2.345", "2.35"), ("-2.345", "-2.35"), ("2.3449", "2.34"), ("1e2", "100.00")):
        assert Money(Decimal(amount)).rounded().amount == Decimal(rounded)


@pytest.mark.parametrize("operation", [Money.__add__, Money.__sub__, Money.__lt__, Money.__le__])
def test_currencies_do_not_mix(operation) -> None:
    with pytest.raises(MixedCurrencies, match="CNY and EUR"):
        operation(Money(Decimal(1)), Money(Decimal(1), "EUR"))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "one"])
def test_only_finite_amounts_are_money(amount: str) -> None:
    with pytest.raises(ValueError, match=r"money is finite|not an amount"):
        Money(amount)  # type: ignore[arg-type]  # text is what a form gives


def test_a_float_is_never_money() -> None:
    with pytest.raises(TypeError, match="never float"):
        Money(0.1)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize("code", ["cny", "CN", "元", "", "CNY "])
def test_a_currency_is_an_iso_code(code: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(Decimal(1), code)


def test_at_least_one_part() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Money(Decimal(1)).split(0)


def test_it_prints_with_its_currency() -> None:
    assert str(Money(Decimal("1234567.50"))) == "1,234,567.50 CNY"
