"""What may not stand in a petition, read from the text alone; who may do what behind a code."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.terms import ENDED_STATES, State
from chancery.foundations.verdict import Verdict, no, yes

TOKEN = re.compile(r"[0-9a-f]{32}\Z")
_ID = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx])(?![0-9A-Za-z])"
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)")
_CARD = re.compile(r"(?<!\d)(\d(?:[ -]?\d){15,18})(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_token(token: str) -> bool:
    """Whether a form's token has its shape."""
    return bool(TOKEN.match(token))


def personal_data_in(text: str) -> list[str]:
    """Which kinds of personal data a text seems to hold: ID, PHONE, CARD. Numbers are judged by their check digits."""
    read = unicodedata.normalize("NFKC", text)
    found = []
    if any(_is_id(match.group(1)) for match in _ID.finditer(read)):
        found.append("ID")
    if _PHONE.search(read):
        found.append("PHONE")
    if any(_is_card(match.group(1)) for match in _CARD.finditer(read)):
        found.append("CARD")
    return found


def _is_id(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[-1].upper() == "10X98765432"[total % 11]


def _is_card(number: str) -> bool:
    """By Luhn; an identity card number is not one."""
    digits = [int(char) for char in number if char.isdecimal()]
    if _is_id("".join(map(str, digits))) or len(set(digits)) < 3:
        return False
    doubled = [digit if place % 2 == 0 else (digit * 2 - 9 if digit > 4 else digit * 2)
               for place, digit in enumerate(reversed(digits))]  # fmt: skip
    return sum(doubled) % 10 == 0


def may_add(state: str) -> Verdict:
    """While it is not over."""
    if state in ENDED_STATES:
        return no(_("This petition is closed; nothing is added to it any more."))
    return yes()


def may_rate(state: str, rating: int | None) -> Verdict:
    """Once, after the answer."""
    if state not in (State.ANSWERED, State.CLOSED, State.FINAL):
        return no(_("A petition is rated once it is answered."), field="rating")
    if rating is not None:
        return no(_("You have rated the handling already."), field="rating")
    return yes()


def may_withdraw(state: str) -> Verdict:
    """While nothing is decided."""
    if state in (*ENDED_STATES, State.ANSWERED):
        return no(_("This petition is decided or closed; it is not withdrawn any more."))
    return yes()
