import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Case, F, When
from django.test.utils import CaptureQueriesContext

from chancery.foundations.web import exports, tables
from chancery.foundations.web.turning import Turn


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


def turned(staff, address, rel):
    """The pages from here on, following the link of that kind; each as its rows."""
    pages = []
    while address:
        page = staff.get(f"/list/{address}").content.decode()
        pages.append(re.findall(r'<td class="is-main"[^>]*>(?:<a[^>]*>)?([^<]*)', page))
        link = re.search(rf'<a href="([^"]*)" rel="{rel}"', page)
        address = link and unescape(link[1])
    return pages


@pytest.mark.parametrize("sort", ["", "sort=model&", "sort=-app_label&", "sort=app_label&"])
def test_beyond_the_numbered_pages_every_row_is_still_reached_and_the_way_back_too(staff, monkeypatch, sort):
    everything = [row for page in turned(staff, f"?{sort}page=1", "next") for row in page]
    monkeypatch.setattr(tables, "DEEPEST_PAGE", 2)
    onward = turned(staff, f"?{sort}page=1", "next")
    assert len(onward) > 3
    assert [row for page in onward for row in page] == everything
    page = staff.get(f"/list/?{sort}page=2").content.decode()
    assert 'rel="next"' in page
    assert "after=" in page
    last = staff.get(f"/list/?{sort}page=9").content.decode()
    assert "21–40" in last  # no number beyond the last one


def test_the_way_back_shows_the_same_rows(staff, monkeypatch):
    monkeypatch.setattr(tables, "DEEPEST_PAGE", 1)
    names = sorted(ContentType.objects.values_list("model", flat=True))
    last = ContentType.objects.order_by("-model", "-id").values_list("id", flat=True)[0]
    back = turned(staff, f"?sort=model&before={last}", "prev")
    assert [row for page in reversed(back) for row in page] == names[:-1]
    page = staff.get(f"/list/?sort=model&before={last}").content.decode()
    assert "further on in the list" in page
    assert 'rel="next"' in page


def test_empty_values_are_passed_in_their_place():
    blank = Case(When(id__in=ContentType.objects.order_by("id").values("id")[5:15], then=None), default=F("app_label"))
    rows = ContentType.objects.annotate(kind=blank).values("id", "kind")
    for order in (["kind", "id"], ["-kind", "id"], ["-kind", "-id"]):
        everything = [row["id"] for row in rows.order_by(*order)]
        for place in (0, 4, 12, len(everything) - 3):
            after = Turn(str(everything[place])).fetch(rows, rows, order, "id", 4)
            assert [row["id"] for row in after] == everything[place + 1 : place + 5]
            before = Turn(str(everything[place]), is_back=True).fetch(rows, rows, order, "id", 4)
            assert [row["id"] for row in before][::-1] == everything[max(0, place - 4) : place]


@pytest.mark.parametrize("odd", ["x", "-1", "999999999", "1;drop", "9" * 40])
def test_a_row_that_is_gone_begins_anew(staff, odd):
    assert staff.get("/list/", {"after": odd}).status_code == 200


def test_turning_costs_one_query_more_than_a_numbered_page(staff, django_assert_num_queries):
    with CaptureQueriesContext(connection) as numbered:
        staff.get("/list/?page=1")
    key = ContentType.objects.order_by("id").values_list("id", flat=True)[3]
    with CaptureQueriesContext(connection) as turned_to:
        staff.get(f"/list/?after={key}")
    assert len(turned_to) <= len(numbered) + 1
    bounded = [query["sql"] for query in turned_to if " LIMIT 21" in query["sql"]]
    assert bounded
    assert "OFFSET" not in bounded[0]


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
    assert len(rows) == 1 + ContentType.objects.filter(app_label="web").count()
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
