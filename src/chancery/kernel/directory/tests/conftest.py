"""The small office the tests play in, and people who may or may not change it.

Headquarters HQ has two departments, A and B; A has a division, A1. A has a director's post with one seat and a
deputies' post with two; both are public. Anna is director, Bo and Chen are deputies. Everything holds since 2020.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings as site
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

django.setup()  # this file is read before pytest-django sets up, and it speaks of models; so the imports below wait
from chancery.foundations import clock  # noqa: E402  # see above
from chancery.foundations.actor import PUBLIC, SYSTEM, Actor, Clearance  # noqa: E402  # see above
from chancery.foundations.postgres.row_security import acting_as  # noqa: E402  # see above
from chancery.foundations.verdict import no, yes  # noqa: E402  # see above
from chancery.kernel.directory import rules, services  # noqa: E402  # see above
from chancery.kernel.directory.loading.services import load_file  # noqa: E402  # see above

BEGAN = dt.date(2020, 1, 1)
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
SEED = Path(services.__file__).parent / "data/seed.toml"
PLACE = "/about-us/administrative-departments/"

EDITOR = Actor(
    account_id=1,
    person_id=901,
    post_id=801,
    body_id=701,
    clearance=Clearance.INTERNAL,
    name="Xu An",
    post_title="Administrator",
)
CLERK = Actor(
    account_id=2,
    person_id=902,
    post_id=802,
    body_id=702,
    clearance=Clearance.INTERNAL,
    name="Lin Shu",
    post_title="Registrar",
)
KEEPER = Actor(account_id=3, person_id=903, post_id=803, body_id=701, clearance=Clearance.RESTRICTED, name="Ding Xin")


@dataclass
class Office:
    """Identifiers of the small office."""

    hq: int = 0
    a: int = 0
    a1: int = 0
    b: int = 0
    director: int = 0
    deputies: int = 0
    anna: int = 0
    bo: int = 0
    chen: int = 0
    anna_holds: int = 0
    bo_holds: int = 0


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.fixed_at(NOW):
        yield


@pytest.fixture(autouse=True)
def _editors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the editor edits; `kernel.access` says so in a running site."""
    monkeypatch.setattr(rules, "_check", [lambda by, unit_id: yes() if by.account_id == 1 else no("Only an editor.")])


def build_office() -> Office:
    """The small office, by the services."""
    it = Office()
    with acting_as(SYSTEM), transaction.atomic():
        since: dict[str, Any] = {"on": BEGAN, "decision": "Founding", "by": SYSTEM, "at": NOW}
        it.hq = services.create_unit(code="HQ", name_en="Headquarters", name_zh="机关", kind="HEADQUARTERS", **since).pk
        it.a = services.create_unit(
            code="A", name_en="Department of Apples", name_zh="苹果部", kind="DEPARTMENT", parent_id=it.hq, position=1,
            functions_en="Grows apples.", functions_zh="种植苹果。", **since,
        ).pk  # fmt: skip
        it.b = services.create_unit(
            code="B",
            name_en="Department of Beans",
            name_zh="豆部",
            kind="DEPARTMENT",
            parent_id=it.hq,
            position=2,
            **since,
        ).pk
        it.a1 = services.create_unit(
            code="A1", name_en="Division of Cider", kind="DIVISION", parent_id=it.a, position=1, **since
        ).pk
        it.director = services.open_post(
            unit_id=it.a,
            code="d",
            title_en="Director",
            title_zh="部长",
            is_leading=True,
            is_public=True,
            position=1,
            **since,
        ).pk
        it.deputies = services.open_post(
            unit_id=it.a,
            code="dd",
            title_en="Deputy director",
            title_zh="副部长",
            seats=2,
            is_public=True,
            position=2,
            **since,
        ).pk
        it.anna = person("Anna Ash", "安雅").pk
        it.bo = person("Bo Birch", "白波").pk
        it.chen = person("Chen Cedar", "陈松").pk
        it.anna_holds = services.appoint(person_id=it.anna, post_id=it.director, **since).pk
        it.bo_holds = services.appoint(person_id=it.bo, post_id=it.deputies, **since).pk
        services.appoint(person_id=it.chen, post_id=it.deputies, **since)
    return it


def build_seed() -> None:
    """The directory of the published page."""
    load_file(path=SEED, by=SYSTEM, at=NOW, apply=True)


@pytest.fixture(scope="session")
def office_put_aside(shelf: Any) -> Any:
    """The shelf, with the small office on it."""
    with clock.fixed_at(NOW):
        shelf.put("office", build_office)
    return shelf


@pytest.fixture(scope="session")
def seed_put_aside(shelf: Any) -> Any:
    """The shelf, with the directory of the published page on it."""
    with clock.fixed_at(NOW):
        shelf.put("seed", build_seed)
    return shelf


@pytest.fixture
def office(office_put_aside: Any, db: None) -> Iterator[Office]:
    """The small office; the test goes on as the system unless it acts as somebody."""
    it = office_put_aside.give("office", build_office)
    with acting_as(SYSTEM):
        yield replace(it)  # the test's own copy


def person(name_en: str, name_zh: str = "", **more: Any) -> Any:
    """Somebody new."""
    return services.add_person(name_en=name_en, name_zh=name_zh, by=SYSTEM, at=NOW, **more)


@pytest.fixture
def seeded(seed_put_aside: Any, db: None) -> Iterator[None]:
    """The directory of the published page."""
    seed_put_aside.give("seed", build_seed)
    with acting_as(SYSTEM):
        yield


class StandIn:
    """Takes the place of the sign-in of `kernel.access`, which lies above: the actor comes from the test."""

    actor: Actor = PUBLIC

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = StandIn.actor  # type: ignore[attr-defined]  # as ActorMiddleware does
        with acting_as(StandIn.actor), transaction.atomic():
            return self.get_response(request)


@pytest.fixture
def visit(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], Client]:
    """A browser of somebody: `visit(EDITOR).get("/directory/")`."""
    settings.MIDDLEWARE = [
        f"{__name__}.StandIn" if name.endswith("ActorMiddleware") else name for name in site.MIDDLEWARE
    ]
    monkeypatch.setattr("chancery.foundations.web.frame._fillings", {})  # menus of the storeys above

    handler = Client().handler  # one for the test: setting up the middleware is most of a browser's cost

    def enter(actor: Actor, language: str = "en") -> Client:
        monkeypatch.setattr(StandIn, "actor", actor)
        client = Client()
        client.handler = handler
        client.cookies[site.LANGUAGE_COOKIE_NAME] = language
        return client

    return enter


def raw(sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """A statement as the web role, in a savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters or [])
        return cursor.fetchall() if cursor.description else []


def text_of(answer: Any) -> str:
    """The words of a page, tags left out."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def seen_on(answer: Any) -> str:
    """The version a form was opened on; empty where it carries none."""
    found = re.search(r'name="seen" value="(\d+)"', answer.content.decode())
    return found.group(1) if found else ""


def sent(client: Any, address: str, **data: Any) -> Any:
    """A form as it comes: opened first, so that it carries what it was opened on."""
    seen = seen_on(client.get(address))
    return client.post(address, {**({"seen": seen} if seen else {}), "on": TODAY.isoformat(), **data})
