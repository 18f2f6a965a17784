"""The numbers of headings. They are printed, never typed: 一、（一）1.（1） or 1, 1.1, 1.1.1, (a)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from chancery.foundations.manuscript.shape import Node, Profile, children, words_of

_DIGITS = "〇一二三四五六七八九"
_CN = "[一二三四五六七八九十百千]{1,7}"

# A typed number of each level, as people type it: half-width or full-width brackets and stops. 1.5亿 has no number, but
# 1.2026年 has one.
_TYPED: dict[str, tuple[re.Pattern[str], ...]] = {
    "cn": (
        re.compile(rf"({_CN})\s*[、.．]\s*"),
        re.compile(rf"[（(]\s*({_CN})\s*[）)][、.．]?\s*"),
        re.compile(r"(\d{1,3})\s*[.．、](?!\d{1,3}(?!\d))\s*"),
        re.compile(r"[（(]\s*(\d{1,3})\s*[）)]\s*"),
    ),
    "neutral": (
        re.compile(r"(\d{1,3})(?:\.(?!\d))?\s+"),
        re.compile(r"(\d{1,3}\.\d{1,3})\.?\s+"),
        re.compile(r"(\d{1,3}\.\d{1,3}\.\d{1,3})\.?\s+"),
        re.compile(r"\(([a-z]{1,2})\)\s+"),
    ),
}
_FORMS_CN = {1: "{}、", 2: "（{}）", 3: "{}.", 4: "（{}）"}
LONGEST_TYPED = 60  # a longer line that begins with a number is a numbered paragraph, not a heading
_ENDS_A_SENTENCE = tuple("。；;，,！!？?：:")


def chinese(number: int) -> str:
    """12 → 十二, 105 → 一百零五; for 1 to 9999."""
    if not 0 < number < 10_000:
        raise ValueError(number)
    found = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            found += _DIGITS[digit] + name
        elif found and number % unit and not found.endswith("零"):
            found += "零"
    return found.removeprefix("一") if found.startswith("一十") else found


def letters(number: int) -> str:
    """1 → a, 26 → z, 27 → aa."""
    found = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("a") + rest) + found
    return found


@dataclass
class Counter:
    """Counts headings through a document. A heading begins the count of the levels below it anew."""

    profile: Profile
    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def next(self, level: int) -> str:
        """Count a heading; its number as printed."""
        self.counts = [*self.counts[: level - 1], self.counts[level - 1] + 1, *([0] * (4 - level))]
        return self._printed(level, self.counts)

    def expected(self, level: int) -> str:
        """The number the next heading of a level would have."""
        return self._printed(level, [*self.counts[: level - 1], self.counts[level - 1] + 1])

    def _printed(self, level: int, counts: list[int]) -> str:
        number = counts[level - 1]
        if self.profile == "cn":
            return _FORMS_CN[level].format(chinese(number) if level < 3 and number < 10_000 else number)
        return f"({letters(number)})" if level == 4 else ".".join(map(str, counts[:level]))


def gap(number: str, profile: Profile) -> str:
    """What stands between a number and its heading: nothing after Chinese numbers, else a space."""
    return " " if number and profile == "neutral" else ""


def split_typed(line: str, profile: Profile) -> tuple[int, str, str] | None:
    """(level, number as it would be printed, rest) of a line that begins with a typed number; None otherwise."""
    for level, pattern in reversed(list(enumerate(_TYPED[profile], 1))):
        if found := pattern.match(line):
            number = found.group(1)
            if profile == "cn":
                number = _FORMS_CN[level].format(number.lstrip("0") or "0")
            elif level == 4:
                number = f"({number})"
            return level, number, line[found.end() :]
    return None


def typed_heading(line: str, counter: Counter) -> tuple[int, str] | None:
    """(level, words) of a line that is a heading with a typed number.

    Only if the number is the one that would be printed there: nothing is renumbered behind anybody's back.
    """
    found = split_typed(line, counter.profile)
    if found is None:
        return None
    level, number, rest = found
    rest = rest.strip()
    is_short = 0 < len(rest) <= LONGEST_TYPED and not rest.endswith(_ENDS_A_SENTENCE)
    if counter.profile == "neutral" and rest.endswith("."):
        is_short = False
    return (level, rest) if is_short and number == counter.expected(level) else None


def outline(doc: Node, profile: Profile) -> list[tuple[int, str, str]]:
    """(level, number, words) of each heading."""
    counter = Counter(profile)
    return [
        (block["attrs"]["level"], counter.next(block["attrs"]["level"]), words_of(block).replace("\n", " "))
        for block in children(doc)
        if block["type"] == "heading"
    ]
