"""One old letter through the archive's hands in a real browser, from its filing to the stub that stays of it.

Filed with what the plan proposes → offered on a list → the four checks → taken over → into a box whose label the
camera reads → found and read by a colleague of another department, with leave → its period has run out: appraised by
two, approved by two, destroyed by two others → the certificate, and the line in the catalogue.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, expect

HERE = Path(__file__).parent
ARCHIVES = "/general-office/archives"
SHELF = "J-01-1"
PageAs = Callable[..., Page]
pytestmark = pytest.mark.journey


def find_in_inbox(page: Page, title: str) -> None:
    """The matter waits in the inbox, and is opened from there."""
    page.goto("/inbox/")
    page.get_by_role("searchbox").last.fill(title)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    page.locator("main a", has_text=title).first.click()
    page.wait_for_url("**/matters/**")


def press(page: Page, outcome: str, opinion: str = "") -> None:
    """Give the step its outcome."""
    asked = page.locator(".asked").first
    if opinion:
        asked.locator("[name=opinion]").fill(opinion)
    asked.locator(f"button[name=outcome][value={outcome}]").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".asked [aria-invalid=true], .asked .note-red").count() == 0, page.inner_text("main")[:2000]


def pick_post(page: Page, name: str, typed: str) -> None:
    """Choose a post as a person does: type, wait for the list, take a line."""
    page.locator(f"input[name={name}_words]").fill(typed)
    page.locator(".combo-list:visible [role=option]", has_text=typed).first.click()


def found_in_catalogue(page: Page, words: str) -> str:
    """The address of the one item that the catalogue shows for the words."""
    page.goto("/records/archive/")
    page.get_by_label("Find in this list").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    lines = page.locator("td.is-main a")
    expect(lines).to_have_count(1)
    return lines.first.get_attribute("href") or ""


def tick(page: Page, row: str, press: str) -> None:
    """Pick the row with these words and press the button above the list."""
    page.locator("tbody tr", has_text=row).locator("input[name=pick]").check()
    page.locator(".bulk button", has_text=press).click()
    page.wait_for_load_state("networkidle")


@pytest.fixture(scope="module")
def title(site: Any) -> str:
    """The letter of this run, which waits to be filed."""
    name = f"Letter on the loan of a hall ({os.getpid()})"
    subprocess.run([sys.executable, str(HERE / "archives_data.py"), name], env=site.environment, check=True)
    return name


def test_a_letter_is_filed_taken_over_read_and_destroyed(
    site: Any, title: str, page_as: PageAs, browser_with: Callable[..., Browser], tmp_path: Path, axe: Any, look: Any
) -> None:
    archivist, head = page_as("archivist"), page_as("archive_head")

    item, code = _filed(archivist, title)
    assert axe(archivist) == []
    look(archivist, "archives-item-filed")
    _handed_over(page_as("handler"), code)
    _taken_over(archivist, code, axe, look)
    box = _shelved(archivist, title)
    _counted(site, browser_with, archivist, head, box, tmp_path)
    _read(page_as("outsider"), head, title, code, item)
    of = _appraised(page_as, archivist, head, code)
    _destroyed(archivist, page_as("supervisor"), of)

    for page in (archivist, page_as("outsider", language="zh-hans", width=390)):
        page.goto(item)
        assert code in page.inner_text("h1")
        assert re.search("This item was destroyed. Its line stays in the catalogue.|已销毁", page.inner_text("main"))
        assert page.locator("a[href^='/records/files/']").count() == 0
        assert axe(page) == []
    look(archivist, "archives-stub")


def _filed(archivist: Page, title: str) -> tuple[str, str]:
    """Class and period stand in the form already; filed, the item has its code."""
    find_in_inbox(archivist, title)
    asked = archivist.locator(".asked").first
    assert asked.locator("[name=file_class]").input_value()
    assert asked.locator("[name=retention]").input_value()
    assert "The plan puts this type under" in asked.inner_text()
    press(archivist, "FILED")
    item = found_in_catalogue(archivist, title)
    archivist.goto(item)
    code = archivist.locator("h1").inner_text()
    assert "1961" in code and code.endswith("0001"), code
    assert "Filed" in archivist.inner_text("main")
    return item, code


def _handed_over(clerk: Page, code: str) -> None:
    """The department's clerk puts it on a list and signs."""
    clerk.goto(f"{ARCHIVES}/")
    clerk.get_by_role("link", name="Items filed and not handed over").click()
    tick(clerk, code, "Begin a list with them")
    expect(clerk.locator("h1")).to_have_text("Hand-over list being made")
    clerk.get_by_role("button", name="Sign and hand over").click()
    expect(clerk.get_by_text("Handed over under your signature as")).to_be_visible()
    assert clerk.get_by_role("button", name="Accept the picked").count() == 0


def _taken_over(archivist: Page, code: str, axe: Any, look: Any) -> None:
    """Four checks of the real file; what they doubt is decided with a reason; then signed."""
    archivist.goto(f"{ARCHIVES}/")
    archivist.get_by_role("link", name="Hand-over lists to be checked").click()
    archivist.locator("td.is-main a").first.click()
    if archivist.get_by_role("button", name="Make the four checks").count():
        archivist.get_by_role("button", name="Make the four checks").click()
    archivist.locator("tbody a", has_text="report").first.click()
    for check in ("Authentic", "Complete", "Usable", "Safe"):
        assert archivist.get_by_role("heading", name=check).count() == 1, check
    assert "No virus scanner is set up in this house" in archivist.inner_text("main")
    assert axe(archivist) == []
    look(archivist, "archives-four-checks")
    archivist.go_back()
    archivist.locator("tr", has_text=code).locator("input[name=rows]").check()
    archivist.get_by_role("button", name="Accept the picked").click()
    expect(archivist.locator("[name=reason][aria-invalid=true]")).to_be_visible()
    archivist.locator("[name=reason]").fill("Looked through by hand.")
    archivist.get_by_role("button", name="Accept the picked").click()
    expect(archivist.get_by_text("1 item accepted.")).to_be_visible()
    archivist.get_by_role("button", name="Sign: taken over").click()
    expect(archivist.locator(".tag", has_text="Taken over").first).to_be_visible()


def _shelved(archivist: Page, title: str) -> str:
    """Into a box; the box onto its shelf by the code a scanner types."""
    found_in_catalogue(archivist, title)
    tick(archivist, title, "Put into boxes")
    box = archivist.locator("h1").inner_text()
    archivist.get_by_role("link", name="Stands nowhere yet").click()
    archivist.get_by_role("link", name="What lies in it").click()
    label = archivist.request.get(archivist.get_by_role("link", name="Label").first.get_attribute("href") or "")
    assert label.body().startswith(b"%PDF-")
    archivist.goto(f"{ARCHIVES}/storage/places/{SHELF}/")
    archivist.locator("[name=codes]").press_sequentially(f"{box}\n")
    archivist.get_by_role("button", name="Place them").click()
    expect(archivist.get_by_text("1 box placed.")).to_be_visible()
    archivist.locator("td.is-main a", has_text=box).click()
    assert SHELF in archivist.inner_text("main")
    return box


def _counted(
    site: Any, browser_with: Callable[..., Browser], archivist: Page, head: Page, box: str, folder: Path
) -> None:
    """A stocktake on the phone: its camera sees the label that was printed. Another person signs it off."""
    archivist.get_by_role("link", name="What lies in it").click()
    label = archivist.request.get(archivist.get_by_role("link", name="Label").first.get_attribute("href") or "").body()
    archivist.goto(f"{ARCHIVES}/storage/places/{SHELF}/")
    archivist.get_by_role("button", name="Begin a stocktake").click()
    archivist.wait_for_url("**/stocktakes/*/count/**")
    phone = _phone(site, browser_with, "archivist", _film(label, folder))
    phone.goto(archivist.url)
    phone.get_by_role("button", name="Read with the camera").click()
    expect(phone.get_by_text(f"Box {box} counted")).to_be_visible(timeout=30_000)
    row = phone.locator("tbody tr", has_text=box).first
    assert SHELF in row.inner_text()
    phone.get_by_role("button", name="Switch the camera off").click()
    archivist.get_by_role("link", name="Lists and end").click()
    archivist.get_by_role("button", name="End the counting").click()
    expect(archivist.get_by_text("somebody else signs it off").first).to_be_visible()
    head.goto(archivist.url)
    head.get_by_role("button", name="Sign off").click()
    expect(head.locator(".tag", has_text="Signed off").first).to_be_visible()


def _film(label: bytes, folder: Path) -> Path:
    """The label as a short film for the browser's make-believe camera (YUV4MPEG2, grey)."""
    wide, high = 640, 480
    page = pypdfium2.PdfDocument(io.BytesIO(label))[0].render(scale=6).to_pil().convert("L")
    label_alone = page.crop(ImageOps.invert(page).getbbox())  # held near, as one holds a phone over a box
    shown = ImageOps.contain(label_alone, (wide - 80, high - 80))
    frame = Image.new("L", (wide, high), 255)
    frame.paste(shown, ((wide - shown.width) // 2, (high - shown.height) // 2))
    colour = bytes([128]) * (wide * high // 2)
    film = folder / "label.y4m"
    one = b"FRAME\n" + frame.tobytes() + colour
    film.write_bytes(f"YUV4MPEG2 W{wide} H{high} F10:1 Ip A1:1 C420jpeg\n".encode() + one * 10)
    return film


def _phone(site: Any, browser_with: Callable[..., Browser], member: str, film: Path) -> Page:
    """A phone whose camera sees the film."""
    phone = browser_with(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ).new_context(
        base_url=site.address, viewport={"width": 390, "height": 844}, permissions=["camera"], reduced_motion="reduce"
    )
    cookies = {"chancery_language": "en", "sessionid": site.sessions[member]}
    phone.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in cookies.items()])
    return phone.new_page()


def _read(outsider: Page, head: Page, title: str, code: str, item: str) -> None:
    """Who had no part in it finds its line, asks, is let in by the head of the archive, and reads under a watermark."""
    assert found_in_catalogue(outsider, code) == item
    outsider.goto(item)
    assert "Its files are for those who had the matter" in outsider.inner_text("main")
    assert outsider.locator("a[href^='/records/files/']").count() == 0
    outsider.get_by_role("link", name="Ask to read").click()
    outsider.get_by_label("What you need it for").fill("A history of the house.")
    until = outsider.locator("[name=wanted_until]")
    if not until.input_value():
        until.fill("2026-12-15")
    outsider.get_by_role("button", name="Ask").last.click()
    outsider.wait_for_load_state("networkidle")
    asked = outsider.url
    assert "The decision is awaited" in outsider.inner_text("main"), outsider.inner_text("main")[:1500]
    find_in_inbox(head, code)
    press(head, "GRANT", "For the chronicle. 同意。")
    outsider.goto(asked)
    said = outsider.inner_text("main")
    assert "Every page carries:" in said
    assert "The hall was lent for three days" in said or outsider.locator("img.img-fluid").count() > 0
    for picture in outsider.locator("img.img-fluid").all():
        seen = outsider.request.get(picture.get_attribute("src") or "")
        assert seen.headers["content-type"] == "image/png"


def _appraised(page_as: PageAs, archivist: Page, head: Page, code: str) -> str:
    """Its period has run out: a list, two appraisers, the head of the archive, a leader. Returns the list's address."""
    archivist.goto(f"{ARCHIVES}/")
    archivist.get_by_role("link", name="Items whose period has run out").click()
    archivist.get_by_role("link", name="Draw a list up").click()
    archivist.locator("[name=from_year]").fill("1961")
    archivist.locator("[name=to_year]").fill("1961")
    archivist.get_by_role("button", name="Draw a list up").click()
    archivist.wait_for_url(re.compile(r"/appraisal/\d+/"))
    of = re.sub(r"[?#].*", "", archivist.url)
    assert code in archivist.inner_text("main")
    archivist.get_by_role("link", name="Its matter").click()
    pick_post(archivist, "first_appraiser", "Dong Li")
    pick_post(archivist, "second_appraiser", "Su Min")
    press(archivist, "SENT")

    first, second, leader = page_as("supervisor"), page_as("office_reviewer"), page_as("leader")
    first.goto(of)
    tick(first, code, "Give a verdict")
    first.locator("[name=verdict][value=DESTROY]").check()
    first.locator("[name=reason]").fill("Of no more use. 无保存价值。")
    first.get_by_role("button", name="Enter the verdict").click()
    expect(first.get_by_text("1 row changed.")).to_be_visible()
    first.get_by_role("link", name="Its matter").click()
    press(first, "SIGNED")
    for page, outcome in ((second, "AGREED"), (head, "AGREED"), (leader, "APPROVED")):
        page.goto(of)
        page.get_by_role("link", name="Its matter").click()
        press(page, outcome, "Agreed. 同意。")
    return of


def _destroyed(archivist: Page, supervisor: Page, of: str) -> None:
    """The first name destroys nothing; with the second everything goes at once, and a certificate stays."""
    for page in (archivist, supervisor):
        page.goto(of)
        assert page.get_by_text("Destroyed; the certificate is").count() == 0
        page.get_by_role("link", name="To the destruction").click()
        page.locator("[name=understood]").check()
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_load_state("networkidle")
    supervisor.goto(of)
    certificate = supervisor.get_by_text("Destroyed; the certificate is").locator("a")
    certificate.click()
    said = supervisor.inner_text("main")
    assert "1961" in said and "Bai Ru" in said and "Dong Li" in said
    paper = supervisor.get_by_role("link", name="Certificate as PDF")
    if paper.count():  # it is set by the worker
        assert supervisor.request.get(paper.get_attribute("href") or "").body().startswith(b"%PDF-")
