"""`vault`: rotating keys while the site is used, going on after an interruption; what `check` says of keys."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from chancery.config.cli import Halt
from chancery.config.commands import checks, vaults
from chancery.departments.general_office.petitions import queries
from chancery.departments.general_office.petitions.custody import queries as custody_queries
from chancery.departments.general_office.petitions.custody import services as custody
from chancery.departments.general_office.petitions.tests.desk import SENDER, registered, text_file
from chancery.foundations import clock, vault
from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> None:
    settings.VAULT_KEYS = tmp_path / "vault"


def reads(petition: Any) -> str:
    with acting_as(SYSTEM), transaction.atomic():
        (file,) = queries.files(petition.pk)
        found = queries.file_of(file.pk)
        assert found is not None
        with custody_queries.content_of(found) as content:
            return "".join(text["text"] for text in queries.texts(petition.pk, SYSTEM)) + content.read().decode()


@pytest.mark.django_db(transaction=True)
def test_everything_is_wrapped_anew_while_the_site_is_used(cast: Any, owner_connection: Any) -> None:
    first = registered(cast, files=[text_file("评审结果", "一览.txt")])
    old, before = vault.newest_key(), reads(first)
    held = dict(owner_connection.execute("select id, sha256 from records_storedfile").fetchall())
    total = sum(vaults.used(owner_connection).values())
    vaults.rotate(owner_connection, batch=1, at_most=1)  # interrupted after its first batch of each column
    new = vault.newest_key()
    assert new > old and vaults.used(owner_connection)[old] > 0
    assert reads(first) == before
    second = registered(cast, files=[text_file("评审结果", "一览.txt")])  # written meanwhile, with the new key
    vaults.rotate(owner_connection, batch=2)
    assert vault.newest_key() == new  # it went on and made no third key
    assert vaults.used(owner_connection) == {new: 2 * total}
    vaults.drop(owner_connection)
    assert vault.key_ids() == [new]
    vault._read.cache_clear()
    assert reads(first) == before == reads(second)
    opening = custody.ask_opening(
        petition_id=first.pk, purpose="LAW", reason="依法核实来信人身份。", by=cast.petition_officer, at=clock.now()
    )
    custody.open_identity(opening_id=opening.pk, by=cast.petition_custodian, at=clock.now())
    facts, originals = custody.read_identity(opening_id=opening.pk, by=cast.petition_officer, at=clock.now())
    assert facts == SENDER and len(originals) == 3
    after = dict(owner_connection.execute("select id, sha256 from records_storedfile").fetchall())
    assert {key: after[key] for key in held} == held  # no file was written anew


@pytest.mark.django_db(transaction=True)
def test_a_missing_key_stops_rotation_and_is_named_by_the_check(
    cast: Any, owner_connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(cast)
    lost = vault.newest_key()
    vault.add_key()
    (vault.keys_directory() / f"seal-{lost}.key").unlink()
    with pytest.raises(Halt, match=lost):
        vaults.rotate(owner_connection)
    assert vaults.status(owner_connection) == 1
    monkeypatch.setattr(checks.upkeep, "owner_connection", lambda: _kept(owner_connection))
    says = [lack.says for lack in checks._vault() if lack.grave]
    assert len(says) == 1 and lost in says[0]


class _kept:
    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __enter__(self) -> Any:
        return self.connection

    def __exit__(self, *_exception: object) -> None:
        """Others close it."""


@pytest.mark.django_db
def test_open_keys_are_grave_and_no_keys_are_not(owner_connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.upkeep, "owner_connection", lambda: _kept(owner_connection))
    assert list(checks._vault()) == []
    vault.seal(b"x", "a")
    assert list(checks._vault()) == []
    (vault.keys_directory() / "index.key").chmod(0o640)
    (lack,) = checks._vault()
    assert lack.grave and "read by others" in lack.says


@pytest.mark.parametrize("arguments", [[], ["turn"], ["rotate", "now"]])
def test_other_words_are_refused(arguments: list[str]) -> None:
    with pytest.raises(Halt, match="one of"):
        vaults.vault(arguments)
