"""Fixtures of the tests of the door."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _door(cast: Any, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and keys of one's own, one hour for all counting, little to compute."""
    import dataclasses

    from chancery.departments.general_office.petitions.door import queries

    figures = queries.figures
    monkeypatch.setattr(queries, "figures", lambda form, on: dataclasses.replace(figures(form, on), bits=4))
    settings.FILE_STORE = tmp_path / "files"
    settings.VAULT_KEYS = tmp_path / "vault"
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr("time.time", lambda: 1_790_000_000.0)


@pytest.fixture
def visitor() -> Any:
    """Somebody at the door."""
    from chancery.departments.general_office.petitions.door.tests.visitor import Visitor

    return Visitor()
