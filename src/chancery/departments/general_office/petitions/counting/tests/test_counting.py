"""Figures equal a plain recount; what outsiders get; reports, recommendations, what rises."""

from __future__ import annotations

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openpyxl
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.departments.general_office.petitions.counting import queries, rules, services
from chancery.departments.general_office.petitions.counting.models import (
    PetitionRecommendation,
    PetitionRelease,
    PetitionWarning,
)
from chancery.departments.general_office.petitions.counting.tests.cases import Case, by, recounted, told
from chancery.departments.general_office.petitions.tests.desk import WORDS, registered
from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.papers import pdf
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.procedures import services as procedures
from chancery.kernel.procedures.models import Mail, Task
from chancery.kernel.publishing.notices import services as notices
from chancery.kernel.publishing.notices.queries import items_of

pytestmark = pytest.mark.django_db
YEAR = 2025
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
DAYS = st.dates(dt.date(YEAR - 1, 11, 1), dt.date(YEAR + 1, 2, 1))
CASES = st.lists(
    st.builds(
        Case,
        received=DAYS,
        kind=st.sampled_from(["SUGGESTION", "ACCUSATION", "APPEAL"]),
        channel=st.sampled_from(["WEB", "LETTER", "VISIT"]),
        field=st.sampled_from(["", "awards", "funds"]),
        region=st.sampled_from(["", "江苏", "北京"]),
        unit=st.sampled_from(["", "PF", "AS"]),
        again=st.booleans(),
        rating=st.none() | st.integers(1, 5),
        days=st.none() | st.integers(0, 90),
        limit=st.sampled_from([30, 60]),
    ),
    max_size=14,
)


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with clock.fixed_at(NOW):
        yield


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=CASES)
def test_the_figures_equal_a_plain_recount(cast: Any, cases: list[Case]) -> None:
    with acting_as(cast.petition_officer), transaction.atomic():
        told(cast, cases)
        found = queries.figures(*queries.span(YEAR, ""), today=clock.today())
        mine = [case for case in cases if case.received.year == YEAR]
        want = recounted(mine)
        got = {name: getattr(found.whole, name) for name in want}
        assert got == pytest.approx(want)
        for name in ("kind", "channel", "field", "region"):
            assert {code: row.n for code, row in found.by[name].items()} == dict(by(mine, name))
            for code, row in found.by[name].items():
                part = recounted([case for case in mine if getattr(case, name) == code])
                assert (row.median, row.p90, row.on_time, row.late) == (
                    part["median"], part["p90"], part["on_time"], part["late"],
                )  # fmt: skip
        units = {str(cast.units[code]) if code else "": n for code, n in by(mine, "unit").items()}
        assert {code: row.n for code, row in found.by["unit"].items()} == units
        assert sum(found.months.values()) == len(mine)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("part", "first", "after"),
    [("", (2025, 1, 1), (2026, 1, 1)), ("Q4", (2025, 10, 1), (2026, 1, 1)), ("02", (2025, 2, 1), (2025, 3, 1))],
)
def test_periods_and_those_before_them(part: str, first: tuple[int, ...], after: tuple[int, ...]) -> None:
    begin, end = queries.span(2025, part)
    assert (begin, end) == (dt.date(*first), dt.date(*after))
    assert queries.before(begin, end, "year") == (begin.replace(year=2024), end.replace(year=end.year - 1))
    assert queries.before(begin, end, "before")[1] == begin


def test_whoever_is_kept_from_a_petition_does_not_find_it_in_the_figures(cast: Any) -> None:
    told(cast, [Case(dt.date(2025, 5, 5))] * 3, roles=("petition_officer",))
    for who, n in ((cast.petition_officer, 3), (cast.office_head, 0), (cast.outsider, 0)):
        with acting_as(who), transaction.atomic():
            assert queries.figures(*queries.span(2025, ""), today=clock.today()).whole.n == n


MANY = [
    *[Case(dt.date(2025, 3, 3), field="awards", days=20, again=n < 6) for n in range(30)],
    *[Case(dt.date(2025, 6, 6), kind="SUGGESTION", field="funds", days=70, unit="PF") for _n in range(12)],
    *[Case(dt.date(2025, 9, 9), kind="ACCUSATION", field="conduct", region="北京", unit="EC") for _n in range(2)],
]


def test_a_release_takes_small_cells_out_and_what_would_tell_them(cast: Any) -> None:
    told(cast, MANY)
    made = services.release_year(year=2025, by=cast.office_head, at=NOW)
    tables = {one["dimension"]: {row[0]: row[2] for row in one["rows"]} for one in made.tables["tables"]}
    assert made.tables["total"] == 44
    assert list(tables["field"].values()).count(None) == 2 and sum(filter(None, tables["field"].values())) == 30
    assert 2 not in [n for table in tables.values() for n in table.values()]
    shown = {tuple(key): n for key, n in made.tables["months"]}
    assert shown == {("2025", "SUGGESTION"): None, ("2025", "ACCUSATION"): None, ("2025", "APPEAL"): 30}
    assert ("2025-09", "ACCUSATION") not in shown  # by months nearly all of it would be stars
    assert made.tables["on_time"] == round(100 * 30 / 42) and made.tables["answered"] is None


def test_of_a_year_with_few_nothing_is_told(cast: Any) -> None:
    told(cast, [Case(dt.date(2025, 3, 3), days=4, rating=5)] * 3)
    tables = services.release_year(year=2025, by=cast.office_head, at=NOW).tables
    assert tables["total"] is None and "median" not in tables
    assert all(row[2] is None for one in tables["tables"] for row in one["rows"])


def test_a_year_is_released_once_by_the_head_after_its_end(cast: Any) -> None:
    told(cast, MANY)
    with pytest.raises(rules.TooSoon):
        services.release_year(year=2026, by=cast.office_head, at=NOW)
    with pytest.raises(Refused):
        services.release_year(year=2025, by=cast.petition_officer, at=NOW)
    services.release_year(year=2025, by=cast.office_head, at=NOW)
    with pytest.raises(Refused, match="released already"):
        services.release_year(year=2025, by=cast.office_head, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_who_release_at_once_release_once(cast: Any) -> None:
    told(cast, MANY)

    def release() -> str:
        try:
            with clock.fixed_at(NOW):
                services.release_year(year=2025, by=cast.office_head, at=NOW)
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "released"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lambda _n: release(), range(2))) == ["refused", "released"]


def test_the_public_notice_of_a_release_waits_for_its_review(cast: Any, client_as: Any) -> None:
    told(cast, MANY)
    services.release_year(year=2025, by=cast.office_head, at=NOW)
    client = client_as(cast.chaser)
    assert client.post("/general-office/petitions/counting/released/2025/").status_code == 302
    with acting_as(SYSTEM), transaction.atomic():
        notice = PetitionRelease.objects.select_related("notice").get().notice
        assert notice.state == "DRAFT" and "2025" in notice.title_en and "2025" in notice.title_zh
        text = "".join(item.text_zh for item in notice.items.all())
    assert "44" in text and "*" in text
    with pytest.raises(Refused):
        services.draft_public_notice(year=2025, by=cast.chaser, at=NOW)


def test_how_they_ended_tells_neither_kind_nor_stage_nor_how_many_were_answered(cast: Any) -> None:
    told(
        cast,
        [
            *[Case(dt.date(2025, 3, 3), kind="APPEAL", days=20, outcome="SUPPORTED") for _n in range(10)],
            *[Case(dt.date(2025, 3, 3), kind="SUGGESTION", days=20, outcome="ADOPTED") for _n in range(7)],
            *[Case(dt.date(2025, 4, 4), kind="ACCUSATION", outcome="NOT_ACCEPTED") for _n in range(2)],
        ],
    )
    made = services.release_year(year=2025, by=cast.office_head, at=NOW).tables
    ended = next({row[0]: row[2] for row in one["rows"]} for one in made["tables"] if one["dimension"] == "outcome")
    assert ended == {"Met, wholly or in part": None, "Not handled here, withdrawn or joined to another": None}
    assert made["total"] == 19 and made["answered"] is None


def test_the_public_reads_the_figures_while_their_notice_is_out(cast: Any, client: Any, client_as: Any) -> None:
    told(cast, MANY)
    services.release_year(year=2025, by=cast.office_head, at=NOW)
    page, files = "/petitions/figures/", [f"/petitions/figures/2025/{kind}/" for kind in ("pdf", "xlsx")]

    def is_out() -> tuple[bool, list[int]]:
        return "44" in client.get(page).content.decode(), [client.get(one).status_code for one in files]

    assert is_out() == (False, [404, 404])
    made = services.draft_public_notice(year=2025, by=cast.chaser, at=NOW)
    notice_id = made.notice_id or 0
    notices.submit_notice(notice_id=notice_id, by=cast.chaser, at=NOW)
    assert is_out() == (False, [404, 404])
    with acting_as(cast.office_reviewer), transaction.atomic():
        task = Task.objects.get(done_at=None)
        data = {f"verdict_{item.pk}": "CLEARED" for item in items_of(notice_id)}
    procedures.complete(task_id=task.pk, outcome="PUBLISH", data=data, by=cast.office_reviewer, at=NOW)
    assert is_out() == (True, [200, 200])
    assert f"/public-notices/{notice_id}/" in client.get(page, {"year": "1999"}).content.decode()
    assert client.get("/petitions/figures/2025/doc/").status_code == 404
    notices.withdraw_notice(notice_id=notice_id, reason="Wrong.", by=cast.chaser, at=NOW)
    assert is_out() == (False, [404, 404])
    assert client_as(cast.chaser).post("/general-office/petitions/counting/released/2025/").status_code == 302
    with acting_as(SYSTEM), transaction.atomic():
        assert PetitionRelease.objects.get().notice_id not in (None, notice_id)


def test_reports_as_pdf_and_workbook_hold_the_figures_and_nobodys_name(cast: Any, client_as: Any) -> None:
    registered(cast, region="=cmd|'/c calc'!A1", subject_unit_id=cast.units["PF"])
    told(cast, [Case(dt.date(2026, 3, 3))] * 6)
    client = client_as(cast.petition_officer)
    page = "/general-office/petitions/counting/report/2026/"
    paper, book = client.get(f"{page}pdf/"), client.get(f"{page}xlsx/")
    _pages, text, particulars, attached = pdf.read(io.BytesIO(paper.content))
    assert "7" in text and not attached
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    cells = [
        str(cell.value) for sheet in sheets for line in sheet.iter_rows() for cell in line if cell.value is not None
    ]
    assert not [cell for sheet in sheets for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    whole = (text + particulars + " ".join(cells) + paper["Content-Disposition"] + book["Content-Disposition"]).lower()
    assert not any(word in whole for word in WORDS)
    assert client.get(f"{page}doc/").status_code == 404
    assert client.get("/general-office/petitions/counting/report/1999/pdf/").status_code == 404


def test_exact_figures_are_for_the_staff_released_ones_for_the_house(cast: Any, client_as: Any, client: Any) -> None:
    told(cast, MANY)
    services.release_year(year=2025, by=cast.office_head, at=NOW)
    exact, free = "/general-office/petitions/counting/?year=2025", "/general-office/petitions/counting/released/"
    assert client_as(cast.petition_officer).get(exact).status_code == 200
    outsider = client_as(cast.outsider)
    assert outsider.get(exact).status_code == 403
    assert outsider.get("/general-office/petitions/counting/report/2025/xlsx/").status_code == 403
    assert "44" in outsider.get(free).content.decode()
    for kind in ("pdf", "xlsx"):
        assert outsider.get(f"{free}2025/{kind}/").status_code == 200
        assert outsider.get(f"{free}2024/{kind}/").status_code == 404
    assert client.get(free).status_code == 302


def test_figures_ask_as_much_for_one_petition_as_for_many(
    cast: Any, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_as(cast.petition_officer)
    told(cast, [Case(dt.date(2026, 1, 5))])
    client.get("/general-office/petitions/counting/")
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/general-office/petitions/counting/")
    told(cast, [Case(dt.date(2026, month, 5), region=str(month)) for month in range(1, 11)] * 3)
    with django_assert_max_num_queries(len(one)):
        client.get("/general-office/petitions/counting/")


# --- Recommendations -------------------------------------------------------------------------------------------------
DUE = dt.date(2026, 12, 20)


def recommended(cast: Any, **more: Any) -> PetitionRecommendation:
    given = {"unit_id": cast.units["EC"], "title": "公开合作企业遴选标准", "text": "建议公布标准。", "due_on": DUE}
    return services.recommend(**{**given, **more}, by=cast.petition_officer, at=NOW)


def head(cast: Any) -> Any:
    return cast.under("two_hats", "EC")


def test_a_recommendation_is_shown_to_the_head_of_the_unit_and_answered_once(cast: Any, client_as: Any) -> None:
    made = recommended(cast)
    with acting_as(SYSTEM), transaction.atomic():
        assert Mail.objects.filter(text__contains=f"/recommendations/{made.pk}/").exists()
    with acting_as(head(cast)), transaction.atomic():
        assert PetitionRecommendation.objects.get() == made
    for who in (cast.outsider, cast.drafter, cast.handler):
        with acting_as(who), transaction.atomic():
            assert not PetitionRecommendation.objects.exists()
    with pytest.raises(Refused) as refusal:
        services.answer_recommendation(recommendation_id=made.pk, state="NOT_ADOPTED", by=head(cast), at=NOW)
    assert refusal.value.field == "answer"
    with pytest.raises(Refused):
        services.answer_recommendation(recommendation_id=made.pk, state="ADOPTED", by=cast.petition_officer, at=NOW)
    done = services.answer_recommendation(
        recommendation_id=made.pk, state="PARTLY", answer="先公布部分标准。", by=head(cast), at=NOW
    )
    assert (done.state, done.answered_person_id) == ("PARTLY", head(cast).person_id)
    with pytest.raises(Refused, match="answered"):
        services.answer_recommendation(recommendation_id=made.pk, state="ADOPTED", by=head(cast), at=NOW)
    page = client_as(cast.petition_officer).get(f"/general-office/petitions/counting/recommendations/{made.pk}/")
    assert "先公布部分标准" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"), [({"title": " "}, "title"), ({"text": ""}, "text"), ({"due_on": NOW.date()}, "due_on")]
)
def test_an_empty_or_overdue_recommendation_is_refused(cast: Any, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        recommended(cast, **wrong)
    assert refusal.value.field == field


def test_recommending_on_the_page(cast: Any, client_as: Any) -> None:
    client = client_as(cast.office_head)
    given = {"unit_id": cast.units["EC"], "title": "建议", "text": "内容", "due_on": "2026-12-20", "field": ""}
    address = "/general-office/petitions/counting/recommendations/new/"
    assert client.get(address).status_code == 200
    assert client.post(address, {**given, "due_on": "2026-01-01"}).status_code == 422
    assert client.post(address, given).status_code == 302
    assert "建议" in client.get("/general-office/petitions/counting/recommendations/").content.decode()
    assert client_as(cast.outsider).get("/general-office/petitions/counting/recommendations/").status_code == 403


# --- What rises ------------------------------------------------------------------------------------------------------
def rising(cast: Any) -> None:
    today = clock.today()
    quiet = [Case(today - dt.timedelta(days=40 + 30 * n), field="funds", unit="GO") for n in range(6)]
    told(cast, [*quiet, *[Case(today - dt.timedelta(days=n), field="funds", unit="GO") for n in range(9)]])


def test_a_rising_subject_is_noted_once_and_told_to_the_head(cast: Any, client_as: Any) -> None:
    rising(cast)
    assert services.note_rising(by=SYSTEM, at=NOW) == 2
    assert services.note_rising(by=SYSTEM, at=NOW) == 0
    with acting_as(SYSTEM), transaction.atomic():
        found = PetitionWarning.objects.get(rising="FIELD")
        assert (found.field, found.count, float(found.mean)) == ("funds", 9, 1.0)
        assert Mail.objects.filter(text__contains="/counting/warnings/").exists()
    client = client_as(cast.petition_officer)
    assert client.get("/general-office/petitions/counting/warnings/").status_code == 200
    address = f"/general-office/petitions/counting/warnings/{found.pk}/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"note": ""}).status_code == 422
    assert client.post(address, {"note": "已向该部门提出建议。"}).status_code == 302
    with acting_as(SYSTEM), transaction.atomic():
        assert PetitionWarning.objects.get(pk=found.pk).seen_person_id == cast.petition_officer.person_id


def test_a_unit_does_not_learn_from_a_warning_that_it_is_complained_of(cast: Any) -> None:
    rising(cast)
    services.note_rising(by=SYSTEM, at=NOW)
    with acting_as(cast.petition_officer), transaction.atomic():  # works in the very unit
        assert set(PetitionWarning.objects.values_list("rising", flat=True)) == {"FIELD"}
    with acting_as(cast.outsider), transaction.atomic():
        assert not PetitionWarning.objects.exists()


def test_what_does_not_rise_is_not_noted(cast: Any) -> None:
    today = clock.today()
    told(cast, [Case(today - dt.timedelta(days=15 + 30 * n), field="funds") for n in range(7) for _m in range(3)])
    assert services.note_rising(by=SYSTEM, at=NOW) == 0
