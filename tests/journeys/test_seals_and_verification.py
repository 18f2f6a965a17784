"""A seal is registered by the keyboard-minded; a stranger at the door verifies a paper, by code and by file."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

PREPARE = """
import datetime as dt, hashlib, json, sys
import django
django.setup()
from decimal import Decimal
import typst
from chancery.demo.cast import load_cast
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.services import open_guard
from chancery.kernel.publishing.services import mark_superseded, mark_withdrawn, new_code, publish_issued
from chancery.kernel.records.services import affix, register_seal
from chancery.kernel.records.seals.tests.office import Place
from django.db import transaction

at = clock.now()
with acting_as(SYSTEM), transaction.atomic():
    cast = load_cast()
    seal = register_seal(code="JOURNEY-1", name_en="Seal of the General Office", name_zh="办公厅印章",
        legal_name="中国科学技术协会办公厅", unit_id=cast.units["GO"], kind="OFFICIAL", diameter_mm=Decimal(42),
        keeper_post_id=cast.archivist.post_id, by=SYSTEM, at=at)
    guard = open_guard(unit_id=cast.units["GO"], label=10, by=SYSTEM, at=at)
codes, files = [], []
for number in (1, 2, 3):
    text = f"#set page(width: 210mm, height: 297mm)\\nNotice {number}"
    pdf = bytes(typst.compile(text.encode(), pdf_standards=["a-2b"]))
    text = hashlib.sha256(pdf).hexdigest()
    with transaction.atomic():
        done = affix(seal_id=seal.pk, pdf=pdf, places=[Place()], subject=f"test.paper:{number}",
            subject_text=f"科协办发〔2026〕{number}号", text_hash=text, approved_hash=text,
            approver_person_id=cast.leader.person_id, guard_id=guard.pk, by=cast.archivist, at=at)
    codes.append(new_code())
    files.append(done.pdf.hex())
    with acting_as(SYSTEM), transaction.atomic():
        publish_issued(code=codes[-1], subject=f"test.paper:{number}", unit_id=cast.units["GO"],
            issued_on=dt.date(2026, 11, 20), sha256s=[done.sha256], guard_id=guard.pk, by=SYSTEM, at=at)
with acting_as(SYSTEM), transaction.atomic():
    mark_superseded(subject="test.paper:1", successor_subject="test.paper:2", by=SYSTEM, at=at)
    mark_withdrawn(subject="test.paper:3", reason="error", by=SYSTEM, at=at)
print(json.dumps({"codes": codes, "files": files, "seal": seal.pk}))
"""


@pytest.fixture(scope="module")
def issued(site):
    """Three sealed papers: the first superseded by the second, the third withdrawn."""
    made = subprocess.run(
        [sys.executable, "-c", PREPARE], env=site.environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr[-4000:]
    return json.loads(made.stdout.strip().splitlines()[-1])


def ask_by_file(page, content: bytes) -> None:
    """Hand a file to the public page. All these strangers come from one address: told to come again later, they do."""
    for _attempt in range(4):
        page.goto("/verify/")
        page.locator("input[name=file]").set_input_files(
            {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        with page.expect_navigation(url="**/verify/file/") as answer:
            page.locator("form[enctype] button.btn-primary").click()
        if answer.value.status != 429:
            return
        page.wait_for_timeout(20_000)
    raise AssertionError("told to come again later, four times")


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-hans", 390), ("zh-hans", 1366), ("en", 390)])
def test_a_stranger_verifies_a_paper_by_its_code_and_by_its_file(page_as, axe, look, issued, language, width):
    page = page_as(language=language, width=width)
    shots = f"verify-{language}-{width}"
    page.goto("/verify/")
    assert axe(page) == []
    look(page, f"{shots}-1-enter")
    page.locator("input[name=code]").fill(issued["codes"][1].lower().replace("-", " "))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/verify/{issued['codes'][1]}/")
    assert ("Genuine" if language == "en" else "真实有效") in page.content()
    assert axe(page) == []
    look(page, f"{shots}-2-genuine")
    for name, code in (("superseded", issued["codes"][0]), ("withdrawn", issued["codes"][2]), ("unknown", "0" * 16)):
        page.goto(f"/verify/{code}/")
        assert axe(page) == []
        look(page, f"{shots}-3-{name}")
    sealed = bytes.fromhex(issued["files"][1])
    broken = sealed.replace(b"/Kids", b"/Kidz", 1)
    for name, content in (("file", sealed), ("broken", broken), ("text", b"Dear Sir")):
        ask_by_file(page, content)
        assert axe(page) == []
        look(page, f"{shots}-4-{name}")
        if name == "file":
            assert ("byte for byte" if language == "en" else "逐字节一致") in page.content()


def test_verification_works_without_script(page_as, issued):
    page = page_as(javascript=False)
    page.goto("/verify/")
    page.locator("input[name=code]").fill(issued["codes"][1])
    page.locator("form[method=get] button").first.click()
    page.wait_for_url(f"**/verify/{issued['codes'][1]}/")
    assert "Genuine" in page.content()


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-hans", 390), ("zh-hans", 1366), ("en", 390)])
def test_the_register_of_seals_is_sound_on_every_screen(page_as, axe, look, issued, language, width):
    page = page_as("registrar", language=language, width=width)
    base = f"/records/seals/{issued['seal']}/"
    for name, path in (
        ("list", "/records/seals/"),
        ("seal", base),
        ("uses", base + "uses/"),
        ("new", "/records/seals/new/"),
        ("keeper", base + "keeper/"),
        ("retire", base + "retire/"),
        ("renew", base + "renew/"),
    ):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert axe(page) == [], path
        look(page, f"seals-{language}-{width}-{name}")


def test_the_registrar_registers_a_seal_by_picking_body_and_keeper(page_as, look, issued):
    page = page_as("registrar")
    page.goto("/records/seals/new/")
    page.locator("input[name=code]").fill("JOURNEY-2")
    page.locator("input[name=name_en]").fill("Second seal")
    page.locator("input[name=legal_name]").fill("中国科学技术协会办公厅")
    for field, typed in (("unit", "General Office"), ("keeper", "Bai Ru")):
        box = page.locator(f"input[name={field}_words]")
        box.fill(typed)
        page.locator(".combo-list:visible [role=option]", has_text=typed).first.click()
    page.locator("form.house-form button.btn-primary").click()
    page.wait_for_load_state()
    assert page.locator(".error").all_inner_texts() == []
    page.wait_for_url(re.compile(r"/records/seals/\d+/$"))
    look(page, "seals-registered")
    assert "Second seal" in page.content()
