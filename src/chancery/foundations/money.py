"""Money: an exact decimal with its currency. Never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import cast


class MixedCurrencies(ValueError):
    """Two amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount (`Decimal`, quantised to the currency's minor unit on `rounded`) and an ISO 4217 code."""

    amount: Decimal
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if isinstance(cast("object", self.amount), float):
            raise TypeError("money is made from Decimal, int or str, never float")
        try:
            object.__setattr__(self, "amount", Decimal(self.amount))
        except InvalidOperation as error:
            raise ValueError(f"not an amount: {self.amount!r}") from error
        if not self.amount.is_finite():
            raise ValueError("money is finite")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError(f"not an ISO 4217 code: {self.currency!r}")

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency}")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def rounded(self, places: int = 2) -> Money:
        """The amount to `places` decimals, half away from zero as ledgers do."""
        return Money(self.amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), self.currency)

    def split(self, parts: int, *, places: int = 2) -> list[Money]:
        """Cut into `parts` shares that differ by at most one minor unit and add up exactly."""
        if parts < 1:
            raise ValueError("at least one part")
        unit = Decimal(1).scaleb(-places)
        whole = int(self.rounded(places).amount / unit)
        base, rest = divmod(whole, parts)
        return [Money((base + (1 if i < rest else 0)) * unit, self.currency) for i in range(parts)]

    def __str__(self) -> str:
        return f"{self.amount:,} {self.currency}"
