"""Who petitions: asked for, opened by another, read, told; a text blacked out, a file cleared. On a phone, too."""

from __future__ import annotations

import subprocess
import sys

import pytest

TOLD = """
import django
django.setup()
from django.db import transaction
from chancery.demo.cast import load_cast
from chancery.departments.general_office.petitions import demo, services
from chancery.departments.general_office.petitions.models import Petition, PetitionFile
from chancery.departments.general_office.petitions.terms import GivenFile, IdentityFacts
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.postgres.row_security import acting_as
import io

with acting_as(SYSTEM), transaction.atomic():
    cast = load_cast()
demo.tell(cast=cast, now=clock.now())
at = clock.now()
with acting_as(PUBLIC), transaction.atomic():
    made = services.receive(kind="APPEAL", channel="WEB", language="zh-hans", request="我是样例旅人，住样例旅舍。",
        identity=IdentityFacts(name="样例旅人", phone="13800000099"),
        files=[GivenFile("样例旅人.txt", io.BytesIO("评审结果一览".encode())), GivenFile("b.txt", io.BytesIO(b"list"))],
        by=PUBLIC, at=at).petition
with acting_as(SYSTEM), transaction.atomic():
    files = PetitionFile.objects.filter(petition=made).order_by("number").values_list("pk", flat=True)
    print(made.pk, *files)
"""
BASE = "/general-office/petitions/"
NAME = "样例旅人"


@pytest.fixture(scope="module")
def told(site) -> list[str]:
    """The story, and one more petition: its number and those of its files."""
    done = subprocess.run(
        [sys.executable, "-c", TOLD], env=site.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout.split()


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-hans", 1366), ("en", 390), ("zh-hans", 390)])
def test_the_pages_of_core_and_custody(told, page_as, axe, look, language, width):
    petition, telling, _plain = told
    places = {
        "petition_registrar": ["", "register/", "custody/texts/", "custody/files/", f"{petition}/register/"],
        "petition_custodian": ["", f"{petition}/", "custody/openings/", "custody/openings/2/",
                               f"custody/files/{telling}/replace/", f"custody/{petition}/identity/"],
    }  # fmt: skip
    faults = {}
    for who, addresses in places.items():
        page = page_as(who, language=language, width=width)
        for address in addresses:
            assert page.goto(BASE + address).status == 200, address
            assert NAME not in page.content()
            look(page, f"petitions-{address.strip('/').replace('/', '-') or 'hub'}-{language}-{width}")
            if found := axe(page):
                faults[address] = found
    assert faults == {}


def test_registered_asked_opened_read_and_cleared(told, page_as):
    petition, telling, plain = told
    registrar = page_as("petition_registrar", width=390)
    registrar.goto(f"{BASE}{petition}/register/")
    assert "████" in registrar.content()
    registrar.fill("input[name=title]", "对评审结果的申诉")
    registrar.get_by_role("button", name="Register").click()
    registrar.wait_for_url(f"**{BASE}{petition}/")
    registrar.get_by_role("link", name="Black out more").first.click()
    registrar.fill("textarea[name=words]", "样例旅舍")
    registrar.get_by_role("button", name="Black out").click()
    registrar.goto(f"{BASE}{petition}/")
    assert "我是████，住████。" in registrar.content()

    officer = page_as("petition_officer", width=390)
    officer.goto(f"{BASE}custody/{petition}/identity/")
    officer.select_option("select[name=purpose]", "VERIFY")
    officer.fill("textarea[name=reason]", "To verify the place that was told.")
    officer.get_by_role("button", name="Ask", exact=True).click()
    officer.wait_for_url("**/custody/openings/*/")
    opening = officer.url
    custodian = page_as("petition_custodian", width=390)
    custodian.goto(opening)
    custodian.locator("summary", has_text="Open").first.click()
    custodian.locator("details[open] button.btn-primary").first.click()
    custodian.get_by_text("Who asked may read it now").wait_for()
    officer.goto(opening)
    officer.get_by_role("button", name="Read who petitions").click()
    officer.get_by_text("Use it for nothing else").wait_for()
    assert NAME in officer.content() and "13800000099" in officer.content()
    officer.goto(f"{BASE}{petition}/")
    assert NAME not in officer.content()

    assert officer.request.get(f"{BASE}custody/files/{plain}/").status == 422
    registrar.goto(f"{BASE}{petition}/")
    registrar.get_by_role("button", name="Clear").click()
    registrar.get_by_text("those who handle see it now").wait_for()
    assert officer.request.get(f"{BASE}custody/files/{plain}/").text() == "list"
    assert officer.request.get(f"{BASE}custody/files/{telling}/").status == 422
    assert page_as("handler").goto(f"{BASE}{petition}/").status == 404
