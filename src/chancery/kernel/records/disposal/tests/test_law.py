"""The database itself: raw SQL as the web role ends nothing, shortens nothing, and nobody does it alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.db import Error, connection, transaction

from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.disposal.appraising import services as appraising
from chancery.kernel.records.disposal.models import AppraisalList, DisposalAct
from chancery.kernel.records.disposal.terms import ActKind
from chancery.kernel.records.disposal.tests import lists
from chancery.kernel.records.holds.models import Hold
from chancery.kernel.records.holds.services import Cover, place_hold

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def raw(by: Actor, statement: str, given: list[Any]) -> None:
    """One statement, stamped as somebody, on the web role's own connection."""
    with acting_as(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given)


def refused(by: Actor, statement: str, *given: Any) -> str:
    with pytest.raises(Error) as error:
        raw(by, statement, list(given))
    return str(error.value)


def state_of(item: ArchivalItem) -> str:
    with acting_as(SYSTEM), transaction.atomic():
        return ArchivalItem.objects.get(pk=item.pk).state


WHO = ("archivist", "archive_head", "leader", "supervisor")


@pytest.mark.parametrize("who", WHO)
def test_an_item_is_neither_deleted_nor_ended_nor_shortened_by_hand(cast: Cast, who: str) -> None:
    [item] = lists.run_out(cast)
    for by in (cast[who], SYSTEM):
        refused(by, "delete from records_archivalitem where id = %s", item.pk)
        refused(by, "delete from records_itempart where item_id = %s", item.pk)
        refused(by, "update records_archivalitem set state = 'DESTROYED', ended_at = now() where id = %s", item.pk)
        refused(by, "update records_archivalitem set retain_until = '2009-01-01' where id = %s", item.pk)
        refused(by, "update records_archivalitem set period = 'D10' where id = %s", item.pk)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('chancery.period_decision', %s, true)", [str(item.pk)])
            with pytest.raises(Error), transaction.atomic():
                cursor.execute("update records_archivalitem set retain_until = '2009-01-01' where id = %s", [item.pk])
    assert state_of(item) == "HELD"


def number_for(cast: Cast) -> int:
    from chancery.kernel.records.numbers.services import issue_number

    return int(issue_number(series="destruction_certificate", year=2026, by=cast.archivist, at=lists.AT).pk)


APPROVE = "update records_appraisallist set state = 'APPROVED', approved_at = now() where id = %s"
DESTROY = "select records_destroy(%s, %s, %s, true)"


def test_the_function_destroys_nothing_unapproved_or_alone(cast: Cast) -> None:
    items = lists.run_out(cast, 2)
    of = lists.drawn(cast, items=items)
    lists.judge(cast, of)
    number = number_for(cast)
    assert "not approved" in refused(cast.archivist, DESTROY, of.pk, number, lists.AT)
    of = lists.approve(cast, of)
    assert "nobody destroys alone" in refused(cast.archivist, DESTROY, of.pk, number, lists.AT)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    assert "nobody destroys alone" in refused(cast.archivist, DESTROY, of.pk, number, lists.AT)
    assert {state_of(one) for one in items} == {"HELD"}


def test_one_person_cannot_put_both_names_nor_another_s(cast: Cast) -> None:
    of = lists.approved(cast, 1)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    put = (
        "insert into records_disposalact (list_id, act, person_id, post_id, at, what)"
        " values (%s, 'SUPERVISOR', %s, %s, now(), '')"
    )
    refused(cast.archivist, put, of.pk, cast.supervisor.person_id, cast.supervisor.post_id)
    refused(SYSTEM, put, of.pk, cast.supervisor.person_id, cast.supervisor.post_id)
    refused(cast.archive_head, put, of.pk, cast.archive_head.person_id, cast.archive_head.post_id)
    refused(cast.leader, put, of.pk, cast.leader.person_id, cast.leader.post_id)


def test_a_supervisor_who_is_also_archivist_is_still_one_person(cast: Cast) -> None:
    from chancery.kernel.access.roles.services import grant_role

    of = lists.approved(cast, 1)
    grant_role(
        post_id=cast.supervisor.post_id or 0, role="archivist", unit_id=cast.units["GO"],
        valid_from=dt.date(2026, 11, 1), by=SYSTEM, at=lists.AT,
    )  # fmt: skip
    lists.confirm(of, cast.supervisor, ActKind.SUPERVISOR)
    put = (
        "insert into records_disposalact (list_id, act, person_id, post_id, at, what)"
        " values (%s, 'DESTROYER', %s, %s, now(), '')"
    )
    assert "nobody destroys alone" in refused(cast.supervisor, put, of.pk, 0, 0)


def test_a_hold_placed_at_the_last_moment_stops_the_function(cast: Cast) -> None:
    items = lists.run_out(cast, 2)
    of = lists.approved(cast, items=items)
    lists.confirm(of, cast.archivist, ActKind.DESTROYER)
    sign = (
        "insert into records_disposalact (list_id, act, person_id, post_id, at, what)"
        " values (%s, 'SUPERVISOR', 0, 0, now(), '')"
    )
    raw(cast.supervisor, sign, [of.pk])
    place_hold(
        kind="LEGAL", title="Case 7", reason="Sued.", basis="Court 7", review_on=dt.date(2027, 1, 4),
        covers=[Cover(fonds_id=items[0].fonds_id, from_year=2000)], by=cast.office_head, at=lists.AT,
    )  # fmt: skip
    assert "is held" in refused(cast.supervisor, DESTROY, of.pk, number_for(cast), lists.AT)
    assert {state_of(one) for one in items} == {"HELD"}


def test_a_clock_set_forward_expires_nothing(cast: Cast) -> None:
    [item] = filed(cast, dated_on=dt.date(2025, 3, 1))
    with acting_as(cast.archivist), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('app.today', '2099-01-01', true)")
        cursor.execute("select records_disposal_day() < %s", [item.retain_until])
        assert cursor.fetchone() == (True,)


def test_a_list_is_not_approved_by_hand(cast: Cast) -> None:
    of = lists.drawn(cast, 1)
    lists.judge(cast, of)
    refused(
        cast.leader, "update records_appraisallist set state = 'APPROVED', approved_at = now() where id = %s", of.pk
    )
    refused(cast.leader, "update records_appraisallist set state = 'SUBMITTED' where id = %s", of.pk)
    for who in (cast.supervisor, cast.office_reviewer):
        appraising.sign_appraisal(list_id=of.pk, by=who, at=lists.AT)
    appraising.submit_list(list_id=of.pk, by=cast.office_reviewer, at=lists.AT)
    refused(
        cast.leader, "update records_appraisallist set state = 'APPROVED', approved_at = now() where id = %s", of.pk
    )
    refused(cast.leader, "update records_appraisallist set frozen_hash = 'x' where id = %s", of.pk)
    refused(cast.leader, "update records_appraisalrow set verdict = 'DESTROY', reason = 'x' where list_id = %s", of.pk)
    refused(
        cast.leader, "update records_appraisallist set state = 'EXECUTED', executed_at = now() where id = %s", of.pk
    )


def test_names_and_certificates_stay(cast: Cast) -> None:
    of = lists.approved(cast, 1)
    certificate = lists.destroy(cast, of)
    for by in (cast.archivist, SYSTEM):
        refused(by, "delete from records_disposalact where list_id = %s", of.pk)
        refused(by, "update records_disposalact set person_id = 1 where list_id = %s", of.pk)
        refused(by, "update records_destructioncertificate set item_count = 0 where id = %s", certificate.pk)
        refused(by, "update records_destructioncertificate set file_id = null where id = %s", certificate.pk)
        refused(by, "delete from records_destroyeditem where certificate_id = %s", certificate.pk)
    assert DisposalAct.objects.filter(list=of).count() == 0  # nobody is stamped: nothing shows


def test_a_hold_is_not_lifted_by_hand_alone(cast: Cast) -> None:
    [item] = lists.run_out(cast)
    hold = place_hold(
        kind="AUDIT", title="Audit", reason="Audit.", basis="A 1", review_on=dt.date(2027, 1, 4),
        covers=[Cover(item_id=item.pk)], by=cast.office_head, at=lists.AT,
    )  # fmt: skip
    lift = "update records_hold set lifted_at = now(), lifted_reason = 'x', lifted_person_id = %s where id = %s"
    refused(cast.office_head, lift, cast.office_head.person_id, hold.pk)
    refused(cast.office_head, lift, cast.auditor.person_id, hold.pk)
    refused(SYSTEM, lift, cast.auditor.person_id, hold.pk)
    refused(SYSTEM, "delete from records_hold where id = %s", hold.pk)
    refused(SYSTEM, "delete from records_holdcover where hold_id = %s", hold.pk)
    with acting_as(SYSTEM), transaction.atomic():
        assert Hold.objects.get(pk=hold.pk).lifted_at is None


def test_a_shorter_period_needs_both_names_in_the_database(cast: Cast) -> None:
    from chancery.kernel.records.disposal.periods.services import agree_shorter_period, ask_shorter_period

    [item] = filed(cast, period=lists.period_for_good(cast), dated_on=dt.date(2020, 5, 1))
    with acting_as(cast.archivist), transaction.atomic():
        owed = ArchivalItem.objects.get(pk=item.pk).plan_class.period
    asked = ask_shorter_period(
        item_id=item.pk, period=owed, reason="Too long.", basis="Letter 5", by=cast.archivist, at=lists.AT
    )
    shorten = "select records_shorten_period(%s, now())"
    assert "not approved" in refused(cast.leader, shorten, asked.pk)
    agree_shorter_period(decision_id=asked.pk, by=cast.archive_head, at=lists.AT)
    assert "not approved" in refused(cast.leader, shorten, asked.pk)
    refused(
        cast.leader, "update records_perioddecision set state = 'APPROVED', decided_at = now() where id = %s", asked.pk
    )


def test_an_approved_list_is_the_leader_s_and_nobody_s_who_judged(cast: Cast) -> None:
    of = lists.approved(cast, 1)
    with acting_as(cast.archivist), transaction.atomic():
        approved = AppraisalList.objects.get(pk=of.pk)
        acts = dict(DisposalAct.objects.filter(list=of).values_list("act", "person_id"))
    assert approved.frozen_hash
    assert acts[ActKind.APPROVED] == cast.leader.person_id
    assert acts[ActKind.AGREED] == cast.archive_head.person_id
