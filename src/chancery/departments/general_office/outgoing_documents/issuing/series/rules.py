"""How a number is written, and when a series begins and ends."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.outgoing_documents.issuing.terms import RESERVED_IN_PATTERN
from chancery.foundations.verdict import Refused, Verdict, no, yes

BASIS = _("GB/T 9704-2012, 7.2.5: year in hexagonal brackets, no leading zeros, no 第")


class WrongNumber(Refused):
    """The number is not written as it must be."""


_HOUSE_BRACKETS = re.compile(r"〔\{year\}〕")
_OTHER_BRACKETS = re.compile(r"[\[\]【】〖〗［］()（）<>《》{}「」『』]")


def is_pattern(pattern: str, *, profile: str) -> Verdict:
    """A pattern names year and number once each, pads nothing, has no 第; in profile cn the year stands in 〔〕."""
    if pattern.count("{year}") != 1 or len(re.findall(r"\{n[^}]*\}", pattern)) != 1 or pattern.count("{code}") > 1:
        return _bad(_("A pattern has {year} and {n} once each, and {code} at most once."))
    if "{n}" not in pattern:
        return _bad(_("A serial number has no leading zeros: write {n} alone."))
    if "第" in pattern:
        return _bad(_("A serial number is written without 第."))
    rest = pattern
    for name in RESERVED_IN_PATTERN:
        rest = rest.replace(name, "")
    if profile == "cn":
        if not _HOUSE_BRACKETS.search(pattern) or _OTHER_BRACKETS.search(rest.replace("〔", "").replace("〕", "")):
            return _bad(_("The year stands in hexagonal brackets 〔〕, and no other brackets are used."))
        if not pattern.endswith("{n}号"):
            return _bad(_("A document number ends with the serial number and 号."))
    elif re.search(r"[{}\x00-\x1f]", rest):
        return _bad(_("A pattern holds no braces but {code}, {year} and {n}."))
    return yes()


def _bad(reason: Any) -> Verdict:
    return no(reason, field="pattern", basis=str(BASIS), refusal=WrongNumber)


def is_word(word: str) -> Verdict:
    """A code word is short and bears neither brackets, digits nor spaces, so that a number can be read back."""
    if not word.strip():
        return no(_("Give the code word."), field="word")
    if re.search(r"[\s\d〔〕\[\]()（）【】{}第号]", word):
        return no(_("A code word has no spaces, digits, brackets, 第 or 号."), field="word", basis=str(BASIS))
    return yes()


def is_series_key(code: str) -> Verdict:
    """The key under which the series counts; it stays."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", code):
        return no(_("A key has small letters, digits and dashes."), field="code")
    return yes()


def may_begin(valid_from: dt.date, previous_from: dt.date | None, today: dt.date, *, is_loader: bool) -> Verdict:
    """A period begins after the one it follows, and people do not date one back."""
    if previous_from is not None and valid_from <= previous_from:
        return no(_("The new period begins after the standing one."), field="valid_from")
    if valid_from < today and not is_loader:
        return no(_("A series cannot begin in the past."), field="valid_from")
    return yes()


def may_end_on(last_day: dt.date, valid_from: dt.date, today: dt.date) -> Verdict:
    """A series ends today or later, and not before it began."""
    if last_day < valid_from:
        return no(_("The last day comes before the first."), field="last_day")
    if last_day < today:
        return no(_("A series cannot end in the past."), field="last_day")
    return yes()
