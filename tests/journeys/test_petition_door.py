"""Somebody with a phone, or an old browser without JavaScript: writes, sends, keeps the receipt, follows, answers."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

PHONE = 390
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}")

ANSWERED = """
import json, sys
import django
django.setup()
from django.db import transaction
from chancery.demo.cast import load_cast
from chancery.departments.general_office.petitions import queries, services
from chancery.departments.general_office.petitions.terms import Part, Side, State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

at, code = clock.now(), sys.argv[1]
with acting_as(SYSTEM), transaction.atomic():
    cast = load_cast()
    petition = queries.by_receipt(code)
    services.register(petition_id=petition.pk, title="An appeal about an award", by=SYSTEM, at=at)
    made = [services.add_text(petition_id=petition.pk, part=part, side=Side.OFFICE, text=text, by=SYSTEM, at=at).pk
            for part, text in ((Part.REPLY, "We look into it. / 正在办理。"),
                               (Part.QUESTION, "On which day was it? / 是哪一天？"))]
    services.tell(text_ids=made, by=SYSTEM, at=at)
    for state in sys.argv[2:]:
        services.set_state(petition_id=petition.pk, state=state, by=SYSTEM, at=at)
"""

PUBLISHED = """
import datetime as dt
import django
django.setup()
from django.db import transaction
from chancery.demo.cast import load_cast
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Task
from chancery.kernel.publishing.notices import queries, services
from chancery.kernel.publishing.status.services import announce_interruption

at = clock.now()
with acting_as(SYSTEM), transaction.atomic():
    cast = load_cast()

def publish(n):
    by = cast.chaser
    with acting_as(by), transaction.atomic():
        notice = services.draft_notice(
            unit_id=cast.units["GO"], title=(f"Office closed on day {n}", f"第{n}日闭馆公告"),
            text=("The office is closed.\\n\\nLetters are taken in all the same.",
                  "办公厅当日不对外办公。\\n\\n信函照常接收。"), by=by, at=at)
        matter = services.submit_notice(notice_id=notice.pk, by=by, at=at)
    by = cast.office_reviewer
    with acting_as(by), transaction.atomic():
        task = Task.objects.get(matter_id=matter.pk, done_at=None)
        data = {}
        for item in queries.items_of(notice.pk):
            data |= {f"verdict_{item.pk}": "CLEARED", f"reason_{item.pk}": ""}
        procedures.complete(task_id=task.pk, outcome="PUBLISH", opinion="", data=data, by=by, at=at)
    return notice

publish(1)
gone = publish(2)
with acting_as(cast.chaser), transaction.atomic():
    services.withdraw_notice(notice_id=gone.pk, reason="Wrong day", by=cast.chaser, at=at)
    announce_interruption(starts_at=at + dt.timedelta(days=1), ends_at=at + dt.timedelta(days=1, hours=2),
        what=("Everything, for an upgrade", "系统升级，全部服务"), by=cast.chaser, at=at)
print(gone.pk)
"""

SAID = {
    "request": {"en": "Please look at the award again.", "zh-hans": "请重新审查该奖项的评审结果。"},
    "facts": {"en": "The list was not put up.", "zh-hans": "评审名单未经公示。\n会议记录无签字。"},
}


def run(site, script: str, *arguments: str) -> str:
    made = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=site.environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr[-4000:]
    return made.stdout.strip()


@pytest.fixture(scope="module")
def withdrawn(site) -> str:
    """A notice that is out, one taken back (its number), an interruption."""
    return run(site, PUBLISHED).splitlines()[-1]


def fill(page, language: str) -> None:
    page.locator("[name=request]").fill(SAID["request"][language])
    page.locator("[name=facts]").fill(SAID["facts"][language])
    page.locator("[name=who][value=named]").check()
    page.locator("[name=name]").fill("Ou Yang" if language == "en" else "欧阳晓明")


def computed(page) -> None:
    """Wait until the browser has done its computation."""
    page.wait_for_selector("form[data-send]:not([data-proving]) .proof-line")


def no_foreign_request(page) -> list[str]:
    """Whatever the page asks of another host than its own."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.mark.parametrize(("language", "width"), [("zh-hans", PHONE), ("en", 1366)])
def test_a_petition_from_first_page_to_rating(site, page_as, axe, look, language, width):
    page = page_as(language=language, width=width)
    asked = no_foreign_request(page)
    shot = f"door-{language}-{width}"
    page.goto("/petitions/")
    assert axe(page) == []
    look(page, f"{shot}-1-start")
    page.locator(".petition-kinds a").nth(2).click()
    assert axe(page) == []
    look(page, f"{shot}-2-write")
    page.locator("[name=step]").click()
    assert page.locator(".error-summary").is_visible()
    look(page, f"{shot}-3-errors")
    fill(page, language)
    page.locator("[name=step]").click()
    page.wait_for_selector("[data-send]")
    assert axe(page) == []
    page.locator("[name=files]").set_input_files(
        [{"name": "virus.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90\x00" + b"\0" * 64}]
    )
    computed(page)
    look(page, f"{shot}-4-check")
    page.locator("[name=step]").click()
    page.wait_for_selector(".error-summary")
    assert page.locator(".error-summary").is_visible()
    look(page, f"{shot}-5-refused-file")
    page.locator("[name=files]").set_input_files([{"name": "list.txt", "mimeType": "text/plain", "buffer": b"a list"}])
    page.locator("[name=step]").click()
    page.wait_for_selector("[data-receipt]")
    code = page.locator(".petition-code").inner_text()
    assert CODE.fullmatch(code)
    assert axe(page) == []
    look(page, f"{shot}-6-receipt")
    page.locator("a[href='/petitions/follow/']").last.click()
    look(page, f"{shot}-7-follow")
    page.locator("[name=code]").fill(code[:-1] + ("A" if code[-1] != "A" else "B"))
    assert page.locator(".petition-slip.is-wrong").is_visible()
    assert axe(page) == []
    page.locator("[name=code]").fill(code.lower().replace("-", " "))
    assert not page.locator(".petition-slip.is-wrong").is_visible()
    page.locator("[data-code-form] button").click()
    page.wait_for_url("**/petitions/follow/case/")
    assert code not in page.url
    assert axe(page) == []
    look(page, f"{shot}-8-case")
    run(site, ANSWERED, code)
    page.reload()
    page.locator(".petition-act [name=text]").first.fill("A Monday" if language == "en" else "星期一")
    look(page, f"{shot}-9-question")
    page.locator(".petition-act[open] button.btn-primary").first.click()
    page.wait_for_selector(".note-green")
    assert ("A Monday" if language == "en" else "星期一") in page.locator("main").inner_text()
    run(site, "import sys; exec(sys.argv.pop(1))", AFTER, code)
    page.reload()
    rate = page.locator("form[action$='/rate/']")
    page.locator(".petition-act:has(form[action$='/rate/']) summary").click()
    rate.locator("[value='4']").check()
    rate.locator("button").click()
    page.wait_for_selector(".note-green")
    assert axe(page) == []
    look(page, f"{shot}-10-answered")
    page.locator("form[action$='/leave/'] button").click()
    page.wait_for_url("**/petitions/follow/")
    page.goto("/petitions/follow/case/")
    assert page.url.endswith("/petitions/follow/")
    assert not [url for url in asked if not url.startswith((site.address, "data:"))]


AFTER = (
    ANSWERED.split("    services.register")[0]
    + """
    for state in ("ACCEPTED", "UNDER_WAY", "ANSWERED"):
        services.set_state(petition_id=petition.pk, state=state, by=SYSTEM, at=at)
"""
)


def test_without_javascript_everything_works_after_a_wait(page_as, look):
    page = page_as(language="zh-hans", width=PHONE, javascript=False)
    page.goto("/petitions/write/suggestion/")
    fill(page, "zh-hans")
    page.locator("[name=step]").click()
    page.wait_for_selector("[data-send]")
    look(page, "door-nojs-1-check")
    page.locator("[name=step]").click()
    page.wait_for_selector(".error-summary")
    assert page.locator("[name=request]").input_value() == SAID["request"]["zh-hans"]
    look(page, "door-nojs-2-too-soon")
    page.wait_for_timeout(46_000)
    page.locator("[name=step]").click()
    page.wait_for_selector("[data-receipt]")
    code = page.locator(".petition-code").inner_text()
    assert CODE.fullmatch(code)
    look(page, "door-nojs-3-receipt")
    page.goto("/petitions/follow/")
    page.locator("[name=code]").fill(code)
    page.locator("form[action='/petitions/follow/'] button").click()
    page.wait_for_url("**/petitions/follow/case/")
    page.locator("form[action$='/add/'] [name=text]").fill("补充一点。") if page.locator(
        "details[open] form[action$='/add/']"
    ).count() else page.locator("details:has(form[action$='/add/']) summary").click()
    look(page, "door-nojs-4-case")


def test_a_lost_connection_loses_nothing_and_sends_once(page_as):
    page = page_as(width=PHONE)
    page.goto("/petitions/write/appeal/")
    fill(page, "en")
    page.locator("[name=step]").click()
    computed(page)
    answers = []

    def lose(route):
        answers.append(route.fetch())  # it arrives there, and its answer is lost on the way back
        route.abort()

    page.route("**/petitions/send/", lose, times=1)
    page.locator("[name=step]").click()
    page.wait_for_selector("[data-said] [role=alert]")
    assert answers[0].ok
    page.locator("[name=step]").click()
    page.wait_for_selector("[data-receipt]")
    assert page.locator(".petition-code").inner_text() in answers[0].text()
    assert page.locator(".note").first.is_visible(), "it says that it was received once"


def test_a_draft_is_kept_only_when_asked_for_and_gone_once_sent(page_as, axe):
    page = page_as(width=PHONE)
    page.goto("/petitions/write/suggestion/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[name=request]").fill("First try")
    page.reload()
    assert page.locator("[name=request]").input_value() == ""
    page.locator("[name=request]").fill("Second try")
    page.locator("[data-keep-draft]").check()
    page.reload()
    assert page.locator("[name=request]").input_value() == "Second try"
    assert axe(page) == []
    page.locator("[name=who][value=anonymous]").check()
    assert not page.locator("[name=name]").is_visible()
    page.locator("[name=step]").click()
    computed(page)
    page.locator("[name=step]").click()
    page.wait_for_selector("[data-receipt]")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('chancery.petition.'))") == []


def test_with_the_keyboard_alone_a_petition_is_sent(page_as):
    page = page_as(width=PHONE)
    page.goto("/petitions/write/suggestion/")
    page.locator("[name=request]").focus()
    page.keyboard.type("More benches.")
    page.locator("[name=who]").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator("[name=step]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-send]")
    page.locator("[name=step]").focus()
    page.keyboard.press("Enter")  # before the computation is done: it goes by itself
    page.wait_for_selector("[data-receipt]")


@pytest.mark.parametrize(("language", "width"), [("en", PHONE), ("zh-hans", 1366), ("zh-hans", PHONE), ("en", 1366)])
def test_the_public_pages_are_sound(site, page_as, axe, look, withdrawn, language, width):
    page = page_as(language=language, width=width)
    pages = {
        "home": "/",
        "notices": "/public-notices/",
        "gone": f"/public-notices/{withdrawn}/",
        "status": "/status/",
        "missing": "/petitions/write/nothing/",
        "start": "/petitions/",
        "write": "/petitions/write/accusation/",
        "follow": "/petitions/follow/",
        "open": "/general-office/archives/open/",
    }
    faults = []
    for name, path in pages.items():
        page.goto(path)
        faults += [f"{name}: {fault}" for fault in axe(page)]
        look(page, f"public-{language}-{width}-{name}")
        lang = page.locator("html").get_attribute("lang")
        assert lang == ("en" if language == "en" else "zh-Hans")
    page.goto("/public-notices/")
    page.locator(".public-list a").first.click()
    faults += axe(page)
    look(page, f"public-{language}-{width}-notice")
    assert not faults, "\n".join(faults)
    feed = page.request.get(f"{site.address}/public-notices/feed/{language}/")
    assert feed.headers["content-type"].startswith("application/atom+xml")


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-hans", PHONE)])
def test_a_notice_is_written_looked_through_by_another_and_published(page_as, axe, look, language, width):
    editor = page_as("chaser", language=language, width=width)
    editor.goto("/publishing/notices/new/")
    assert axe(editor) == []
    title = f"Open day {language} {width}"
    editor.locator("[name=title_en]").fill(title)
    editor.locator("[name=title_zh]").fill(f"开放日 {width}")
    editor.locator("[name=text_en]").fill("First.\n\nSecond.")
    editor.locator("[name=text_zh]").fill("第一段。")
    editor.locator("form.house-form button.btn-primary").click()
    assert editor.locator(".error-summary").is_visible()
    editor.locator("[name=text_zh]").fill("第一段。\n\n第二段。")
    look(editor, f"notice-{language}-{width}-1-write")
    editor.locator("form.house-form button.btn-primary").click()
    editor.locator("form[action$='/submit/'] button").click()
    look(editor, f"notice-{language}-{width}-2-under-review")
    assert axe(editor) == []
    matter = editor.locator("a[href^='/matters/']").first.get_attribute("href")
    reviewer = page_as("office_reviewer", language=language, width=width)
    reviewer.goto(matter)
    for box in reviewer.locator("[name^=verdict_][value=CLEARED]").all():
        box.check()
    assert axe(reviewer) == []
    look(reviewer, f"notice-{language}-{width}-3-review")
    reviewer.locator("button[value=PUBLISH]").click()
    reader = page_as(language=language, width=width)
    reader.goto("/public-notices/")
    assert (title if language == "en" else f"开放日 {width}") in reader.locator("main").inner_text()
    editor.goto("/publishing/notices/")
    assert axe(editor) == []
    look(editor, f"notice-{language}-{width}-4-list")
