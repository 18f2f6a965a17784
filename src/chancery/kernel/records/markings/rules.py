"""Finding a state-secret marking: the marking as it stands on a paper, not the bare word.

A marking is level, star, period: 机密★20年. It is found in any script variant, in full or half width, with spaces
between, and with the stars that fonts and typists put in its place. Prose about secrets (保守国家秘密) passes.
"""

from __future__ import annotations

import dataclasses
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


LEVELS = {"绝密": "TOP_SECRET", "機密": "SECRET", "机密": "SECRET", "秘密": "CONFIDENTIAL", "絕密": "TOP_SECRET"}

_GAP = r"[ \t\u3000]*"
_ANY_GAP = r"\s*"
_LEVEL = r"(?P<level>[绝絕]{g}密|[机機]{g}密|秘{g}密)(?:{g}[级級])?".replace("{g}", _GAP)
_DIGITS = r"(?:\d{g}){1,3}|[〇零一二三四五六七八九十百]{1,4}".replace("{g}", _GAP)
_PERIOD = rf"(?:(?:{_DIGITS}){_GAP}(?:年|個?个?月|天|日)|[长長]{_GAP}期|永{_GAP}久|启{_GAP}用{_GAP}前|解{_GAP}密)"
_PATTERNS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        # The star itself after a level is a marking, with or without a period.
        rf"{_LEVEL}{_GAP}★",
        # Stars that also mark footnotes and lists, or a star on a line of its own, need the period behind them.
        rf"{_LEVEL}{_ANY_GAP}[★*·•]{_ANY_GAP}{_PERIOD}",
        # Level and period alone on a line; 密级：机密 alone on a line.
        rf"^{_GAP}{_LEVEL}{_GAP}[\[(]?{_GAP}{_PERIOD}{_GAP}[\])]?{_GAP}$",
        rf"^{_GAP}★{_GAP}{_LEVEL}{_GAP}★?{_GAP}$",
        rf"密{_GAP}[级級]{_GAP}:?{_GAP}{_LEVEL}{_GAP}$",
    )
)
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
    if "密" not in text:
        return None  # the usual case, at the speed of a substring search
    folded = unicodedata.normalize("NFKC", text.translate(_FOLD)).translate(_FOLD)
    for pattern in _PATTERNS:
        if found := pattern.search(folded):
            return LEVELS["".join(found["level"].split())]
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
