"""Plain text: which encoding it is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from chancery.foundations.papers.faults import Fault, Unacceptable

# Tab, line feed, form feed and carriage return are text; the other C0 controls and U+FFFE/U+FFFF are not.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
# What GB18030 yields for bytes that were never Chinese: private use, and half the time rare ideographs.
_UNLIKELY = re.compile("[\ue000-\uf8ff\U000e0000-\U0010ffff]")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`, or `Unacceptable(UNREADABLE_TEXT)`.

    Tried in order: the byte order mark, the declared encoding, UTF-8, UTF-16 without a mark (told by its zero bytes),
    GB18030. All strictly: a byte that does not fit means that it is another encoding or no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, "")
    for encoding in filter(None, (declared, "utf-8", _utf16_by_zeros(data), "gb18030")):
        try:
            return _strictly(data, encoding, "")
        except Unacceptable:
            continue
    raise Unacceptable(Fault.UNREADABLE_TEXT)


def _strictly(data: bytes, encoding: str, detail: str) -> str:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise Unacceptable(Fault.UNREADABLE_TEXT, detail) from None
    if _NOT_TEXT.search(text) or len(_UNLIKELY.findall(text)) > len(text) // 50:
        raise Unacceptable(Fault.UNREADABLE_TEXT, detail)
    return text


def _utf16_by_zeros(data: bytes) -> str | None:
    sample = data[:4096]
    if len(data) % 2 or not sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # The high byte of Latin letters, spaces and line feeds is zero; a zero low byte (一 is U+4E00) is rare.
    if odd > even:
        return "utf-16-le"
    if even > odd:
        return "utf-16-be"
    return None
