"""Who petitions is nowhere where handlers look: rows, pages, exports, search, journal, file names, mails, log.

The story sends petitions on every way there is, and the sender writes who it is wherever one may write. Every address
of the site is entered with whatever the story left; a new page, table or file is searched the day it is added.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse

from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.tests import searching
from chancery.departments.general_office.petitions.tests.desk import SENDER, WORDS
from chancery.departments.general_office.petitions.tests.story import Story
from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import store
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures.notices import services as notices
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.search.following.services import catch_up
from chancery.kernel.records.search.queries import search

pytestmark = pytest.mark.django_db
#: Whoever has a part in petitions, and some of those who have none.
PART = ("handler", "co_handler", "petition_officer", "petition_registrar", "office_head", "petition_custodian",
        "petition_reviewer", "petition_rereviewer")  # fmt: skip
OTHERS = ("leader", "registrar", "archivist", "archive_head", "auditor", "administrator", "chaser", "outsider")
#: Pages that only answer to a press, or lead to files of the browser: entered all the same, said here for the count.
FOREIGN = ("account", "mfa", "socialaccount", "openid", "usersessions", "headless")


@contextlib.contextmanager
def overheard(said: list[str]) -> Iterator[None]:
    """What is sent to the database in the clear: it may be written into the server's own log."""

    def listen(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        said.extend(searching.told_by(f"{sql} {values}"))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(listen):
        yield


class Told:
    """The story, its first petition, and what was overheard while it was told."""

    def __init__(self, made: list[Petition], said: list[str]) -> None:
        self.all, self.whole, self.said = made, made[0], said


@pytest.fixture
def told(cast: Any, desk: Any, visitor: Any, caplog: pytest.LogCaptureFixture) -> Told:
    """Everything that is done with petitions, by everybody who may."""
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    with overheard(said):
        made = Story(cast, desk, visitor).tell()
        at = desk.tick()
        with acting_as(SYSTEM):
            notices.write_mails(by=SYSTEM, at=at)
            notices.write_digests(by=SYSTEM, at=at)
            notices.send_mails(by=SYSTEM, at=at, limit=1000)
            catch_up(by=SYSTEM, at=at)
    return Told(made, said)


def rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


# --- What is kept ----------------------------------------------------------------------------------------------------
def test_the_searcher_finds_the_sender_in_every_spelling_and_wrapping() -> None:
    for text in ("欧 阳-晓明", "&#27431;&#38451;&#26195;&#26126;", "%E6%AC%A7%E9%98%B3%E6%99%93%E6%98%8E",
                 "\\u6b27\\u9633\\u6653\\u660e", "１３８ ００１３ ８０００", "XIAOMING.OY@Example.net", "珠江路８８号",
                 "11010519491231002X", SENDER.name.encode("gb18030").hex()):  # fmt: skip
        assert searching.told_by(text), text
    assert searching.told_by_bytes("晓明".encode("utf-16-le")) and not searching.told_by("样例来信人")


def test_nothing_that_is_kept_or_sent_tells(cast: Any, told: Told, caplog: pytest.LogCaptureFixture) -> None:
    rows_tell_nothing(cast)
    files_tell_nothing()
    mails_tell_nothing()
    lines = [record.getMessage() for record in caplog.get_records("setup")]
    assert lines and not [line for line in lines if searching.told_by(line)]
    assert told.said == []
    with acting_as(SYSTEM), transaction.atomic():
        acts = rows("select act from journal_entry where subject = %s", f"general_office.petition:{told.whole.pk}")
    assert {"petition.received", "petition.registered", "petition.identity_read"} <= set(acts)


def rows_tell_nothing(cast: Any) -> None:
    """Every table and view, as each of them may read it; the journal is one of them."""
    tables = searching.readable_columns()
    assert {"general_office_petition", "journal_entry", "procedures_mail"} <= set(tables)
    assert "general_office_petitionidentity" not in tables
    for actor in (*(cast[who] for who in (*PART, *OTHERS)), SYSTEM):
        with acting_as(actor), transaction.atomic():
            assert searching.rows_that_tell(tables) == [], actor.name
    assert searching.told_by_sessions() == []
    with acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into access_cache values ('x', %s, now())", [WORDS[0]])
        assert searching.rows_that_tell(tables) == ["access_cache"]  # it would have been found


def files_tell_nothing() -> None:
    """Names and bytes, in the store and on the disk."""
    with acting_as(SYSTEM), transaction.atomic():
        for file in StoredFile.objects.all():
            assert searching.told_by(file.name) == [], file.pk
            with store().open(file.sha256) as held:
                assert searching.told_by_bytes(held.read()) == [], file.name
    for folder, folders, files in os.walk(Path(settings.CHANCERY_HOME)):
        for name in (*folders, *files):
            assert searching.told_by(name) == [], (folder, name)


def mails_tell_nothing() -> None:
    """As they are sent."""
    assert mail.outbox
    for sent in mail.outbox:
        assert searching.told_by_bytes(sent.message().as_bytes()) == [], sent.subject
        assert searching.told_by(f"{sent.subject} {sent.body}") == [], sent.subject


# --- What is found ---------------------------------------------------------------------------------------------------
def test_neither_search_nor_any_list_finds_a_petition_by_its_sender(cast: Any, told: Told, client_as: Any) -> None:
    for who in (*PART, *OTHERS):
        for word in (*WORDS, SENDER.address, SENDER.email):
            assert not search(word, by=cast[who]).rows, (who, word)
    assert search("评审结果的申诉", by=cast.petition_officer).rows
    assert not search("评审结果的申诉", by=cast.outsider).rows
    assert not search("评审结果的申诉", by=cast.registrar).rows
    lists_are_not_narrowed(cast, told, client_as)


def lists_are_not_narrowed(cast: Any, told: Told, client_as: Any) -> None:
    """Asking for the name brings none of the petitions, wherever words may be asked for."""
    numbers = [one.number for one in told.all if one.number]

    def shown(client: Any, name: str, asked: str) -> set[str]:
        answer = client.get(reverse(name), {"q": asked})
        page = "" if answer.streaming else answer.content.decode(errors="replace")
        return {number for number in numbers if number in page}

    for who in ("handler", "petition_officer"):
        client = client_as(cast[who])
        for name, arguments in searching.every_address():
            if not arguments and not name.startswith(FOREIGN):
                assert shown(client, name, SENDER.name) <= shown(client, name, "无此人无此事"), (who, name)
    assert shown(client_as(cast.petition_officer), "general_office:petition_list", told.whole.number)


# --- What is shown ---------------------------------------------------------------------------------------------------
def samples(told: Told) -> dict[str, list[Any]]:
    """Values for the arguments of addresses: what the story left, and what leads to it."""
    with acting_as(SYSTEM), transaction.atomic():
        guards = rows("select distinct guard_id from general_office_petition")
        matters = rows("select id from procedures_matter where guard_id = any(%s)", guards)
        letters = list(OutgoingDocument.objects.exclude(petition_letter=None).values_list("pk", flat=True))
        papers = rows("select matter_id from general_office_outgoingdocument where id = any(%s)", letters)
        return {
            "petition_id": [one.pk for one in told.all],
            **{
                f"{name}_id": rows(f"select id from general_office_{table} order by id limit 12")
                for name, table in TABLES.items()
            },
            "general_office:petition_file file_id": rows("select id from general_office_petitionfile"),
            "general_office:petition_clear file_id": rows("select id from general_office_petitionfile"),
            "general_office:petition_replace file_id": rows("select id from general_office_petitionfile"),
            "general_office:petition_opening opening_id": rows("select id from general_office_identityopening"),
            "general_office:petition_release_file kind": ["pdf", "xlsx"],
            "general_office:petition_report kind": ["pdf", "xlsx"],
            "general_office:petition_letter_begin kind": ["CLOSING"],
            "general_office:outgoing_export kind": ["docx", "txt"],
            "channel": ["letter", "email", "phone"],
            "ref": rows("select screen from general_office_petitionplace"),
            "year": [2025, 2026],
            "document_id": letters[:3],
            "number": [1],
            "matter_id": [*matters[:12], *papers[:2]],
            "task_id": rows("select id from procedures_task where matter_id = any(%s) and done_at is null", matters),
            "file_id": rows("select id from records_storedfile where guard_id = any(%s)", guards),
            "item_id": rows("select id from records_archivalitem where guard_id = any(%s)", guards),
            "number_id": rows("select id from records_issuednumber where guard_id = any(%s) limit 4", guards),
            "entry_id": rows("select id from journal_entry where guard_id = any(%s) order by id limit 12", guards),
            "notice_id": rows("select id from publishing_publicnotice"),
            "tab": ["read", "done", "started", "watched", "overdue"],
            "series": ["petition"],
            "records:numbers_of year": [2026],
        }  # fmt: skip


TABLES = {
    "text": "petitiontext",
    "opening": "identityopening",
    "place": "petitionplace",
    "room": "petitionroom",
    "visit": "petitionvisit",
    "tie": "petitiontie",
    "campaign": "petitioncampaign",
    "letter": "petitionletter",
    "warning": "petitionwarning",
    "recommendation": "petitionrecommendation",
    "delivery": "delivery",
}


def test_no_page_and_no_export_tells(cast: Any, told: Told, client_as: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    given, entered = samples(told), set()
    for who in (*PART, "chaser"):
        client = client_as(cast[who])
        for name, arguments in searching.every_address():
            if name.startswith(FOREIGN) or not (":petition" in name or who in EVERYWHERE):
                continue
            for address in searching.filled(name, arguments, given):
                for asked in ("", "?export=csv", "?export=xlsx") if not arguments else ("",):
                    answer = client.get(address + asked)
                    assert answer.status_code < 500, (who, address)
                    if who in MAY_LOOK and name == "general_office:petition_file":
                        continue
                    assert searching.told_by_answer(answer) == [], (who, address)
                    if answer.status_code in (200, 405):  # shown, or answering to a press alone
                        entered.add(name)
    missed = {name for name, _arguments in searching.every_address() if ":petition" in name} - entered
    assert missed == set()


#: Enter the whole site; the others, the pages of petitions.
EVERYWHERE = ("handler", "petition_officer")
#: Looks at the files that tell who petitions, to have them redacted.
MAY_LOOK = ("petition_custodian",)
