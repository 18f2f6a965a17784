"""Opening archives: old enough, two persons, item by item; then the public and harvesters know, and no sooner."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from chancery.departments.general_office.archives.openings import services
from chancery.departments.general_office.archives.openings.harvesting import queries as harvesting
from chancery.departments.general_office.archives.openings.models import Opening, OpeningRow, OpenRecord
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.archive.services import set_state
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.models import ArchivalItem

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
OLD = dt.date(1995, 3, 2)
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"


def held(cast: Any, n: int = 1, **facts: Any) -> list[ArchivalItem]:
    items = filed(cast, n, **{"dated_on": OLD, "years": None, **facts})
    with acting_as(SYSTEM), transaction.atomic():
        set_state(item_ids=[item.pk for item in items], state="OFFERED", by=SYSTEM, at=AT)
        set_state(item_ids=[item.pk for item in items], state="HELD", by=SYSTEM, at=AT)
    return items


def proposed(cast: Any, items: list[ArchivalItem]) -> Opening:
    return services.propose_opening(
        fonds_id=items[0].fonds_id, item_ids=[item.pk for item in items], by=cast.archivist, at=AT
    )


def decide(opening: Opening, by: Actor, verdict: str = "OPEN", reason: str = "", at: dt.datetime = AT) -> None:
    with acting_as(by), transaction.atomic():
        rows = list(OpeningRow.objects.filter(opening_id=opening.pk).values_list("pk", flat=True))
    services.decide_opening(opening_id=opening.pk, verdicts=dict.fromkeys(rows, (verdict, reason)), by=by, at=at)


def opened(cast: Any, n: int = 1, at: dt.datetime = AT, **facts: Any) -> list[ArchivalItem]:
    items = held(cast, n, **facts)
    opening = proposed(cast, items)
    decide(opening, cast.archive_head, at=at)
    decide(opening, cast.confidential_officer, at=at)
    return items


def open_now() -> list[int]:
    with acting_as(PUBLIC), transaction.atomic():
        return list(OpenRecord.objects.filter(is_open=True).values_list("item_id", flat=True))


def ask(**arguments: Any) -> ET.Element:
    answer = Client().get(reverse("general_office:oai"), {k.rstrip("_"): v for k, v in arguments.items()})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/xml")
    root = ET.fromstring(answer.content)
    assert root.tag == f"{OAI}OAI-PMH"
    assert [one.tag for one in root][:2] == [f"{OAI}responseDate", f"{OAI}request"]
    return root


def fault(**arguments: Any) -> str:
    root = ask(**arguments)
    return str(root.find(f"{OAI}error").get("code"))


# --- Deciding ---------------------------------------------------------------------------------------------------------
def test_what_both_open_is_open_and_what_one_keeps_is_not(cast) -> None:
    items = held(cast, 2)
    opening = proposed(cast, items)
    assert open_now() == []
    decide(opening, cast.archive_head)
    assert open_now() == []
    with acting_as(SYSTEM), transaction.atomic():
        first, second = OpeningRow.objects.order_by("pk").values_list("pk", flat=True)
    verdicts = {first: ("OPEN", ""), second: ("KEEP", "Names a living person")}
    services.decide_opening(opening_id=opening.pk, verdicts=verdicts, by=cast.confidential_officer, at=AT)
    assert open_now() == [items[0].pk]
    with acting_as(SYSTEM), transaction.atomic():
        assert ArchivalItem.objects.get(pk=items[0].pk).opens_on == AT.date()


@pytest.mark.parametrize("facts", [{"dated_on": dt.date(2010, 1, 1)}, {"label": 20}], ids=["too young", "restricted"])
def test_what_may_not_be_opened_is_not_proposed(cast, facts: dict[str, Any]) -> None:
    items = held(cast, **facts)
    with pytest.raises(Refused):
        proposed(cast, items)


def test_what_is_not_in_the_archive_or_proposed_already_is_refused_at_its_field(cast) -> None:
    with pytest.raises(Refused) as refusal:
        proposed(cast, filed(cast, dated_on=OLD, years=None))
    assert refusal.value.field == "items"
    items = held(cast)
    proposed(cast, items)
    with pytest.raises(Refused) as refusal:
        proposed(cast, items)
    assert refusal.value.field == "items"


def test_others_neither_propose_nor_decide_nor_see_the_list(cast, client_as) -> None:
    items = held(cast)
    with pytest.raises(Refused):
        services.propose_opening(fonds_id=items[0].fonds_id, item_ids=[items[0].pk], by=cast.handler, at=AT)
    opening = proposed(cast, items)
    for by in (cast.archivist, cast.supervisor, cast.outsider):
        with pytest.raises(Refused):
            decide(opening, by)
    assert client_as(cast.outsider).get(reverse("general_office:opening", args=[opening.pk])).status_code == 403


def test_a_decision_stands_and_keeping_closed_has_its_reason(cast) -> None:
    opening = proposed(cast, held(cast))
    with pytest.raises(Refused) as refusal:
        decide(opening, cast.archive_head, "KEEP", " ")
    assert refusal.value.field == "reason"
    decide(opening, cast.archive_head)
    with pytest.raises(Refused):
        decide(opening, cast.archive_head, "KEEP", "second thoughts")


def test_raw_sql_as_the_web_role_opens_nothing(cast) -> None:
    item = held(cast)[0]
    opening = proposed(cast, [item])
    both = (
        "update general_office_openingrow set head_verdict = 'OPEN', head_person_id = %s, head_at = now(),"
        " officer_verdict = 'OPEN', officer_person_id = %s, officer_at = now() where opening_id = %s"
    )
    head, officer = cast.archive_head.person_id, cast.confidential_officer.person_id
    tries = [
        (cast.archive_head, both, [head, officer, opening.pk]),
        (cast.archive_head, both, [head, head, opening.pk]),
        (cast.archivist, both, [head, officer, opening.pk]),
        (cast.archivist, "update general_office_openingrow set state = 'OPENED' where opening_id = %s", [opening.pk]),
        (cast.archivist, "insert into general_office_openrecord (item_id, fonds_code, is_open, opened_at, datestamp)"
         " values (%s, 'x', true, now(), now())", [item.pk]),
        (cast.archivist, "select general_office_shut(%s, now())", [item.pk]),
    ]  # fmt: skip
    for by, sql, values in tries:
        with acting_as(by), pytest.raises(Exception, match=r"."), transaction.atomic():
            connection.cursor().execute(sql, values)
    assert open_now() == []


def test_closing_again_needs_a_reason_and_leaves_nothing_of_its_line(cast) -> None:
    item = opened(cast)[0]
    with pytest.raises(Refused) as refusal:
        services.close_again(item_id=item.pk, reason=" ", by=cast.archive_head, at=AT)
    assert refusal.value.field == "reason"
    with pytest.raises(Refused):
        services.close_again(item_id=item.pk, reason="no", by=cast.outsider, at=AT)
    services.close_again(item_id=item.pk, reason="A living person asked.", by=cast.archive_head, at=AT)
    assert open_now() == []
    with acting_as(PUBLIC), transaction.atomic():
        record = OpenRecord.objects.get(item_id=item.pk)
    assert (record.title, record.code, record.author, record.dated_on) == ("", "", "", None)


def test_what_becomes_restricted_is_shut_at_once(cast) -> None:
    item = opened(cast)[0]
    with acting_as(SYSTEM), transaction.atomic():
        ArchivalItem.objects.filter(pk=item.pk).update(label=20, guard_id=item.content_guard_id)
    assert open_now() == []


def test_the_pages_propose_decide_and_close(cast, client_as) -> None:
    item = held(cast)[0]
    archivist = client_as(cast.archivist)
    page = archivist.get(reverse("general_office:opening_propose")).content.decode()
    assert item.code in page
    made = archivist.post(
        reverse("general_office:opening_propose"), {"fonds": item.fonds_id, "items": [item.pk], "note": "First"}
    )
    assert made.status_code == 302
    for by in (cast.archive_head, cast.confidential_officer):
        client = client_as(by)
        field = re.search(r'name="(verdict_\d+)"', client.get(made["Location"]).content.decode())[1]
        reason = field.replace("verdict", "reason")
        assert client.post(made["Location"], {field: "KEEP", reason: ""}).status_code == 200
        assert client.post(made["Location"], {field: "OPEN", reason: ""}).status_code == 302
    assert open_now() == [item.pk]
    public = Client().get(reverse("general_office:open_archives"), {"q": item.title.split()[0]}).content.decode()
    assert item.code in public
    assert Client().get(reverse("general_office:open_archive", args=[item.pk])).status_code == 200
    assert item.code in client_as(cast.archive_head).get(reverse("general_office:openings")).content.decode()
    close = reverse("general_office:opening_close", args=[item.pk])
    assert client_as(cast.archive_head).post(close, {"reason": ""}).status_code == 200
    assert client_as(cast.archive_head).post(close, {"reason": "asked"}).status_code == 302
    assert Client().get(reverse("general_office:open_archive", args=[item.pk])).status_code == 404


def test_the_feed_says_what_is_open_and_only_that(cast) -> None:
    shown, hidden = opened(cast, title="Open Quillwort")[0], held(cast, title="Closed Orpiment")[0]
    feed = Client().get(reverse("general_office:open_feed"))
    root = ET.fromstring(feed.content)
    titles = [one.text for one in root.iter("{http://www.w3.org/2005/Atom}title")][1:]
    assert titles == [shown.title]
    assert hidden.title not in feed.content.decode()


# --- The protocol -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Nothing"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "x": "1"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-02-30"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-01-02", "until": "2026-01-01"},
            "badArgument",
        ),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2026-01-01", "until": "2026-01-02T00:00:00Z"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "1990-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "nowhere"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "bnVsbA"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "GetRecord", "identifier": "oai:x:1"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:x:1", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:x:1"}, "idDoesNotExist"),
        ({"verb": "Identify", "x": "\x01"}, "badArgument"),
    ],
)
def test_faults_are_told_by_their_codes(cast, arguments: dict[str, Any], code: str) -> None:
    opened(cast)
    assert fault(**arguments) == code
    request = ask(**arguments).find(f"{OAI}request")
    assert (request.attrib == {}) == (code in ("badVerb", "badArgument"))


def test_identify_says_what_the_protocol_asks_for_in_its_order(cast) -> None:
    part = ask(verb="Identify").find(f"{OAI}Identify")
    assert [one.tag.removeprefix(OAI) for one in part][:7] == [
        "repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord",
        "granularity",
    ]  # fmt: skip
    said = {one.tag.removeprefix(OAI): one.text for one in part}
    assert (said["protocolVersion"], said["deletedRecord"]) == ("2.0", "persistent")
    assert said["baseURL"].endswith(reverse("general_office:oai"))
    assert re.fullmatch(r"\S+@(\S+\.)+\S+", said["adminEmail"])


def test_a_record_has_its_header_and_dublin_core(cast) -> None:
    item = opened(cast, title="Quillwort & <co>")[0]
    root = ask(verb="ListRecords", metadataPrefix="oai_dc")
    [record] = root.iter(f"{OAI}record")
    header = record.find(f"{OAI}header")
    identifier = header.find(f"{OAI}identifier").text
    assert header.find(f"{OAI}datestamp").text == "2026-11-23T04:00:00Z"
    assert record.find(f".//{DC}title").text == "Quillwort & <co>"
    assert item.code in [one.text for one in record.iter(f"{DC}identifier")]
    same = ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    assert ET.tostring(next(same.iter(f"{OAI}record"))) == ET.tostring(record)
    assert ask(verb="ListMetadataFormats", identifier=identifier).find(f".//{OAI}metadataPrefix").text == "oai_dc"
    spec = header.find(f"{OAI}setSpec").text
    assert spec in [one.text for one in ask(verb="ListSets").iter(f"{OAI}setSpec")]
    assert len(list(ask(verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec).iter(f"{OAI}header"))) == 1


def test_what_is_closed_again_is_told_as_deleted_with_a_later_stamp(cast) -> None:
    item = opened(cast)[0]
    later = AT + dt.timedelta(days=3)
    services.close_again(item_id=item.pk, reason="asked", by=cast.archive_head, at=later)
    [header] = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", from_="2026-11-25").iter(f"{OAI}header")
    assert header.get("status") == "deleted"
    record = next(ask(verb="ListRecords", metadataPrefix="oai_dc").iter(f"{OAI}record"))
    assert record.find(f"{OAI}metadata") is None
    assert item.title not in ET.tostring(record, encoding="unicode")


def test_a_long_list_comes_in_parts_each_once(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvesting, "PER_ANSWER", 3)
    items = opened(cast, 8)
    root, found, sizes = ask(verb="ListIdentifiers", metadataPrefix="oai_dc"), [], []
    while True:
        found += [one.text.rpartition(":")[2] for one in root.iter(f"{OAI}identifier")]
        token = root.find(f".//{OAI}resumptionToken")
        sizes.append((token.get("completeListSize"), token.get("cursor")))
        if not token.text:
            break
        root = ask(verb="ListIdentifiers", resumptionToken=token.text)
    assert sorted(map(int, found)) == sorted(item.pk for item in items)
    assert sizes == [("8", "0"), ("8", "3"), ("8", "6")]


def test_selective_harvesting_keeps_both_ends(cast) -> None:
    opened(cast, at=AT)
    opened(cast, at=AT + dt.timedelta(days=2))
    for narrowed, n in (
        ({"from_": "2026-11-23", "until": "2026-11-23"}, 1),
        ({"from_": "2026-11-23T04:00:00Z"}, 2),
        ({"from_": "2026-11-23T04:00:01Z"}, 1),
        ({"until": "2026-11-25T04:00:00Z"}, 2),
    ):
        root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", **narrowed)
        assert len(list(root.iter(f"{OAI}header"))) == n, narrowed


def test_harvesters_may_ask_by_post(cast) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("general_office:oai"), {"verb": "Identify"})
    assert b"<protocolVersion>2.0" in answer.content
