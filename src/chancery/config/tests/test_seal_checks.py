"""`check`: what it says of the keys of seals."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import Any

import pytest

from chancery.config.commands import checks

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> None:
    settings.SEAL_KEYS = tmp_path / "seals"


def _says(found: Any) -> dict[str, bool]:
    return {lack.says: lack.grave for lack in found}


def test_a_site_without_keys_of_its_own_lacks_nothing(settings: Any) -> None:
    assert list(checks._seals()) == []


def test_keys_that_others_may_read_are_grave(settings: Any) -> None:
    settings.SEAL_KEYS.mkdir(mode=0o755)
    ((says, grave),) = _says(checks._seals()).items()
    assert ("who reads a key can seal" in says, grave) == (True, True)


def test_stores_and_authorities_that_are_not_there_are_named(settings: Any, tmp_path: Any) -> None:
    settings.SEAL_PKCS12 = str(tmp_path / "nowhere")
    settings.SEAL_TRUST_ROOTS = str(tmp_path / "none.pem")
    found = " ".join(_says(checks._seals()))
    assert "SEAL_PKCS12" in found
    assert "holds no certificate" in found
    (tmp_path / "none.pem").write_text("-----BEGIN CERTIFICATE-----\nspoilt\n-----END CERTIFICATE-----")
    assert "cannot be read" in " ".join(_says(checks._seals()))


def test_seals_of_the_local_authority_are_advised_against_and_lost_keys_are_grave(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Owner:
        def execute(self, _question: str) -> Owner:
            return self

        def fetchall(self) -> list[tuple[Any, ...]]:
            return [("GO-1", "LOCAL", "GO-1.0123456789abcdef", True, dt.date(2026, 12, 1))]

    @contextmanager
    def connection() -> Any:
        yield Owner()

    monkeypatch.setattr(checks.upkeep, "owner_connection", connection)
    found = _says(checks._certificates())
    assert [grave for says, grave in found.items() if "local authority" in says] == [False]
    assert [grave for says, grave in found.items() if "seal GO-1 cannot be used" in says] == [True]
    assert [grave for says, grave in found.items() if "ends on 2026-12-01" in says] == [False]
    assert [grave for says, grave in found.items() if "SEAL_TSA_URL" in says] == [False]
