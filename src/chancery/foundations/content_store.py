"""Where the bytes of files are kept: under their SHA-256, once, on local disk or in an S3 bucket.

The address of content is its hash, so a stored file cannot be changed without its address being wrong, and the same
content kept twice takes its space once. On disk: `ab/cd/abcd…`, written beside its place, synced, then renamed: after
a crash a file is there whole or not at all, and what a killed writer left behind ends in `.part` and is swept.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage
from django.utils.translation import gettext as _

from chancery.foundations.verdict import Unavailable

CHUNK = 1024 * 1024
PART_SUFFIX = ".part"
IN_ONE_READ = 2 * CHUNK
IN_MEMORY = 8 * CHUNK  # what is read from a bucket is held there, and on disk beyond
CONNECT_SECONDS, ANSWER_SECONDS, ATTEMPTS = 5, 30, 2

log = logging.getLogger(__name__)


class StoreUnavailable(Unavailable):
    """The store does not answer, refuses our key, or is full. Nothing of the content was kept."""


class MissingContent(Exception):
    """The store does not hold this content (a lost disk, a wrong restore)."""


class DamagedContent(Exception):
    """What the store holds under a hash does not have that hash."""


class ContentStore(Protocol):
    """Keeps content under its SHA-256 in hexadecimal."""

    def keep(self, sha256: str, content: IO[bytes]) -> bool:
        """Keep the content; False when it was there already. `DamagedContent` when it does not have that hash."""

    def open(self, sha256: str) -> IO[bytes]:
        """The content, from its start; `MissingContent` when absent."""

    def has(self, sha256: str) -> bool:
        """Whether the content is there."""

    def discard(self, sha256: str) -> None:
        """Remove the content; nothing happens when it is absent."""

    def older_than(self, seconds: float) -> Iterator[str]:
        """The hashes of what has been there for longer than that."""

    def digest(self, sha256: str) -> tuple[str, int]:
        """Hash and length of what lies there now, read anew; `MissingContent` when nothing does."""

    def mend(self, sha256: str, content: IO[bytes]) -> bool:
        """Put sound content where damaged content or none lies; False when what lies there is sound, which is never
        overwritten. `DamagedContent` when the content given does not have that hash."""

    def is_there(self) -> bool:
        """Whether the store itself can be reached: a disk that is not mounted is no store that lost everything."""


def sha256_of(content: IO[bytes]) -> tuple[str, int]:
    """Hash and length of content, read from its start in pieces; left at its start."""
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := content.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    content.seek(0)
    return digest.hexdigest(), size


class DiskStore:
    """Content on a local (or mounted) file system."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where content of this hash lies."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("a content address is 64 lower-case hexadecimal digits")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def keep(self, sha256: str, content: IO[bytes]) -> bool:
        """Write beside, sync, rename. The hash is taken again of what is written."""
        place = self.path(sha256)
        if place.exists():
            return False
        with _answering("keep", str(self.root), OSError):
            self._write(place, sha256, content)
        return True

    def _write(self, place: Path, sha256: str, content: IO[bytes]) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{sha256}.{secrets.token_hex(4)}{PART_SUFFIX}")
        try:
            handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o440)
            with os.fdopen(handle, "wb") as out:
                digest = hashlib.sha256()
                content.seek(0)
                while piece := content.read(CHUNK):
                    digest.update(piece)
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            if digest.hexdigest() != sha256:
                raise DamagedContent(sha256)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        self._sync_directory(place.parent)

    def open(self, sha256: str) -> IO[bytes]:
        """The content."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise MissingContent(sha256) from None

    def has(self, sha256: str) -> bool:
        """Whether the content is there."""
        return self.path(sha256).exists()

    def discard(self, sha256: str) -> None:
        """Remove the content."""
        self.path(sha256).unlink(missing_ok=True)

    def digest(self, sha256: str) -> tuple[str, int]:
        """Hash and length. In large blocks, and without holding Python's lock: two threads read twice as fast."""
        try:
            # One read is enough for most; `file_digest` would set up a buffer of its own for each.
            with self.path(sha256).open("rb", buffering=0) as content:
                size = os.fstat(content.fileno()).st_size
                if size <= IN_ONE_READ:
                    held = content.read()
                    return hashlib.sha256(held).hexdigest(), len(held)
                return hashlib.file_digest(content, "sha256").hexdigest(), size
        except FileNotFoundError:
            raise MissingContent(sha256) from None

    def mend(self, sha256: str, content: IO[bytes]) -> bool:
        """Written beside and renamed over, so that what was there stays until the sound content is whole."""
        with _answering("mend", str(self.root), OSError):
            if _is_sound(self, sha256):
                return False
            self._write(self.path(sha256), sha256, content)
        return True

    def is_there(self) -> bool:
        """Whether the directory is there."""
        return self.root.is_dir()

    def older_than(self, seconds: float) -> Iterator[str]:
        """The hashes of what was written before then."""
        before = time.time() - seconds
        for place in self.root.glob("??/??/*"):
            if len(place.name) == 64:
                with contextlib.suppress(FileNotFoundError):  # discarded while we look
                    if place.stat().st_mtime < before:
                        yield place.name

    def sweep(self, *, older_than_seconds: float = 3600.0) -> int:
        """Remove what killed writers left; how many there were."""
        before, removed = time.time() - older_than_seconds, 0
        for part in self.root.glob(f"*/*/*{PART_SUFFIX}"):
            if part.stat().st_mtime < before:
                part.unlink(missing_ok=True)
                removed += 1
        return removed

    @staticmethod
    def _sync_directory(directory: Path) -> None:
        # Without it the rename itself may be lost with the power.
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class BucketStore:
    """Content in an S3 bucket, through django-storages; address and credentials as boto3 finds them
    (AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID …). Objects carry no access list: only our key reads them."""

    def __init__(self, bucket: str, storage: Storage | None = None) -> None:
        self.bucket = bucket
        self.storage: Storage = _s3(bucket) if storage is None else storage

    def key(self, sha256: str) -> str:
        """The object's key."""
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def keep(self, sha256: str, content: IO[bytes]) -> bool:
        """Upload unless there; S3 makes an object visible whole or not at all."""
        if self.has(sha256):
            return False
        if sha256_of(content)[0] != sha256:
            raise DamagedContent(sha256)
        with _answering("keep", self.bucket, *_bucket_faults()):
            self.storage.save(self.key(sha256), File(content))
        return True

    def open(self, sha256: str) -> IO[bytes]:
        """The content, fetched whole before it is given: a server that falls silent does so here."""
        with _answering("open", self.bucket, *_bucket_faults()):
            try:
                opened: IO[bytes] = self.storage.open(self.key(sha256), "rb")
                opened.seek(0)
            except FileNotFoundError:
                raise MissingContent(sha256) from None
        return opened

    def has(self, sha256: str) -> bool:
        """Whether the content is there."""
        with _answering("look", self.bucket, *_bucket_faults()):
            return bool(self.storage.exists(self.key(sha256)))

    def discard(self, sha256: str) -> None:
        """Remove the content."""
        with _answering("discard", self.bucket, *_bucket_faults()):
            self.storage.delete(self.key(sha256))

    def digest(self, sha256: str) -> tuple[str, int]:
        """Hash and length of the object, fetched."""
        with self.open(sha256) as content:
            return sha256_of(content)

    def mend(self, sha256: str, content: IO[bytes]) -> bool:
        """Uploaded over what is there; S3 shows the old or the new object, never half of one."""
        if _is_sound(self, sha256):
            return False
        if sha256_of(content)[0] != sha256:
            raise DamagedContent(sha256)
        with _answering("mend", self.bucket, *_bucket_faults()):
            self.storage.save(self.key(sha256), File(content))
        return True

    def is_there(self) -> bool:
        """Whether the bucket answers."""
        asked: Any = self.storage
        try:
            with _answering("look", self.bucket, *_bucket_faults()):
                asked.connection.meta.client.head_bucket(Bucket=self.bucket)
        except StoreUnavailable:
            return False
        return True

    def older_than(self, seconds: float) -> Iterator[str]:
        """The hashes of what was uploaded before then."""
        asked: Any = self.storage
        with _answering("list", self.bucket, *_bucket_faults()):
            for found in asked.bucket.objects.all():
                name = str(found.key).rpartition("/")[2]
                if len(name) == 64 and found.last_modified.timestamp() < time.time() - seconds:
                    yield name

    def is_open_to_strangers(self, sha256: str) -> bool:
        """Whether somebody without a key can read the content; asked by `chancery check`."""
        from botocore.exceptions import ClientError

        asked: Any = self.storage
        with _answering("look", self.bucket, *_bucket_faults()):
            try:
                asked.unsigned_connection.meta.client.head_object(Bucket=self.bucket, Key=self.key(sha256))
            except ClientError as fault:
                if fault.response["ResponseMetadata"]["HTTPStatusCode"] in {401, 403, 404}:
                    return False
                raise
        return True


def _is_sound(kept: ContentStore, sha256: str) -> bool:
    try:
        return kept.digest(sha256)[0] == sha256
    except (MissingContent, OSError):  # what cannot be read is not sound
        return False


def _s3(bucket: str) -> Storage:
    # boto3 takes 200 ms to import: only sites with a bucket pay.
    from botocore.config import Config
    from storages.backends.s3 import S3Storage

    made: Storage = S3Storage(
        bucket_name=bucket,
        file_overwrite=True,
        default_acl=None,
        querystring_auth=True,
        gzip=False,
        max_memory_size=IN_MEMORY,
        client_config=Config(
            signature_version="s3v4",
            s3={"addressing_style": settings.S3_ADDRESSING},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        ),
    )
    return made


@functools.cache
def _bucket_faults() -> tuple[type[Exception], ...]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return (Boto3Error, BotoCoreError, ClientError)


@contextlib.contextmanager
def _answering(what: str, where: str, *faults: type[Exception]) -> Iterator[None]:
    """Turn what a store throws into one refusal for the person and one line for whoever runs the site."""
    try:
        yield
    except (MissingContent, DamagedContent):
        raise
    except faults as fault:
        told = type(fault).__name__, fault
        log.error("the file store %s failed to %s: %s: %s", where, what, *told)  # noqa: TRY400  # one line: its own words say all
        raise StoreUnavailable(
            _("The file store does not answer, so nothing was stored or read. Please try again in a few minutes."),
            field="file",
        ) from fault


@functools.lru_cache(maxsize=4)
def _bucket(name: str) -> BucketStore:
    return BucketStore(name)  # kept: its connections are a thread's own and are used again


def store() -> ContentStore:
    """The site's store: the bucket of S3_BUCKET, else the directory `files` in CHANCERY_HOME."""
    bucket = getattr(settings, "S3_BUCKET", "")
    return _bucket(bucket) if bucket else DiskStore(Path(settings.FILE_STORE))


def copy_store() -> ContentStore | None:
    """Where a second copy of all content lies: the bucket of CONTENT_COPY_BUCKET, else the directory CONTENT_COPY, else
    none. Never the store itself."""
    bucket, directory = getattr(settings, "CONTENT_COPY_BUCKET", ""), getattr(settings, "CONTENT_COPY", "")
    if bucket:
        return _bucket(bucket)
    return DiskStore(Path(directory)) if directory else None
