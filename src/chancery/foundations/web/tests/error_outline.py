"""What every error page has, and what none has."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

INSIDE = "4711-inside: select name from petition where path='/srv/site'"
LANGUAGES = {"en": ("en", "First page"), "zh-hans": ("zh-Hans", "首页")}


class Outline(HTMLParser):
    """What of a page a reader of the screen goes by, and every address it fetches or leads to."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.lang, self.tags, self.addresses, self.unnamed = "", [], [], []  # type: str, list[str], list[str], list[str]
        self.feed(said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.lang = told.get("lang") or ""
        if tag == "img" and "alt" not in told:
            self.unnamed.append(str(told))
        if tag in ("script", "link", "img", "a", "form", "iframe", "source", "object"):
            self.addresses += [told[name] or "" for name in ("src", "href", "action", "data") if name in told]


def text(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def is_whole(answer: Any, status: int, language: str) -> None:
    """One heading, one main part, the reader's language, a way on, only the site's own addresses, nothing inside."""
    lang, first = LANGUAGES[language]
    said = answer.content.decode()
    seen = Outline(said)
    assert answer.status_code == status
    assert (seen.lang, seen.tags.count("h1"), seen.tags.count("main"), seen.tags.count("title")) == (lang, 1, 1, 1)
    assert seen.unnamed == []
    assert "/" in seen.addresses
    assert all(address.startswith(("/", "#")) and not address.startswith("//") for address in seen.addresses)
    assert "<style" not in said and " style=" not in said and "url(" not in said
    assert first in text(answer) and str(status) in text(answer)
    for trace in (INSIDE[:11], "select name", "/srv/site", "Traceback", "Error:", "django", "psycopg", "DEBUG"):
        assert trace not in said
