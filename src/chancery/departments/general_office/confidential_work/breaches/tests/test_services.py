"""Breach reports: a clock, a chase, a result."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.urls import reverse

from chancery.departments.general_office.confidential_work.breaches import queries, services
from chancery.departments.general_office.confidential_work.breaches.models import Breach
from chancery.departments.general_office.confidential_work.breaches.tasks import chase_overdue_breaches
from chancery.departments.general_office.confidential_work.breaches.terms import State
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal.queries import history
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures import services as verbs
from chancery.kernel.procedures.notices.models import Notice
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.records.rules import SecretMarking

if TYPE_CHECKING:
    from chancery.demo.cast import Cast


def _reported(cast: Cast, **more: Any) -> Breach:
    at = clock.now()
    facts = {"what": "LEAKED", "account": "seen on a desk", "found_at": at - dt.timedelta(hours=1), "alias": "Box 7"}
    return services.report_breach(**(facts | more), by=cast.drafter, at=at)


def test_anybody_reports_and_only_officer_authority_and_reporter_see_it(cast: Cast) -> None:
    breach = _reported(cast)
    assert breach.due_at > breach.found_at
    for key in ("drafter", "confidential_officer", "classifier"):
        with acting_as(cast[key]):
            assert queries.breach(breach.pk) is not None
    for key in ("outsider", "office_head", "handler"):
        with acting_as(cast[key]):
            assert queries.breach(breach.pk) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"account": ""}, "account"),
        ({"alias": "关于人事的报告"}, "alias"),
        ({"found_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC)}, "found_at"),
    ],
)
def test_what_is_not_a_report_is_refused_at_its_field(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        _reported(cast, **wrong)
    assert refused.value.field == field


def test_no_marking_in_the_account(cast: Cast) -> None:
    with pytest.raises(SecretMarking):
        _reported(cast, account="the paper says 机密★20年")
    with acting_as(cast.confidential_officer):
        assert not Breach.objects.exists()


def _step_of(breach: Breach, who: Any) -> str:
    with acting_as(who), transaction.atomic():
        waiting = queries.task_of(breach.pk, who)
    return waiting[1] if waiting else ""


def test_it_is_closed_after_the_report_with_a_result_by_the_authority(cast: Cast) -> None:
    breach = _reported(cast)
    at = clock.now()
    officer, authority = cast.confidential_officer, cast.classifier
    with pytest.raises(Refused):
        services.close_breach(breach_id=breach.pk, result="found", by=authority, at=at)
    with pytest.raises(Refused):
        services.tell_authority(breach_id=breach.pk, reported_to="the bureau", by=cast.drafter, at=at)
    services.tell_authority(breach_id=breach.pk, reported_to="the bureau", by=officer, at=at)
    services.note_measures(breach_id=breach.pk, measures="locked the room", by=cast.drafter, at=at)
    with pytest.raises(Refused) as empty:
        services.close_breach(breach_id=breach.pk, result=" ", by=authority, at=at)
    assert empty.value.field == "result"
    for other in (cast.drafter, officer):
        with pytest.raises(Refused):
            services.close_breach(breach_id=breach.pk, result="found", by=other, at=at)
    assert services.close_breach(breach_id=breach.pk, result="found", by=authority, at=at).state == State.CLOSED


def test_whoever_must_act_finds_the_step_in_the_inbox(cast: Cast, client_as: Any) -> None:
    at = clock.now()
    officer, authority = cast.confidential_officer, cast.classifier
    breach = _reported(cast)
    steps = [(_step_of(breach, officer), _step_of(breach, authority))]
    assert breach.number in client_as(officer).get(reverse("procedures:inbox")).content.decode()
    services.tell_authority(breach_id=breach.pk, reported_to="the bureau", by=officer, at=at)
    steps.append((_step_of(breach, officer), _step_of(breach, authority)))
    services.ask_more(breach_id=breach.pk, note="change the lock", by=authority, at=at)
    steps.append((_step_of(breach, officer), _step_of(breach, authority)))
    services.remedy(breach_id=breach.pk, measures="lock changed", by=officer, at=at)
    steps.append((_step_of(breach, officer), _step_of(breach, authority)))
    assert steps == [("report", ""), ("", "close"), ("remedy", ""), ("", "close")]
    services.close_breach(breach_id=breach.pk, result="mended", by=authority, at=at)
    with acting_as(officer), transaction.atomic():
        matter = procedures.matter_of(queries.subject_of(breach.pk))
        assert matter is not None
        assert (matter.state, queries.breach(breach.pk).measures.endswith("lock changed")) == ("CLOSED", True)  # type: ignore[union-attr]  # it is there


def test_the_report_is_due_when_the_rulebook_says(cast: Cast) -> None:
    breach = _reported(cast)
    hours = float(rulebook.number("breach.report", on=clock.today()))
    with acting_as(cast.confidential_officer), transaction.atomic():
        matter = procedures.matter_of(queries.subject_of(breach.pk))
        assert matter is not None
        (task,) = procedures.open_tasks(matter.pk)
    assert breach.due_at - breach.found_at == dt.timedelta(hours=hours)
    assert task["due_on"] == matter.due_on == clock.date_of(breach.due_at)


def test_what_the_authority_found_is_closed_by_the_officer(cast: Cast) -> None:
    at, officer, authority = clock.now(), cast.confidential_officer, cast.classifier
    breach = services.report_breach(what="OTHER", account="a door", found_at=at, by=authority, at=at)
    services.tell_authority(breach_id=breach.pk, reported_to="the bureau", by=officer, at=at)
    with pytest.raises(Refused):
        services.close_breach(breach_id=breach.pk, result="found", by=authority, at=at)
    assert services.close_breach(breach_id=breach.pk, result="found", by=officer, at=at).state == State.CLOSED


def test_its_matter_is_neither_closed_by_hand_nor_taken_back(cast: Cast, client_as: Any) -> None:
    at, officer = clock.now(), cast.confidential_officer
    breach = _reported(cast)
    with acting_as(officer), transaction.atomic():
        matter = procedures.matter_of(queries.subject_of(breach.pk))
        assert matter is not None
        (task,) = procedures.open_tasks(matter.pk)
    with pytest.raises(Refused):
        verbs.close(matter_id=matter.pk, reason="done with it", by=SYSTEM, at=at)
    services.tell_authority(breach_id=breach.pk, reported_to="the bureau", by=officer, at=at)
    with pytest.raises(Refused):
        verbs.recall(task_id=task["id"], reason="too early", by=officer, at=at)
    page = client_as(officer).get(reverse("procedures:matter", args=[matter.pk]))
    assert "seen on a desk" in page.content.decode()
    assert (
        "seen on a desk"
        not in client_as(cast.office_head).get(reverse("procedures:matter", args=[matter.pk])).content.decode()
    )


def test_an_overdue_report_is_chased_once_a_day(cast: Cast) -> None:
    breach = _reported(cast, found_at=clock.now() - dt.timedelta(days=9))
    for _again in range(2):
        chase_overdue_breaches(timestamp=int(clock.now().timestamp()))
    with acting_as(cast.confidential_officer):
        assert [line["act"] for line in history(breach)].count("breach.chased") == 1
        told = Notice.objects.filter(kind=NoticeKind.OVERDUE, matter__subject=queries.subject_of(breach.pk))
        assert told.count() >= 1


def test_pages_of_breaches(cast: Cast, client_as: Any) -> None:
    drafter, officer = client_as(cast.drafter), client_as(cast.confidential_officer)
    form = {"what": "OTHER", "found_at": "2026-01-05T09:00", "account": "a door stood open"}
    assert drafter.post(reverse("general_office:breach_new"), {**form, "account": ""}).status_code == 422
    page = drafter.post(reverse("general_office:breach_new"), form)["Location"]
    assert drafter.get(page).status_code == 200
    assert client_as(cast.outsider).get(page).status_code == 404
    assert officer.post(page, {"act": "close", "result": "x"}).status_code == 409
    assert officer.post(page, {"act": "report", "reported_to": "the bureau"}).status_code == 302
    assert officer.post(page, {"act": "close", "result": "x"}).status_code == 409
    authority = client_as(cast.classifier)
    assert authority.post(page, {"act": "close", "result": ""}).status_code == 422
    assert authority.post(page, {"act": "more", "opinion": "change the lock"}).status_code == 302
    assert officer.post(page, {"act": "remedy", "measures": "changed"}).status_code == 302
    assert authority.post(page, {"act": "close", "result": "door mended"}).status_code == 302
    assert officer.get(reverse("general_office:breaches")).status_code == 200
