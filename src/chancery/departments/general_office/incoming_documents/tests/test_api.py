"""The REST door: token scopes, the same rules, the same row security."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chancery.departments.general_office.incoming_documents.tests.office import numbered
from chancery.foundations import clock
from chancery.kernel.access.tokens.services import make_token

pytestmark = pytest.mark.django_db

FACTS = {
    "title": "Request to co-host",
    "sender": "Sample Society",
    "sender_number": "SS-2026-1",
    "received_on": "2026-11-16",
}
ADDRESS = "/api/incoming-documents"


def bearer(actor, *scopes):
    _token, key = make_token(
        name="t", scopes=list(scopes), expires_at=clock.now() + dt.timedelta(days=1), by=actor, at=clock.now()
    )
    return Client(headers={"Authorization": f"Bearer {key}"})


def test_without_a_token_nothing_is_said(office, client_as):
    assert Client().get(ADDRESS).status_code == 401
    assert client_as(office.cast.registrar).get(ADDRESS).status_code == 401  # a session is not a token


def test_a_registrars_token_registers_and_finds(office):
    api = bearer(office.cast.registrar, "records:read", "records:write")
    answer = api.post(ADDRESS, {**FACTS, "files": [SimpleUploadedFile("a.txt", b"A real text.")]})
    body = answer.json()
    assert (answer.status_code, body["number"], [file["name"] for file in body["files"]]) == (
        201,
        numbered(1),
        ["a.txt"],
    )
    assert [row["title"] for row in api.get(ADDRESS, {"q": "co-host"}).json()["items"]] == ["Request to co-host"]
    assert api.get(f"{ADDRESS}/{body['id']}").json()["metadata"]["core"]["标题"] == "Request to co-host"


def test_a_refusal_says_why_and_keeps_nothing(office):
    api = bearer(office.cast.registrar, "records:read", "records:write")
    answer = api.post(ADDRESS, {**FACTS, "urgency": "URGENT"})
    assert (answer.status_code, answer.json()["field"]) == (422, "limit_on")
    api.post(ADDRESS, FACTS)
    assert api.post(ADDRESS, FACTS).json()["field"] == "sender_number"
    assert len(api.get(ADDRESS).json()["items"]) == 1


def test_scopes_and_row_security_hold(office):
    document = office.register()
    reader = bearer(office.cast.registrar, "records:read")
    assert reader.post(ADDRESS, FACTS).status_code == 422
    assert reader.get("/api/matters").status_code == 422
    outsider = bearer(office.cast.outsider, "records:read", "records:write", "matters:read", "directory:read")
    assert outsider.get(ADDRESS).json()["items"] == []
    assert outsider.get(f"{ADDRESS}/{document.pk}").status_code == 404
    assert outsider.get("/api/matters").json()["items"] == []
    assert outsider.get(f"/api/matters/{document.matter_id}").status_code == 404
    assert outsider.post(ADDRESS, FACTS).status_code == 422


def test_matters_and_directory_are_read(office):
    document = office.register()
    api = bearer(office.cast.registrar, "matters:read", "directory:read")
    body = api.get(f"/api/matters/{document.matter_id}").json()
    assert [step["step"] for step in body["steps"]] == ["sign_for", "register", "first_check"]
    assert "GO" in [unit["code"] for unit in api.get("/api/directory/units").json()]
    posts = api.get("/api/directory/units/GO").json()["posts"]
    assert "林舒" in [post["person_zh"] for post in posts]


def test_the_description_is_openapi_3_1():
    assert Client().get("/api/openapi.json").json()["openapi"].startswith("3.1")
