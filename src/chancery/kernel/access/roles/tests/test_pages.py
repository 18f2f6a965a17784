"""Pages of roles and absence over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.access.absence.models import Absence
from chancery.kernel.access.roles.models import RoleGrant

if TYPE_CHECKING:
    from chancery.demo.cast import Cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_an_administrator_grants_and_ends_a_role_in_pages(cast: Cast, client_as) -> None:
    client = client_as(cast.administrator)
    form = {
        "post": cast.outsider.post_id, "role": "clerk", "unit": cast.units["GO"],
        "valid_from": clock.today().isoformat(), "valid_to": "", "note": "",
    }  # fmt: skip
    assert client.post(reverse("access:grant_role"), form).status_code == 302
    with acting_as(SYSTEM):
        grant = RoleGrant.objects.get(post_id=cast.outsider.post_id, role="clerk", unit_id=cast.units["GO"])
    assert client.get(reverse("access:end_role", args=[grant.pk])).status_code == 200
    client.post(reverse("access:end_role", args=[grant.pk]), {"on": clock.today().isoformat()})
    with acting_as(SYSTEM):
        grant.refresh_from_db()
    assert grant.valid_to == clock.today()


@pytest.mark.parametrize(
    ("typed", "error"),
    [("Ma Ke", ""), ("马可", ""), ("nobody at all", "post"), ("Handler", "post"), ("999999", "post")],
)
def test_a_post_is_found_by_the_name_of_its_holder_or_one_is_told(
    cast: Cast, client_as, typed: str, error: str
) -> None:
    form = {"post": typed, "role": "clerk", "unit": "GO", "valid_from": clock.today().isoformat()}
    page = client_as(cast.administrator).post(reverse("access:grant_role"), form)
    assert (page.status_code == 302) == (error == "")
    if error:
        assert list(page.context["form"].errors) == [error]


def test_a_refusal_stands_beside_its_field_and_the_text_is_kept(cast: Cast, client_as) -> None:
    form = {"post": "Ma Ke", "role": "clerk", "unit": "GO", "valid_from": "2020-01-01", "note": "kept"}
    page = client_as(cast.administrator).post(reverse("access:grant_role"), form)
    assert list(page.context["form"].errors) == ["valid_from"]
    assert b"kept" in page.content


def test_the_list_of_roles_is_for_administrators_and_auditors(cast: Cast, client_as) -> None:
    assert client_as(cast.auditor).get(reverse("access:roles")).status_code == 200
    assert client_as(cast.auditor).get(reverse("access:grant_role")).status_code == 403
    assert client_as(cast.registrar).get(reverse("access:roles")).status_code == 403


def test_anybody_on_the_staff_may_ask_who_answers(cast: Cast, client_as) -> None:
    page = client_as(cast.outsider).get(reverse("access:who"), {"role": "head", "unit": "GO"})
    (answer,) = page.context["answers"]
    assert (answer["post_id"], [one["name_en"] for one in answer["people"]]) == (cast.office_head.post_id, ["Shen Yi"])
    nobody = client_as(cast.outsider).get(reverse("access:who"), {"role": "head", "unit": "PF"})
    assert nobody.context["answers"] == []


def test_one_declares_ones_absence_and_comes_back_in_pages(cast: Cast, client_as) -> None:
    client = client_as(cast.handler)
    today = clock.today()
    form = {
        "absent_post": cast.handler.post_id, "deputy_post": "Gao Ming", "starts_on": today.isoformat(),
        "ends_on": (today + 2 * DAY).isoformat(), "reason": "Training",
    }  # fmt: skip
    assert client.post(reverse("access:declare_absence"), form).status_code == 302
    with acting_as(SYSTEM):
        absence = Absence.objects.get()
    assert absence.deputy_post_id == cast.co_handler.post_id
    listed = client_as(cast.outsider).get(reverse("access:absences"))
    assert b"Training" not in listed.content  # why somebody is away is theirs
    assert b"Training" in client.get(reverse("access:absences")).content
    client.post(reverse("access:end_absence", args=[absence.pk]))
    with acting_as(SYSTEM):
        absence.refresh_from_db()
    assert absence.cancelled_at is not None


def test_a_post_of_somebody_else_cannot_be_slipped_into_the_form(cast: Cast, client_as) -> None:
    form = {
        "absent_post": cast.registrar.post_id, "deputy_post": "Ma Ke", "starts_on": clock.today().isoformat(),
        "ends_on": clock.today().isoformat(),
    }  # fmt: skip
    page = client_as(cast.outsider).post(reverse("access:declare_absence") + "?for=another", form)
    assert list(page.context["form"].errors) == ["absent_post"]


def test_an_administrator_declares_for_somebody(cast: Cast, client_as) -> None:
    form = {
        "absent_post": "Lin Shu", "deputy_post": "Qiu Shi", "starts_on": clock.today().isoformat(),
        "ends_on": clock.today().isoformat(),
    }  # fmt: skip
    page = client_as(cast.administrator).post(reverse("access:declare_absence") + "?for=another", form)
    assert page.status_code == 302
    with acting_as(SYSTEM):
        assert Absence.objects.get().absent_person_id == cast.registrar.person_id
