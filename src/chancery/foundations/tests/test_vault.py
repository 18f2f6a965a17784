"""Sealing, moving, losing and changing keys; blind indexes."""

from __future__ import annotations

import io
import os
import stat
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chancery.foundations import vault

ANY_CASE = hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> None:
    settings.VAULT_KEYS = tmp_path / "vault"


@ANY_CASE
@given(st.binary(max_size=5000))
def test_what_is_sealed_opens_in_its_place_and_nowhere_else(plain: bytes) -> None:
    sealed = vault.seal(plain, "table.column:1")
    assert vault.unseal(sealed, "table.column:1") == plain
    for other in ("table.column:2", "table.other:1", ""):
        with pytest.raises(vault.NotOurs):
            vault.unseal(sealed, other)


@ANY_CASE
@given(st.text(min_size=8, max_size=200), st.data())
def test_a_changed_bit_is_told(text: str, data: Any) -> None:
    sealed = bytearray(vault.seal_text(text, "a"))
    place = data.draw(st.integers(13, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(vault.NotOurs):
        vault.unseal_text(bytes(sealed), "a")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    sealed = [vault.seal_text("欧阳晓明", "a") for _n in range(3)]
    assert len(set(sealed)) == 3
    assert all("欧阳晓明".encode() not in one for one in sealed)


@pytest.mark.parametrize("size", [0, 1, vault.PIECE - 1, vault.PIECE, vault.PIECE + 1, 3 * vault.PIECE])
def test_large_content_is_sealed_in_pieces(size: int) -> None:
    plain = os.urandom(size)
    with vault.sealed_apart(io.BytesIO(plain), "f") as (wrapped, ciphertext):
        held = ciphertext.read()
    with vault.opened_apart(wrapped, io.BytesIO(held), "f") as content:
        assert content.read() == plain


@pytest.mark.parametrize("harm", ["cut", "swap", "repeat", "drop"])
def test_pieces_cannot_be_left_out_repeated_or_reordered(harm: str) -> None:
    with vault.sealed_apart(io.BytesIO(os.urandom(3 * vault.PIECE)), "f") as (wrapped, ciphertext):
        held = ciphertext.read()
    step = vault.PIECE + 16
    pieces = [held[start : start + step] for start in range(0, len(held), step)]
    pieces = {
        "cut": pieces[:-1], "swap": [pieces[1], pieces[0], pieces[2]], "repeat": [pieces[0], *pieces],
        "drop": pieces[1:],
    }[harm]  # fmt: skip
    with pytest.raises(vault.NotOurs), vault.opened_apart(wrapped, io.BytesIO(b"".join(pieces)), "f"):
        pass


def test_keys_are_made_on_first_need_and_are_nobody_elses() -> None:
    assert vault.key_ids() == []
    vault.seal(b"x", "a")
    places = list(vault.keys_directory().iterdir())
    assert sorted(place.name.partition("-")[0] for place in places) == ["index.key", "seal"]
    assert {stat.S_IMODE(place.stat().st_mode) for place in places} == {0o600}
    assert stat.S_IMODE(vault.keys_directory().stat().st_mode) == 0o700
    assert vault.faults() == []


def test_the_newest_key_writes_and_older_ones_read() -> None:
    before = vault.seal(b"x", "a")
    first, second = vault.key_of(before), vault.add_key()
    assert first < second == vault.newest_key()
    assert vault.key_of(vault.seal(b"y", "a")) == second
    assert vault.unseal(before, "a") == b"x"
    after = vault.rewrap(before, "a")
    assert vault.key_of(after) == second and vault.unseal(after, "a") == b"x"
    assert vault.rewrap(after, "a") == after
    assert after[-(1 + 16 + 12) :] == before[-(1 + 16 + 12) :]  # the content itself was not touched
    vault.drop_key(first)
    assert vault.unseal(after, "a") == b"x"
    with pytest.raises(ValueError, match="newest"):
        vault.drop_key(second)


def test_a_lost_key_is_told_and_not_replaced() -> None:
    sealed = vault.seal(b"x", "a")
    (vault.keys_directory() / f"seal-{vault.key_of(sealed)}.key").unlink()
    vault._read.cache_clear()
    with pytest.raises(vault.VaultClosed, match="missing"):
        vault.unseal(sealed, "a")
    vault.add_key()
    with pytest.raises(vault.VaultClosed):
        vault.unseal(sealed, "a")


def test_a_lost_index_key_is_told_and_not_replaced() -> None:
    vault.seal(b"x", "a")
    (vault.keys_directory() / "index.key").unlink()
    with pytest.raises(vault.VaultClosed):
        vault.blind_index("x", purpose="petition.name")
    assert vault.KeyFault("index.key", "missing") in vault.faults()


def test_open_and_broken_keys_are_named() -> None:
    vault.seal(b"x", "a")
    key = vault.keys_directory() / f"seal-{vault.newest_key()}.key"
    key.chmod(0o644)
    (vault.keys_directory() / "index.key").write_bytes(b"not a key")
    assert {(fault.name, fault.what) for fault in vault.faults()} == {(key.name, "readable"), ("index.key", "unsound")}


def test_many_at_once_make_keys_that_all_open() -> None:
    sealed: list[bytes] = []
    threads = [threading.Thread(target=lambda: sealed.append(vault.seal(b"x", "a"))) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [vault.unseal(one, "a") for one in sealed] == [b"x"] * 8
    assert vault.faults() == []


@pytest.mark.parametrize(
    ("purpose", "one", "other"),
    [
        ("petition.phone", "138 0013 8000", "+86-138-0013-8000"),
        ("petition.phone", "１３８００１３８０００", "13800138000"),
        ("petition.name", "欧阳 晓明", "欧阳·晓明"),
        ("petition.name", "Margaret Thistlewood", "MARGARET-THISTLEWOOD"),
        ("petition.email", "A.B@Example.net", " a.b@example.net"),
    ],
)
def test_the_same_thing_written_otherwise_has_the_same_index(purpose: str, one: str, other: str) -> None:
    assert vault.blind_index(one, purpose=purpose) == vault.blind_index(other, purpose=purpose)


@ANY_CASE
@given(st.text(max_size=40), st.text(max_size=40))
def test_indexes_are_equal_only_for_equal_text_and_purpose(one: str, other: str) -> None:
    same = vault.normalised(one) == vault.normalised(other)
    assert (vault.blind_index(one, purpose="x") == vault.blind_index(other, purpose="x")) is same
    assert vault.blind_index(one, purpose="x") != vault.blind_index(one, purpose="y")
    assert len(vault.blind_index(one, purpose="x")) == 32


@ANY_CASE
@given(st.text(max_size=60))
@example("a\u200b\u0301")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = vault.normalised(text)
    assert vault.normalised(once) == once
