"""From what has run out to its certificate, through the inbox and the pages, each by the least who may."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from chancery.departments.general_office.archives.appraisal import services
from chancery.departments.general_office.archives.appraisal.terms import DECISION_SUBJECT, LIST_SUBJECT
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import queries as procedures
from chancery.kernel.procedures.models import Mail
from chancery.kernel.procedures.services import complete
from chancery.kernel.records.archive.models import ArchivalItem
from chancery.kernel.records.archive.tests.shelf import filed
from chancery.kernel.records.disposal import queries as disposal
from chancery.kernel.records.disposal.models import AppraisalList, DestructionCertificate
from chancery.kernel.records.disposal.tests.lists import AT, judge, period_for_good, run_out
from chancery.kernel.records.files.models import StoredFile
from chancery.kernel.records.holds.services import Cover, place_hold

if TYPE_CHECKING:
    from django.test import Client

    from chancery.demo.cast import Cast

Enter = Callable[[Actor], "Client"]


def opened(cast: Cast, n: int = 2) -> AppraisalList:
    items = run_out(cast, n)
    return services.open_list(fonds_id=items[0].fonds_id, by=cast.archivist, at=AT)


def step(by: Actor, subject: str, outcome: str, opinion: str = "", **data: Any) -> None:
    with acting_as(by), transaction.atomic():
        matter = procedures.matter_of(subject)
        assert matter is not None
        [task] = procedures.open_tasks(matter.pk)
    complete(task_id=task["id"], outcome=outcome, opinion=opinion, data=data, by=by, at=AT)


def on_list(by: Actor, of: AppraisalList, outcome: str, opinion: str = "", **data: Any) -> None:
    step(by, LIST_SUBJECT.format(of.pk), outcome, opinion, **data)


def sent(cast: Cast, of: AppraisalList) -> None:
    posts = {"first_appraiser": cast.supervisor.post_id, "second_appraiser": cast.office_reviewer.post_id}
    on_list(cast.archivist, of, "SENT", **posts)


def state(of: AppraisalList, by: Actor) -> str:
    with acting_as(by), transaction.atomic():
        return AppraisalList.objects.get(pk=of.pk).state


def test_a_list_goes_through_five_hands_and_is_carried_out(cast: Cast, client_as: Enter) -> None:
    of = opened(cast)
    sent(cast, of)
    judge(cast, of)
    on_list(cast.supervisor, of, "SIGNED")
    on_list(cast.office_reviewer, of, "AGREED")
    on_list(cast.archive_head, of, "AGREED")
    on_list(cast.leader, of, "APPROVED")
    assert state(of, cast.archivist) == "APPROVED"
    with pytest.raises(Refused):
        on_list(cast.archivist, of, "DONE")
    address = f"/general-office/archives/appraisal/{of.pk}/destruction/"
    for who, act in ((cast.archivist, "DESTROYER"), (cast.supervisor, "SUPERVISOR")):
        client = client_as(who)
        shown = client.get(address)
        assert shown.status_code == 200
        given = {"act": act, "seen": shown.context["form"].initial["seen"], "understood": "on"}
        assert client.post(address, given).status_code == 302
    with acting_as(cast.archivist), transaction.atomic():
        certificate = DestructionCertificate.objects.get(list=of)
    assert client_as(cast.outsider).get(f"/general-office/archives/certificates/{certificate.pk}/").status_code == 200
    paper = f"/general-office/archives/certificates/{certificate.pk}/certificate.pdf"
    assert client_as(cast.outsider).get(paper).status_code == 404
    assert b"".join(client_as(cast.supervisor).get(paper).streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a FileResponse
    with acting_as(cast.archivist), transaction.atomic():
        kept = StoredFile.objects.get(pk=certificate.file_id)
    shown = client_as(cast.archivist).get(f"/general-office/archives/certificates/{certificate.pk}/").content.decode()
    twice = [b"".join(client_as(cast.archivist).get(paper).streaming_content) for _again in range(2)]  # type: ignore[attr-defined]  # a FileResponse
    assert {hashlib.sha256(one).hexdigest() for one in twice} == {kept.sha256}
    assert kept.sha256 in shown
    found = client_as(cast.outsider).get("/general-office/archives/certificates/", {"q": certificate.code})
    assert f"/certificates/{certificate.pk}/" in found.content.decode()
    on_list(cast.archivist, of, "DONE")
    assert state(of, cast.archivist) == "EXECUTED"


def test_a_withdrawn_list_asks_nobody_any_more(cast: Cast, client_as: Enter) -> None:
    of = opened(cast)
    sent(cast, of)
    address = f"/general-office/archives/appraisal/{of.pk}/"
    assert "withdraw/" not in client_as(cast.supervisor).get(address).content.decode()
    client = client_as(cast.archivist)
    assert "withdraw/" in client.get(address).content.decode()
    assert client.post(f"{address}withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}withdraw/", {"reason": "Drawn up too early."}).status_code == 302
    assert state(of, cast.archivist) == "WITHDRAWN"
    with acting_as(cast.archivist), transaction.atomic():
        matter = procedures.matter_of(LIST_SUBJECT.format(of.pk))
        assert matter is not None
        assert (matter.state, procedures.open_tasks(matter.pk)) == ("CLOSED", [])


def test_a_change_by_the_second_appraiser_goes_back_to_the_first(cast: Cast) -> None:
    of = opened(cast)
    sent(cast, of)
    judge(cast, of)
    on_list(cast.supervisor, of, "SIGNED")
    from chancery.kernel.records.disposal import queries
    from chancery.kernel.records.disposal.appraising.services import set_verdicts

    with acting_as(cast.office_reviewer), transaction.atomic():
        row = queries.rows(of.pk)[0]
    set_verdicts(
        list_id=of.pk, row_ids=[row["id"]], verdict="KEEP", reason="History.", by=cast.office_reviewer, at=AT
    )  # fmt: skip
    with pytest.raises(Refused):
        on_list(cast.office_reviewer, of, "AGREED")
    on_list(cast.office_reviewer, of, "RETURNED", "One is kept.")
    on_list(cast.supervisor, of, "SIGNED")
    on_list(cast.office_reviewer, of, "AGREED")
    assert state(of, cast.archivist) == "SUBMITTED"


def test_the_leader_sends_it_back_to_the_appraisers(cast: Cast) -> None:
    of = opened(cast)
    sent(cast, of)
    judge(cast, of)
    on_list(cast.supervisor, of, "SIGNED")
    on_list(cast.office_reviewer, of, "AGREED")
    on_list(cast.archive_head, of, "AGREED")
    on_list(cast.leader, of, "RETURNED", "Think of the jubilee.")
    assert state(of, cast.archivist) == "APPRAISAL"


def test_one_appraiser_twice_is_refused(cast: Cast) -> None:
    of = opened(cast)
    with pytest.raises(Refused) as refusal:
        post = cast.supervisor.post_id
        on_list(cast.archivist, of, "SENT", first_appraiser=post, second_appraiser=post)
    assert refusal.value.field == "second_appraiser"


def test_a_shorter_period_is_agreed_to_and_approved_by_others(cast: Cast) -> None:
    [item] = filed(cast, period=period_for_good(cast), dated_on=dt.date(2020, 5, 1))
    with acting_as(cast.archivist), transaction.atomic():
        by_schedule = ArchivalItem.objects.get(pk=item.pk).plan_class.period
    asked = services.ask_for_shorter_period(
        item_id=item.pk, period=by_schedule, reason="Filed too long.", basis="Letter 5", by=cast.archivist, at=AT
    )
    step(cast.archive_head, DECISION_SUBJECT.format(asked.pk), "AGREED")
    step(cast.leader, DECISION_SUBJECT.format(asked.pk), "APPROVED")
    with acting_as(cast.archivist), transaction.atomic():
        after = ArchivalItem.objects.get(pk=item.pk)
    assert after.period == by_schedule
    assert after.retain_until is not None


def test_the_pages_of_lists_are_for_those_who_have_a_part(cast: Cast, client_as: Enter) -> None:
    of = opened(cast)
    for path in ("", "run-out/", f"{of.pk}/"):
        assert client_as(cast.archivist).get(f"/general-office/archives/appraisal/{path}").status_code == 200
        assert client_as(cast.outsider).get(f"/general-office/archives/appraisal/{path}").status_code == 403
    # An appraiser of another list sees nothing of this one.
    assert client_as(cast.office_reviewer).get(f"/general-office/archives/appraisal/{of.pk}/").status_code == 404


def test_verdicts_are_given_in_the_browser_and_refused_at_their_field(cast: Cast, client_as: Enter) -> None:
    of = opened(cast)
    sent(cast, of)
    client = client_as(cast.supervisor)
    address = f"/general-office/archives/appraisal/{of.pk}/"
    with acting_as(cast.supervisor), transaction.atomic():
        picked = [str(row["id"]) for row in disposal.rows(of.pk)]
        version = AppraisalList.objects.get(pk=of.pk).version
    assert client.post(f"{address}verdict/", {"pick": picked}).status_code == 200
    given = {"pick": picked, "verdict": "DESTROY", "new_period": "", "reason": "", "version": version}
    assert client.post(f"{address}verdict/", given).status_code == 422
    wrong = {**given, "verdict": "EXTEND", "reason": "Why."}
    assert client.post(f"{address}verdict/", wrong).context["form"].errors.keys() == {"new_period"}
    assert client.post(f"{address}verdict/", {**given, "reason": "No value."}).status_code == 302
    stale = client.post(f"{address}verdict/", {**given, "reason": "Again."})
    assert stale.status_code == 422
    assert client_as(cast.archivist).post(f"{address}verdict/", given).status_code == 403


def test_a_sheet_goes_out_comes_back_with_faults_and_is_offered_marked(cast: Cast, client_as: Enter) -> None:
    of = opened(cast)
    sent(cast, of)
    client = client_as(cast.supervisor)
    address = f"/general-office/archives/appraisal/{of.pk}/"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}sheet.xlsx").content))
    sheet = book.worksheets[0]
    sheet.cell(2, 10, "DESTROY")
    sheet.cell(2, 12, "No value.")
    sheet.cell(3, 10, "Burn")
    content = io.BytesIO()
    book.save(content)
    upload = SimpleUploadedFile("back.xlsx", content.getvalue())
    answer = client.post(f"{address}sheets/new/", {"sheet": upload})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert len(page.context["faults"]) == 2
    marked = openpyxl.load_workbook(io.BytesIO(client.get(f"{answer['Location']}marked.xlsx").content))
    assert marked.worksheets[0].cell(3, 10).comment is not None
    assert client.post(answer["Location"]).status_code == 302
    with acting_as(cast.supervisor), transaction.atomic():
        assert sorted(row["verdict"] for row in disposal.rows(of.pk)) == ["", "DESTROY"]
    assert client.post(f"{address}sheets/new/", {"sheet": SimpleUploadedFile("x.xlsx", b"no")}).status_code == 422


def test_an_item_is_kept_longer_and_a_shorter_period_only_asked_for(cast: Cast, client_as: Enter) -> None:
    [item] = filed(cast)
    client = client_as(cast.archivist)
    address = f"/general-office/archives/items/{item.pk}/"
    shown = client.get(f"{address}longer-period/")
    longest = shown.context["form"].fields["period"].choices[0][0]
    assert client.post(f"{address}longer-period/", {"period": longest, "reason": ""}).status_code == 422
    assert client.post(f"{address}longer-period/", {"period": longest, "reason": "History."}).status_code == 302
    again = {"period": item.period, "reason": "R", "basis": "B"}
    assert client.post(f"{address}longer-period/", again).status_code in {200, 422}
    assert client.post(f"{address}shorter-period/", again).status_code == 302
    with acting_as(cast.archivist), transaction.atomic():
        assert ArchivalItem.objects.get(pk=item.pk).retain_until is None
    assert client_as(cast.outsider).get(f"{address}longer-period/").status_code == 403


def test_keepers_are_reminded_of_a_hold_without_being_told_its_name_by_mail(cast: Cast) -> None:
    [item] = filed(cast)
    place_hold(
        kind="LEGAL", title="Case Seven", reason="R", basis="B", review_on=dt.date(2026, 12, 1),
        covers=[Cover(item_id=item.pk)], by=cast.office_head, at=AT,
    )  # fmt: skip
    for days, written in ((7, 0), (8, 2), (9, 0), (15, 2)):
        at = AT + dt.timedelta(days=days)
        assert services.remind_of_holds(by=SYSTEM, at=at) == written
    with acting_as(SYSTEM), transaction.atomic():
        assert not Mail.objects.filter(text__contains="Case Seven").exists()
