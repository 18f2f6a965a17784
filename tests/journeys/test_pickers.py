"""Pickers and suggestions: by keyboard, by hand, on a phone, in Chinese, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

GRANT = "/roles/grant/"


def test_a_post_is_picked_by_keyboard_and_sent(page_as, axe, look):
    page = page_as("administrator")
    page.goto(GRANT)
    box = page.get_by_role("combobox", name="Post")
    box.focus()
    expect(box).to_have_attribute("aria-expanded", "true")  # the first few, before a word is typed
    box.fill("lin shu")
    option = page.get_by_role("option", name=re.compile("Lin Shu"))
    expect(option.first).to_be_visible()
    assert axe(page) == []
    look(page, "picker-open-en-1366")
    box.press("ArrowDown")
    expect(option.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert "Lin Shu" in box.input_value()
    assert page.url.endswith(GRANT)  # Enter took the line; it did not send the form
    unit = page.get_by_role("combobox", name="Over")
    unit.fill("bgt")
    page.get_by_role("option", name=re.compile("General Office")).first.click()
    sent = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form.house-form')))")
    assert sent["post"].isdigit()
    assert sent["unit"].isdigit()
    assert "post_words" not in sent
    box.fill("nobody at all")
    expect(page.get_by_role("listbox", name="Post").get_by_text("Nothing is found by that.")).to_be_visible()
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert page.evaluate("new FormData(document.querySelector('form.house-form')).get('post')") is None


@pytest.mark.parametrize("width", [1366, 390])
def test_a_picker_in_chinese(page_as, axe, look, width):
    page = page_as("administrator", language="zh-hans", width=width)
    page.goto(GRANT)
    box = page.locator("#id_post")
    box.fill("科员")
    expect(page.get_by_role("option").first).to_be_visible()
    look(page, f"picker-zh-{width}")
    assert axe(page) == []


def test_without_script_one_searches_then_chooses(page_as, look):
    page = page_as("administrator", javascript=False)
    page.goto(GRANT)
    page.fill("#id_post", "General Office")
    page.locator("button[name=post_find]").click()
    choice = page.locator("select[name=post]")
    assert choice.locator("option").count() > 2
    expect(page.get_by_text("Choose from what was found.").first).to_be_visible()
    choice.select_option(index=1)
    page.fill("#id_unit", "GO")
    page.select_option("#id_role", index=0)
    page.locator("button:has-text('Grant')").last.click()
    expect(page).to_have_url(re.compile("/roles/$"))


def test_the_top_bar_suggests_and_enter_still_searches(page_as, axe, look):
    page = page_as("registrar")
    page.goto("/inbox/")
    box = page.locator("#find")
    box.press_sequentially("20")
    if page.get_by_role("option").count():
        assert axe(page) == []
        look(page, "suggest-en-1366")
    box.fill("report")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=report"))
