"""The status page: what is up, what is planned, which figures hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from chancery.foundations import clock
from chancery.foundations.actor import PUBLIC
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused
from chancery.kernel.publishing.status import queries, services

AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
SOON, LATER = AT + dt.timedelta(hours=3), AT + dt.timedelta(hours=5)
WHAT = ("Everything 4711", "全部服务")


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed_at(AT):
        yield


def announced(by: Any, **more: Any) -> Any:
    return services.announce_interruption(
        **{"starts_at": SOON, "ends_at": LATER, "what": WHAT, "by": by, "at": AT, **more}
    )


def said() -> str:
    return Client(headers={"accept-language": "en"}).get("/status/").content.decode()


def test_everybody_reads_what_is_planned_until_it_is_over_or_called_off(cast: Any) -> None:
    assert "None is planned." in said()
    made = announced(cast.chaser)
    assert "Everything 4711" in said()
    with acting_as(PUBLIC):
        assert queries.interruptions(LATER) == []
    services.call_off(interruption_id=made.pk, by=cast.chaser, at=AT)
    assert "None is planned." in said()
    with pytest.raises(Refused):
        services.call_off(interruption_id=made.pk, by=cast.chaser, at=AT)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ends_at": SOON}, "ends_at"),
        ({"starts_at": AT - dt.timedelta(days=2), "ends_at": AT - dt.timedelta(days=1)}, "ends_at"),
        ({"what": ("", "x")}, "what_en"),
        ({"what": ("x", " ")}, "what_zh"),
    ],
)
def test_what_makes_no_interruption_is_refused(cast: Any, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        announced(cast.chaser, **facts)
    assert caught.value.field == field


@pytest.mark.parametrize("member", ["outsider", "registrar"])
def test_only_a_notice_editor_announces(cast: Any, member: str) -> None:
    with pytest.raises(Refused):
        announced(getattr(cast, member))


def test_a_full_disk_is_told(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_ROOM", 10**18)
    assert "takes nothing in just now" in said()


def test_the_page_names_no_machine(cast: Any, settings: Any) -> None:
    page = said()
    assert str(settings.FILE_STORE) not in page and "postgres" not in page.lower()
