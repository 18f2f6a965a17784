"""Signing in over HTTP: password, second factor, throttling, enumeration, sessions, the demo's side door."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from chancery.foundations.actor import SYSTEM
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.accounts.models import Account
from chancery.kernel.access.middleware import HAT

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

PASSWORD = "sample-people-only"  # as chancery.demo.cast has it

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def code_of(account: Account, step: int = 0) -> str:
    secret = get_adapter().decrypt(Authenticator.objects.get(user=account, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def confirm(client: Client, password: str = PASSWORD) -> None:
    client.post(reverse("account_reauthenticate"), {"password": password})


def acts(account: Account) -> list[str]:
    with acting_as(SYSTEM):
        return [line["act"] for line in journal.history(f"access.account:{account.pk}")]


def is_in(client: Client) -> bool:
    return client.get(reverse("access:account")).status_code == 200


def test_email_and_password_let_in_under_the_only_hat(cast: Cast) -> None:
    client = Client()
    response = sign_in(client, "Lin.Shu@example.org")
    assert response.status_code == 302
    page = client.get("/")
    assert page.wsgi_request.actor == cast.registrar
    assert "account.signed_in" in acts(cast.accounts["registrar"])


def test_the_session_key_changes_when_one_signs_in(cast: Cast) -> None:
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    sign_in(client, "lin.shu@example.org")
    assert client.cookies["sessionid"].value != planted
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert not is_in(attacker)


def test_a_wrong_password_and_an_unknown_address_look_alike(cast: Cast) -> None:
    def shown(email: str) -> str:
        html = sign_in(Client(), email, "wrong-password-here").content.decode()
        html = re.sub(r'(value=|X-CSRFToken": )"[^"]*"', "", html)
        return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", html).replace(email, "")

    assert shown("lin.shu@example.org") == shown("nobody.here@example.org")


def test_five_wrong_passwords_stop_the_sixth_even_when_it_is_right(cast: Cast) -> None:
    for _try in range(5):
        sign_in(Client(), "lin.shu@example.org", "wrong-password-here")
    assert sign_in(Client(), "lin.shu@example.org").status_code == 200
    # The limit is the account's: somebody else at the same address still gets in.
    assert sign_in(Client(), "ma.ke@example.org").status_code == 302


def test_a_closed_account_does_not_get_in(cast: Cast) -> None:
    Account.objects.filter(email="lin.shu@example.org").update(is_active=False)
    client = Client()
    sign_in(client, "lin.shu@example.org")
    assert not is_in(client)


def test_with_a_second_factor_the_password_alone_is_not_enough(cast: Cast) -> None:
    client, account = Client(), cast.accounts["administrator"]
    response = sign_in(client, account.email)
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_in(client)
    code = code_of(account)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert is_in(client)
    # A code is spent once it was used, in whichever browser.
    other = Client()
    sign_in(other, account.email)
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert not is_in(other)


def test_one_sets_up_the_authenticator_app_and_gets_recovery_codes(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    client, account = Client(), cast.accounts["handler"]
    sign_in(client, account.email)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    # The middleware runs these inside the request; the test's own transaction never commits.
    with context.request_context(page.wsgi_request), django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert done.status_code == 302
    stored = Authenticator.objects.get(user=account, type="totp").data["secret"]
    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret
    codes = client.get(done.headers["Location"]).context["unused_codes"]
    assert len(codes) == 10
    assert "account.credential_changed" in acts(account)
    assert [message.to for message in mail.outbox] == [[account.email]]
    # Next time a recovery code lets in, once.
    other = Client()
    sign_in(other, account.email)
    assert other.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    third = Client()
    sign_in(third, account.email)
    assert third.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200


def test_a_role_that_needs_a_second_factor_is_powerless_without_one(cast: Cast) -> None:
    Authenticator.objects.all().delete()
    client, account = Client(), cast.accounts["administrator"]
    response = sign_in(client, account.email)
    assert response.headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("access:accounts")).status_code == 403
    assert client.get("/").wsgi_request.actor.post_id is None
    confirm(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))})
    assert client.get(reverse("access:accounts")).status_code == 200


def test_changing_the_password_signs_out_everywhere_else(cast: Cast) -> None:
    here, there = Client(), Client()
    account = cast.accounts["handler"]
    sign_in(here, account.email)
    sign_in(there, account.email)
    new = "three words together"
    done = here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done.status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert "account.credential_changed" in acts(account)


def test_one_signs_out_everywhere_else_from_the_list_of_sessions(cast: Cast) -> None:
    here, there = Client(), Client()
    sign_in(here, "tang.wei@example.org")
    sign_in(there, "tang.wei@example.org")
    listed = here.get(reverse("usersessions_list"))
    assert listed.context["session_count"] == 2
    here.post(reverse("usersessions_list"))
    assert is_in(here)
    assert not is_in(there)


def test_signing_out_ends_the_session_on_the_server(cast: Cast) -> None:
    client = Client()
    sign_in(client, "tang.wei@example.org")
    key = client.cookies["sessionid"].value
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = key
    assert not is_in(thief)


def test_nobody_signs_up_alone(cast: Cast) -> None:
    before = Account.objects.count()
    form = {"email": "new@example.org", "password1": "three words together", "password2": "three words together"}
    assert Client().get(reverse("account_signup")).status_code == 200
    Client().post(reverse("account_signup"), form)
    assert Account.objects.count() == before


def test_recovery_by_mail_sets_a_new_password_and_says_nothing_about_accounts(cast: Cast) -> None:
    client = Client()
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    known = client.post(reverse("account_reset_password"), {"email": "tang.wei@example.org"})
    assert (unknown.status_code, unknown.headers["Location"]) == (known.status_code, known.headers["Location"])
    assert len(mail.outbox) == 1
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert found
    link = found[1]
    page = client.get(link, follow=True)
    form = {"password1": "three words together", "password2": "three words together"}
    client.post(page.redirect_chain[-1][0], form)
    assert not is_in(client)
    assert sign_in(client, "tang.wei@example.org", "three words together").status_code == 302
    again = Client().get(link, follow=True)
    assert b"password1" not in again.content


def test_recovery_does_not_go_round_the_second_factor(cast: Cast) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "xu.an@example.org"})
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert found
    page = client.get(found[1], follow=True)
    form = {"password1": "three words together", "password2": "three words together"}
    client.post(page.redirect_chain[-1][0], form)
    assert sign_in(client, "xu.an@example.org", "three words together").headers["Location"] == reverse(
        "mfa_authenticate"
    )
    assert not is_in(client)


def test_a_session_left_alone_for_two_hours_is_over(cast: Cast, client_as) -> None:
    client = client_as(cast.handler)
    assert is_in(client)
    session = client.session
    session["seen"] = int(time.time()) - 2 * 3600 - 1
    session.save()
    assert not is_in(client)


def test_no_session_outlives_twelve_hours(cast: Cast, client_as) -> None:
    client = client_as(cast.handler)
    assert is_in(client)
    session = client.session
    session["began"] = int(time.time()) - 12 * 3600 - 1
    session.save()
    assert not is_in(client)


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup", "account_inactive"])
def test_the_pages_of_signing_in_have_no_script_that_the_policy_forbids(cast: Cast, name: str) -> None:
    html = Client().get(reverse(name)).content.decode()
    inline = re.findall(r"<script(?![^>]*(src=|type=\"application/json\"))[^>]*>", html)
    assert inline == []
    assert " onclick=" not in html
    assert "<style" not in html


def test_the_side_door_is_not_there_outside_a_demo(cast: Cast) -> None:
    assert Client().get(reverse("access:enter_as")).status_code == 404
    assert Client().post(reverse("access:enter_as"), {"as": "1-1"}).status_code == 404


@pytest.mark.parametrize(
    "visitor",
    [
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "localhost:8000"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "demo.example.org"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
    ],
)
def test_the_side_door_opens_to_nobody_but_this_machine(
    cast: Cast, settings: LazySettings, visitor: dict[str, str]
) -> None:
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["*"]
    assert Client().get(reverse("access:enter_as"), **visitor).status_code == 404


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_in_a_demo_one_enters_as_one_of_the_cast_in_one_click(cast: Cast, settings: LazySettings, host: str) -> None:
    settings.DEMO = True
    client = Client(REMOTE_ADDR="127.0.0.1", HTTP_HOST=host, headers={"accept-language": "zh-hans"})
    page = client.get(reverse("access:enter_as"))
    assert [sample.name for sample in page.context["samples"]][:2] == ["林舒", "赵衡"]
    chosen = cast.two_hats_enterprise
    client.post(reverse("access:enter_as"), {"as": f"{chosen.account_id}-{chosen.post_id}"})
    assert client.session[HAT] == chosen.post_id
    entered = client.get("/").wsgi_request.actor
    assert (entered.account_id, entered.post_id) == (chosen.account_id, chosen.post_id)


def test_the_side_door_does_not_open_to_real_people(cast: Cast, settings: LazySettings) -> None:
    from chancery.kernel.directory.models import Person

    settings.DEMO = True
    with acting_as(SYSTEM):
        Person.objects.filter(pk=cast.handler.person_id).update(is_sample=False, version=2, reason="Test")
    client = Client(REMOTE_ADDR="127.0.0.1", HTTP_HOST="localhost")
    entered = client.post(reverse("access:enter_as"), {"as": f"{cast.handler.account_id}-{cast.handler.post_id}"})
    assert entered.status_code == 404


def test_a_change_that_was_held_up_by_the_question_who_one_is_goes_on_afterwards(cast: Cast) -> None:
    client, account = Client(), cast.accounts["administrator"]
    sign_in(client, account.email)
    client.post(reverse("mfa_authenticate"), {"code": code_of(account)})
    asked = client.post(reverse("mfa_generate_recovery_codes"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert Authenticator.objects.filter(user=account, type="recovery_codes").exists()
