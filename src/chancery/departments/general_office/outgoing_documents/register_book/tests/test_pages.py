"""The register's pages: what they show, to whom, and at what cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import MONDAY, numbered
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.register_book import queries as book
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.tokens.services import make_token

pytestmark = pytest.mark.django_db
REGISTER = "general_office:outgoing"


def bearer(actor, *scopes):
    """A client with a token of the actor."""
    _token, key = make_token(
        name="t", scopes=list(scopes), expires_at=MONDAY + dt.timedelta(days=1), by=actor, at=MONDAY
    )
    return Client(headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def issued(desk):
    """A released paper, and one whose number was voided."""
    desk.register_seal()
    released = desk.bring_to("dispatch")
    cancelled = desk.bring_to("seal", title="关于暂停申报的通知")
    return released, desk.press(cancelled, "seal", "CANCEL", "seal_keeper", "内容重复。")


def test_the_register_lists_finds_filters_and_exports(desk, issued, client_as):
    registrar = client_as(desk.cast.registrar)
    page = registrar.get(reverse(REGISTER)).content.decode()
    assert numbered(1) in page
    assert numbered(2) in page
    found = registrar.get(reverse(REGISTER), {"q": numbered(1).replace("〔", "[").replace("〕", "]")}).content.decode()
    assert "关于报送2027年工作要点的通知" in found
    assert "关于暂停申报的通知" not in found
    assert numbered(2) not in registrar.get(reverse(REGISTER), {"state": "RELEASED"}).content.decode()
    export = registrar.get(reverse(REGISTER), {"export": "csv"})
    assert numbered(2) in b"".join(export.streaming_content if export.streaming else [export.content]).decode()


def test_the_numbers_of_a_series_show_the_void_with_its_reason(desk, issued, client_as):
    address = reverse("general_office:outgoing_numbers", args=["pf", 2026])
    page = client_as(desk.cast.registrar).get(address).content.decode()
    assert "内容重复。" in page
    assert numbered(1) in page
    assert (
        client_as(desk.cast.registrar).get(reverse("general_office:outgoing_numbers", args=["none", 2026])).status_code
        == 404
    )


def test_who_sees_only_some_numbers_is_told_why_others_are_not_listed(desk, issued):
    with acting_as(SYSTEM):
        rows = list(book.numbers("pf", 2026).order_by("value"))
    assert [book.unseen_before(row) for row in rows] == ["", ""]
    assert "1–3" in book.unseen_before({"before": 0, "value": 4})
    assert book.unseen_before({"before": 2, "value": 4}).startswith("3:") or "3" in book.unseen_before(
        {"before": 2, "value": 4}
    )


def test_a_chain_shows_what_replaced_what_and_is_walked_both_ways(desk, client_as):
    desk.register_seal()
    first = desk.bring_to("dispatch")
    second = desk.bring_to(
        "dispatch", title="关于修订报送办法的通知", relations=[{"kind": "SUPERSEDES", "earlier_id": first.pk}]
    )
    third = desk.bring_to(
        "unit_check", title="关于废止报送办法的通知", relations=[{"kind": "ABOLISHES", "earlier_id": second.pk}]
    )
    reader = client_as(desk.cast.drafter)
    for document in (first, second, third):
        page = reader.get(reverse("general_office:outgoing_chain", args=[document.pk])).content.decode()
        assert page.count('class="chain-paper') == 3
        assert page.count("is-here") == 1
    with acting_as(desk.cast.drafter):
        columns = [[paper.id for paper in papers] for _did, papers in book.chain(third).columns]
    assert columns == [[first.pk], [second.pk], [third.pk]]


def test_figures_count_what_was_issued_and_how_long_it_took(desk, issued, client_as):
    with acting_as(desk.cast.registrar):
        found = book.year_figures(2026)
    assert (found.issued, found.cancelled, found.withdrawn) == (1, 1, 0)
    assert found.median_days == found.longest_days
    assert sum(found.by_month) == 1
    assert {step.count for step in found.steps} <= {1, 2}
    assert client_as(desk.cast.registrar).get(reverse("general_office:outgoing_figures")).status_code == 200


def test_the_slip_is_printed_with_every_opinion(desk, issued, client_as):
    released, _cancelled = issued
    answer = client_as(desk.cast.registrar).get(reverse("general_office:outgoing_slip", args=[released.pk]))
    assert answer.content.startswith(b"%PDF-")
    with acting_as(desk.cast.registrar):
        told = book.slip(desk.fresh(released), MONDAY)
    assert [group["unit"] for group in told["opinions"]]
    assert told["number"] == numbered(1)


def test_who_never_had_it_in_hand_finds_it_nowhere(desk, issued, client_as):
    released, _cancelled = issued
    outsider = client_as(desk.cast.outsider)
    for name in ("outgoing_document", "outgoing_chain", "outgoing_slip"):
        assert outsider.get(reverse(f"general_office:{name}", args=[released.pk])).status_code == 404
    assert outsider.get(reverse("general_office:outgoing_paper_page", args=[released.pk, 1])).status_code == 404
    page = outsider.get(reverse(REGISTER)).content.decode()
    assert numbered(1) not in page
    export = outsider.get(reverse(REGISTER), {"export": "csv"})
    assert numbered(1) not in b"".join(export.streaming_content if export.streaming else [export.content]).decode()
    numbers = outsider.get(reverse("general_office:outgoing_numbers", args=["pf", 2026])).content.decode()
    assert numbered(1) not in numbers
    assert "内容重复。" not in numbers
    with acting_as(desk.cast.outsider):
        found = book.year_figures(2026)
        assert (found.issued, found.cancelled, found.steps) == (0, 0, [])
        assert book.years() == []
        assert book.issuer_choices() == []


def test_the_api_says_the_same_under_the_same_security(desk, issued):
    released, cancelled = issued
    address = "/api/outgoing-documents"
    assert Client().get(address).status_code == 401
    api = bearer(desk.cast.registrar, "records:read")
    items = api.get(address).json()["items"]
    assert [row["number"] for row in items] == [numbered(2), numbered(1)]
    whole = api.get(f"{address}/{released.pk}").json()
    assert whole["parts"]["title"] == "关于报送2027年工作要点的通知"
    assert whole["verify_code"]
    assert api.get(f"{address}/{cancelled.pk}").json()["end_reason"] == "内容重复。"
    assert api.get(f"{address}/figures/2026").json()["issued"] == 1
    assert api.get(f"{address}/figures/1800").status_code == 404
    assert bearer(desk.cast.registrar, "matters:read").get(address).status_code == 422
    outsider = bearer(desk.cast.outsider, "records:read")
    assert outsider.get(address).json()["items"] == []
    assert outsider.get(f"{address}/{released.pk}").status_code == 404
    assert outsider.get(f"{address}/figures/2026").json()["issued"] == 0


def copies(document, many):
    """More papers like one, as rows."""
    with acting_as(SYSTEM):
        for serial in range(many):
            copy = OutgoingDocument.objects.get(pk=document.pk)
            copy.pk = copy.matter_id = copy.issued_number_id = copy.record_id = None
            copy.state, copy.end_reason, copy.act_token = "CANCELLED", "样例", None
            copy.number, copy.verify_code = f"样例〔2026〕{serial + 1}号", ""
            copy.save(force_insert=True)


def test_a_page_of_thirty_costs_what_a_page_of_one_costs(desk, issued, client_as):
    released, _cancelled = issued
    registrar = client_as(desk.cast.registrar)
    registrar.get(reverse(REGISTER))

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert registrar.get(reverse(REGISTER), {"per": 50}).status_code == 200
        return len(found)

    few = queries()
    copies(released, 30)
    assert queries() == few


def test_the_latest_page_of_the_register_is_read_from_its_index(desk, issued):
    released, _cancelled = issued
    copies(released, 30)
    with acting_as(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off")
        sql, parameters = book.register().order_by("-numbered_at", "-id")[:20].query.sql_with_params()
        cursor.execute(f"explain {sql}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "outgoing_numbered" in plan
