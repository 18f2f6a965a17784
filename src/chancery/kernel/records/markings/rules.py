"""Finding a state-secret marking: the marking as it stands on a paper, not the bare word.

A marking is level, star, period: 机密★20年, SECRET ★ 20 years. It is found in any script variant, in full or half
width, with spaces, brackets or tags between, written as character references (&#26426;, \\u673a), and with the stars
that fonts and typists put in its place. Prose about secrets (保守国家秘密) passes. The words of a level alone are no
marking: they are also the house's labels and the names of its registers.
"""

from __future__ import annotations

import dataclasses
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Refused, Verdict, no, yes

BASIS = "《中华人民共和国保守国家秘密法》(2024) 第三十一条第三项"


SENTENCE = _(
    "This carries a state-secret marking. State secrets may not be kept in this system: nothing was stored. "
    "Take the paper to the confidential office."
)


class SecretMarking(Refused):
    """The text or file carries a state-secret marking; nothing of it was stored."""


LEVELS = {
    "TOPSECRET": "TOP_SECRET",
    "绝密": "TOP_SECRET",
    "機密": "SECRET",
    "机密": "SECRET",
    "秘密": "CONFIDENTIAL",
    "絕密": "TOP_SECRET",
}

_GAP = r"[ \t\u3000]*"
_CLOSED = rf"{_GAP}[\])}}】〕」』》〉”’\"']?{_GAP}"
_OPENED = rf"{_GAP}[\[({{【〔「『《〈“‘\"']?{_GAP}"
_ANY_GAP = r"\s*"
_LEVEL = r"(?P<level>[绝絕]{g}密|[机機]{g}密|秘{g}密)(?:{g}[级級])?".replace("{g}", _GAP)
_DIGITS = r"(?:\d{g}){1,3}|[〇零一二三四五六七八九十百]{1,4}".replace("{g}", _GAP)
_PERIOD = rf"(?:(?:{_DIGITS}){_GAP}(?:年|個?个?月|天|日)|[长長]{_GAP}期|永{_GAP}久|启{_GAP}用{_GAP}前|解{_GAP}密)"
_PATTERNS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        # The star itself after a level is a marking, with or without a period.
        rf"{_LEVEL}{_CLOSED}{_OPENED}★",
        # Stars that also mark footnotes and lists, or a star on a line of its own, need the period behind them.
        rf"{_LEVEL}{_ANY_GAP}{_CLOSED}{_OPENED}[★*·•]{_CLOSED}{_ANY_GAP}{_OPENED}{_PERIOD}",
        # Level and period alone on a line; 密级：机密 alone on a line.
        rf"^{_GAP}{_LEVEL}{_GAP}[\[(]?{_GAP}{_PERIOD}{_GAP}[\])]?{_GAP}$",
        rf"^{_GAP}★{_GAP}{_LEVEL}{_GAP}★?{_GAP}$",
        rf"密{_GAP}[级級]{_GAP}:?{_OPENED}{_LEVEL}{_CLOSED}$",
    )
)


def _spaced(word: str) -> str:
    return r"[ \t]*".join(word)


# English papers of the same kind. The words are common, so each needs what only a marking has behind it.
_TOP = rf"{_spaced('TOP')}[ \t-]*{_spaced('SECRET')}"
_EN = rf"\b(?P<level>{_TOP}|{_spaced('SECRET')}|{_spaced('CONFIDENTIAL')})"
_EN_SECRET = rf"(?P<level>{_TOP}|{_spaced('SECRET')})"
_EN_PERIOD = (
    r"(?:\d{1,3}[ \t-]*(?:years?|yrs?|months?|days?|年|个?月)\b|(?:long[ -]term|permanent|indefinite)(?:ly)?\b"
    r"|until[ \t]+(?:declassified|released|opened))"
)
_EN_PATTERNS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"(?i:{_EN}){_ANY_GAP}{_CLOSED}{_OPENED}★{_CLOSED}{_ANY_GAP}{_OPENED}(?i:{_EN_PERIOD})",
        # A typed star or dot in its place, after capitals.
        rf"{_EN}{_GAP}[*·•]{_GAP}(?i:{_EN_PERIOD})",
        rf"^{_GAP}(?i:{_EN_SECRET}){_GAP}[\[(]?{_GAP}(?i:{_EN_PERIOD}){_GAP}[\])]?{_GAP}$",
        rf"^{_GAP}★{_GAP}(?i:{_EN_SECRET}){_GAP}★{_GAP}$",
        rf"^{_GAP}(?i:(?:security[ \t]+)?classification(?:[ \t]+level)?){_GAP}:{_OPENED}(?i:{_EN_SECRET}){_CLOSED}$",
        # The handling line of foreign papers: SECRET//NOFORN.
        r"\b(?P<level>TOP SECRET|SECRET)//[A-Z]",
    )
)
# What a text must hold for any of this to be looked for: a text without it costs one pass.
_BETWEEN = "[\\s\u00ad\u200b-\u200f\u2060\ufeff]*"
_HINT = re.compile(
    "密|&(?:#|star)|\\\\u[0-9a-fA-F]{4}|"
    + "|".join(
        _BETWEEN.join(f"[{one}{one.lower()}{chr(ord(one) + 0xFEE0)}{chr(ord(one.lower()) + 0xFEE0)}]" for one in word)
        for word in ("SECRET", "CONFIDENTIAL")
    )
)
_GAPS = re.compile(r"\s{2,}")
_TAG = re.compile(r"<[/!?a-zA-Z][^<>]{0,2000}>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_STARS = dict.fromkeys(map(ord, "☆⭐✩✪✫✬✭✮✯✰⋆🌟⚝"), "★")
_ASTERISKS = dict.fromkeys(map(ord, "﹡＊✱✲✳∗⁎⚹"), "*")
_INVISIBLE = dict.fromkeys(
    code
    for first, last in (
        (0x00AD, 0x00AD),  # soft hyphen
        (0x034F, 0x034F),  # combining joiner
        (0x061C, 0x061C),  # Arabic letter mark
        (0x180E, 0x180E),  # Mongolian vowel separator
        (0x200B, 0x200F),  # zero-width spaces and joiners, direction marks
        (0x202A, 0x202E),  # direction embeddings
        (0x2060, 0x2060),  # word joiner
        (0x2066, 0x2069),  # direction isolates
        (0xFE00, 0xFE0F),  # variation selectors
        (0xFEFF, 0xFEFF),  # byte order mark
    )
    for code in range(first, last + 1)
)
_FOLD = _STARS | _ASTERISKS | _INVISIBLE


def marking_in(text: str) -> str | None:
    """The level of the first state-secret marking in `text` (TOP_SECRET, SECRET, CONFIDENTIAL), or None."""
    if not _HINT.search(text):
        return None  # the usual case
    return next((level for form in _forms(text) if (level := _marking_in(form)) is not None), None)


def _forms(text: str) -> Iterator[str]:
    """The text as it stands, and as a reader of markup or JSON would see it."""
    yield text
    seen = _TAG.sub("", text) if "<" in text else text
    if "&" in seen:
        seen = html.unescape(seen)
    if "\\u" in seen:
        seen = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), seen)
    if seen != text:
        yield seen


def _marking_in(text: str) -> str | None:
    folded = unicodedata.normalize("NFKC", text.translate(_FOLD)).translate(_FOLD)
    # One gap is as good as a thousand, and a thousand would be tried in a thousand ways.
    folded = _GAPS.sub(lambda found: "\n" if "\n" in found[0] else " ", folded)
    patterns = (*(_PATTERNS if "密" in folded else ()), *_EN_PATTERNS)
    for pattern in patterns:
        if found := pattern.search(folded):
            said = re.sub(r"[\s-]", "", found["level"]).upper()
            return LEVELS.get(said, said)
    return None


def are_unmarked(texts: Mapping[str, str]) -> bool:
    """Whether none of the texts is marked: asked before `demand_unmarked`, so that the usual case writes nothing."""
    return all(marking_in(text) is None for text in texts.values())


# What a form, a body or a call may nest; deeper is nobody's text.
_DEEPEST = 24
_LARGEST_BYTES = 5 * 1024 * 1024


def texts_in(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text in a value, however it is nested: a manuscript, rows of a table, the body of a call, its JSON.

    The runs of a manuscript are also read together, so that a marking set in two runs is one marking.
    """
    if isinstance(value, str):
        yield value
        if depth <= 1 and value[:1] in "[{" and (parsed := _parsed(value)) is not None:
            yield from texts_in(parsed, depth + 2)
    elif depth > _DEEPEST or value is None or isinstance(value, int | float):
        return
    elif isinstance(value, bytes):
        yield value[:_LARGEST_BYTES].decode("utf-8", "ignore")
    elif isinstance(value, Mapping):
        for key, one in value.items():
            if isinstance(key, str):
                yield key
            yield from texts_in(one, depth + 1)
        if isinstance(runs := value.get("content"), list):
            yield "".join(_runs(runs))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts_in(getattr(value, field.name, None), depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from texts_in(one, depth + 1)


def level_in(value: Any) -> str | None:
    """The level of the first state-secret marking in any text of `value`."""
    return next((level for text in texts_in(value) if (level := marking_in(text))), None)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _runs(nodes: Iterable[Any]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Mapping) and isinstance(node.get("text"), str):
            yield node["text"]


def refuse_marked(text: str, *, field: str | None = None) -> Verdict:
    """Allows text without a state-secret marking. Services ask `markings.services.demand_unmarked`, which also
    leaves the trace in the journal."""
    if marking_in(text) is None:
        return yes()
    return no(
        SENTENCE,
        field=field,
        basis=BASIS,
        refusal=SecretMarking,
    )
