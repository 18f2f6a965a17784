"""One appeal from a telephone at the public door to the end for good: heard, answered, reviewed, re-reviewed.

The sender uses a small screen in Chinese; of the staff some work in Chinese, some in English. Nothing is done behind
the pages: every step is a button that its person presses.
"""

from __future__ import annotations

import os
import re

PHONE = 390
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}")
HUB = "/general-office/petitions/"
NAME, TELEPHONE = "欧阳晓明", "13800138000"
TITLE = f"对评审结果的申诉（{os.getpid()}）"
#: What the pages call the five parts of an opinion, and what one says in them.
OPINION = {
    "en": {
        "What was asked": "That the evaluation be examined again.",
        "Facts found": "One mark was added up wrongly.",
        "View": "The mark is set right; the grade stays.",
        "Basis in rules": "Rules of Evaluation, article 12.",
    },
    "zh-hans": {
        "信访诉求": "请求重新审查评审结果。",
        "查明的事实": "原处理意见认定的事实清楚。",
        "处理意见": "维持原处理意见。",
        "政策法规依据": "《评审办法》第十二条。",
        "救济途径": "如不服，可在三十日内请求复核。",
    },
}


def press(page, words: str) -> None:
    """A button by its words; no fault is said afterwards."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=True).first.click()
    faults = page.locator(".error-summary, .asked .note-red, main [aria-invalid=true]")
    assert faults.count() == 0, page.inner_text("main")[:3000]


def from_inbox(page) -> None:
    """What waits is found in the inbox and opened from there."""
    page.goto("/inbox/")
    page.get_by_role("searchbox").last.fill(TITLE)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    page.locator("main a", has_text=TITLE).first.click()
    page.wait_for_url("**/matters/**")
    assert page.locator(".asked").count() == 1, page.inner_text("main")[:3000]
    nobody(page)


def nobody(page) -> None:
    """The page does not tell who petitions."""
    assert NAME not in page.content() and TELEPHONE not in page.content()


def write_opinion(page, language: str) -> None:
    for label, words in OPINION[language].items():
        page.locator(".asked").get_by_label(label, exact=False).first.fill(words)


def enter(page, code: str) -> None:
    """The sender opens the page behind the code."""
    page.goto("/petitions/follow/")
    page.get_by_label("查询码").fill(code)
    page.locator("main").get_by_role("button", name="打开").click()
    page.wait_for_url("**/petitions/follow/case/")


def unfold(page, words: str) -> None:
    page.locator("summary", has_text=words).click()


def ask_for_review(page, why: str) -> None:
    unfold(page, "申请复查（复核）")
    page.get_by_label("您不同意答复中的哪些内容？为什么？").fill(why)
    press(page, "申请复查（复核）")
    page.locator(".note-green").wait_for()


def send(page, look) -> str:
    """The appeal is written, read through, sent with an attachment; the receipt's code."""
    page.goto("/petitions/")
    page.get_by_role("link", name=re.compile("^申诉求决")).click()
    page.get_by_label("您的诉求是什么？").fill(f"请重新审查评审结果。我是{NAME}，可拨打 {TELEPHONE}。")
    page.get_by_label("事情经过").fill("评审名单未经公示。")
    page.get_by_label("说明，且只有身份信息保管人可以开封").check()
    page.get_by_label("您的姓名").fill(NAME)
    page.get_by_label(re.compile("^电话")).fill(TELEPHONE)
    page.get_by_role("button", name="下一步：核对").click()
    page.locator(".error-summary").wait_for()  # a number in the text is asked about once
    page.get_by_label("文中的号码").check()
    page.get_by_role("button", name="下一步：核对").click()
    page.wait_for_selector("form[data-send]")
    page.get_by_label("附件").set_input_files([{"name": "名单.txt", "mimeType": "text/plain", "buffer": b"list"}])
    page.wait_for_selector("form[data-send]:not([data-proving]) .proof-line", timeout=60_000)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_selector("[data-receipt]")
    look(page, "journey-petition-receipt")
    code = page.locator(".petition-code").inner_text()
    assert CODE.fullmatch(code)
    return code


def register(page) -> str:
    """The registrar looks through what came and gives it a neutral title; the petition's address."""
    page.goto(HUB)
    page.locator("main table a").first.click()
    page.locator("main tbody a").first.click()  # the latest stands first
    page.wait_for_url(re.compile(r"/petitions/\d+/"))
    nobody(page)
    page.get_by_role("link", name="登记", exact=True).click()
    page.get_by_label("中性题名").fill(TITLE)
    press(page, "登记")
    page.wait_for_url(re.compile(r"/petitions/\d+/$"))
    address = page.url
    assert TITLE in page.inner_text("h1")
    nobody(page)
    return address


def accept_and_assign(page) -> None:
    from_inbox(page)
    press(page, "Accept")
    from_inbox(page)
    assert page.get_by_label("Written notice to the sender").input_value()
    press(page, "Tell the sender")
    from_inbox(page)
    page.get_by_label("Handled by the unit").select_option(label="Department of Planning and Finance")
    press(page, "Assign")


def hear_and_answer(page, address: str) -> None:
    from_inbox(page)
    press(page, "Hold a hearing")
    page.goto(address)
    assert "Hearing" in page.inner_text("main")
    from_inbox(page)
    page.get_by_label("Held on").fill(page.evaluate("new Date().toLocaleDateString('sv')"))
    page.get_by_label("Record").fill("Both sides were heard.")
    press(page, "Record it")
    from_inbox(page)
    press(page, "Draft the opinion")
    from_inbox(page)
    write_opinion(page, "en")
    page.get_by_label("Facts found").fill("")
    page.get_by_label("It comes to").select_option("PARTLY")
    page.locator(".asked").get_by_role("button", name="Submit", exact=True).click()
    page.locator(".error-summary").wait_for()  # an opinion without facts is none
    page.get_by_label("Facts found").fill(OPINION["en"]["Facts found"])
    press(page, "Submit")


def review(page, language: str, begin: str, end: str) -> None:
    from_inbox(page)
    press(page, begin)
    from_inbox(page)
    write_opinion(page, language)
    if language == "en":
        page.get_by_label("What the sender may do next").fill("There is no further review.")
    press(page, end)


def test_one_appeal_goes_from_the_telephone_to_the_end_for_good(page_as, axe, look):
    sender = page_as(None, language="zh-hans", width=PHONE)
    code = send(sender, look)
    registrar = page_as("petition_registrar", language="zh-hans")
    address = register(registrar)
    press(registrar, "准予查看")
    accept_and_assign(page_as("petition_officer"))
    hear_and_answer(page_as("handler"), address)
    head = page_as("office_head", language="zh-hans")
    from_inbox(head)
    press(head, "同意并答复")

    enter(sender, code)
    said = sender.inner_text("main")
    assert OPINION["en"]["View"] in said and OPINION["en"]["Basis in rules"] in said
    assert axe(sender) == []
    look(sender, "journey-petition-answered")
    unfold(sender, "评价办理情况")
    sender.get_by_label("2 –").check()
    press(sender, "提交评价")
    ask_for_review(sender, f"不同意。{NAME}")

    registrar.goto(address)
    nobody(registrar)
    press(registrar, "提供承办人员查看")
    review(page_as("petition_reviewer", language="zh-hans"), "zh-hans", "出具意见", "维持")

    enter(sender, code)
    assert OPINION["zh-hans"]["处理意见"] in sender.inner_text("main")
    late = page_as(None, language="zh-hans", width=PHONE)
    enter(late, code)
    ask_for_review(sender, "仍不同意。")
    review(page_as("petition_rereviewer"), "en", "Give the opinion", "Uphold")

    enter(sender, code)
    assert sender.locator("summary", has_text="申请复查（复核）").count() == 0
    assert axe(sender) == []
    look(sender, "journey-petition-final")
    unfold(late, "申请复查（复核）")
    late.get_by_label("您不同意答复中的哪些内容？为什么？").fill("还是不同意。")
    late.locator("main").get_by_role("button", name="申请复查（复核）", exact=True).click()
    late.locator(".error-summary").wait_for()
    assert "该事项已经复核终结" in late.locator(".error-summary").inner_text()
    look(late, "journey-petition-refused")

    officer = page_as("petition_officer")
    officer.goto(address)
    nobody(officer)
    assert "Finally closed" in officer.inner_text("body")
    assert axe(officer) == []
    look(officer, "journey-petition-page")
