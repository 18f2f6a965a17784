"""What must not lie in the clear: sealed with keys that lie outside the database.

**Keys.** A directory (`settings.VAULT_KEYS`, `CHANCERY_HOME/vault` unless the site says otherwise) holds one file a
key, mode 0600, 32 random bytes in base64: `seal-0001-5f3a.key`, `seal-0002-91cc.key` … wrap, `index.key` makes blind
indexes. Made on first need. The newest sealing key writes; older ones read until everything was wrapped anew
(`chancery vault rotate`). Back the directory up apart from the database: whoever has both has everything, and what was
sealed with a lost key is lost.

**Envelope.** Each content has a data key of its own, used once; the sealing key wraps that (AES-256-GCM both times). So
rotation rewrites some hundred bytes a row, never a large file. The *context* ("table.column:reference") is
authenticated with both: a ciphertext moved to another row or column does not open.

    b"V1" | length of key id (1) | key id | nonce (12) | wrapped data key (48) | nonce (12) | ciphertext and tag

Large content is sealed apart from its wrapped key, in pieces of 1 MiB, each authenticated with its place and whether
it is the last, so that pieces cannot be left out, repeated or reordered.

**Blind index.** HMAC-SHA-256 with a key of its own (one derived for each purpose) over normalised text: equal things
are found without knowing what they are, and nobody without the key can try names.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hmac
import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings
from django.utils.translation import gettext as _

from chancery.foundations.verdict import Unavailable

MAGIC = b"V1"
PIECE = 1024 * 1024
_IN_MEMORY = 8 * PIECE
_KEY, _NONCE, _TAG = 32, 12, 16
_WRAPPED = _KEY + _TAG
_NAMED = re.compile(r"^seal-(\d{4}-[0-9a-f]{4})\.key$")
_CHINA = re.compile(r"^(?:00)?86(1\d{10})$")  # a Chinese mobile number written with its country
_INDEX = "index.key"
_IGNORED = {"Cf", "Cc", "Pd"}
_PRIVATE = 0o600


class VaultClosed(Unavailable):
    """A key is missing or cannot be read: what it sealed does not open."""


class NotOurs(Exception):
    """The bytes were not sealed here for this place, or were changed since."""


@dataclass(frozen=True, slots=True)
class KeyFault:
    """Something wrong with the keys: which file, what ("missing", "readable", "unsound")."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed bytes, for rotation: its table, its name, and the beginning of its context, to which the
    row's `ref` belongs."""

    table: str
    name: str
    context: str


_columns: dict[tuple[str, str], Column] = {}


def register(table: str, name: str, context: str) -> None:
    """Have a column wrapped anew when keys rotate; called from `AppConfig.ready`. The table has `id` and `ref`."""
    _columns[table, name] = Column(table, name, context)


def columns() -> list[Column]:
    """Every registered column."""
    return list(_columns.values())


# --- Sealing ---------------------------------------------------------------------------------------------------------
def seal(plain: bytes, context: str) -> bytes:
    """Seal some content for one place ("table.column:reference")."""
    data_key = secrets.token_bytes(_KEY)
    nonce = secrets.token_bytes(_NONCE)
    return _wrap(data_key, context) + nonce + AESGCM(data_key).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, context: str) -> bytes:
    """The content; `VaultClosed` when its key is lost, `NotOurs` when it was not sealed for this place."""
    wrapped, rest = _split(sealed)
    data_key = _unwrap(wrapped, context)
    try:
        return AESGCM(data_key).decrypt(rest[:_NONCE], rest[_NONCE:], context.encode())
    except (InvalidTag, ValueError):
        raise NotOurs(context) from None


def seal_text(text: str, context: str) -> bytes:
    """`seal` for text."""
    return seal(text.encode(), context)


def unseal_text(sealed: bytes, context: str) -> str:
    """`unseal` for text."""
    return unseal(sealed, context).decode()


@contextlib.contextmanager
def sealed_apart(content: IO[bytes], context: str) -> Iterator[tuple[bytes, IO[bytes]]]:
    """Seal large content: its wrapped key, to be kept in a row, and the ciphertext, to be kept in the content store."""
    data_key = secrets.token_bytes(_KEY)
    cipher = AESGCM(data_key)
    content.seek(0)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as out:
        piece, place = content.read(PIECE), 0
        while True:
            following = content.read(PIECE)
            out.write(cipher.encrypt(_piece_nonce(place, last=not following), piece, context.encode()))
            if not following:
                break
            piece, place = following, place + 1
        out.seek(0)
        yield _wrap(data_key, context), out


@contextlib.contextmanager
def opened_apart(wrapped: bytes, ciphertext: IO[bytes], context: str) -> Iterator[IO[bytes]]:
    """The content of what was sealed apart. Nothing is handed out before all of it is authenticated."""
    cipher = AESGCM(_unwrap(wrapped, context))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as out:
        piece, place = ciphertext.read(PIECE + _TAG), 0
        while True:
            following = ciphertext.read(PIECE + _TAG)
            try:
                out.write(cipher.decrypt(_piece_nonce(place, last=not following), piece, context.encode()))
            except (InvalidTag, ValueError):
                raise NotOurs(context) from None
            if not following:
                break
            piece, place = following, place + 1
        out.seek(0)
        yield out


def key_of(sealed: bytes) -> str:
    """The id of the key that something is sealed with."""
    return _split(sealed)[0][1]


def is_current(sealed: bytes) -> bool:
    """Whether it is sealed with the key that writes now."""
    return key_of(sealed) == newest_key()


def rewrap(sealed: bytes, context: str) -> bytes:
    """The same content under the newest key; the content itself is not touched. Unchanged when it is there already."""
    wrapped, rest = _split(sealed)
    if wrapped[1] == newest_key():
        return sealed
    return _wrap(_unwrap(wrapped, context), context) + rest


# --- Blind indexes ---------------------------------------------------------------------------------------------------
def blind_index(text: str, *, purpose: str) -> bytes:
    """32 bytes that are equal for equal (normalised) text and say nothing else. Compare them with `hmac.compare_digest`
    or in the database."""
    return hmac.digest(_index_key(str(keys_directory()), purpose), normalised(text, purpose).encode(), "sha256")


def mac(purpose: str, text: str) -> str:
    """`blind_index` in hexadecimal."""
    return blind_index(text, purpose=purpose).hex()


def macs(purpose: str) -> Callable[[str], str]:
    """A quick `mac` for text that the caller has folded already: for comparing every word of a long text."""
    key = _index_key(str(keys_directory()), purpose)
    return lambda text: hmac.digest(key, text.encode(), "sha256").hex()


def normalised(text: str, purpose: str = "") -> str:
    """How text is compared: NFKC, without case, space, dashes and invisible signs; of names (a purpose that ends in
    "name") only letters, of telephone numbers ("phone") only digits, without the country of a Chinese mobile."""
    before, folded = "", text
    while folded != before:  # what is left out may have kept two signs apart that compose
        before = folded
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())
        folded = "".join(char for char in folded if unicodedata.category(char) not in _IGNORED and not char.isspace())
    if purpose.endswith("phone"):
        digits = "".join(str(unicodedata.decimal(char)) for char in folded if char.isdecimal())
        return _CHINA.sub(r"\1", digits)
    if purpose.endswith("name"):
        return "".join(char for char in folded if unicodedata.category(char)[0] in "LMN")
    return folded


# --- Keys ------------------------------------------------------------------------------------------------------------
def keys_directory() -> Path:
    """Where the keys lie."""
    return Path(settings.VAULT_KEYS)


def key_ids() -> list[str]:
    """The ids of the sealing keys that are there, oldest first."""
    try:
        names = [place.name for place in keys_directory().iterdir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _closed("") from error
    return sorted(found[1] for name in names if (found := _NAMED.match(name)))


def newest_key() -> str:
    """The id of the key that writes; made when there is none."""
    found = key_ids()
    return found[-1] if found else add_key()


def add_key() -> str:
    """Make a new sealing key, which writes from now on; its id."""
    there = key_ids()
    if not there:
        _create(_INDEX)  # both at once: a vault that has one and lacks the other has lost it
    made = f"{int(there[-1][:4]) + 1 if there else 1:04}-{secrets.token_hex(2)}"
    _create(f"seal-{made}.key")
    return made


def drop_key(key_id: str) -> None:
    """Remove a sealing key. Only when nothing is sealed with it any more, and never the newest."""
    if key_id == newest_key():
        raise ValueError("the newest key writes; it is not removed")
    (keys_directory() / f"seal-{key_id}.key").unlink(missing_ok=True)
    _read.cache_clear()


def faults() -> list[KeyFault]:
    """What is wrong with the keys that should be there: missing, open to others, or no key at all."""
    there = [f"seal-{key_id}.key" for key_id in key_ids()]
    found = [] if there else [KeyFault("seal-*.key", "missing")]
    for name in [*there, _INDEX]:
        place = keys_directory() / name
        try:
            mode = place.stat().st_mode
            if len(_decoded(place)) != _KEY:
                found.append(KeyFault(name, "unsound"))
        except (OSError, ValueError):
            found.append(KeyFault(name, "unsound" if place.exists() else "missing"))
            continue
        if mode & 0o077:
            found.append(KeyFault(name, "readable"))
    return found


def _create(name: str) -> bool:
    directory = keys_directory()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written beside and linked: another process sees the whole key or none, and never overwrites one.
    part = directory / f".{name}.{secrets.token_hex(4)}"
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(base64.b64encode(secrets.token_bytes(_KEY)) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(part, directory / name)
        except FileExistsError:
            return False
    finally:
        part.unlink(missing_ok=True)
    return True


def _decoded(place: Path) -> bytes:
    return base64.b64decode(place.read_bytes().strip(), validate=True)


@functools.lru_cache(maxsize=64)
def _read(place: str) -> bytes:
    key = _decoded(Path(place))
    if len(key) != _KEY:
        raise ValueError("a key has 32 bytes")
    return key


def _sealing_key(key_id: str) -> AESGCM:
    try:
        return AESGCM(_read(str(keys_directory() / f"seal-{key_id}.key")))
    except (OSError, ValueError) as error:
        raise _closed(f"seal-{key_id}.key") from error


@functools.lru_cache(maxsize=64)
def _index_key(directory: str, purpose: str) -> bytes:
    newest_key()  # made together, on first need
    place = Path(directory) / _INDEX
    try:
        held = _read(str(place))
    except (OSError, ValueError) as error:
        raise _closed(_INDEX) from error
    return HKDFExpand(algorithm=hashes.SHA256(), length=_KEY, info=f"chancery.{purpose}".encode()).derive(held)


def _closed(name: str) -> VaultClosed:
    return VaultClosed(
        _(
            "The key %(key)s of the vault is missing or cannot be read. Put it back from the backup of the keys; until"
            " then what it sealed stays closed."
        )
        % {"key": name or keys_directory().name}
    )


# --- The envelope ----------------------------------------------------------------------------------------------------
def _wrap(data_key: bytes, context: str) -> bytes:
    key_id = newest_key()
    nonce = secrets.token_bytes(_NONCE)
    wrapped = _sealing_key(key_id).encrypt(nonce, data_key, f"wrap:{context}".encode())
    return MAGIC + bytes([len(key_id)]) + key_id.encode() + nonce + wrapped


def _split(sealed: bytes) -> tuple[tuple[bytes, str], bytes]:
    sealed = bytes(sealed)
    if sealed[:2] != MAGIC or len(sealed) < 3:
        raise NotOurs("no envelope")
    start = 3 + sealed[2]
    end = start + _NONCE + _WRAPPED
    if len(sealed) < end:
        raise NotOurs("cut short")
    return (sealed[start:end], sealed[3:start].decode("ascii", "replace")), sealed[end:]


def _unwrap(wrapped: tuple[bytes, str] | bytes, context: str) -> bytes:
    held, key_id = _split(wrapped)[0] if isinstance(wrapped, bytes | memoryview) else wrapped
    try:
        return _sealing_key(key_id).decrypt(held[:_NONCE], held[_NONCE:], f"wrap:{context}".encode())
    except InvalidTag:
        raise NotOurs(context) from None


def _piece_nonce(place: int, *, last: bool) -> bytes:
    return place.to_bytes(_NONCE - 1) + bytes([last])
