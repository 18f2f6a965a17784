"""Numbering series: opened, changed, ended by the registrar; they count on without a gap."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from chancery.departments.general_office.outgoing_documents.issuing.series import queries, services
from chancery.departments.general_office.outgoing_documents.issuing.tests.desk import MONDAY, numbered
from chancery.foundations import clock
from chancery.foundations.verdict import Refused

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def given(desk, **more):
    return {
        "issuer_id": desk.cast.units["GO"],
        "code": "go",
        "word": "科协办发",
        "valid_from": TODAY,
        "by": desk.cast.registrar,
        "at": MONDAY,
        **more,
    }


def test_the_registrar_opens_a_series_and_nobody_else(desk):
    assert services.open_series(**given(desk)).word == "科协办发"
    with pytest.raises(Refused):
        services.open_series(**given(desk, code="go-2", word="科协办函", by=desk.cast.drafter))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "PF"}, "code"),
        ({"code": "pf"}, "code"),
        ({"word": "科协 办"}, "word"),
        ({"pattern": "{code}-{n:03}"}, "pattern"),
        ({"valid_from": TODAY - dt.timedelta(days=1)}, "valid_from"),
    ],
)
def test_a_series_that_could_not_number_is_refused_at_its_field(desk, more, field):
    with pytest.raises(Refused) as refused:
        services.open_series(**given(desk, **more))
    assert refused.value.field == field


def test_two_series_do_not_share_a_word_or_an_issuers_types(desk):
    services.open_series(**given(desk, types=["NOTICE"]))
    with pytest.raises(Refused) as refused:
        services.open_series(**given(desk, code="go-2"))
    assert refused.value.field == "word"
    with pytest.raises(Refused) as refused:
        services.open_series(**given(desk, code="go-2", word="科协办函", types=["NOTICE", "LETTER"]))
    assert refused.value.field == "types"


def test_the_series_that_names_the_type_wins(desk):
    services.open_series(**given(desk, issuer_id=desk.cast.units["PF"], code="pf-n", word="科协计发", types=["NOTICE"]))
    document = desk.bring_to("number")
    assert [row.code for row in queries.series_for(document, TODAY)] == ["pf-n"]


def test_a_changed_series_counts_on(desk):
    document = desk.bring_to("seal")
    assert document.number == numbered(1)
    services.change_series(code="pf", word="科协财函", valid_from=TODAY, by=desk.cast.registrar, at=MONDAY)
    document = desk.bring_to("seal", title="关于报送统计年报的通知")
    assert document.number == numbered(2).replace("科协计函", "科协财函").replace("PF-N", "科协财函")
    assert queries.periods_of("pf")[0].word == "科协财函"


def test_an_ended_series_gives_no_more_numbers(desk):
    services.end_series(code="pf", last_day=TODAY, note="并入办公厅。", by=desk.cast.registrar, at=MONDAY)
    with clock.fixed_at(MONDAY + dt.timedelta(days=1)):
        document = desk.bring_to("number")
        with pytest.raises(Refused) as refused:
            desk.at = MONDAY + dt.timedelta(days=1)
            desk.press(document, "number", "NUMBERED", "registrar")
    assert refused.value.field == "series"


def test_the_pages_show_keep_and_refuse(desk, client_as):
    registrar, reader = client_as(desk.cast.registrar), client_as(desk.cast.drafter)
    assert reader.get(reverse("general_office:outgoing_series")).status_code == 200
    assert reader.get(reverse("general_office:outgoing_series_detail", args=["pf"])).status_code == 200
    assert reader.get(reverse("general_office:outgoing_series_new")).status_code == 403
    assert registrar.get(reverse("general_office:outgoing_series_detail", args=["nothing"])).status_code == 404
    new = reverse("general_office:outgoing_series_new")
    typed = {"issuer": desk.cast.units["GO"], "word": "科协办发", "code": "go", "valid_from": "2026-11-23"}
    assert registrar.post(new, {**typed, "word": "科协〔办〕"}).status_code == 422
    assert registrar.post(new, typed).status_code == 302
    change = reverse("general_office:outgoing_series_change", args=["go"])
    answer = registrar.post(change, {"word": "科协办函", "valid_from": "2026-12-01"})
    assert answer.status_code == 302
    end = reverse("general_office:outgoing_series_end", args=["go"])
    assert registrar.post(end, {"last_day": "2026-12-31", "note": "不再使用。"}).status_code == 302
    assert "不再使用。" in registrar.get(reverse("general_office:outgoing_series_detail", args=["go"])).content.decode()
