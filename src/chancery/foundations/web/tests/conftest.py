"""The web storey alone: stand-in middleware and doors."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from chancery.foundations.web import context, frame

BASE = "chancery.foundations.web.tests.standin"


@pytest.fixture(autouse=True)
def alone(settings, monkeypatch):
    # What the storeys above put into the frame stays out of it here.
    for name, nothing in (("_fillings", {}), ("_counts", {}), ("_places", {}), ("_roles", [])):
        monkeypatch.setattr(frame, name, nothing)
    for remembered in (frame.address_of, frame._address, context._sign_in_address):
        remembered.cache_clear()
    settings.ROOT_URLCONF = BASE
    settings.LANGUAGE_CODE = "en"
    settings.MIDDLEWARE = [
        f"{BASE}.StandIn" if name == "chancery.kernel.access.middleware.ActorMiddleware" else name
        for name in settings.MIDDLEWARE
    ]
    first = {**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}
    settings.TEMPLATES = [first, *settings.TEMPLATES[1:]]
    yield
    for remembered in (frame.address_of, frame._address, context._sign_in_address):
        remembered.cache_clear()


def _client(who: str) -> Client:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    client.cookies["as"] = who
    return client


@pytest.fixture
def staff(db) -> Client:
    return _client("staff")


@pytest.fixture
def hatless(db) -> Client:
    return _client("hatless")


@pytest.fixture
def public(db) -> Client:
    return _client("public")
