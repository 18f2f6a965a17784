"""Blacking out, and who may know who petitions.

Blacking out works blind: what is searched for are keyed hashes of the sender's words, so that a text added later can be
blacked out although nobody may read the identity. All text is compared folded (NFKC, without case, signs, spaces and
invisible characters; numbers also with Chinese numerals as digits), and black bars are all of one length.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.petitions.custody.terms import BLACK, OpeningState
from chancery.departments.general_office.petitions.terms import CUSTODIAN, EVERY_ROLE, IdentityFacts
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access.queries import roles_of

if TYPE_CHECKING:
    import datetime as dt

    from chancery.departments.general_office.petitions.custody.models import IdentityOpening

BAR = BLACK * 4
LONGEST_SEARCHED = 300_000  # characters; a longer text is looked at by a person
_MOST_PERMUTED = 3

_NUMERALS = ("〇零", "一幺壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {ord(char): str(digit) for digit, chars in enumerate(_NUMERALS) for char in chars}
_PIECES = re.compile(r"[\s,，、;；/()（）\[\]【】|·•]+")
_DISTRICT = re.compile(r"^.*[省市区县旗]")
_HOUSE = re.compile(r"\d[号栋幢座院楼室]|\d单元")
_GAP = r"[ \-.]{0,2}"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[a-z0-9._%+\-]{1,64} ?@ ?[a-z0-9\-]+(?:\.[a-z0-9\-]+)+",
        rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1[3-9](?:{_GAP}\d){{9}}(?!\d)",  # mobile numbers
        rf"(?<!\d)0\d{{2,3}}{_GAP}\d(?:{_GAP}\d){{6,7}}(?!\d)",  # fixed lines with their area
        rf"(?<![\d\w])\+\d{{1,3}}(?:{_GAP}\(?\d\)?){{6,12}}(?!\d)",  # abroad
        rf"(?<!\d)\d(?:{_GAP}\d){{16}}{_GAP}[\dx](?![\d\w])",  # resident identity numbers
        r"(?<![\d\w])[0-9a-hj-npqrtuwxy]{2}\d{6}[0-9a-hj-npqrtuwxy]{10}(?![\d\w])",  # unified social credit codes
        r"(?:微信号?|qq号?|wechat|whatsapp|telegram)[ :]{0,3}[a-z0-9_\-]{5,20}",
    )
)


class SameHands(Refused):
    """Who asks does not open."""


class NoOpening(Refused):
    """There is no open, unexpired opening of the actor's."""


@dataclass(frozen=True, slots=True)
class Needle:
    """Something to black out, told by its length and keyed hash. `how`: "S" anywhere, "N" a number anywhere, "W" as a
    whole word, "C" as a whole word with a capital."""

    how: str
    length: int
    mac: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with bars in it, and how many."""

    text: str
    bars: int


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text as it is compared: each folded character with the place of the one it came from."""

    chars: str
    places: list[int]
    tight: str
    tight_places: list[int]


def _fold(text: str) -> _Folded:
    chars: list[str] = []
    places: list[int] = []
    tight: list[str] = []
    tight_places: list[int] = []
    for place, char in enumerate(text):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
        for one in folded:
            kind = unicodedata.category(one)
            if kind in {"Cf", "Cc"} and one not in "\n\t":
                continue
            if kind == "Nd":
                one = str(unicodedata.decimal(one))
            if kind == "Pd":
                one = "-"
            elif kind in {"Zs", "Zl", "Zp"}:
                one = " "
            chars.append(one)
            places.append(place)
            if kind[0] in "LN":
                tight.append(one)
                tight_places.append(place)
    return _Folded("".join(chars), places, "".join(tight), tight_places)


def tight(text: str) -> str:
    """Letters and digits alone, folded: how words are compared."""
    return _fold(text).tight


def words_of(facts: IdentityFacts) -> list[tuple[str, str]]:
    """What tells who petitions: (how, folded word), longest first."""
    found: dict[str, str] = {}
    for name in (facts.name, *facts.other_names, *facts.representatives):
        for how, word in _of_name(name):
            found.setdefault(word, how)
    digits = tight(facts.phone).translate(_DIGITS)
    found.setdefault(digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits, "N")
    found.setdefault(tight(facts.email), "S")
    local = tight(facts.email.partition("@")[0])
    if len(local) >= 5:
        found.setdefault(local, "W")
    found.setdefault(tight(facts.id_number).translate(_DIGITS), "N")
    for word in _of_address(facts.address):
        found.setdefault(word, "S")
    fit = [(how, word) for word, how in found.items() if len(word) >= 2]
    return sorted(fit, key=lambda one: (-len(one[1]), one[1]))


def _of_name(name: str) -> Iterable[tuple[str, str]]:
    pieces = [piece for piece in _PIECES.split(name) if piece]
    latin = [word for piece in pieces if (word := tight(piece)) and not _is_chinese(word)]
    for piece in (tight(piece) for piece in pieces):
        if not _is_chinese(piece):
            yield ("W" if len(piece) >= 4 else "C"), piece
            continue
        yield "S", piece
        if 3 <= len(piece) <= 4:
            yield "S", piece[len(piece) - 2 :]  # the given name alone; longer ones are names of bodies
    whole = tight(name)
    if _is_chinese(whole):
        yield "S", whole
    if len(latin) > 1:
        orders = itertools.permutations(latin) if len(latin) <= _MOST_PERMUTED else (latin, latin[::-1])
        for order in orders:
            yield "W", "".join(order)


def _of_address(address: str) -> Iterable[str]:
    whole = tight(address)
    if len(whole) < 4:
        return
    yield whole
    if _is_chinese(whole):
        rest = tight(_DISTRICT.sub("", address))
        if len(rest) >= 4:
            yield rest
        for place in _HOUSE.finditer(rest):  # the street and its number, without the flat; the flat without them
            yield from (part for part in (rest[: place.end()], rest[place.end() :]) if len(part) >= 6)
    for piece in (tight(piece) for piece in re.split(r"[,，;；\n]+", address)):
        if len(piece) >= 6 and any(char.isdigit() for char in piece):
            yield piece


def _is_chinese(word: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" or ord(char) >= 0x20000 for char in word)


def needles(words: Iterable[tuple[str, str]], mac: Callable[[str], str]) -> list[Needle]:
    """The words as keyed hashes."""
    return [Needle(how, len(word), mac(word)) for how, word in words]


def mask(text: str, held: Sequence[Needle], mac: Callable[[str], str]) -> Masked:
    """A text with everything blacked out that tells who petitions, and whatever looks like a way to reach somebody."""
    folded = _fold(text)
    black = bytearray(len(text))
    for start, end in _found(text, folded, held, mac):
        black[start:end] = b"\x01" * (end - start)
    for pattern in _PATTERNS:
        for match in pattern.finditer(folded.chars.translate(_DIGITS)):
            start, end = folded.places[match.start()], folded.places[match.end() - 1] + 1
            black[start:end] = b"\x01" * (end - start)
    return _barred(text, black)


def finds(text: str, held: Sequence[Needle], mac: Callable[[str], str]) -> bool:
    """Whether something in the text tells who petitions."""
    return next(iter(_found(text, _fold(text), held, mac)), None) is not None


def _found(text: str, folded: _Folded, held: Sequence[Needle], mac: Callable[[str], str]) -> Iterable[tuple[int, int]]:
    by_length: dict[tuple[int, bool], dict[str, str]] = {}
    for needle in held:
        by_length.setdefault((needle.length, needle.how == "N"), {})[needle.mac] = needle.how
    numbers = folded.tight.translate(_DIGITS)
    seen: dict[str, str] = {}
    for (length, is_number), macs in by_length.items():
        searched = numbers if is_number else folded.tight
        for place in range(len(searched) - length + 1):
            window = searched[place : place + length]
            how = macs.get(seen.get(window) or seen.setdefault(window, mac(window)))
            if how is None:
                continue
            start, end = folded.tight_places[place], folded.tight_places[place + length - 1] + 1
            if how in "SN" or (_stands_alone(text, start, end) and (how == "W" or text[start].isupper())):
                yield start, end


def _stands_alone(text: str, start: int, end: int) -> bool:
    def joins(char: str) -> bool:
        return char.isalnum() and not _is_chinese(char)

    return not (start and joins(text[start - 1])) and not (end < len(text) and joins(text[end]))


def _barred(text: str, black: bytearray) -> Masked:
    out: list[str] = []
    bars = 0
    for is_black, group in itertools.groupby(range(len(text)), key=lambda place: bool(black[place])):
        if is_black:
            bars += 1
            out.append(BAR)
        else:
            out.extend(text[place] for place in group)
    return Masked("".join(out), bars)


def black_out(text: str, words: Iterable[str]) -> Masked:
    """A text with further words blacked out that somebody named."""
    black = bytearray(len(text))
    folded = _fold(text)
    for word in filter(None, map(tight, words)):
        start = folded.tight.find(word)
        while start >= 0:
            first, last = folded.tight_places[start], folded.tight_places[start + len(word) - 1] + 1
            black[first:last] = b"\x01" * (last - first)
            start = folded.tight.find(word, start + 1)
    return _barred(text, black)


# --- Openings --------------------------------------------------------------------------------------------------------
def has_part(by: Actor) -> Verdict:
    """Whoever handles petitions, under a hat."""
    if not by.is_person or by.post_id is None:
        return no(_("Choose the post you act in first."))
    if not set(roles_of(by)) & set(EVERY_ROLE):
        return no(_("Only those who handle a petition ask to know who sent it."))
    return yes()


def may_ask(by: Actor, *, purpose: str, purposes: Iterable[str], reason: str, has_identity: bool) -> Verdict:
    """Whoever has a part in the petition, for a purpose and with a reason."""
    if not (verdict := has_part(by)):
        return verdict
    if purpose not in set(purposes):
        return no(_("Say what it is needed for."), field="purpose")
    if len(reason.strip()) < 10:
        return no(_("Give the reason in a sentence: it is shown to the custodian and kept."), field="reason")
    if not has_identity:
        return no(_("This petition is anonymous: there is nothing to open."))
    return yes()


def may_open(by: Actor, opening: IdentityOpening, unit_id: int) -> Verdict:
    """A custodian of the office, another person than who asked, under whichever hat."""
    if not (verdict := access_rules.holds_role(by, CUSTODIAN, unit_id)):
        return verdict
    if by.person_id is None or by.person_id == opening.requested_person_id:
        return no(_("You asked for it yourself: another custodian decides."), refusal=SameHands)
    if opening.state != OpeningState.ASKED:
        return no(_("This request was decided already."))
    return yes()


def may_read(by: Actor, opening: IdentityOpening, at: dt.datetime) -> Verdict:
    """Who asked and who opened, while it lasts."""
    mine = by.person_id is not None and by.person_id in (opening.requested_person_id, opening.custodian_person_id)
    lasts = opening.state == OpeningState.OPEN and opening.expires_at is not None and at <= opening.expires_at
    return yes() if mine and lasts else no(_("This opening is not yours, or is over."), refusal=NoOpening)
