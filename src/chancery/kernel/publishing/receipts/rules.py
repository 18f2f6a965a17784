"""How a code is made, read back and checked, and how long who erred must wait."""

from __future__ import annotations

import datetime as dt
import secrets

from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.publishing.receipts.terms import ALPHABET, GROUP, LENGTH, RANDOM
from chancery.kernel.publishing.verification.rules import folded

_FIELD = 0b100101  # x^5 + x^2 + 1: arithmetic of the 32 digits
SUBJECT_LONGEST = 120


class AlreadySent(Refused):
    """The same form was sent before; its receipt was issued then."""


def made_code(seed: bytes = b"") -> str:
    """A code that nobody can guess, in groups as it is printed; the same for the same secret seed."""
    if seed:
        number = int.from_bytes(seed, "big")
        digits = [(number >> (5 * place)) & 31 for place in range(RANDOM)]
    else:
        digits = [secrets.randbelow(32) for _place in range(RANDOM)]
    digits.append(_check(digits))
    return grouped("".join(ALPHABET[digit] for digit in digits))


def grouped(code: str) -> str:
    """7K3M9QX2… as 7K3M-9QX2-…"""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """What somebody typed as a code without dashes, or "" when it cannot be one: a wrong length or letter, or a slip
    that the check character tells (any one wrong digit, any two exchanged)."""
    kept = folded(typed)
    if len(kept) != LENGTH or not set(kept) <= set(ALPHABET):
        return ""
    digits = [ALPHABET.index(char) for char in kept]
    return kept if _check(digits[:RANDOM]) == digits[RANDOM] else ""


def _check(digits: list[int]) -> int:
    """Each digit times another power of the generator, added up in GF(32): no two places weigh the same, so every
    single slip and every exchange of two digits changes the sum. The last digit weighs one."""
    total = 0
    for digit in digits:
        total = _times_generator(total ^ digit)
    return total


def _times_generator(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & 32 else value


def may_issue(by: Actor, subject: str) -> Verdict:
    """Whatever function keeps something has asked its own rule; here only the shape is asked."""
    label, colon, key = subject.partition(":")
    if not colon or "." not in label or not key or len(subject) > SUBJECT_LONGEST:
        return no(_("A receipt is for one thing that was received."))
    return yes()


def pause_after(wrong: int, *, free: int, most: dt.timedelta) -> dt.timedelta:
    """How long a place waits after so many wrong codes within the hour: not for the first, then 2, 4, 8 … seconds."""
    if wrong < free:
        return dt.timedelta(0)
    return min(dt.timedelta(seconds=2.0 ** min(wrong - free + 1, 30)), most)
