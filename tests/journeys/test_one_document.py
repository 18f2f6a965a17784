"""One document from registration to filing, through five people's hands, in a real browser; once in each language.

Where the page the whole house is built after is at hand (`../shared/seed`), that page is the document; elsewhere a text
that ships with an installed package.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT.parent / "shared/seed/administrative-departments.txt"
SHIPPED = next(Path(django.__file__).parents[1].glob("[dD]jango-*.dist-info/**/LICENSE*"))

pytestmark = pytest.mark.journey

# What each presses, by code; the words on the button are the page's own affair and follow the language.
HANDS = (
    ("first_checker", "first_check", "ACCEPT", "Ours to handle; in due form. 属本机关职权，格式规范。"),
    ("office_head", "propose", "TO_LEADER", "Planning and Finance leads. 拟请计划财务部主办。"),
    ("leader", "instruct", "AGREE", "Agreed. 同意拟办意见。"),
    ("handler", "handle", "REPLY_DUE", "Checked against our list. 已核对，拟复函。"),
    ("handler", "reply", "REPLIED", ""),
    ("office_head", "office_check", "PASS", "Complete. 办结。"),
    ("archivist", "file", "FILED", ""),
)


def the_document() -> Path:
    """The seed page where it is present, else a licence text that a fresh machine has."""
    return SEED if SEED.exists() else SHIPPED


def register(page, path: Path, title: str, language: str) -> str:
    """The registrar drops the file, fills in the form and registers; returns the matter's address."""
    page.goto("/general-office/incoming/new/")
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-Hans")
    page.set_input_files("input[name=uploads]", path)
    page.fill("[name=title]", title)
    page.fill("[name=sender]", "Sample Society for Directories")
    page.fill("[name=sender_number]", f"S/2026/{os.getpid()}/{language}")
    page.fill("[name=dated_on]", "2026-11-02")
    page.click("button[name=act][value=register]")
    page.wait_for_url(re.compile(r"/general-office/incoming/\d+/|/matters/\d+/"))
    if "/matters/" not in page.url:
        page.locator("main a[href^='/matters/']").first.click()
        page.wait_for_url("**/matters/*/")
    return re.sub(r"[?#].*", "", page.url)


def find_in_inbox(page, title: str) -> None:
    """The matter waits in the inbox, and is opened from there."""
    page.goto("/inbox/")
    page.get_by_role("searchbox").last.fill(title)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))  # the list has been exchanged: no click goes to the old one
    page.locator("main a", has_text=title).first.click()
    page.wait_for_url("**/matters/**")


def pick(page, name: str, typed: str, found: re.Pattern[str]) -> None:
    """Choose in a picker as a person does: type, wait for the list, take a line."""
    page.locator(f"input[name={name}_words]").fill(typed)
    page.locator(".combo-list:visible [role=option]", has_text=found).first.click()


def fill_in(page, step: str) -> None:
    """What the step's form asks for beside the opinion."""
    if step == "propose":
        pick(page, "lead_unit", "Planning", re.compile("Planning and Finance|计划财务部"))
        pick(page, "leaders", "He Lan", re.compile("He Lan|何岚"))
    if step == "handle":
        page.fill("[name=result]", "The list agrees with ours. 与本机关名录一致。")
    if step == "reply":
        page.fill("[name=reply_text]", "Received with thanks; the list agrees with ours. 来函收悉，名录一致。")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_one_document_goes_from_registration_to_filing(page_as, axe, language: str) -> None:
    title = f"Administrative departments, as published ({language}, {os.getpid()})"
    registrar = page_as("registrar", language=language)
    address = register(registrar, the_document(), title, language)

    people = {}
    for member, step, outcome, opinion in HANDS:
        page = people.setdefault(member, page_as(member, language=language))
        find_in_inbox(page, title)
        asked = page.locator(".asked").first
        fill_in(page, step)
        if opinion:
            asked.locator("[name=opinion]").fill(opinion)
        asked.locator(f"button[name=outcome][value={outcome}]").click()
        page.wait_for_load_state("networkidle")
        assert page.locator(".asked [aria-invalid=true], .asked .note-red").count() == 0, page.inner_text("main")[:2000]

    registrar.goto(address)
    words = registrar.inner_text("main")
    for _member, _step, _outcome, opinion in HANDS:
        assert opinion in words
    assert re.search("Closed|已办结|已结|已归档|Filed", words)
    assert axe(registrar) == []
    slip = registrar.request.get(registrar.locator("a[href$='slip.pdf']").first.get_attribute("href"))
    assert slip.status == 200
    assert slip.body().startswith(b"%PDF-")

    outsider = page_as("outsider", language=language)
    answer = outsider.goto(address)
    assert answer is not None
    assert answer.status == 404
    assert title not in outsider.content()
