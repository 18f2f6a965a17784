import subprocess
import sys
import uuid

import pytest
from django.db import connection, transaction

from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.web.models import DoneAct, SavedView
from chancery.foundations.web.tests.standin import STAFF


def kept():
    with acting_as(STAFF), transaction.atomic():
        return list(SavedView.objects.values_list("name", flat=True))


def test_the_public_enters_an_open_door(public):
    assert public.get("/open/").content == b"open"


def test_nobody_signed_in_is_sent_to_sign_in_and_back(public):
    assert public.get("/staff/?a=1").headers["Location"] == "/accounts/login/?next=/staff/%3Fa%3D1"


def test_htmx_is_sent_to_sign_in_as_a_whole_page(public):
    answer = public.get("/staff/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/accounts/login/?next=/staff/")


def test_without_a_hat_one_is_told_to_choose(hatless):
    answer = hatless.get("/staff/")
    assert answer.status_code == 403
    assert b"Choose the post you act in first." in answer.content


def test_a_refusing_rule_says_why(staff):
    answer = staff.get("/one/")
    assert answer.status_code == 403
    assert b"Only the registrar may file." in answer.content


def test_a_refusal_inside_takes_everything_back(staff):
    answer = staff.post("/refuse/", headers={"referer": "http://testserver/form/"})
    assert answer.status_code == 422
    assert b"The number is taken." in answer.content
    assert b"Rules 2022, art. 22" in answer.content
    assert b'href="http://testserver/form/"' in answer.content
    assert kept() == []


def test_the_way_back_leads_nowhere_else(staff):
    assert b"evil" not in staff.post("/refuse/", headers={"referer": "http://evil.example/"}).content


def test_a_refusal_reaches_htmx_as_a_notice(staff):
    answer = staff.post("/refuse/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#flash")
    assert b"<html" not in answer.content


def test_a_stale_form_says_what_changed(staff):
    answer = staff.post("/stale/")
    assert answer.status_code == 409
    assert b"Zhao Heng completed it at 10:02." in answer.content


def test_what_one_may_not_see_is_not_there(staff):
    answer = staff.get("/absent/")
    assert answer.status_code == 404
    assert b"There is no such page, or it is not open to you." in answer.content


def test_only_the_methods_of_the_view(staff):
    answer = staff.get("/refuse/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_broken_page_takes_everything_back_and_needs_no_database(staff):
    answer = staff.get("/broken/")
    assert answer.status_code == 500
    assert b"taken back whole" in answer.content
    assert kept() == []


def test_the_error_pages_speak_chinese(staff):
    staff.cookies["chancery_language"] = "zh-hans"
    assert '<html lang="zh-Hans"' in staff.get("/absent/").content.decode()


# --- Once ----------------------------------------------------------------------------------------------------------
def test_a_form_sent_twice_acts_once(staff):
    token = str(uuid.uuid4())
    first, second = (staff.post("/act/", {"act_token": token}) for _ in range(2))
    assert [first.headers["Location"], second.headers["Location"]] == ["/kept/", "/kept/"]
    assert kept() == ["act 0"]


def test_two_forms_act_twice(staff):
    for _ in range(2):
        staff.post("/act/", {"act_token": str(uuid.uuid4())})
    assert kept() == ["act 0", "act 1"]


def test_a_form_shown_again_with_errors_may_be_sent_again(staff):
    token = str(uuid.uuid4())
    assert staff.post("/act/", {"act_token": token, "bad": "1"}).status_code == 200
    assert staff.post("/act/", {"act_token": token}).headers["Location"] == "/kept/"
    assert kept() == ["act 0"]


def test_a_refused_act_leaves_its_token_free(staff):
    token = str(uuid.uuid4())
    staff.post("/refuse/", {"act_token": token})
    assert not DoneAct.objects.exists()


def test_nonsense_for_a_token_is_no_token(staff):
    assert staff.post("/act/", {"act_token": "x' or 1=1"}).headers["Location"] == "/kept/"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_act_once():
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connections

    from chancery.foundations.web.tests.conftest import _client

    token, gate = str(uuid.uuid4()), Barrier(4)

    def click(_number):
        client = _client("staff")
        gate.wait()
        try:
            return client.post("/act/", {"act_token": token}).headers["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        went = list(hands.map(click, range(4)))
    assert went == ["/kept/"] * 4
    assert kept() == ["act 0"]


# --- Rate ----------------------------------------------------------------------------------------------------------
def test_too_often_is_told_when_to_come_again(public):
    codes = [public.get("/rare/").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = public.get("/rare/")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert b"Wait" in answer.content


def test_another_address_is_counted_apart(public):
    for _ in range(4):
        public.get("/rare/")
    assert public.get("/rare/", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_refused_knocks_count_too(public):
    assert [public.get("/rare-refusal/").status_code for _ in range(4)] == [422, 422, 422, 429]


@pytest.mark.django_db(transaction=True)
def test_all_web_processes_count_together(public):
    """Another process, which shares nothing with this one but the database, uses up the door's allowance."""
    info = connection.get_connection_params()
    code = (
        "import sys, psycopg\n"
        "with psycopg.connect(host=sys.argv[1], port=sys.argv[2], dbname=sys.argv[3], user=sys.argv[4]) as c:\n"
        "    c.execute('update web_knock set count = count + 2')\n"
    )
    assert public.get("/rare/").status_code == 200
    where = [
        str(info.get(k) or connection.settings_dict.get(k.upper(), "")) for k in ("host", "port", "dbname", "user")
    ]
    subprocess.run([sys.executable, "-c", code, *where], check=True)
    assert public.get("/rare/").status_code == 429
