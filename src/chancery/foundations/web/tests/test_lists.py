import csv
import io

import openpyxl
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.foundations.web import exports, tables


def rows_of(page):
    return page.content.decode().count('class="pick"><input type="checkbox" name="pick"')


def test_a_list_asks_as_much_for_thirty_rows_as_for_one(staff):
    counts = []
    for query in ("?q=knock", "?per=50"):
        staff.get("/list/" + query)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = staff.get("/list/" + query)
        counts.append((rows_of(page) > 20, len(asked)))
    assert [many for many, _ in counts] == [False, True]
    assert counts[0][1] == counts[1][1]


def test_filters_search_and_sort(staff):
    one = staff.get("/list/?app_label=web&sort=-model").content.decode()
    shown = [name for name in ("savedview", "knock", "doneact", "entry") if f">{name}</a>" in one]
    assert shown == ["savedview", "knock", "doneact"]
    assert one.index(">savedview<") < one.index(">knock<") < one.index(">doneact<")
    assert 'aria-sort="descending"' in one
    assert rows_of(staff.get("/list/?q=knock")) == 1


@pytest.mark.parametrize(
    "query",
    ["?app_label=nonsense", "?sort=password", "?page=abc", "?page=-1", "?per=100000", "?sort=%00", "?col=nothing"],
)
def test_nonsense_in_the_address_does_no_harm(staff, query):
    page = staff.get("/list/" + query)
    assert page.status_code == 200
    assert rows_of(page) == 20


def test_nothing_matches_offers_the_way_out(staff):
    page = staff.get("/list/?q=zzzz").content.decode()
    assert "Nothing matches" in page
    assert "Clear the filters" in page


def test_the_columns_are_chosen(staff):
    assert "hidden cell" not in staff.get("/list/").content.decode()
    page = staff.get("/list/?col=hidden").content.decode()
    assert "hidden cell" in page
    assert 'data-label="App"' not in page
    assert 'data-label="Model"' in page


def test_the_pager_stops_before_the_database_has_to_skip_a_million(staff, monkeypatch):
    monkeypatch.setattr(tables, "DEEPEST_PAGE", 2)
    page = staff.get("/list/?page=9").content.decode()
    assert "21–40" in page
    assert 'rel="next"' not in page
    assert "narrow the list to see further rows" in page


def test_the_count_stops(staff, monkeypatch):
    original = tables.ListPage.__init__
    monkeypatch.setattr(
        tables.ListPage, "__init__", lambda self, request, **k: original(self, request, **{**k, "count_to": 30})
    )
    assert "1–20 of more than 30" in staff.get("/list/").content.decode()


def test_htmx_gets_the_list_alone(staff):
    part = staff.get("/list/", headers={"HX-Request": "true", "HX-Target": "list-web-test"})
    assert part.content.decode().lstrip().startswith('<div id="list-web-test"')
    assert "HX-Request" in part.headers["Vary"]


def test_csv_holds_exactly_the_filtered_rows_and_runs_nothing(staff):
    answer = staff.get("/list/?app_label=web&sort=model&export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    ids = dict(ContentType.objects.filter(app_label="web").values_list("model", "id"))
    assert lines == [
        ["Model", "App", "Formula", "Number"],
        *([name, "web", f"'=1+{ids[name]}", str(ids[name])] for name in sorted(ids)),
    ]


def test_xlsx_holds_the_same(staff):
    answer = staff.get("/list/?app_label=web&export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Model", "App", "Formula", "Number"]
    assert len(rows) == 4
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert all(row[2].startswith("'=") for row in rows[1:])


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1"])
def test_formulas_are_made_inert(text):
    assert exports.inert(text).startswith("'")


def test_numbers_dates_and_plain_words_stay(staff):
    assert [exports.inert(v) for v in (-5, "a=b", None, "bad\x07bell")] == [-5, "a=b", "", "badbell"]


def test_a_view_is_kept_found_and_taken_out(staff):
    kept = staff.post("/views/", {"page": "web.test", "name": "Mine", "address": "/list/?q=knock"})
    assert kept.headers["Location"] == "/list/?q=knock"
    menu = staff.get("/views/?page=web.test").content.decode()
    assert 'href="/list/?q=knock"' in menu
    number = menu.split("/forget/")[0].rsplit("/", 1)[1]
    staff.post(f"/views/{number}/forget/", {"address": "/list/"})
    assert "No views kept yet." in staff.get("/views/?page=web.test").content.decode()


def test_views_are_their_owners_alone(staff, hatless):
    staff.post("/views/", {"page": "web.test", "name": "Mine", "address": "/list/?q=knock"})
    assert "No views kept yet." in hatless.get("/views/?page=web.test").content.decode()


def test_a_view_cannot_lead_off_the_site(staff):
    answer = staff.post("/views/", {"page": "web.test", "name": "Evil", "address": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
