"""The search page: chips, facets, order, pages; without script; in both languages."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.urls import reverse

from chancery.kernel.access.services import open_guard
from chancery.kernel.records.services import index_item

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def papers(cast) -> None:
    guard = open_guard(unit_id=cast.units["GO"], label=10, by=cast.registrar, at=AT).pk
    for key in range(45):
        index_item(
            guard_id=guard,
            kind=("incoming", "outgoing")[key % 3 == 0],
            subject=f"test.thing:{key}",
            dated=dt.date(2026, 1, 1) + dt.timedelta(days=key),
            title_zh=f"预算 {key:02}",
            title_en=f"预算 {key:02}",
            unit_id=cast.units["GO"],
            label=10,
            state=("REGISTERED", "FILED")[key % 2],
            class_code="1.2",
            by=cast.registrar,
            at=AT,
        )


def page(client, **asked: object) -> str:
    answer = client.get(reverse("records:search"), asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def titles(html: str) -> list[str]:
    return [
        re.sub("<[^>]+>", "", one) for one in re.findall(r'<(?:a|span) class="title"[^>]*>(.*?)</(?:a|span)>', html)
    ]


def test_the_counts_beside_facets_are_what_their_links_list(cast, client_as, papers) -> None:
    client = client_as(cast.registrar)
    html = page(client, q="预算")
    assert ">45 found<" in html
    links = re.findall(r'<a href="(\?[^"]*)"><span>[^<]*</span> <span class="n">(\d+)</span>', html)
    assert len(links) >= 4
    for link, n in links:
        assert f">{n} found<" in page_at(client, link)


def page_at(client, link: str) -> str:
    return unescape(client.get(reverse("records:search") + link).content.decode())


def test_what_is_chosen_stands_as_a_chip_that_lets_go(cast, client_as, papers) -> None:
    client = client_as(cast.registrar)
    html = page(client, q="预算", kind="outgoing", since="2026-01-10", unit=cast.units["HQ"])
    chips = re.findall(r'<li><a href="(\?[^"]*)" title=', html)
    assert len(chips) == 3
    assert ">12 found<" in html
    assert ">45 found<" in page_at(client, "?q=预算")


def test_newest_first_and_pages(cast, client_as, papers) -> None:
    client = client_as(cast.registrar)
    first = titles(page(client, q="预算", sort="date"))
    last = titles(page(client, q="预算", sort="date", page=3))
    assert (first[0], len(first), last[-1]) == ("预算 44", 20, "预算 00")


@pytest.mark.parametrize(
    "odd", [{"unit": "x"}, {"since": "tomorrow"}, {"label": "9"}, {"page": "-3"}, {"kind": "nothing"}]
)
def test_an_odd_value_is_left_out(cast, client_as, papers, odd) -> None:
    assert ">45 found<" in page(client_as(cast.registrar), q="预算", **odd)


def test_nothing_found_says_so_and_an_empty_question_says_how(cast, client_as, papers) -> None:
    assert "Nothing found that you may see" in page(client_as(cast.outsider), q="预算")
    assert "Quotation marks" in page(client_as(cast.outsider))


def test_suggestions_are_those_of_who_asks(cast, client_as, papers) -> None:
    address = reverse("records:suggest")
    assert client_as(cast.outsider).get(address, {"q": "预"}).json()["lines"] == []
