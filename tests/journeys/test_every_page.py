"""Every page that can be reached by links, as several people see it: accessible, no wider than the screen, policy kept.

Of each kind of page (view) a few are visited; whoever comes later passes through what an earlier one has seen in the
same language, and looks at the kinds that nobody reached before. CHANCERY_SHOTS keeps a picture of each.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

PER_VIEW = 2
MOST = 120
# What leads out of the pages: files, exports, other forms of the same.
NOT_PAGES = re.compile(
    r"export=|/download|/preview|/file(?!s?/$)|/(pdf|xlsx)/$|\.(csv|json|jsonld|vcf|pdf|xlsx|ttl|bpmn|ics|docx|odt|zip)\b|^/static/|^/accounts/logout"
)
# A page about what its question names, and about nothing without it.
NAMES_A_THING = re.compile(r"(?:^|&)(?:thing|guard)=")

# Who reaches what the one before does not.
MEMBERS = (
    None,
    "registrar",
    "administrator",
    "archivist",
    "confidential_officer",
    "archive_head",
    "drafter",
    "supervisor",
    "petition_registrar",
    "petition_officer",
    "office_head",
    "handler",
    "petition_custodian",
    "petition_reviewer",
    "petition_rereviewer",
    "chaser",  # writes public notices
    "office_reviewer",  # and looks through them
)


@pytest.fixture(scope="module")
def known() -> defaultdict[tuple[str, int], Counter[str | None]]:
    """How many of each kind were visited, by language and width."""
    return defaultdict(Counter)


def view_of(path: str) -> str | None:
    """The view a path leads to; None when it leads nowhere."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None


def walk(page, visit: Callable[[str, int], None], known: Counter[str | None]) -> None:
    """Follow links from where the page is, a few of each kind, and visit each. `known` counts what others visited: such
    pages are only passed through, once, for the links on them."""
    queue, seen, passed = deque([urlsplit(page.url).path]), set(), Counter(dict.fromkeys(known, PER_VIEW - 1))
    while queue and len(seen) < MOST:
        path = queue.popleft()
        kind = view_of(path)
        if path in seen or passed[kind] >= PER_VIEW:
            continue
        seen.add(path)
        passed[kind] += 1
        answer = page.goto(path)
        if answer is None or "text/html" not in (answer.headers.get("content-type") or ""):
            continue
        if known[kind] < PER_VIEW or answer.status >= 400:
            known[kind] += 1
            visit(path, answer.status)
        found = page.evaluate(
            "[...document.querySelectorAll('a[href]:not([download])')].map(a => a.getAttribute('href'))"
        )
        for href in found:
            parts = urlsplit(href)
            if parts.scheme or parts.netloc or not parts.path.startswith("/") or NOT_PAGES.search(href):
                continue
            way = f"{parts.path}?{parts.query}" if NAMES_A_THING.search(parts.query) else parts.path
            if way not in seen and view_of(way):
                queue.append(way)


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-hans", 390)])
@pytest.mark.parametrize("member", MEMBERS)
def test_every_page_is_sound(page_as, axe, look, known, member, language, width):
    page = page_as(member, language=language, width=width)
    page.goto("/")
    faults = []

    def visit(path, status):
        if status >= 400:
            faults.append(f"{path}: a link leads to {status}")
            return
        faults.extend(f"{path}: {fault}" for fault in axe(page))
        try:
            name = re.sub("[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
            look(page, f"{member or 'public'}-{language}-{width}-{name}")
        except AssertionError as error:
            faults.append(f"{path}: {error}")
        lang = page.locator("html").get_attribute("lang")
        if lang != ("en" if language == "en" else "zh-Hans"):
            faults.append(f"{path}: lang is {lang}")

    walk(page, visit, known[language, width])
    assert not faults, "\n".join(faults)
