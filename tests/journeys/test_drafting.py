"""Drafting in a browser: type, template, text, preview, autosave, two at one draft, comments, submit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

TITLE = "关于报送二〇二七年度预算的通知"


def begin(page: Page, button: str) -> str:
    page.goto("/general-office/outgoing/new/?profile=cn")
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(r"/outgoing/\d+/edit/"))
    expect(page.locator(".manuscript-text")).to_be_visible()
    found = re.search(r"/outgoing/(\d+)/", page.url)
    assert found
    return found.group(1)


def pick(page: Page, field: str, words: str) -> None:
    box = page.locator(f"#id_{field}")
    box.fill(words)
    # In a full house others are found by the same letters.
    option = page.locator(".combo-list [role=option]").filter(has_text=re.compile(words, re.IGNORECASE)).first
    option.wait_for()
    option.click()


def write(page: Page, words: str) -> None:
    page.locator(".manuscript-text").click()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def test_a_paper_is_drafted_and_submitted(
    page_as: Callable[..., Page], axe: Callable[..., list[str]], look: Callable[[Page, str], None]
) -> None:
    page = page_as("drafter", language="en")
    page.goto("/general-office/outgoing/new/?profile=cn")
    look(page, "drafting-new")
    assert axe(page) == []
    number = begin(page, "Notice: work to be done")
    page.locator("#id_title").fill(TITLE)
    pick(page, "main", "AS")
    pick(page, "main", "SP")
    expect(page.locator("#preview img").first).to_be_visible(timeout=20_000)
    expect(page.locator("#kept")).to_contain_text("kept", timeout=15_000)
    look(page, "drafting-edit")
    assert axe(page) == []
    # A crash: the page is opened again without having been saved.
    page.goto(f"/general-office/outgoing/{number}/edit/")
    expect(page.get_by_text(re.compile("Unsaved work of .* found"))).to_be_visible()
    page.get_by_role("link", name="Restore it").click()
    expect(page.locator("#id_title")).to_have_value(TITLE)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    # A comment on a marked passage.
    page.get_by_role("tab", name="Comments").click()
    page.locator(".manuscript-text p").first.dblclick()
    expect(page.locator("[data-remark-on]")).to_be_visible()
    page.get_by_label("Comment", exact=True).fill("Say which year.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("[data-thread]")).to_have_count(1)
    expect(page.locator(".remark")).to_have_count(1)
    look(page, "drafting-comments")
    page.get_by_role("tab", name="Annexes").click()
    page.locator("#annex-files").set_input_files(
        {"name": "预算表.csv", "mimeType": "text/csv", "buffer": "单位,金额\n甲,1\n".encode()}
    )
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".annex-list li")).to_have_count(1)
    page.locator("#annex-files").set_input_files(
        {"name": "run.exe", "mimeType": "application/octet-stream", "buffer": b"MZ123"}
    )
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="cannot be an annex")).to_be_visible()
    look(page, "drafting-annexes")
    page.get_by_role("tab", name="Versions").click()
    look(page, "drafting-versions-pane")
    assert axe(page) == []
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_text("Submitted. It goes its way now.")).to_be_visible()
    expect(page.locator(".remark")).to_have_count(1)
    look(page, "drafting-document")
    assert axe(page) == []
    page.goto(f"/general-office/outgoing/{number}/compare/?from=1&to=2")
    look(page, "drafting-compare")
    assert axe(page) == []
    for name in ("versions/", "preview/", "versions/1/"):
        page.goto(f"/general-office/outgoing/{number}/{name}")
        look(page, f"drafting-{name.strip('/').replace('/', '-')}")
        assert axe(page) == []


def test_two_at_one_draft(page_as: Callable[..., Page], look: Callable[[Page, str], None]) -> None:
    lu, wen = page_as("drafter"), page_as("unit_checker")
    number = begin(lu, "Notice: meeting")
    lu.get_by_role("tab", name="Versions").click()
    pick(lu, "posts", "wen bo")
    lu.get_by_role("button", name="Ask them").click()
    expect(lu.get_by_text("They may read, comment on and edit the draft now.")).to_be_visible()
    lu.goto(f"/general-office/outgoing/{number}/edit/")
    lu.locator("#id_title").fill("关于召开预算会议的通知")
    expect(lu.locator("#kept")).to_contain_text("kept", timeout=15_000)
    wen.goto(f"/general-office/outgoing/{number}/")
    expect(wen.get_by_text(re.compile("Lu Jia is editing this document"))).to_be_visible()
    look(wen, "drafting-held")
    wen.get_by_role("button", name="Take over").click()
    expect(wen.get_by_text(re.compile("Unsaved work of Lu Jia"))).to_be_visible()
    expect(lu.locator("#hold")).to_contain_text("took this document over", timeout=30_000)
    look(lu, "drafting-taken")
    wen.get_by_role("link", name="Look at it").click()
    expect(wen.locator("#id_title")).to_have_value("关于召开预算会议的通知")


def test_chinese_and_a_phone(
    page_as: Callable[..., Page], axe: Callable[..., list[str]], look: Callable[[Page, str], None]
) -> None:
    page = page_as("drafter", language="zh-hans", width=390)
    page.goto("/general-office/outgoing/new/?profile=cn")
    look(page, "drafting-new-phone")
    page.get_by_role("button", name="请示：请求批准").click()
    expect(page.locator("#preview img").first).to_be_visible(timeout=20_000)
    look(page, "drafting-edit-phone")
    assert axe(page) == []
    wide = page_as("drafter", language="zh-hans")
    for name, address in {
        "types": "/records/paper-types/cn/",
        "type": "/records/paper-types/cn/REQUEST/",
        "drafts": "/general-office/outgoing/drafts/",
        "templates": "/general-office/outgoing/templates/?profile=cn",
        "groups": "/general-office/outgoing/groups/",
        "group": "/general-office/outgoing/groups/new/",
    }.items():
        wide.goto(address)
        look(wide, f"drafting-{name}-zh")
        assert axe(wide) == []
    editor = page_as("office_head")
    editor.goto("/records/paper-types/cn/REQUEST/amend/")
    look(editor, "drafting-type-amend")
    assert axe(editor) == []


def test_it_works_without_script(page_as: Callable[..., Any]) -> None:
    page = page_as("drafter", javascript=False)
    page.goto("/general-office/outgoing/new/?profile=neutral")
    page.get_by_role("button", name="Memo: for decision").click()
    page.locator("#id_title").fill("Where the archive goes")
    page.locator("#id_body").fill("1 Purpose\nTo choose a room.")
    page.get_by_role("button", name="Save and close").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
