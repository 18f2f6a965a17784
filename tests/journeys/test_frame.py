"""The frame itself, in a real browser: both languages, wide and narrow, keys, without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

PAGES = [
    ("registrar", "/styleguide/"),
    ("registrar", "/help/"),
    ("registrar", "/no-such-page/"),
    (None, "/"),
    (None, "/help/"),
]


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("member", "path"), PAGES)
def test_pages_of_the_frame_are_sound(page_as, axe, look, member, path, language, width):
    page = page_as(member, language=language, width=width)
    page.goto(path)
    if path == "/styleguide/":
        page.wait_for_selector("[data-bpmn-src][data-ready]")
        page.wait_for_selector("[data-chart][data-drawn]")
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-Hans")
    look(page, f"frame-{path.strip('/') or 'home'}-{member or 'public'}-{language}-{width}")
    assert axe(page) == []


def test_the_language_switch_returns_to_the_page(page_as):
    page = page_as(None)
    page.goto("/help/?a=1")
    page.get_by_role("button", name="中文").click()
    expect(page).to_have_url(re.compile(r"/help/\?a=1$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("帮助")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")


def test_keys(page_as):
    page = page_as("registrar")
    page.goto("/styleguide/")
    page.keyboard.press("?")
    expect(page.locator("dialog#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#help")).to_be_hidden()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(page.locator("[data-search]").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.is-at")).to_have_count(1)
    assert page.locator("tbody tr").nth(1).get_attribute("class").split()[-1] == "is-at"
    page.keyboard.press("x")
    expect(page.locator(".bulk [data-picked]")).to_have_text("1")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page).not_to_have_url(re.compile("styleguide"))


def test_a_list_narrows_without_a_new_page_and_keeps_its_address(page_as):
    page = page_as("registrar")
    page.goto("/styleguide/")
    page.evaluate("window.stayed = true")
    page.get_by_label("Find in this list").fill("session")
    expect(page.locator("table.list[data-rows] tbody tr")).to_have_count(2, timeout=8000)
    expect(page).to_have_url(re.compile("q=session"))
    page.locator("table.list thead").get_by_role("link", name="Number").click()
    expect(page).to_have_url(re.compile("sort=number"))
    assert page.evaluate("window.stayed")
    page.reload()
    expect(page.locator("table.list[data-rows] tbody tr")).to_have_count(2)


def test_a_list_works_without_script(page_as):
    page = page_as("registrar", javascript=False)
    page.goto("/styleguide/")
    page.get_by_label("Find in this list").fill("session")
    page.get_by_role("button", name="Apply").first.click()
    expect(page.locator("table.list[data-rows] tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Clear the filters").click()
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(re.compile("page=2"))


def test_the_menu_opens_on_a_phone_with_and_without_script(page_as):
    for javascript in (True, False):
        page = page_as("registrar", width=390, javascript=javascript)
        page.goto("/help/")
        expect(page.locator("#menu")).to_be_hidden()
        page.get_by_role("link", name="Open the menu").click()
        expect(page.locator("#menu")).to_be_visible()


def test_typed_text_is_not_lost_by_leaving(page_as):
    page = page_as("registrar")
    page.goto("/styleguide/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#id_good-title").fill("Half a letter")
    page.goto("/help/")
    assert asked == ["beforeunload"]


def test_a_form_is_sent_once_however_often_its_button_is_pressed(page_as):
    page = page_as(None)
    page.goto("/help/")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.evaluate("for (let n = 0; n < 3; n++) document.querySelector('form.language button').click()")
    expect(page.get_by_role("heading", level=1)).to_have_text("帮助")
    assert len(sent) == 1


def test_a_view_is_kept(page_as):
    page = page_as("registrar")
    page.goto("/styleguide/?q=session")
    page.locator("summary", has_text="Views").click()
    page.get_by_label("Name of the view").fill("Sessions")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("The view is kept.")).to_be_visible()
    expect(page).to_have_url(re.compile("q=session"))
    page.goto("/styleguide/")
    page.locator("summary", has_text="Views").click()
    page.get_by_role("link", name="Sessions").click()
    expect(page).to_have_url(re.compile("q=session"))


def test_the_diagram_is_moved_by_keys_and_keeps_its_mark(page_as):
    page = page_as("registrar")
    page.goto("/styleguide/")
    page.wait_for_selector("[data-bpmn-src][data-ready]")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    expect(page.locator(".djs-element.is-active")).to_have_count(1)
    picture = page.locator(".diagram .viewport")
    before = picture.get_attribute("transform")
    page.locator(".diagram").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    assert picture.get_attribute("transform") != before
