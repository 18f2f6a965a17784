"""Hats over HTTP: choosing, spoofing, falling back; the transaction of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.hats import queries
from chancery.kernel.access.middleware import HAT, ActorMiddleware
from chancery.kernel.directory.models import Holding
from chancery.kernel.directory.services import end_holding

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

PASSWORD = "sample-people-only"  # as chancery.demo.cast has it

pytestmark = pytest.mark.django_db


def actor_of(client: Client):
    return client.get("/").wsgi_request.actor


def test_who_holds_several_posts_is_asked_which_one_after_signing_in(cast: Cast) -> None:
    client = Client()
    form = {"login": "fang.yuan@example.org", "password": PASSWORD, "next": reverse("access:account")}
    response = client.post(reverse("account_login"), form)
    assert response.headers["Location"] == "/account/post/?next=%2Faccount%2F"
    assert actor_of(client).post_id is None
    page = client.get(response.headers["Location"])
    assert [hat.unit_zh for hat, _n in page.context["hats"]] == ["学会学术部", "企业合作办公室"]
    chosen = cast.two_hats_enterprise
    went = client.post(reverse("access:hats"), {"hat": chosen.post_id, "next": page.context["next"]})
    assert went.headers["Location"] == "/account/"
    assert actor_of(client) == chosen


def test_every_change_of_hat_is_journalled_with_the_body_acted_for(cast: Cast, client_as) -> None:
    client = client_as(cast.two_hats)
    client.post(reverse("access:hats"), {"hat": cast.two_hats_enterprise.post_id})
    with acting_as(SYSTEM):
        line = journal.history(f"access.account:{cast.two_hats.account_id}")[-1]
    assert line["act"] == "account.hat_changed"
    assert line["data"] == {"before": cast.two_hats.post_id, "post": cast.two_hats_enterprise.post_id}


@pytest.mark.parametrize("asked", ["", "abc", "-1", "99999999999999999999", "1e3", "１"])
def test_nonsense_is_no_hat(cast: Cast, client_as, asked: str) -> None:
    client = client_as(cast.two_hats)
    client.post(reverse("access:hats"), {"hat": asked})
    assert actor_of(client) == cast.two_hats


def test_a_post_one_does_not_hold_cannot_be_worn(cast: Cast, client_as) -> None:
    client = client_as(cast.outsider)
    client.post(reverse("access:hats"), {"hat": cast.registrar.post_id})
    assert actor_of(client) == cast.outsider


def test_a_hat_forged_into_the_session_falls_back(cast: Cast, client_as) -> None:
    one, two = client_as(cast.outsider), client_as(cast.two_hats)
    for client in (one, two):
        session = client.session
        session[HAT] = cast.registrar.post_id
        session.save()
    assert actor_of(one) == cast.outsider  # the only hat
    assert actor_of(two).post_id is None  # asked again


def test_a_hat_that_ends_today_is_gone_with_the_next_request(cast: Cast, client_as) -> None:
    client = client_as(cast.two_hats_enterprise)
    assert actor_of(client) == cast.two_hats_enterprise
    with acting_as(SYSTEM):
        holding = Holding.objects.get(person_id=cast.two_hats.person_id, post_id=cast.two_hats_enterprise.post_id)
        end_holding(holding_id=holding.pk, on=clock.today(), by=SYSTEM, at=clock.now())
    assert actor_of(client) == cast.two_hats  # one is left, so it is worn


def test_the_menu_of_hats_shows_what_waits_under_the_other_one(cast: Cast, client_as, monkeypatch) -> None:
    asked = []

    def waiting(actor) -> int:
        with connection.cursor() as cursor:
            cursor.execute("select chancery_post()")
            asked.append((actor.post_id, cursor.fetchone()[0]))
        return 7

    monkeypatch.setattr(queries, "_waiting", [waiting])
    page = client_as(cast.two_hats).get(reverse("access:hats"))
    other = cast.two_hats_enterprise.post_id
    assert set(asked) == {(other, other)}
    assert b'<span class="tag" title=' in page.content


def test_who_holds_one_post_has_no_menu_of_hats(cast: Cast, client_as) -> None:
    page = client_as(cast.outsider).get(reverse("access:account"))
    assert reverse("access:hats").encode() not in page.content


def test_a_foreign_next_address_is_not_followed(cast: Cast, client_as) -> None:
    form = {"hat": cast.two_hats_enterprise.post_id, "next": "https://evil.example/"}
    assert client_as(cast.two_hats).post(reverse("access:hats"), form).headers["Location"] == "/"


# --- The transaction of a request ------------------------------------------------------------------------------------


def write() -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into access_cache values ('mark', '', now()) on conflict do nothing")


def written() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from access_cache where cache_key = 'mark')")
        return bool(cursor.fetchone()[0])


def go(view) -> HttpResponse:
    request = RequestFactory().get("/")
    return ActorMiddleware(view)(request)


def test_what_a_request_wrote_stays_when_it_succeeds() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        write()
        return HttpResponse("")

    go(view)
    assert written()


def test_a_5xx_answer_takes_the_writes_with_it_but_not_what_must_be_written_all_the_same() -> None:
    kept = []

    def view(request: HttpRequest) -> HttpResponse:
        write()
        request._after_rollback = [lambda: kept.append(written())]
        return HttpResponse("", status=500)

    go(view)
    assert not written()
    assert kept == [False]


def test_an_exception_that_leaves_the_view_takes_the_writes_with_it(cast: Cast) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        write()
        middleware.process_exception(request, Http404())
        return HttpResponse("", status=404)

    middleware = ActorMiddleware(view)
    middleware(RequestFactory().get("/"))
    assert not written()


def test_a_streamed_answer_is_made_under_the_stamp(cast: Cast, client_as) -> None:
    def chunks():
        with connection.cursor() as cursor:
            cursor.execute("select chancery_kind()")
            yield cursor.fetchone()[0]

    response = go(lambda request: StreamingHttpResponse(chunks()))
    assert b"".join(response.streaming_content) == b"PUBLIC"


def test_a_page_asks_three_questions_to_know_who_is_there(cast: Cast, client_as, django_assert_num_queries) -> None:
    client = client_as(cast.registrar)
    client.get(reverse("access:account"))
    request = RequestFactory().get("/")
    request.COOKIES = {"sessionid": client.cookies["sessionid"].value}
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware

    SessionMiddleware(lambda r: HttpResponse("")).process_request(request)
    AuthenticationMiddleware(lambda r: HttpResponse("")).process_request(request)
    with django_assert_num_queries(3 + 4):  # session, account, hats; savepoint and stamp, once each way
        ActorMiddleware(lambda r: HttpResponse(""))(request)
