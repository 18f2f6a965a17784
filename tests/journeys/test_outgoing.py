"""One paper from an empty page to its addressee's receipt, through eleven people's hands, in a real browser.

Once as a notice of the profile cn in Chinese, once as a notice of the profile neutral in English.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

HERE = Path(__file__).parent
pytestmark = pytest.mark.journey

# Who takes which step with which outcome, and what they say.
HANDS = (
    ("unit_checker", "PARALLEL", "Right as to substance. 内容可行。"),
    ("receiver", "AGREE", "No objection. 无不同意见。"),
    ("office_reviewer", "PASS", "In due form. 格式规范。"),
    ("leader", "SIGN", "To be issued. 同意印发。"),
    ("first_checker", "PASS", "Nothing changed. 核对无误。"),
    ("registrar", "NUMBERED", ""),
    ("seal_keeper", "SEALED", ""),
    ("office_head", "RELEASE", ""),
    ("registrar", "DISPATCHED", ""),
)
WORDING = {
    "cn": ("关于报送{serial}号工作要点的通知", "请各部门于十二月十日前报送明年工作要点。"),
    "neutral": ("Plans of work {serial} for next year", "Please send your plan of work for next year by 10 December."),
}


@pytest.fixture(scope="module")
def prepared(site):
    """The site with a seal and a numbering series of Planning and Finance."""
    done = subprocess.run(
        [sys.executable, str(HERE / "outgoing_data.py")],
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return site


def pick(page, name: str, typed: str, found: re.Pattern[str]) -> None:
    """Choose in a picker as a person does: type, wait for the list, take a line."""
    field = page.locator(f"input[name={name}_words]")
    field.fill(typed)
    page.locator(".combo-list:visible [role=option]", has_text=found).first.click()


def draft(page, profile: str, title: str, text: str) -> None:
    """An empty page of a notice, filled in and submitted by the drafter."""
    page.goto(f"/general-office/outgoing/new/?profile={profile}")
    form = page.locator("form:has(input[name=paper_type][value=NOTICE])")
    form.locator("button[name=template][value='']").click()
    page.wait_for_url("**/edit/")
    page.fill("[name=title]", title)
    pick(page, "main", "Academic", re.compile("Academic and Societies|学会学术部"))
    page.locator(".ProseMirror").first.click()
    page.keyboard.type(text)
    page.locator("details:has(input[name=countersign_units_words]) > summary").click()
    pick(page, "signer_post", "He Lan", re.compile("He Lan|何岚"))
    pick(page, "countersign_units", "Academic", re.compile("Academic and Societies|学会学术部"))
    page.locator("button[name=act][value=submit]").first.click()
    page.wait_for_load_state("networkidle")
    assert not page.url.endswith("/edit/"), page.inner_text("main")[:1500]


def open_from_inbox(page, title: str) -> None:
    """The matter waits in the inbox and is opened from there."""
    page.goto("/inbox/?" + urlencode({"q": title}))
    page.wait_for_load_state("networkidle")
    page.locator("main a", has_text=title).first.click()
    page.wait_for_url("**/matters/**")


def press(page, outcome: str, opinion: str) -> None:
    """Say something and end the step."""
    asked = page.locator(".asked").first
    if opinion:
        asked.locator("[name=opinion]").fill(opinion)
    asked.locator(f"button[name=outcome][value={outcome}]").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".asked [aria-invalid=true], .asked .note-red").count() == 0, page.inner_text("main")[:2000]


@pytest.mark.parametrize(("profile", "language"), [("cn", "zh-hans"), ("neutral", "en")])
def test_a_paper_goes_from_an_empty_page_to_its_addressees_receipt(
    prepared, page_as, axe, look, profile: str, language: str
) -> None:
    words, text = WORDING[profile]
    title = words.format(serial=os.getpid())
    drafter = page_as("drafter", language=language)
    draft(drafter, profile, title, text)

    people: dict[str, object] = {}
    for member, outcome, opinion in HANDS:
        page = people.setdefault(member, page_as(member, language=language))
        open_from_inbox(page, title)
        if outcome in {"PARALLEL", "SIGN", "SEALED", "RELEASE"}:
            page.wait_for_load_state("networkidle")
            assert page.locator(".leaves img").first.evaluate("image => image.naturalWidth") > 0
            assert axe(page) == []
            look(page, f"outgoing-{profile}-{outcome.lower()}")
        press(page, outcome, opinion)
    registrar = people["registrar"]
    address = re.sub(r"[?#].*", "", registrar.url)

    # The addressee finds it among what waits, as an incoming document already filled in, and signs for it.
    receiver = people["receiver"]
    open_from_inbox(receiver, title)
    press(receiver, "SIGNED", "")
    receiver.reload()
    assert receiver.locator("main a[href*='/records/files/']").count() >= 1

    open_from_inbox(registrar, title)
    press(registrar, "COMPLETE", "")
    registrar.goto(address)
    said = registrar.inner_text("main")
    for _member, _outcome, opinion in HANDS:
        assert opinion in said

    # The register has it under its number; the slip, the sealed paper and the verification page are there.
    registrar.goto("/general-office/outgoing/?" + urlencode({"q": title}))
    row = registrar.locator("main tr", has_text=title).first
    row.wait_for()
    number = row.locator("a").first.inner_text()
    assert re.fullmatch(r"\S+〔\d{4}〕[1-9]\d*号" if profile == "cn" else r"\S+/\d{4}/[1-9]\d*", number)
    look(registrar, f"outgoing-{profile}-register")
    row.locator("a", has_text=title).first.click()
    registrar.wait_for_url(re.compile(r"/outgoing/\d+/"))
    assert axe(registrar) == []
    look(registrar, f"outgoing-{profile}-document")
    slip = registrar.request.get(registrar.locator("a[href$='slip.pdf']").first.get_attribute("href"))
    assert slip.body().startswith(b"%PDF-")
    registrar.locator("#outgoing-issuing a[href*='/records/files/']").first.click()
    registrar.wait_for_url("**/preview/")
    paper = registrar.request.get(registrar.url.replace("preview/", ""))
    assert paper.body().startswith(b"%PDF-")

    public = page_as(None, language=language)
    public.goto("/verify/")
    public.set_input_files(
        "input[type=file]", {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": paper.body()}
    )
    public.locator("form:has(input[type=file]) button").last.click()
    public.wait_for_load_state("networkidle")
    assert re.search("genuine|真实|有效|属实", public.inner_text("main").lower())
    assert title not in public.content()

    outsider = page_as("outsider", language=language)
    answer = outsider.goto(address)
    assert answer is not None
    assert answer.status == 404
    assert title not in outsider.content()
