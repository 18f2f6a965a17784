"""How a manuscript looks in a word processor: after GB/T 9704-2012 for `cn`, a plain letter for `neutral`.

The official paper is set elsewhere; these files are for people who go on writing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from chancery.foundations.manuscript import shape
from chancery.foundations.manuscript.head import PaperHead
from chancery.foundations.manuscript.shape import Profile

Align = Literal["left", "center", "right", "both"]

RED = "C00000"


@dataclass(frozen=True, slots=True)
class Look:
    """One style. Sizes in points; `indent` of the first line and `inset` from the right in characters."""

    name: str
    size: float
    east: str = "仿宋"
    latin: str = "Times New Roman"
    is_bold: bool = False
    color: str = "000000"
    align: Align = "both"
    indent: int = 0
    inset: int = 0
    before: float = 0
    after: float = 0
    rule: Literal["", "above", "below"] = ""  # a line over the whole width
    keeps_next: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A4 with its margins (mm), the distance of lines (points; exact when the standard counts lines) and all styles."""

    top: float
    bottom: float
    left: float
    right: float
    line: float
    is_exact: bool
    looks: dict[str, Look]


# The styles' names also tell, when a file comes back, what is head and foot and what is text.
_NAMES = {
    "issuer": "Paper Issuer",
    "number": "Paper Number",
    "title": "Title",
    "addressee": "Paper Addressee",
    "annex": "Paper Annex",
    "signer": "Paper Signer",
    "date": "Paper Date",
    "note": "Paper Note",
    "cc": "Paper Copies",
    "heading1": "Heading 1",
    "heading2": "Heading 2",
    "heading3": "Heading 3",
    "heading4": "Heading 4",
    "body": "Body Text",
    "item": "List Paragraph",
    "more": "List Continue",
    "cell": "Paper Cell",
}
HEAD_NAMES = frozenset(name for name in _NAMES.values() if name.startswith("Paper ") and name != "Paper Cell")
BODY_NAME = _NAMES["body"]
MORE_NAME = _NAMES["more"]


def _cn() -> Sheet:
    # Text area 156 × 225 mm, 22 lines of 28 characters of 16 points (三号): GB/T 9704-2012, 5.2.
    looks = {
        "issuer": Look(_NAMES["issuer"], 36, east="方正小标宋简体", color=RED, align="center", after=24),
        "number": Look(_NAMES["number"], 16, align="center", rule="below", after=24),
        "title": Look(_NAMES["title"], 22, east="方正小标宋简体", align="center", before=14, after=14),
        "addressee": Look(_NAMES["addressee"], 16, align="left"),
        "heading1": Look(_NAMES["heading1"], 16, east="黑体", align="left", indent=2, keeps_next=True),
        "heading2": Look(_NAMES["heading2"], 16, east="楷体", align="left", indent=2, keeps_next=True),
        "heading3": Look(_NAMES["heading3"], 16, is_bold=True, align="left", indent=2, keeps_next=True),
        "heading4": Look(_NAMES["heading4"], 16, align="left", indent=2, keeps_next=True),
        "body": Look(_NAMES["body"], 16, indent=2),
        "item": Look(_NAMES["item"], 16),
        "more": Look(_NAMES["more"], 16),
        "cell": Look(_NAMES["cell"], 14, align="left"),
        "annex": Look(_NAMES["annex"], 16, align="left", indent=2),
        "signer": Look(_NAMES["signer"], 16, align="right", inset=2),
        "date": Look(_NAMES["date"], 16, align="right", inset=4),
        "note": Look(_NAMES["note"], 16, align="left", indent=2),
        "cc": Look(_NAMES["cc"], 14, align="left", rule="above", before=24),
    }
    return Sheet(37, 35, 28, 26, 28.95, True, looks)


def _neutral() -> Sheet:
    looks = {
        "issuer": Look(_NAMES["issuer"], 15, is_bold=True, align="left", after=12, rule="below"),
        "number": Look(_NAMES["number"], 11, align="left", after=6),
        "title": Look(_NAMES["title"], 14, is_bold=True, align="left", before=12, after=12),
        "addressee": Look(_NAMES["addressee"], 11, align="left", after=6),
        "heading1": Look(_NAMES["heading1"], 13, is_bold=True, align="left", before=14, after=4, keeps_next=True),
        "heading2": Look(_NAMES["heading2"], 12, is_bold=True, align="left", before=10, after=4, keeps_next=True),
        "heading3": Look(_NAMES["heading3"], 11, is_bold=True, align="left", before=8, after=2, keeps_next=True),
        "heading4": Look(_NAMES["heading4"], 11, align="left", before=6, after=2, keeps_next=True),
        "body": Look(_NAMES["body"], 11, align="left", after=8),
        "item": Look(_NAMES["item"], 11, align="left", after=3),
        "more": Look(_NAMES["more"], 11, align="left", after=3),
        "cell": Look(_NAMES["cell"], 10, align="left"),
        "annex": Look(_NAMES["annex"], 11, align="left", before=6),
        "signer": Look(_NAMES["signer"], 11, align="left", before=28),
        "date": Look(_NAMES["date"], 11, align="left", after=6),
        "note": Look(_NAMES["note"], 11, align="left", before=6),
        "cc": Look(_NAMES["cc"], 10, align="left", before=12, rule="above"),
    }
    for role, look in looks.items():
        looks[role] = _in_latin(look)
    return Sheet(25, 25, 28, 25, 15, False, looks)


def _in_latin(look: Look) -> Look:
    return replace(look, east="宋体", latin="Arial" if look.is_bold else "Times New Roman")


SHEETS: dict[Profile, Sheet] = {"cn": _cn(), "neutral": _neutral()}

_WORDS = {
    "zh": {"annex": "附件：", "cc": "抄送：", "signatory": "签发人：", "colon": "：", "joint": "　"},
    "en": {"annex": "Annex: ", "cc": "Copy to: ", "signatory": "Signed off by: ", "colon": "", "joint": ", "},
}


def above(head: PaperHead, profile: Profile) -> list[tuple[str, str]]:
    """(style, words) of each line above the text."""
    said = _WORDS[head.language]
    signatories = said["joint"].join(filter(None, map(_one_line, head.signatories)))
    number = _one_line(head.number)
    if signatories:
        number = f"{number}{'　　　　' if head.language == 'zh' else '    '}{said['signatory']}{signatories}".strip()
    addressee = _one_line(head.addressees)
    if addressee and not addressee.endswith(("：", ":")):
        addressee += said["colon"]
    found = [("issuer", _one_line(head.issuer_mark)), ("number", number)]
    if profile == "neutral":
        found += [("date", head.date), ("addressee", addressee), ("title", _one_line(head.title))]
    else:
        found += [("title", _one_line(head.title)), ("addressee", addressee)]
    return [(role, words) for role, words in found if words]


def below(head: PaperHead, profile: Profile) -> list[tuple[str, str]]:
    """(style, words) of each line below the text."""
    said = _WORDS[head.language]
    annexes = [_one_line(name) for name in head.annexes if _one_line(name)]
    numbered = [f"{n}.{' ' if head.language == 'en' else ''}{name}" for n, name in enumerate(annexes, 1)]
    listed = numbered if len(annexes) > 1 else annexes
    found = [
        ("annex", f"{said['annex'] if n == 0 else '　　　' if head.language == 'zh' else ''}{x}")
        for n, x in enumerate(listed)
    ]
    found += [("signer", _one_line(name)) for name in head.signers]
    if profile == "cn":
        found.append(("date", head.date))
    note, cc = _one_line(head.note), _one_line(head.cc)
    found += [("note", f"（{note}）" if note and head.language == "zh" else note), ("cc", cc and said["cc"] + cc)]
    return [(role, words) for role, words in found if words]


def _one_line(words: str) -> str:
    return " ".join(shape.clean(words).split(" ")).strip()
