"""Many at once: numbers without gap or double, and of two who press one wins."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from chancery.departments.general_office.outgoing_documents.issuing import services
from chancery.departments.general_office.outgoing_documents.issuing.models import Signature
from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import MONDAY, numbered
from chancery.departments.general_office.outgoing_documents.models import Addressee, OutgoingDocument
from chancery.departments.general_office.outgoing_documents.queries import text_hash
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.guards.services import add_readers
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records.numbers.models import IssuedNumber

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Run acts in threads of their own, begun together; what they raised."""
    raised: list[BaseException] = []
    together = threading.Barrier(len(acts))

    def run(act):
        try:
            with clock.fixed_at(MONDAY):
                together.wait(30)
                act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return raised


def test_two_who_press_number_at_once_give_one_number(desk):
    document = desk.bring_to("number")
    task = desk.task(document, "number")

    def press():
        procedures.complete(task_id=task["id"], outcome="NUMBERED", by=desk.cast.registrar, at=MONDAY)

    raised = at_once(press, press, press)
    assert len(raised) == 2
    assert all(isinstance(error, Refused) for error in raised)
    assert desk.fresh(document).number == numbered(1)
    with acting_as(SYSTEM), transaction.atomic():
        assert IssuedNumber.objects.filter(series="outgoing.pf").count() == 1


def test_a_double_click_with_one_token_seals_once(desk):
    desk.register_seal()
    document = desk.bring_to("seal")
    task = desk.task(document, "seal")

    def press():
        procedures.complete(task_id=task["id"], outcome="SEALED", act_token="t-1", by=desk.cast.seal_keeper, at=MONDAY)

    assert at_once(press, press) == []
    assert desk.fresh(document).state == "SEALED"


def test_cancelling_and_releasing_at_once_end_in_one_of_them(desk):
    desk.register_seal()
    document = desk.bring_to("release")
    task = desk.task(document, "release")

    def release():
        procedures.complete(task_id=task["id"], outcome="RELEASE", by=desk.cast.office_head, at=MONDAY)

    def cancel():
        procedures.complete(
            task_id=task["id"], outcome="CANCEL", opinion="不发了。", by=desk.cast.office_head, at=MONDAY
        )

    raised = at_once(release, cancel)
    assert len(raised) == 1
    fresh = desk.fresh(document)
    with acting_as(SYSTEM), transaction.atomic():
        number = IssuedNumber.objects.get(pk=fresh.issued_number_id)
    assert (fresh.state, number.state) in {("RELEASED", "ISSUED"), ("CANCELLED", "VOID")}


def rechecked(desk, many):
    """Papers that were signed and rechecked, as copies of one that went the way there."""
    first = desk.bring_to("number")
    readers = [(desk.cast[who].post_id, None, None) for who in ("seal_keeper", "office_head")]
    add_readers(guard_id=first.guard_id, readers=readers, how="task", by=SYSTEM, at=MONDAY)
    with acting_as(SYSTEM), transaction.atomic():
        addressees = list(Addressee.objects.filter(document=first).values("part", "position", "unit_id"))
        found = []
        for _serial in range(many):
            copy = OutgoingDocument.objects.get(pk=first.pk)
            copy.pk, copy.matter_id, copy.state, copy.act_token = None, None, "DRAFT", None
            copy.signed_hash, copy.signed_at, copy.signed_person_id, copy.dated_on = "", None, None, None
            copy.matter_id = procedures.open_matter(
                procedure="outgoing_document",
                title=first.title,
                unit_id=first.unit_id,
                guard_id=first.guard_id,
                data={"office_unit": desk.cast.units["GO"], "drafter_post": first.drafter_post_id},
                by=SYSTEM,
                at=MONDAY,
            ).pk
            copy.state = "UNDER_WAY"
            copy.save(force_insert=True)
            Addressee.objects.bulk_create(Addressee(document=copy, **one) for one in addressees)
            copy.state, copy.dated_on = "SIGNED", first.dated_on
            copy.signed_hash = text_hash(copy)
            copy.signed_at, copy.signed_person_id = MONDAY, desk.cast.leader.person_id
            Signature.objects.create(
                document=copy,
                text_hash=copy.signed_hash,
                version=1,
                person_id=desk.cast.leader.person_id,
                signed_at=MONDAY,
                rechecked_at=MONDAY,
                rechecked_person_id=desk.cast.first_checker.person_id,
            )
            copy.save()
            found.append(copy.pk)
    return found


@pytest.mark.slow
def test_two_hundred_at_once_in_one_series_take_two_hundred_consecutive_numbers(desk):
    desk.register_seal()
    papers = rechecked(desk, 200)
    registrar, keeper, releaser = (desk.cast[who] for who in ("registrar", "seal_keeper", "office_head"))

    def issue(share):
        def act():
            for document_id in share:
                services.give_number(document_id=document_id, by=registrar, at=MONDAY)
                services.set_and_seal(document_id=document_id, by=keeper, at=MONDAY)
                services.release(document_id=document_id, by=releaser, at=MONDAY)

        return act

    assert at_once(*(issue(papers[first::8]) for first in range(8))) == []
    with acting_as(SYSTEM), transaction.atomic():
        rows = OutgoingDocument.objects.filter(pk__in=papers).values_list("state", "number")
        assert {state for state, _number in rows} == {"RELEASED"}
        values = sorted(IssuedNumber.objects.filter(series="outgoing.pf").values_list("value", flat=True))
    assert values == list(range(1, 201))
    assert {number for _state, number in rows} == {numbered(value) for value in values}
