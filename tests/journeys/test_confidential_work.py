"""The desk of confidential work in the browser: the officer's, a holder's, and a marking refused where it was typed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

PageAs = Callable[..., Page]

TELL = """
import django
django.setup()
from chancery.demo.cast import load_cast
from chancery.departments.general_office.confidential_work import demo
from chancery.foundations import clock
demo.tell(cast=load_cast(), now=clock.now())
"""


@pytest.fixture(scope="module")
def told(site: Any) -> None:
    """The story of confidential work, where the site was filled with the cast alone."""
    subprocess.run([sys.executable, "-c", TELL], env=site.environment, check=True)


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-hans", 1366), ("en", 390), ("zh-hans", 390)])
def test_every_page_of_the_desk_is_in_order(
    told: None, page_as: PageAs, axe: Any, look: Any, language: str, width: int
) -> None:
    page = page_as("confidential_officer", language=language, width=width)
    base = "/general-office/confidential"
    paths = {
        "hub": "/", "carriers": "/carriers/", "new": "/carriers/new/", "receipts": "/carriers/receipts/",
        "destructions": "/carriers/destructions/", "counts": "/carriers/counts/", "clearances": "/clearances/",
        "leavers": "/clearances/leavers/", "breaches": "/breaches/", "breach": "/breaches/new/",
        "expiry": "/carriers/expiry/",
    }  # fmt: skip
    for name, path in paths.items():
        page.goto(f"{base}{path}")
        assert axe(page) == [], name
        look(page, f"confidential-{name}-{language}-{width}")
    for name, register in (
        ("carrier", "/carriers/"), ("receipt", "/carriers/receipts/"), ("list", "/carriers/destructions/"),
        ("count", "/carriers/counts/"), ("clearance", "/clearances/"), ("leaver", "/clearances/leavers/"),
        ("breach-page", "/breaches/"),
    ):  # fmt: skip
        page.goto(f"{base}{register}")
        page.locator("td.is-main a").first.click()
        page.wait_for_load_state()
        assert axe(page) == [], name
        look(page, f"confidential-{name}-{language}-{width}")


def test_a_marking_is_refused_where_it_was_typed(told: None, page_as: PageAs, axe: Any, look: Any) -> None:
    page = page_as("drafter")
    page.goto("/general-office/confidential/")
    page.get_by_role("link", name="Report a breach").first.click()
    page.get_by_label("What is known").fill("The paper says 机密★20年 at its top.")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("This carries a state-secret marking").count() >= 1
    assert "机密★20年" in page.get_by_label("What is known").input_value()
    assert axe(page) == []
    look(page, "confidential-marking-refused")


def test_a_holder_confirms_what_waits_for_them(told: None, page_as: PageAs, look: Any) -> None:
    page = page_as("office_head")
    page.goto("/general-office/confidential/")
    page.get_by_role("link", name="Receipts for you to confirm").click()
    page.locator("td.is-main a").first.click()
    page.get_by_text("I go with it").first.click()
    page.get_by_role("button", name="I go with it").click()
    page = page_as("leader")
    page.goto("/general-office/confidential/carriers/receipts/")
    page.locator("td.is-main a").first.click()
    page.get_by_text("Confirm the receipt").first.click()
    page.get_by_label("I counted").fill("1")
    page.get_by_role("button", name="Confirm the receipt").click()
    assert page.get_by_text("the copies are yours to answer for").count() == 1
    look(page, "confidential-received")
