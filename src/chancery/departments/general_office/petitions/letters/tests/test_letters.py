"""From the decision to the sealed letter in the sender's hands; who may write, see and print it."""

from __future__ import annotations

import datetime as dt
import io
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.outgoing_documents import queries as outgoing
from chancery.departments.general_office.outgoing_documents.drafting import services as drafting
from chancery.departments.general_office.outgoing_documents.issuing.services import cancel
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.petitions import services as petitions
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.handling.tests.office import (
    accepted,
    answered,
    assigned,
    registered,
    step,
)
from chancery.departments.general_office.petitions.letters import queries, rules, services
from chancery.departments.general_office.petitions.letters.models import PetitionLetter
from chancery.departments.general_office.petitions.letters.terms import LetterKind
from chancery.departments.general_office.petitions.letters.tests.writing import begun, brought, issued, paper_of
from chancery.departments.general_office.petitions.models import Petition
from chancery.departments.general_office.petitions.rules import NoSuchPetition, WrongState
from chancery.departments.general_office.petitions.terms import GivenFile, IdentityFacts
from chancery.departments.general_office.petitions.tests.desk import SENDER, WORDS, received
from chancery.foundations import manuscript
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal.models import Entry
from chancery.foundations.papers import pdf
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.records.search.models import SearchEntry

FACTS = {
    "days": 5,
    "due": dt.date(2026, 12, 1),
    "reason": "情况复杂",
    "request": "x",
    "body": "某会",
    "outcome": "维持",
}
NOBODY_MAY = [name.lower() for name in WORDS]


def plain(paper: OutgoingDocument) -> str:
    return manuscript.plain(paper.body)


def offered(petition: Petition) -> set[str]:
    with acting_as(SYSTEM), transaction.atomic():
        return {one.kind for one in queries.open_offers(Petition.objects.get(pk=petition.pk))}


def pdf_text(content: bytes) -> str:
    """Text and particulars, and the bytes as they are (names of attachments, metadata)."""
    _pages, words, particulars, attached = pdf.read(io.BytesIO(content))
    return (words + particulars + str(attached) + content.decode("utf-8", "replace")).lower()


def test_an_acceptance_becomes_a_numbered_sealed_letter_that_its_sender_reads(
    cast: Any, desk: Any, client: Any
) -> None:
    got = received(at=desk.tick())
    made = petitions.register(
        petition_id=got.petition.pk, title="对评审结果的申诉", by=cast.petition_registrar, at=desk.tick()
    )
    step(made, cast.petition_officer, "ACCEPT", desk.tick())
    step(made, cast.petition_officer, "TOLD", desk.tick(), text="您的信访事项已受理，由计划财务部门办理。")
    letter = begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    draft = paper_of(letter)
    assert made.number in draft.title and "已受理，由计划财务部门办理" in plain(draft)
    assert (draft.language, draft.label, draft.guard.is_narrow) == ("zh", 20, True)
    paper = issued(desk, letter, cast.petition_officer)
    assert paper.state == "RELEASED" and paper.number
    client.post("/petitions/follow/", {"code": got.receipt_code})
    shown = client.get("/petitions/follow/case/").content.decode()
    assert paper.number in shown and paper.title in shown
    sealed = client.get(f"/petitions/follow/case/letters/{letter.pk}/")
    assert sealed["Content-Type"] == "application/pdf" and made.number in shown
    text = pdf_text(sealed.content) + sealed["Content-Disposition"].lower() + shown.lower()
    assert not any(word in text for word in NOBODY_MAY)


def test_a_letter_that_is_not_issued_is_nobodys_on_the_page_behind_the_code(cast: Any, desk: Any, client: Any) -> None:
    got = received(at=desk.tick())
    made = petitions.register(petition_id=got.petition.pk, title="申诉", by=cast.petition_registrar, at=desk.tick())
    step(made, cast.petition_officer, "ACCEPT", desk.tick())
    step(made, cast.petition_officer, "TOLD", desk.tick(), text="已受理。")
    letter = begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    client.post("/petitions/follow/", {"code": got.receipt_code})
    assert client.get(f"/petitions/follow/case/letters/{letter.pk}/").status_code == 404
    assert paper_of(letter).title not in client.get("/petitions/follow/case/").content.decode()


def test_anothers_letter_is_not_there(cast: Any, desk: Any, client: Any) -> None:
    theirs = accepted(cast, desk.tick())
    letter = begun(desk, theirs, "ACCEPTANCE", cast.petition_officer)
    issued(desk, letter, cast.petition_officer)
    mine = received(at=desk.tick())
    client.post("/petitions/follow/", {"code": mine.receipt_code})
    assert client.get(f"/petitions/follow/case/letters/{letter.pk}/").status_code == 404


def test_each_decision_offers_its_letters(cast: Any, desk: Any) -> None:
    assert offered(registered(cast, desk.tick())) == set()
    assert offered(accepted(cast, desk.tick())) == {"ACCEPTANCE"}
    refused = registered(cast, desk.tick())
    step(refused, cast.petition_officer, "NOT_ACCEPT", desk.tick(), ground="STATUTORY", reference="仲裁")
    step(refused, cast.petition_officer, "TOLD", desk.tick(), text="请依法申请仲裁。")
    assert offered(refused) == {"NOT_ACCEPTED"}
    assert offered(answered(cast, desk.tick())) == {"ACCEPTANCE", "OPINION"}


def test_a_transfer_is_written_to_the_body_and_to_the_sender(cast: Any, desk: Any) -> None:
    made = registered(cast, desk.tick())
    step(made, cast.petition_officer, "TRANSFER", desk.tick(), direction="ACROSS", to_body="某市科学技术协会")
    step(made, cast.petition_officer, "TOLD", desk.tick(), text="已转送。")
    assert offered(made) == {"TRANSFER_BODY", "TRANSFER_SENDER"}
    to_body = paper_of(begun(desk, made, "TRANSFER_BODY", cast.petition_officer))
    to_sender = paper_of(begun(desk, made, "TRANSFER_SENDER", cast.petition_officer))
    with acting_as(SYSTEM), transaction.atomic():
        assert to_body.addressees.get().name == "某市科学技术协会"
        assert made.number in to_sender.addressees.get().name
        assert outgoing.paper_of(to_body, draft=True).marking
        assert not outgoing.paper_of(to_sender, draft=True).marking  # the house's labels are nothing to a sender
    assert "某市科学技术协会" in plain(to_sender) and made.title in plain(to_body)


def test_the_opinion_has_its_five_parts_in_the_senders_language(cast: Any, desk: Any) -> None:
    made = answered(cast, desk.tick(), language="en")
    letter = begun(desk, made, "OPINION", cast.handler)
    text = plain(paper_of(letter))
    assert letter.language == "en" and paper_of(letter).title == "The answer to your petition"
    for part in ("一处计分错误", "维持评审等级", "第十二条", "三十日内申请复查"):
        assert part in text
    assert issued(desk, letter, cast.handler, checker="unit_checker").number


def test_a_letter_with_the_senders_name_is_not_submitted(cast: Any, desk: Any) -> None:
    made = accepted(cast, desk.tick())
    letter = begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    for facts in (
        {"body": manuscript.from_plain("欧阳晓明同志：已受理。", profile="cn")},
        {"title": "致欧阳 晓明的函"},
        {"note": "tel 138-0013-8000"},
    ):
        drafting.save_draft(document_id=letter.document_id or 0, facts=facts, by=cast.petition_officer, at=desk.tick())
        with pytest.raises(Refused) as refusal:
            drafting.submit_draft(document_id=letter.document_id or 0, by=cast.petition_officer, at=desk.tick())
        assert "tells who petitions" in str(refusal.value)


def test_nothing_to_tell_no_part_in_it_or_begun_before_is_refused(cast: Any, desk: Any) -> None:
    made = accepted(cast, desk.tick())
    with pytest.raises(WrongState):
        begun(desk, made, "OPINION", cast.petition_officer)
    with pytest.raises(Refused):
        begun(desk, made, "ACCEPTANCE", cast.petition_registrar)
    with pytest.raises(NoSuchPetition):
        begun(desk, made, "ACCEPTANCE", cast.handler)
    begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    with pytest.raises(rules.AlreadyBegun):
        begun(desk, made, "ACCEPTANCE", cast.petition_officer)


def test_a_draft_thrown_away_or_cancelled_makes_room_for_another(cast: Any, desk: Any) -> None:
    made = accepted(cast, desk.tick())
    first = begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    drafting.discard_draft(document_id=first.document_id or 0, by=cast.petition_officer, at=desk.tick())
    second = begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    brought(desk, second, cast.petition_officer, "sign")
    cancel(document_id=second.document_id or 0, reason="Wrong.", by=SYSTEM, at=desk.tick())
    assert begun(desk, made, "ACCEPTANCE", cast.petition_officer).pk not in (first.pk, second.pk)


def test_who_is_complained_of_sees_no_letter_of_an_accusation(cast: Any, desk: Any) -> None:
    made = accepted(cast, desk.tick(), kind="ACCUSATION", subject_unit_id=cast.units["PF"])
    letter = begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    brought(desk, letter, cast.petition_officer, "sign")
    for who in ("drafter", "unit_checker", "handler", "outsider", "co_handler"):
        with acting_as(cast[who]), transaction.atomic():
            assert not OutgoingDocument.objects.filter(pk=letter.document_id).exists(), who
    with acting_as(cast.leader), transaction.atomic():
        assert OutgoingDocument.objects.filter(pk=letter.document_id).exists()


def test_whoever_is_named_later_is_kept_from_the_letter_too(cast: Any, desk: Any) -> None:
    made = accepted(cast, desk.tick(), kind="ACCUSATION")
    letter = begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    brought(desk, letter, cast.petition_officer, "sign")
    with acting_as(cast.leader), transaction.atomic():
        assert OutgoingDocument.objects.filter(pk=letter.document_id).exists()
    petitions.correct(
        petition_id=made.pk, changes={"subject_person_id": cast.leader.person_id}, by=cast.petition_registrar,
        at=desk.tick(),
    )  # fmt: skip
    with acting_as(cast.leader), transaction.atomic():
        assert not OutgoingDocument.objects.filter(pk=letter.document_id).exists()


def opened(cast: Any, desk: Any, petition: Petition, by: Actor) -> int:
    asked = custody.ask_opening(
        petition_id=petition.pk,
        purpose="DELIVER",
        reason="把答复意见书寄送给信访人，需要姓名和通信地址。",
        by=by,
        at=desk.tick(),
    )
    custody.open_identity(opening_id=asked.pk, by=cast.petition_custodian, at=desk.tick())
    return int(asked.pk)


def test_the_cover_is_printed_under_an_opening_and_kept_nowhere(
    cast: Any, desk: Any, client_as: Any, caplog: Any
) -> None:
    rare = IdentityFacts(name="欧阳\U00030edd", address="江苏省南京市玄武区珠江路88号")
    made = accepted(cast, desk.tick(), identity=rare)
    letter = begun(desk, made, "ACCEPTANCE", cast.petition_officer)
    client = client_as(cast.petition_officer)
    address = f"/general-office/petitions/letters/{letter.pk}/cover/"
    with pytest.raises(WrongState):
        services.print_cover(letter_id=letter.pk, opening_id=1, by=cast.petition_officer, at=desk.tick())
    issued(desk, letter, cast.petition_officer)
    assert "No opening of the name is yours" in client.get(address).content.decode()
    opening = opened(cast, desk, made, cast.petition_officer)
    with caplog.at_level(logging.DEBUG):
        answer = services.print_cover(letter_id=letter.pk, opening_id=opening, by=cast.petition_officer, at=desk.tick())
    assert "珠江路88号" in pdf_text(answer).replace(" ", "")
    assert "30EDD" not in caplog.text and "欧阳" not in caplog.text
    with acting_as(SYSTEM), transaction.atomic():
        told = " ".join(str(row) for row in Entry.objects.values_list("act", "data"))
        assert "petition.cover_printed" in told and "珠江路" not in told
    with pytest.raises(Refused):  # another's opening is not one's own
        services.print_cover(letter_id=letter.pk, opening_id=opening, by=cast.petition_registrar, at=desk.tick())


def test_no_table_journal_search_or_file_name_holds_the_name_after_a_letter(cast: Any, desk: Any) -> None:
    made = answered(cast, desk.tick(), files=[GivenFile("欧阳晓明.txt", io.BytesIO("欧阳晓明".encode()))])
    letter = begun(desk, made, "OPINION", cast.handler)
    issued(desk, letter, cast.handler, checker="unit_checker")
    with acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            " and has_table_privilege('chancery_web', oid, 'select')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select lower(t::text) from "{table}" t')
            for (row,) in cursor.fetchall():
                assert not any(word in (row or "") for word in NOBODY_MAY), table
        assert SearchEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_one_letter_at_once_begin_one(cast: Any, desk: Any) -> None:
    made = accepted(cast, desk.tick())

    def begin() -> object:
        try:
            return services.begin_letter(
                petition_id=made.pk, kind="ACCEPTANCE", by=cast.petition_officer, at=desk.tick()
            )
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(lambda _n: begin(), range(2)))
    assert sorted(type(one).__name__ for one in got) == ["AlreadyBegun", "PetitionLetter"]
    with acting_as(SYSTEM), transaction.atomic():
        assert PetitionLetter.objects.count() == OutgoingDocument.objects.count() == 1


def test_the_page_of_a_petition_offers_shows_and_begins_letters(cast: Any, desk: Any, client_as: Any) -> None:
    made = accepted(cast, desk.tick())
    client = client_as(cast.petition_officer)
    page = f"/general-office/petitions/{made.pk}/"
    assert "Letter of acceptance" in client.get(page).content.decode()
    assert client.get("/general-office/petitions/letters/due/").content.decode().count(made.number) >= 1
    answer = client.post(f"/general-office/petitions/letters/{made.pk}/begin/ACCEPTANCE/")
    assert answer.status_code == 302 and client.get(answer["Location"]).status_code == 200
    assert "Letter of acceptance" in client.get("/general-office/petitions/letters/").content.decode()
    assert client.post(f"/general-office/petitions/letters/{made.pk}/begin/NONSENSE/").status_code == 404
    assert (
        client_as(cast.handler).post(f"/general-office/petitions/letters/{made.pk}/begin/OPINION/").status_code == 404
    )
    assert client_as(cast.outsider).get("/general-office/petitions/letters/").status_code == 403


def test_every_kind_is_worded_in_both_languages(cast: Any, desk: Any) -> None:
    with acting_as(SYSTEM), transaction.atomic():
        for language in ("zh-hans", "en"):
            made = assigned(cast, desk.tick(), language=language)
            for kind in LetterKind:
                title, text = queries.written(made, queries.Offer(kind, "FIRST", 1, FACTS))
                assert title and text and "{" not in title + text
                assert not any(word in (title + text).lower() for word in NOBODY_MAY)
                if language == "zh-hans":
                    assert title.endswith("函")
    assert SENDER.name
