"""Who petitions is nowhere where handlers look: rows, pages, exports, search, journal, file names, log.

`places` may be lengthened: whatever a new part of the function shows or writes belongs here.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from chancery.departments.general_office.petitions import services
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.tests.desk import SENDER, WORDS, registered, text_file
from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC, SYSTEM
from chancery.foundations.content_store import store
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.search.following.services import catch_up
from chancery.kernel.records.search.queries import search

pytestmark = pytest.mark.django_db
EVERYBODY = ("handler", "petition_officer", "petition_registrar", "office_head", "petition_custodian", "auditor",
             "administrator", "outsider", "registrar", "archivist")  # fmt: skip


@pytest.fixture
def told(cast: Any, caplog: pytest.LogCaptureFixture) -> Any:
    """A petition that went through everything the core does, by everybody who may."""
    caplog.set_level(logging.DEBUG)
    at, officer = clock.now(), cast.petition_officer
    made = registered(cast, files=[text_file("我叫欧阳晓明，电话 13800138000"), text_file("无名", "珠江路88号.txt")])
    services.give_to_read(petition_id=made.pk, role="petition_handler", unit_id=cast.units["PF"], by=officer, at=at)
    added = services.add_text(
        petition_id=made.pk, part="ADDITION", side="PETITIONER", text="欧阳晓明补充：13800138000", by=PUBLIC, at=at
    )
    custody.release_text(text_id=added.pk, by=cast.petition_registrar, at=at)
    opening = custody.ask_opening(
        petition_id=made.pk, purpose="REACH", reason="需要核实评审材料的来源。", by=cast.handler, at=at
    )
    custody.open_identity(opening_id=opening.pk, by=cast.petition_custodian, at=at)
    custody.read_identity(opening_id=opening.pk, by=cast.handler, at=at)
    services.set_state(petition_id=made.pk, state="UNDER_WAY", by=officer, at=at)
    catch_up(by=SYSTEM, at=at)
    return made


# Bytes are printed in hexadecimal: what was stored without being sealed is found, too.
SOUGHT = (*WORDS, *(word.encode().hex() for word in (*WORDS, SENDER.name, SENDER.phone, SENDER.email)))


def found_in(text: str) -> list[str]:
    folded = text.lower()
    return [word for word in WORDS if word in folded]


def test_no_row_that_the_web_role_reads_tells(cast: Any, told: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm')"
            " and has_table_privilege(current_user, c.oid, 'select')"
        )
        tables = [name for (name,) in cursor.fetchall()]
    assert "general_office_petition" in tables and "general_office_petitionidentity" not in tables
    for actor in (*(cast[who] for who in EVERYBODY), SYSTEM):
        with acting_as(actor), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f'select 1 from "{table}" t where lower(t::text) ~ %s limit 1', ["|".join(SOUGHT)])
                assert cursor.fetchone() is None, (table, actor.name)


def test_no_page_and_no_export_tells(cast: Any, told: Any, client_as: Any) -> None:
    places = [
        reverse("general_office:petitions"),
        reverse("general_office:petition_list"),
        reverse("general_office:petition_list") + "?export=csv",
        reverse("general_office:petition", args=[told.pk]),
        reverse("general_office:petition_openings"),
        reverse("general_office:petition_withheld"),
        reverse("general_office:petition_unreleased"),
        reverse("general_office:petition_register", args=[told.pk]),
        reverse("general_office:petition_correct", args=[told.pk]),
        reverse("general_office:petition_ask_identity", args=[told.pk]),
        reverse("general_office:petition_desk"),
        reverse("general_office:petition_visits"),
        reverse("general_office:petition_campaigns"),
        *(reverse(f"general_office:petition_{act}", args=[told.pk]) for act in ("merge", "link", "campaign_open")),
        reverse("records:search") + "?q=欧阳晓明",
        "/",
    ]
    for who in EVERYBODY:
        client = client_as(cast[who])
        for place in places:
            answer = client.get(place, follow=True)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = content.decode().replace("q=欧阳晓明", "").replace('value="欧阳晓明"', "")
            leaked = found_in(text) if "search" not in place else []
            assert leaked == [], (who, place)
            assert not [name for name in answer.headers.values() if found_in(str(name))]


def test_search_finds_the_matter_and_never_its_sender(cast: Any, told: Any) -> None:
    for who in EVERYBODY:
        for word in WORDS:
            assert not search(word, by=cast[who]).rows, (who, word)
    assert search("评审结果的申诉", by=cast.petition_officer).rows
    assert not search("评审结果的申诉", by=cast.outsider).rows
    assert not search("评审结果的申诉", by=cast.registrar).rows


def test_no_file_name_and_no_stored_byte_tells(told: Any) -> None:
    with acting_as(SYSTEM):
        files = list(StoredFile.objects.filter(owner=f"general_office.petition:{told.pk}"))
        assert len(files) == 2
        for file in files:
            assert found_in(file.name) == []
            with store().open(file.sha256) as held:
                content = held.read()
            assert not any(word.encode() in content for word in WORDS)


def test_no_log_line_tells(told: Any, caplog: pytest.LogCaptureFixture) -> None:
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [line for line in lines if found_in(line)]


def test_the_journal_tells_what_was_done_and_not_by_whom_it_was_sent(cast: Any, told: Any) -> None:
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "select act, data::text from journal_entry where subject = %s", [f"general_office.petition:{told.pk}"]
        )
        rows = cursor.fetchall()
    assert {"petition.received", "petition.registered", "petition.identity_read"} <= {act for act, _data in rows}
    assert not [data for _act, data in rows if found_in(data)]
