"""Fixtures of the tests of verification. Models are imported late: pytest reads this before Django is set up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Keys and files of one's own, a fixed clock, English words."""
    from django.utils import translation

    from chancery.foundations import clock

    settings.SEAL_KEYS = tmp_path / "seals"
    settings.FILE_STORE = tmp_path / "files"
    settings.LANGUAGE_CODE = "en"
    settings.SITE_URL = "https://office.example.org"
    with clock.fixed_at(NOON), translation.override("en"):
        yield


@pytest.fixture
def public() -> Any:
    """Somebody at the door."""
    from django.test import Client

    return Client(headers={"accept-language": "en"})


@pytest.fixture
def issue(cast: Any) -> Any:
    """`issue("7", files=[bytes])` enters a paper of the General Office and returns its code as it is printed."""
    from hashlib import sha256

    from chancery.kernel.publishing.services import new_code, publish_issued

    def enter(key: str = "7", files: tuple[bytes, ...] = (b"the paper",), **facts: Any) -> str:
        code = new_code()
        publish_issued(
            **{
                "code": code,
                "subject": f"general_office.outgoingdocument:{key}",
                "unit_id": cast.units["GO"],
                "issued_on": dt.date(2026, 11, 20),
                "sha256s": [sha256(file).hexdigest() for file in files],
                "by": cast.registrar,
                "at": NOON,
                **facts,
            }
        )
        return str(code)

    return enter
