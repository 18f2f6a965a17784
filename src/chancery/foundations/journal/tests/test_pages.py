"""The auditor's pages: the journal, one entry, the seals, a check."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.journal import queries, services, tasks
from chancery.foundations.journal.models import Entry
from chancery.foundations.journal.tests.history import LETTER, MONDAY
from chancery.foundations.postgres.row_security import acting_as

if TYPE_CHECKING:
    from django.test import Client

    from chancery.foundations.actor import Actor

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def auditor(cast: Any, client_as: Callable[[Actor], Client]) -> Client:
    services.write(by=cast.registrar, at=MONDAY, act="journal.checked", on=LETTER, data={"note": "照办"})
    return client_as(cast.auditor)


def page(client: Client, address: str, **data: str) -> str:
    answer = client.get(address, data, **ENGLISH)
    assert answer.status_code == 200, (address, answer.content.decode()[:400])
    return str(answer.content.decode())


def test_the_auditor_reads_the_journal(auditor: Client) -> None:
    text = page(auditor, "/journal/", subject=LETTER)
    assert "Journal checked" in text
    assert LETTER in text


def test_the_journal_is_narrowed_by_act_day_kind_and_words(auditor: Client) -> None:
    for found in (
        {"act": "journal.checked"},
        {"day_from": "2026-11-16", "day_to": "2026-11-16"},
        {"kind": "PERSON"},
        {"q": "test.letter"},
    ):
        assert LETTER in page(auditor, "/journal/", **found)
    for other in (
        {"act": "journal.check_asked"},
        {"day_to": "2026-11-15"},
        {"kind": "PUBLIC"},
        {"q": "nothing like it"},
    ):
        assert LETTER not in page(auditor, "/journal/", **other)


def test_the_journal_is_searched_by_who_acted_as_they_were_called_then(auditor: Client, cast: Any) -> None:
    who = cast.registrar.name
    for part in (who, who[:2], who[-2:].upper(), f"{who[:2]} test.letter"):
        assert LETTER in page(auditor, "/journal/", q=part), part
    services.write(by=dataclasses.replace(cast.registrar, name="Odd O_Nym"), at=MONDAY, act="x", on="test.odd:1")
    for part, is_found in (("o_nym", True), ("odd", True), ("o%m", False), ("odd nobody", False), ("o'nym", False)):
        assert ("test.odd:1" in page(auditor, "/journal/", q=part)) is is_found, part


def test_a_name_leads_to_no_entry_that_may_not_be_seen(auditor: Client, cast: Any) -> None:
    somebody = dataclasses.replace(cast.registrar, name="Zeno Zephyr")
    services.write(by=somebody, at=MONDAY, act="letter.sorted", on="test.hidden:1", guard_id=987_654)
    assert "test.hidden" not in page(auditor, "/journal/", q="zephyr")
    assert b"test.hidden" not in b"".join(auditor.get("/journal/?export=csv&q=zephyr", **ENGLISH))


def test_names_are_looked_up_for_staff_only(cast: Any) -> None:
    services.write(by=cast.registrar, at=MONDAY, act="journal.checked", on=LETTER)
    for who, found in ((cast.auditor, 1), (PUBLIC, 0)):
        with acting_as(who), connection.cursor() as cursor:
            cursor.execute("select count(*) from journal_names_with(%s)", [cast.registrar.name])
            assert cursor.fetchone()[0] == found


def test_the_search_can_use_its_indexes_under_row_security(cast: Any) -> None:
    services.write(by=cast.registrar, at=MONDAY, act="journal.checked", on=LETTER)
    with acting_as(cast.auditor), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        found = Entry.objects.filter(queries.by_name(cast.registrar.name) | queries.under("test.let"))
        plan = found.order_by().explain()
    assert "journal_entry_by_name" in plan
    assert "journal_entry_one_per_place" in plan


def test_the_journal_is_exported(auditor: Client) -> None:
    assert LETTER in b"".join(auditor.get("/journal/?export=csv", **ENGLISH)).decode("utf-8-sig")


def test_others_do_not_enter(auditor: Client, cast: Any, client_as: Callable[[Actor], Client]) -> None:
    for who in (cast.registrar, cast.office_head, cast.administrator):
        client = client_as(who)
        for address in ("/journal/", "/journal/seals/", "/journal/entries/1/", "/journal/seals/check/"):
            assert client.get(address).status_code == 403, address
        assert client.post("/journal/seals/verify/").status_code == 403
    auditor.logout()
    assert auditor.get("/journal/").status_code == 302


def test_one_entry_is_shown_with_its_hash_worked_out_anew(auditor: Client) -> None:
    with acting_as(SYSTEM):
        entry = Entry.objects.filter(subject=LETTER).get()
    text = page(auditor, f"/journal/entries/{entry.pk}/")
    assert "hash fits" in text
    assert text.count(bytes(entry.hash).hex()) == 2
    assert "照办" in text
    assert auditor.get("/journal/entries/999999/").status_code == 404


def test_an_entry_that_may_not_be_seen_is_not_found(auditor: Client) -> None:
    hidden = services.write(by=SYSTEM, at=MONDAY, act="letter.sorted", on=LETTER, guard_id=987_654)
    assert auditor.get(f"/journal/entries/{hidden}/").status_code == 404
    assert f"/journal/entries/{hidden}/" not in page(auditor, "/journal/")


def test_the_seals_are_listed_with_the_line_to_publish(auditor: Client) -> None:
    services.seal_day(day=MONDAY.date(), by=SYSTEM, at=MONDAY + dt.timedelta(days=3))
    assert "2026-11-16" in page(auditor, "/journal/seals/")
    export = b"".join(auditor.get("/journal/seals/?export=csv&col=line", **ENGLISH)).decode("utf-8-sig")
    assert "journal 2026-11-16 entries=" in export


def test_a_check_is_asked_for_and_shown(auditor: Client) -> None:
    assert "has not been checked" in page(auditor, "/journal/seals/")
    assert auditor.post("/journal/seals/verify/", **ENGLISH).status_code == 302
    assert "A check is running" in page(auditor, "/journal/seals/check/")
    found = {"subject": LETTER, "seq": 1, "id": 7, "what": "changed", "how": "column act is “x”"}
    for total, findings, told in ((0, [], "The journal is in order."), (1, [found], "1 finding")):
        services.write_down_check(
            counted={"entries": 5, "chains": 2, "seals": 1},
            total=total,
            findings=findings,
            asked_by="丁昕",
            by=SYSTEM,
            at=clock.now(),
        )
        assert told in page(auditor, "/journal/seals/")


@pytest.mark.django_db(transaction=True)
def test_the_worker_checks_and_writes_down_what_it_found(committed_story: dict[str, list[int]]) -> None:
    from django.db import transaction

    from chancery.foundations.journal import queries
    from chancery.foundations.postgres.row_security import acting_as

    tasks.check_the_journal(asked_by="丁昕")
    with acting_as(SYSTEM), transaction.atomic():
        (line,) = queries.history(services.CHECKS)
    assert line["data"] == {"entries": 8, "chains": 3, "seals": 0, "total": 0, "findings": [], "asked_by": "丁昕"}


def test_the_pages_speak_chinese(auditor: Client) -> None:
    for address, word in (("/journal/", "日志"), ("/journal/seals/", "每日封存")):
        assert word in auditor.get(address, HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
