"""Pages of accounts and the invitation: journeys at HTTP level."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Clearance
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.access.accounts.models import Account, Invitation
from chancery.kernel.access.accounts.services import change_clearance, close_account, invite
from chancery.kernel.directory.services import add_person

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

PASSWORD = "sample-people-only"  # as chancery.demo.cast has it

pytestmark = pytest.mark.django_db
NEW = "three words together"


@pytest.fixture
def newcomer(cast: Cast) -> int:
    with acting_as(SYSTEM):
        return add_person(name_en="Wu Xin", name_zh="吴新", code="wu-xin", by=SYSTEM, at=clock.now()).pk


def invited(client: Client, django_capture_on_commit_callbacks) -> str:
    form = {"person": "wu-xin", "email": "Wu.Xin@Example.org", "clearance": "10"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("access:invite"), form).status_code == 302
    found = re.search(r"http://testserver(/invitation/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_an_invitation_goes_by_mail_works_once_and_makes_the_account(
    cast: Cast, newcomer: int, client_as, django_capture_on_commit_callbacks
) -> None:
    admin = client_as(cast.administrator)
    link = invited(admin, django_capture_on_commit_callbacks)
    assert link.split("/")[2] not in admin.get(reverse("access:accounts")).content.decode()
    guest = Client()
    page = guest.get(link)
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert guest.post(link, {"password1": NEW, "password2": "something else entirely"}).status_code == 200
    assert guest.post(link, {"password1": "password1234", "password2": "password1234"}).status_code == 200
    assert not Account.objects.filter(person_id=newcomer).exists()
    assert guest.post(link, {"password1": NEW, "password2": NEW}).status_code == 302
    account = Account.objects.get(person_id=newcomer)
    assert (account.email, account.clearance) == ("wu.xin@example.org", Clearance.INTERNAL)
    assert guest.post(reverse("account_login"), {"login": "wu.xin@example.org", "password": NEW}).status_code == 302
    assert Client().get(link).status_code == 410
    assert Client().post(link, {"password1": NEW, "password2": NEW}).status_code == 410


def test_an_expired_or_withdrawn_invitation_is_worthless(
    cast: Cast, newcomer: int, client_as, django_capture_on_commit_callbacks
) -> None:
    admin = client_as(cast.administrator)
    link = invited(admin, django_capture_on_commit_callbacks)
    with clock.fixed_at(clock.now() + dt.timedelta(days=8)):
        assert Client().get(link).status_code == 410
    with acting_as(SYSTEM):
        invitation = Invitation.objects.get()
    admin.post(reverse("access:withdraw", args=[invitation.pk]))
    assert Client().get(link).status_code == 410
    invited(admin, django_capture_on_commit_callbacks)


def test_the_secret_of_the_link_is_kept_nowhere(cast: Cast, newcomer: int) -> None:
    _invitation, secret = invite(
        email="a@example.org", person_id=newcomer, clearance=10, by=cast.administrator, at=clock.now()
    )
    with acting_as(SYSTEM):
        assert secret not in str(Invitation.objects.values().get())
    assert len(secret) >= 43


def test_one_person_has_one_account_and_one_open_invitation(cast: Cast, newcomer: int) -> None:
    def why_not(email: str, person_id: int, clearance: int = 10) -> str | None:
        with pytest.raises(Refused) as caught, transaction.atomic():
            invite(email=email, person_id=person_id, clearance=clearance, by=cast.administrator, at=clock.now())
        return caught.value.field

    invite(email="a@example.org", person_id=newcomer, clearance=10, by=cast.administrator, at=clock.now())
    assert why_not("b@example.org", newcomer) == "person"
    assert why_not("c@example.org", cast.handler.person_id or 0) == "person"
    assert why_not("Lin.Shu@example.org", newcomer) == "email"
    assert why_not("d@example.org", newcomer, Clearance.CONFIDENTIAL) == "clearance"


@pytest.mark.parametrize("key", ["registrar", "office_head", "auditor", "outsider"])
def test_who_is_no_access_administrator_keeps_no_accounts(cast: Cast, client_as, key: str) -> None:
    client = client_as(cast[key])
    target = cast.accounts["handler"].pk
    for address in (
        reverse("access:accounts"),
        reverse("access:invite"),
        reverse("access:account_page", args=[target]),
    ):
        assert client.get(address).status_code == 403
    assert client.post(reverse("access:account_page", args=[target]), {"act": "close"}).status_code == 403
    assert Account.objects.get(pk=target).is_active


def test_closing_an_account_ends_its_sessions_at_once(cast: Cast, client_as) -> None:
    person = Client()
    person.post(reverse("account_login"), {"login": "tang.wei@example.org", "password": PASSWORD})
    assert person.get(reverse("access:account")).status_code == 200
    client_as(cast.administrator).post(
        reverse("access:account_page", args=[cast.accounts["handler"].pk]), {"act": "close"}
    )
    assert person.get(reverse("access:account")).status_code == 302


def test_an_administrator_signs_somebody_out_everywhere(cast: Cast, client_as) -> None:
    person = Client()
    person.post(reverse("account_login"), {"login": "tang.wei@example.org", "password": PASSWORD})
    client_as(cast.administrator).post(
        reverse("access:account_page", args=[cast.accounts["handler"].pk]), {"act": "sign_out"}
    )
    assert person.get(reverse("access:account")).status_code == 302


def test_an_administrator_cannot_close_or_raise_themselves(cast: Cast) -> None:
    by = cast.administrator
    for act, more in ((close_account, {}), (change_clearance, {"clearance": 10})):
        with pytest.raises(Refused), transaction.atomic():
            act(account_id=by.account_id, by=by, at=clock.now(), **more)
    with pytest.raises(Refused), transaction.atomic():
        change_clearance(account_id=cast.accounts["outsider"].pk, clearance=30, by=by, at=clock.now())


def test_the_list_does_not_grow_with_its_rows(cast: Cast, client_as, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_as(cast.administrator)
    client.get(reverse("access:accounts"))
    counts = []
    for words in ("lin.shu", ""):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("access:accounts"), {"q": words})
        counts.append(len(asked))
    assert counts[0] == counts[1]


PAGES = [
    "access:account", "access:hats", "access:tokens", "access:recusals", "access:absences", "access:declare_absence",
    "access:roles", "access:grant_role", "access:who", "access:accounts", "access:invite", "account_change_password",
    "account_logout", "account_reauthenticate", "mfa_index", "usersessions_list", "socialaccount_connections",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_both_languages_without_inline_script_or_style(
    cast: Cast, client_as, name: str, language: str
) -> None:
    client = client_as(cast.administrator)
    client.cookies["chancery_language"] = language
    page = client.get(reverse(name))
    assert page.status_code == 200
    html = page.content.decode()
    assert re.findall(r"<script(?![^>]*(?:src=|type=\"application/json\"))[^>]*>", html) == []
    assert not re.search(r"<style| on[a-z]+=\"| style=\"", html)


@pytest.mark.parametrize("name", PAGES)
def test_nobody_enters_without_signing_in(cast: Cast, name: str) -> None:
    if name == "account_logout":
        return
    page = Client().get(reverse(name))
    assert (page.status_code, page.headers["Location"].split("?")[0]) == (302, reverse("account_login"))
