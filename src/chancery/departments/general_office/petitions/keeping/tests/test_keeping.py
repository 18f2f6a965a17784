"""A closed petition in the archive: filed, held, destroyed by two people; nothing readable is left of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError

from chancery.departments.general_office.outgoing_documents.filing import services as paper_filing
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.petitions import queries as petitions
from chancery.departments.general_office.petitions import services as core
from chancery.departments.general_office.petitions.custody import queries as custody
from chancery.departments.general_office.petitions.custody import services as custody_services
from chancery.departments.general_office.petitions.handling import services as handling
from chancery.departments.general_office.petitions.handling.tests.office import AT, answered, later, seen
from chancery.departments.general_office.petitions.keeping import queries, services
from chancery.departments.general_office.petitions.letters import queries as letters
from chancery.departments.general_office.petitions.letters.register.queries import due_rows
from chancery.departments.general_office.petitions.letters.tests.writing import begun, issued
from chancery.departments.general_office.petitions.models import Petition, PetitionFile, PetitionText
from chancery.departments.general_office.petitions.rules import WrongState
from chancery.departments.general_office.petitions.second import services as second
from chancery.departments.general_office.petitions.terms import State
from chancery.departments.general_office.petitions.tests.desk import WORDS, text_file
from chancery.foundations import vault
from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import store
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.models import Opinion
from chancery.kernel.records.archive.models import ArchivalItem, ItemPart
from chancery.kernel.records.archive.services import file_item, set_state
from chancery.kernel.records.archive.tests.shelf import leaf, plan_of
from chancery.kernel.records.disposal.destruction.tasks import sweep_destroyed
from chancery.kernel.records.disposal.rules import HeldItem
from chancery.kernel.records.disposal.tests import lists
from chancery.kernel.records.fileplan import queries as plans
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.files.queries import open_file
from chancery.kernel.records.holds.models import Hold
from chancery.kernel.records.holds.services import lift_hold

pytestmark = pytest.mark.django_db
LATER = later(120)


def closed(cast: Any, at: dt.datetime = AT, **more: Any) -> Petition:
    """Answered, and closed because nobody asked for review in time."""
    made = answered(cast, at, **more)
    with acting_as(SYSTEM), transaction.atomic():
        second.close_answered(by=SYSTEM, at=later(100, at))
    assert seen(made).state == State.CLOSED
    return made


def item_of(petition: Petition) -> ArchivalItem:
    with acting_as(SYSTEM), transaction.atomic():
        return ArchivalItem.objects.get(subject=queries.subject_of(petition))


def run_out(cast: Any, petition: Petition) -> ArchivalItem:
    """Filed as if it had been closed long ago, and taken over by the archive."""
    place = leaf(cast)
    with acting_as(SYSTEM), transaction.atomic():
        facts = services.gather(subject=queries.subject_of(petition), by=SYSTEM, at=LATER)
        assert facts is not None
        facts = dataclasses.replace(facts, dated_on=lists.LONG_AGO, plan_class_id=place.pk, period=None)
        item = file_item(facts=facts, by=SYSTEM, at=LATER)
        for state in ("OFFERED", "HELD"):
            set_state(item_ids=[item.pk], state=state, by=SYSTEM, at=LATER)
        return ArchivalItem.objects.get(pk=item.pk)


def test_a_closed_petition_becomes_an_item_of_its_letters_and_the_register(cast: Any, desk: Any) -> None:
    plan_of(cast)
    made = closed(cast, files=[text_file("欧阳晓明")])
    letter = begun(desk, made, "OPINION", cast.handler)
    paper = issued(desk, letter, cast.handler, checker="unit_checker")
    services.file_petition(petition_id=made.pk, by=cast.petition_registrar, at=desk.tick())
    item = item_of(made)
    assert (item.kind, item.document_number, item.label) == ("petition", made.number, 20)
    assert item.guard_id == item.content_guard_id == made.guard_id
    with acting_as(SYSTEM), transaction.atomic():
        parts = dict(ItemPart.objects.filter(item=item).values_list("role", "file_id"))
        assert set(parts) == {"REPLY", "METADATA"}
        shas = StoredFile.objects.filter(pk__in=[parts["REPLY"], paper.sealed_file_id]).values_list("sha256", flat=True)
        assert len(set(shas)) == 1  # the sealed paper itself
        with open_file(StoredFile.objects.get(pk=parts["METADATA"])) as content:
            told = content.read().decode()
    assert made.number in told and not any(word in told.lower() for word in WORDS)


@pytest.mark.parametrize("profile", ["cn", "neutral"])
def test_the_shipped_plans_have_a_place_for_petitions(profile: str) -> None:
    shipped = plans.read_shipped(profile)
    assert sum("petition" in row["proposes"] for row in shipped.classes) == 1


def test_what_is_open_asked_for_or_on_its_way_is_not_filed(cast: Any, desk: Any) -> None:
    plan_of(cast)
    early = answered(cast, desk.tick())
    with pytest.raises(Refused, match="not closed"):
        services.file_petition(petition_id=early.pk, by=cast.petition_officer, at=desk.tick())
    made = closed(cast)
    letter = begun(desk, made, "OPINION", cast.handler)
    with pytest.raises(Refused, match="not issued"):
        services.file_petition(petition_id=made.pk, by=cast.petition_officer, at=desk.tick())
    issued(desk, letter, cast.handler, checker="unit_checker")
    custody_services.ask_opening(
        petition_id=made.pk, purpose="DELIVER", reason="把答复意见书寄送给信访人，需要通信地址。",
        by=cast.petition_officer, at=desk.tick(),
    )  # fmt: skip
    with pytest.raises(Refused, match="who petitions is open"):
        services.file_petition(petition_id=made.pk, by=cast.petition_officer, at=desk.tick())


def test_only_registrars_and_officers_file_and_only_once(cast: Any) -> None:
    plan_of(cast)
    made = closed(cast)
    with pytest.raises(Refused):
        services.file_petition(petition_id=made.pk, by=cast.petition_custodian, at=LATER)
    with acting_as(cast.petition_officer), transaction.atomic():
        assert letters.open_offers(seen(made)) and due_rows().filter(pk=made.pk).exists()
    services.file_petition(petition_id=made.pk, by=cast.petition_officer, at=LATER)
    with acting_as(cast.petition_officer), transaction.atomic():  # what lies in the archive is complete
        assert not letters.open_offers(seen(made)) and not due_rows().filter(pk=made.pk).exists()
    with pytest.raises(Refused, match=r"filed already|was filed"):
        services.file_petition(petition_id=made.pk, by=cast.petition_officer, at=LATER)


def test_a_letter_is_filed_with_its_petition_and_not_by_itself(cast: Any, desk: Any) -> None:
    plan_of(cast)
    made = closed(cast)
    letter = begun(desk, made, "OPINION", cast.handler)
    paper = issued(desk, letter, cast.handler, checker="unit_checker")
    with acting_as(SYSTEM), transaction.atomic():
        assert paper_filing.file_as_item(document_id=paper.pk, by=SYSTEM, at=desk.tick()) is None
        subject = f"general_office.OutgoingDocument:{paper.pk}"
        assert paper_filing.gather(subject=subject, by=SYSTEM, at=desk.tick()) is None


def test_what_is_opened_again_is_held_until_a_keeper_lifts_it(cast: Any) -> None:
    made = closed(cast)
    item = run_out(cast, made)
    of = lists.approved(cast, items=[item])
    handling.reopen(petition_id=made.pk, reason="问题未解决。", by=cast.petition_officer, at=LATER)
    with acting_as(SYSTEM), transaction.atomic():
        [hold] = Hold.objects.filter(covers__item=item)
        assert (hold.kind, hold.lifted_at) == ("PETITION", None)
    with pytest.raises(HeldItem):
        lists.destroy(cast, of)
    core.set_state(petition_id=made.pk, state=State.CLOSED, by=cast.petition_officer, at=LATER)
    with acting_as(SYSTEM), transaction.atomic():
        assert Hold.objects.get(pk=hold.pk).lifted_at is None  # only a person lifts it
    with pytest.raises(HeldItem):
        lists.destroy(cast, of)
    lift_hold(hold_id=hold.pk, reason="Closed again.", by=cast.office_head, at=LATER)
    lists.destroy(cast, of)
    assert item_of(made).state == "DESTROYED"


def readable(petition: Petition) -> list[str]:
    """Every trace of what was written, by table, that anybody with the keys could still read."""
    found = []
    with connection.cursor() as cursor:
        for table, column in (("petitiontext", "masked"), ("petitionfile", "wrapped")):
            cursor.execute(
                f"select 1 from general_office_{table} where petition_id = %s and length({column}) > 0",
                [petition.pk],
            )
            found += [table for _row in cursor.fetchall()]
    return found


@pytest.mark.django_db(transaction=True)  # the owner looks at what is committed
def test_destruction_by_two_leaves_a_stub_and_nothing_that_could_be_read(
    cast: Any, desk: Any, owner_connection: Any
) -> None:
    made = closed(cast, files=[text_file("欧阳晓明说的话")])
    letter = begun(desk, made, "OPINION", cast.handler)
    paper = issued(desk, letter, cast.handler, checker="unit_checker")
    item = run_out(cast, made)
    with acting_as(SYSTEM), transaction.atomic():
        texts = list(PetitionText.objects.filter(petition=made))
        file = PetitionFile.objects.select_related("stored").get(petition=made)
        assert readable(made) and custody.has_identity(made.pk)
        assert vault.unseal_text(bytes(texts[0].masked), custody.masked_context(texts[0].ref))
    certificate = lists.destroy(cast, lists.approved(cast, items=[item]))
    sweep_destroyed(certificate_id=certificate.pk)
    with acting_as(SYSTEM), transaction.atomic():
        assert readable(made) == [] and not custody.has_identity(made.pk)
        assert all(not one["text"] for one in petitions.texts(made.pk, SYSTEM))
        assert not store().has(file.stored.sha256)
        left = Petition.objects.get(pk=made.pk)
        assert (left.number, left.state, left.subject_person_id) == (made.number, State.CLOSED, None)
        after = OutgoingDocument.objects.get(pk=paper.pk)
        assert after.body == {} and after.number == paper.number
        assert not store().has(StoredFile.objects.get(pk=paper.sealed_file_id).sha256)
        assert set(Opinion.objects.filter(matter_id=paper.matter_id).values_list("text", flat=True)) <= {""}
    counted = owner_connection.execute(
        "select (select count(*) from general_office_petitionidentity),"
        " (select count(*) from general_office_petitionoriginal)"
    ).fetchone()
    assert tuple(counted.values() if isinstance(counted, dict) else counted) == (0, 0)
    with acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            " and has_table_privilege('chancery_web', oid, 'select')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{table}" t')
            told = "\n".join(row or "" for (row,) in cursor.fetchall())
            assert "一处计分错误" not in told and "要求复核评审结果" not in told, table


def test_what_was_destroyed_is_not_opened_again(cast: Any) -> None:
    made = closed(cast)
    item = run_out(cast, made)
    lists.destroy(cast, lists.approved(cast, items=[item]))
    with pytest.raises(WrongState, match="destroyed"):
        handling.reopen(petition_id=made.pk, reason="问题未解决。", by=cast.petition_officer, at=LATER)


def test_nothing_is_taken_of_what_was_not_destroyed(cast: Any) -> None:
    plan_of(cast)
    made = closed(cast)
    services.file_petition(petition_id=made.pk, by=cast.petition_officer, at=LATER)
    item = item_of(made)
    for who in (SYSTEM, cast.archivist, cast.petition_officer):
        with pytest.raises((DatabaseError, IntegrityError)), acting_as(who), transaction.atomic():
            services.purge(item.pk, queries.subject_of(made))
    with acting_as(SYSTEM), transaction.atomic():
        assert readable(made)


def test_several_are_filed_at_once_and_what_hinders_one_does_not_keep_the_others(cast: Any, client_as: Any) -> None:
    plan_of(cast)
    first, second_one = closed(cast), closed(cast)
    hindered = answered(cast)
    client = client_as(cast.petition_officer)
    address = "/general-office/petitions/keeping/file/"
    assert client.post(address).status_code == 422
    answer = client.post(address, {"pick": [first.pk, second_one.pk, hindered.pk]}, follow=True)
    told = [str(one) for one in answer.context["messages"]]
    assert told[0] == "2 petitions filed." and told[1].startswith(f"{hindered.number} ") and len(told) == 2
    assert item_of(first).code != item_of(second_one).code and queries.item_of(hindered.pk) is None
    assert client_as(cast.handler).post(address, {"pick": [first.pk]}).status_code == 403


def test_the_pages_list_file_and_show(cast: Any, client_as: Any) -> None:
    plan_of(cast)
    made = closed(cast)
    client = client_as(cast.petition_registrar)
    assert made.number in client.get("/general-office/petitions/keeping/").content.decode()
    address = f"/general-office/petitions/keeping/{made.pk}/file/"
    shown = client.get(address)
    answer = client.post(address, shown.context["form"].initial)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    assert item_of(made).code in page
    assert made.number not in client.get("/general-office/petitions/keeping/").content.decode()
    assert client_as(cast.handler).get("/general-office/petitions/keeping/").status_code == 403
