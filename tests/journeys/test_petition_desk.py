"""The desk of letters and visits: taking a letter in, a visit from number to receipt, alike letters, a campaign."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}")

TOLD = """
import django
django.setup()
from django.db import transaction
from chancery.demo.cast import load_cast
from chancery.departments.general_office.petitions.desk import demo as desk
from chancery.departments.general_office.petitions.desk.visits.models import PetitionPlace, PetitionVisit
from chancery.departments.general_office.petitions.likeness import demo as likeness
from chancery.departments.general_office.petitions.models import Petition, PetitionCampaign
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

with acting_as(SYSTEM), transaction.atomic():
    cast = load_cast()
for part in (desk, likeness):
    part.tell(cast=cast, now=clock.now())
with acting_as(SYSTEM), transaction.atomic():
    campaign = PetitionCampaign.objects.order_by("pk").first()
    merged = Petition.objects.filter(campaign=None).exclude(merged_into=None).order_by("pk").first()
    late = Petition.objects.filter(number="", channel="WEB", campaign=None).order_by("pk").last()
    visit = PetitionVisit.objects.exclude(petition=None).order_by("pk").first()
    place = PetitionPlace.objects.order_by("pk").first()
    print(campaign.pk, campaign.leading_id, merged.pk, merged.merged_into_id, late.pk, visit.pk, visit.day, place.pk,
          place.screen, visit.petition_id)
"""

BASE = "/general-office/petitions/"


@pytest.fixture(scope="module")
def told(site) -> list[str]:
    """The story of the desk; ids of what the pages show."""
    done = subprocess.run(
        [sys.executable, "-c", TOLD], env=site.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout.split()


def pages(told: list[str]) -> dict[str, str]:
    campaign, _leading, merged, into, late, visit, day, place, screen, visited = told
    return {
        "hub": BASE,
        "desk": f"{BASE}desk/",
        "letter": f"{BASE}desk/take-in/letter/",
        "email": f"{BASE}desk/take-in/email/",
        "day": f"{BASE}desk/visits/?day={day}&place={place}",
        "today": f"{BASE}desk/visits/?place={place}",
        "visit": f"{BASE}desk/visits/{visit}/",
        "visited": f"{BASE}{visited}/",
        "places": f"{BASE}desk/visits/places/",
        "screen": f"{BASE}desk/visits/waiting/{screen}/",
        "campaigns": f"{BASE}alike/campaigns/",
        "campaign": f"{BASE}alike/campaigns/{campaign}/",
        "join": f"{BASE}alike/campaigns/{campaign}/join/",
        "open": f"{BASE}alike/{late}/campaign/",
        "leading": f"{BASE}{into}/",
        "merged": f"{BASE}{merged}/",
        "merge": f"{BASE}alike/{into}/merge/",
        "split": f"{BASE}alike/{merged}/split/",
    }


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-hans", 1366), ("en", 390), ("zh-hans", 390)])
def test_the_pages_of_the_desk(site, told, page_as, axe, look, language, width):
    page = page_as("petition_registrar", language=language, width=width)
    faults = {}
    for name, address in pages(told).items():
        page.goto(address)
        look(page, f"desk-{name}-{language}-{width}")
        if found := axe(page):
            faults[name] = found
    assert not faults


def test_a_letter_is_taken_in_and_its_receipt_followed(site, told, page_as, axe, look):
    page = page_as("petition_registrar", width=390)
    page.goto(f"{BASE}desk/")
    page.get_by_role("link", name="Letter", exact=True).click()
    page.get_by_label("What is asked for").fill("Please answer my letter of spring. I am Quentin Sample.")
    page.get_by_label("Name of the sender").fill("Quentin Sample")
    page.get_by_label("Representatives of a group").fill("\n".join(f"Person {n}" for n in range(6)))
    page.get_by_role("button", name="Take in and print the receipt").click()
    assert "at most 5 representatives" in page.locator("main").inner_text()
    page.get_by_label("Representatives of a group").fill("")
    page.get_by_role("button", name="Take in and print the receipt").click()
    shown = page.locator("main").inner_text()
    code = CODE.search(shown)
    assert code and "Quentin" not in shown
    look(page, "desk-receipt")
    assert axe(page) == []
    page.get_by_role("button", name="Handed over").click()
    assert "Quentin" not in page.content()
    visitor = page_as(None, width=390)
    visitor.goto("/petitions/follow/")
    visitor.get_by_label("Receipt code").fill(code[0])
    visitor.get_by_role("button", name="Open").click()
    assert "Please answer my letter of spring" in visitor.locator("main").inner_text()
