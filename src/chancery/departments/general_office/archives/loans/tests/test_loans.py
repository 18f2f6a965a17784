"""Lending originals: what may leave, for how long, extended, urged, brought back; and never twice at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from chancery.departments.general_office.archives.loans import queries, services
from chancery.departments.general_office.archives.loans.models import Loan
from chancery.departments.general_office.archives.loans.terms import Condition
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures.deadlines import services as deadlines
from chancery.kernel.procedures.models import Matter, Notice, Task
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.records.archive.boxes.services import box_up
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.services import set_state
from chancery.kernel.records.archive.terms import Carrier, ItemState
from chancery.kernel.records.archive.tests.shelf import filed

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def item(cast: Cast) -> ArchivalItem:
    return filed(cast, carrier=Carrier.PAPER)[0]


def lend(cast: Cast, code: str, to: tuple[str, str] = ("outsider", "IA"), **said: object) -> Loan:
    told = {"purpose": "For the anniversary", **said}
    return services.lend(code=code, borrower_post_id=cast.posts[to], by=cast.archivist, at=AT, **told)  # type: ignore[arg-type]  # told by name


def refused(act: Callable[[], object]) -> str | None:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    return caught.value.field


def test_lent_it_waits_with_the_borrower_until_it_is_back(cast: Cast, item: ArchivalItem) -> None:
    loan = lend(cast, item.code)
    with acting_as(cast.outsider):
        assert Task.objects.filter(matter_id=loan.matter_id, done_at=None).exists()
    services.take_back(loan_id=loan.pk, condition=Condition.SOUND, by=cast.archivist, at=AT)
    with acting_as(cast.outsider):
        assert Matter.objects.get(pk=loan.matter_id).state != "OPEN"
    assert lend(cast, item.code).pk != loan.pk


def test_what_is_not_here_or_must_stay_is_not_lent(cast: Cast, item: ArchivalItem) -> None:
    assert refused(lambda: lend(cast, "no such code")) == "code"
    assert refused(lambda: lend(cast, filed(cast)[0].code)) == "code"
    assert refused(lambda: lend(cast, item.code, purpose=" ")) == "purpose"
    assert refused(lambda: lend(cast, item.code, due_on=TODAY + dt.timedelta(days=400))) == "due_on"
    assert refused(lambda: lend(cast, item.code, to=("archivist", "GO"))) == "borrower_post"
    lend(cast, item.code)
    assert refused(lambda: lend(cast, item.code)) == "code"
    offered = filed(cast, carrier=Carrier.PAPER)[0]
    set_state(item_ids=[offered.pk], state=ItemState.OFFERED, by=cast.archivist, at=AT)
    assert refused(lambda: lend(cast, offered.code)) == "code"


def test_a_box_is_out_with_what_lies_in_it(cast: Cast, item: ArchivalItem) -> None:
    box_up(item_ids=[item.pk], by=cast.archivist, at=AT)
    with acting_as(cast.archivist):
        box = ArchivalItem.objects.select_related("box").get(pk=item.pk).box
    assert box is not None
    lend(cast, box.code)
    assert refused(lambda: lend(cast, item.code)) == "code"


def test_raw_sql_lends_no_offered_item_and_changes_no_loan(cast: Cast, item: ArchivalItem) -> None:
    loan = lend(cast, item.code)
    services.take_back(loan_id=loan.pk, condition=Condition.SOUND, by=cast.archivist, at=AT)
    set_state(item_ids=[item.pk], state=ItemState.OFFERED, by=cast.archivist, at=AT)
    again = (
        "insert into general_office_loan (guard_id, fonds_id, item_id, code, borrower_id, borrower_post_id, purpose,"
        " lent_at, due_on, extensions, chased, condition, condition_note) select guard_id, fonds_id, item_id, code,"
        " borrower_id, borrower_post_id, purpose, lent_at, due_on, 0, 0, '', '' from general_office_loan where id = %s"
    )
    for text in (
        again,
        "update general_office_loan set returned_at = null where id = %s",
        "delete from general_office_loan where id = %s",
    ):
        with (
            pytest.raises(DatabaseError),
            acting_as(cast.archivist),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(text, [loan.pk])


def test_extended_before_it_is_due_and_not_too_often(cast: Cast, item: ArchivalItem) -> None:
    loan = lend(cast, item.code)

    def extend(at: dt.datetime = AT, why: str = "Still needed") -> Loan:
        return services.extend(loan_id=loan.pk, reason=why, by=cast.archivist, at=at)

    assert refused(lambda: extend(why="")) == "reason"
    assert refused(lambda: extend(at=AT + dt.timedelta(days=100))) == "reason"
    longer = extend()
    assert longer.due_on == queries.due_day(loan.due_on, extension=True)
    while longer.extensions < 5:
        try:
            longer = extend()
        except Refused as refusal:
            assert refusal.field == "reason"
            break
    else:
        pytest.fail("a loan was extended for ever")


def test_damage_is_described_and_a_return_is_noted_once(cast: Cast, item: ArchivalItem) -> None:
    loan = lend(cast, item.code)

    def back(condition: str, note: str = "") -> Loan:
        return services.take_back(loan_id=loan.pk, condition=condition, condition_note=note, by=cast.archivist, at=AT)

    assert refused(lambda: back("")) == "condition"
    assert refused(lambda: back(Condition.DAMAGED)) == "condition_note"
    back(Condition.DAMAGED, "Page 3 is torn")
    refused(lambda: back(Condition.SOUND))


def test_the_pages_lend_urge_and_take_back(
    cast: Cast, item: ArchivalItem, client_as: Callable[[Actor], Client]
) -> None:
    keeper, borrower = client_as(cast.archivist), client_as(cast.outsider)
    address = "/general-office/archives/loans/"
    assert borrower.get(f"{address}new/").status_code == 403
    assert "loans/new" in keeper.get(f"/records/archive/{item.pk}/").content.decode()
    told = {"code": "nothing", "borrower_post": cast.posts["outsider", "IA"], "purpose": "x"}
    assert keeper.post(f"{address}new/", told).status_code == 422
    made = keeper.post(f"{address}new/", {**told, "code": item.code})["Location"]
    assert keeper.get(made).status_code == 200
    with acting_as(cast.archivist), transaction.atomic():
        matter_id = Loan.objects.get().matter_id
    for page in (keeper, borrower):
        assert "Due back on" in page.get(f"/matters/{matter_id}/").content.decode()
    assert borrower.get(made).status_code == 200
    assert client_as(cast.handler).get(made).status_code == 404
    for act in ("extend/", "return/", "urge/"):
        assert keeper.get(made + act).status_code == 200
    assert keeper.post(f"{made}urge/", {"note": "Please"}).status_code == 302
    assert keeper.post(f"{made}return/", {"condition": "DAMAGED"}).status_code == 422
    assert keeper.post(f"{made}return/", {"condition": "SOUND"}).status_code == 302
    for standing in ("out", "overdue", "back"):
        assert keeper.get(f"{address}?standing={standing}").status_code == 200


def test_who_knows_of_the_item_learns_that_it_is_out_but_not_who_has_it(
    cast: Cast, item: ArchivalItem, client_as: Callable[[Actor], Client]
) -> None:
    lend(cast, item.code)
    shown = client_as(cast.personnel_handler).get(f"/records/archive/{item.pk}/").content.decode()
    assert "due back on" in shown
    assert "archives/loans/" not in shown


def test_the_log_says_which_loans_are_overdue(
    cast: Cast, item: ArchivalItem, client_as: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    loan = lend(cast, item.code)
    late = AT + dt.timedelta(days=100)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "Overdue</span>" in client_as(cast.archivist).get("/general-office/archives/loans/").content.decode()
    services.take_back(loan_id=loan.pk, condition=Condition.SOUND, by=cast.archivist, at=late)
    assert "Overdue</span>" not in client_as(cast.archivist).get("/general-office/archives/loans/").content.decode()


def notices(loan: Loan, kind: NoticeKind) -> list[int | None]:
    with acting_as(SYSTEM), transaction.atomic():
        return list(Notice.objects.filter(matter_id=loan.matter_id, kind=kind).values_list("post_id", flat=True))


def test_an_overdue_loan_is_chased_at_the_provisions_pace_and_each_notice_is_sent_once(
    cast: Cast, item: ArchivalItem
) -> None:
    loan = lend(cast, item.code)
    borrower = cast.posts["outsider", "IA"]
    every = rulebook.days("procedures.urge.overdue", on=TODAY)
    # Mondays at noon: the first after it is due, and one each week while it stays out.
    late = AT + dt.timedelta(days=7 * ((loan.due_on - TODAY).days // 7 + 2))
    for moment in (late, late + dt.timedelta(hours=1), late + dt.timedelta(days=7)):
        deadlines.mark_overdue(by=SYSTEM, at=moment)
    assert notices(loan, NoticeKind.OVERDUE) == [borrower]
    for moment in (late, late + dt.timedelta(hours=1)):
        deadlines.urge_by_the_clock(by=SYSTEM, at=moment)
    assert notices(loan, NoticeKind.URGED) == [borrower]
    deadlines.urge_by_the_clock(by=SYSTEM, at=late + dt.timedelta(days=7 * (1 + every // 5)))
    assert notices(loan, NoticeKind.URGED) == [borrower, borrower]
    services.take_back(loan_id=loan.pk, condition=Condition.SOUND, by=cast.archivist, at=late)
    assert deadlines.urge_by_the_clock(by=SYSTEM, at=late + dt.timedelta(days=70)) == 0


def test_an_extension_moves_the_borrowers_day(cast: Cast, item: ArchivalItem) -> None:
    loan = lend(cast, item.code)
    longer = services.extend(loan_id=loan.pk, reason="Still needed", by=cast.archivist, at=AT)
    with acting_as(cast.outsider), transaction.atomic():
        assert Task.objects.get(matter_id=loan.matter_id, done_at=None).due_on == longer.due_on


def test_a_loan_of_another_is_not_found_by_guessing(
    cast: Cast, item: ArchivalItem, client_as: Callable[[Actor], Client]
) -> None:
    loan = lend(cast, item.code)
    other = client_as(cast.handler)
    for key in range(loan.pk - 2, loan.pk + 3):
        assert other.get(f"/general-office/archives/loans/{key}/").status_code == 404
    assert loan.code not in other.get("/general-office/archives/loans/").content.decode()
