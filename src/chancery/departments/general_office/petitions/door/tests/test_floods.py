"""Floods from one place and guessed codes, by figures that the site publishes: others are served meanwhile."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection

from chancery.departments.general_office.petitions.door.tests.visitor import (
    WORDS,
    Visitor,
    code_in,
    field,
    text,
    upload,
)
from chancery.departments.general_office.petitions.models import Petition, PetitionFile
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.models import Entry
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.rulebook.services import Text, amend_provision
from chancery.kernel.procedures.models import Mail
from chancery.kernel.publishing.receipts.rules import made_code


def site_says(key: str, value: str) -> None:
    """The site's own figure from today on, entered in the rulebook."""
    today = clock.today()
    held = rulebook.held([key], on=today)[key]
    told = Text(
        value=value, unit=held.unit, name_en=held.name_en, name_zh=held.name_zh, basis_en="House", basis_zh="内部规定"
    )
    with acting_as(SYSTEM):
        amend_provision(
            profile=settings.PROFILE,
            key=key,
            text=told,
            valid_from=today,
            reason="More come",
            by=SYSTEM,
            at=clock.now(),
        )


def petitions() -> int:
    with acting_as(SYSTEM):
        return Petition.objects.count()


def test_one_place_sends_as_many_as_is_published_and_another_is_served_meanwhile(cast: Any) -> None:
    site_says("petition.door.hour", "3")
    assert "Petitions from one place within an hour 3" in text(Visitor().get("/status/"))
    here, there = Visitor("192.0.2.7"), Visitor("198.51.100.20")
    for turn in range(3):
        assert code_in(here.send(facts=f"第{turn}件。")), "the figure is what is taken"
    for _turn in range(6):
        refused = here.send()
        assert (refused.status_code, field(refused, "facts")) == (429, WORDS["facts"])
        assert 0 < int(refused["Retry-After"]) <= 3600
    assert here.post("/petitions/send/", WORDS).content.count(b"<form") == 0, "past thrice the figure a short answer"
    assert petitions() == 3
    assert code_in(there.send(files=[upload("letter.txt")]))
    assert petitions() == 4


def test_the_hour_over_the_place_is_served_again(cast: Any, monkeypatch: Any) -> None:
    site_says("petition.door.hour", "1")
    here = Visitor()
    assert code_in(here.send())
    assert here.send(facts="再次。").status_code == 429
    monkeypatch.setattr("time.time", lambda: 1_790_000_000.0 + 3600)
    assert code_in(here.send(facts="再次。"))


def test_a_network_of_the_new_addresses_is_one_place(cast: Any) -> None:
    site_says("petition.door.hour", "1")
    assert code_in(Visitor("2001:db8:1:2::7").send())
    assert Visitor("2001:db8:1:2:ffff::9").send(facts="再次。").status_code == 429
    assert code_in(Visitor("2001:db8:1:3::7").send(facts="别处。"))


def test_a_flood_leaves_no_row_but_its_count(cast: Any) -> None:
    site_says("petition.door.hour", "1")
    here = Visitor()
    here.send()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from web_knock")
        before = cursor.fetchone()[0]
    with acting_as(SYSTEM):
        entries = Entry.objects.count()
    for _turn in range(20):
        here.post("/petitions/send/", {**WORDS, "files": [upload("letter.txt")]})
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from web_knock")
        assert cursor.fetchone()[0] <= before + 1
    with acting_as(SYSTEM):
        assert (Entry.objects.count(), PetitionFile.objects.count(), petitions()) == (entries, 0, 1)


def test_guessed_codes_wait_longer_each_time_sound_an_alarm_and_then_cost_a_computation(cast: Any) -> None:
    site_says("publishing.receipt.alarm_tries", "8")
    sender = Visitor("203.0.113.9")
    code, now = sender.code(), clock.now()
    guesser, waits = Visitor("192.0.2.66"), []
    with clock.fixed_at(now):
        while guesser.post("/petitions/follow/", {"code": made_code()}).status_code != 429:
            pass
        at = now
    for _turn in range(3):
        with clock.fixed_at(at):
            held = guesser.post("/petitions/follow/", {"code": code})
            assert (held.status_code, code in held.content.decode()) == (429, False), "a right code waits as well"
            waits.append(int(held["Retry-After"]))
        at += dt.timedelta(seconds=waits[-1])
        with clock.fixed_at(at):
            assert guesser.post("/petitions/follow/", {"code": made_code()}).status_code == 422
    assert waits == [2, 4, 8]
    with clock.fixed_at(at):
        with acting_as(SYSTEM):
            assert Entry.objects.filter(act="receipt.guessed").count() == 1
            told = set(Mail.objects.filter(text__contains="wrong codes").values_list("text", flat=True))
        assert told and not any(code in one for one in told)
        page = sender.get("/petitions/follow/")
        assert "data-proof" in page.content.decode()
        assert sender.post("/petitions/follow/", {"code": code}).status_code == 422, "a try costs a computation now"
        entered = sender.post("/petitions/follow/", {"code": code, **sender.answered(page)})
        assert (entered.status_code, entered["Location"]) == (302, "/petitions/follow/case/")
