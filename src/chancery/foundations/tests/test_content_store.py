"""The store of files on a real S3 server; on disk see also kernel/records/tests/test_files.py."""

from __future__ import annotations

import hashlib
import io
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chancery.foundations import content_store
from chancery.foundations.content_store import (
    BucketStore,
    DamagedContent,
    DiskStore,
    MissingContent,
    StoreUnavailable,
    sha256_of,
    store,
)
from chancery.foundations.tests.s3_server import S3, free_ports

WORDS = "关于召开会议的通知 — words".encode()


def address_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def kept(bucket: str) -> BucketStore:
    return BucketStore(bucket)


@pytest.fixture
def refusing_port() -> int:
    """A port on which nobody listens."""
    return free_ports(1)[0]


def test_what_is_kept_comes_back_whole_with_its_size_and_hash(kept: BucketStore, s3: S3) -> None:
    address = address_of(WORDS)
    assert not kept.has(address)
    assert kept.keep(address, io.BytesIO(WORDS)) is True
    assert kept.has(address)
    with kept.open(address) as opened:
        assert sha256_of(opened) == (address, len(WORDS))
    assert s3.keys(kept.bucket) == [f"{address[:2]}/{address[2:4]}/{address}"]
    assert s3.client().head_object(Bucket=kept.bucket, Key=kept.key(address))["ContentLength"] == len(WORDS)


def test_the_same_content_is_kept_once(kept: BucketStore, s3: S3) -> None:
    address = address_of(WORDS)
    assert [kept.keep(address, io.BytesIO(WORDS)) for _ in range(3)] == [True, False, False]
    assert len(s3.keys(kept.bucket)) == 1


def test_nothing_and_a_large_stream_come_back_alike(kept: BucketStore, s3: S3) -> None:
    """Large means in several parts: boto3 divides what is over 8 MB."""
    large = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(640_000))  # 20 MB, not all alike
    for content in (b"", large):
        source = io.BytesIO(content)
        assert kept.keep(address_of(content), source) is True
        assert not source.closed
        with kept.open(address_of(content)) as opened:
            assert sha256_of(opened) == (address_of(content), len(content))
            opened.seek(len(content) // 2)
            assert opened.read(5) == content[len(content) // 2 :][:5]
    assert s3.parts(kept.bucket) == []


def test_an_upload_that_breaks_off_half_way_leaves_nothing(kept: BucketStore, s3: S3) -> None:
    content = b"a" * 20_000_000

    class Broken(io.BytesIO):
        """Read once for its hash; the second time it fails in the middle."""

        rounds = 0

        def read(self, size: int | None = -1) -> bytes:
            self.rounds += self.tell() == 0
            if self.rounds > 1 and self.tell() > 12_000_000:
                raise OSError("the disk of the upload went away")
            return super().read(size)

    with pytest.raises(OSError, match="went away"):
        kept.keep(address_of(content), Broken(content))
    assert not kept.has(address_of(content))
    assert (s3.keys(kept.bucket), s3.parts(kept.bucket)) == ([], [])


def test_content_under_another_hash_is_refused_and_not_kept(kept: BucketStore, s3: S3) -> None:
    with pytest.raises(DamagedContent):
        kept.keep("0" * 64, io.BytesIO(WORDS))
    assert s3.keys(kept.bucket) == []


def test_what_is_absent_is_said_to_be_and_may_be_discarded_twice(kept: BucketStore) -> None:
    address = address_of(WORDS)
    with pytest.raises(MissingContent):
        kept.open(address)
    kept.keep(address, io.BytesIO(WORDS))
    kept.discard(address)
    kept.discard(address)
    assert not kept.has(address)


def test_eight_who_keep_the_same_content_at_once_leave_it_there_once(kept: BucketStore, s3: S3) -> None:
    content, answers = b"words " * 200_000, []
    at_once = threading.Barrier(8)

    def keep() -> None:
        at_once.wait()
        answers.append(kept.keep(address_of(content), io.BytesIO(content)))

    threads = [threading.Thread(target=keep) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert True in answers
    assert len(s3.keys(kept.bucket)) == 1
    with kept.open(address_of(content)) as opened:
        assert opened.read() == content


def test_only_our_key_reads_lists_or_writes(kept: BucketStore, s3: S3) -> None:
    address = address_of(WORDS)
    kept.keep(address, io.BytesIO(WORDS))
    for somebody in (
        s3.client(signed=False),
        s3.client(aws_access_key_id="AKIAELSE", aws_secret_access_key="guessed"),
    ):
        for refused in (
            lambda who: who.get_object(Bucket=kept.bucket, Key=kept.key(address)),
            lambda who: who.list_objects_v2(Bucket=kept.bucket),
            lambda who: who.put_object(Bucket=kept.bucket, Key="mine", Body=b"x"),
            lambda who: who.delete_object(Bucket=kept.bucket, Key=kept.key(address)),
        ):
            with pytest.raises(ClientError) as fault:
                refused(somebody)
            assert fault.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    granted = s3.client().get_object_acl(Bucket=kept.bucket, Key=kept.key(address)).get("Grants", [])
    assert not [grant for grant in granted if grant["Grantee"].get("URI")], "a group, such as everybody"


# --- A server that does not answer ------------------------------------------------------------------------------------
@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield int(listening.getsockname()[1])


def each_act(kept: Any, content: bytes = WORDS) -> list[Any]:
    address = address_of(content)
    return [
        lambda: kept.has(address),
        lambda: kept.keep(address, io.BytesIO(content)),
        lambda: kept.open(address),
        lambda: kept.discard(address),
    ]


@pytest.mark.parametrize("how", ["down", "silent"])
def test_a_server_that_does_not_answer_is_a_refusal_soon_and_a_line_for_the_administrator(
    how: str,
    bucket: str,
    refusing_port: int,
    silent: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(content_store, "ANSWER_SECONDS", 0.3)
    port = refusing_port if how == "down" else silent
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{port}")
    away = BucketStore(bucket)
    for act in each_act(away):
        caplog.clear()
        with caplog.at_level(logging.ERROR), pytest.raises(StoreUnavailable, match="nothing was stored") as refusal:
            act()
        assert refusal.value.field == "file"
        assert bucket in caplog.text
        assert str(port) in caplog.text


def test_a_bucket_that_is_not_there_and_a_wrong_key_are_told_apart_from_a_missing_file(
    bucket: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-one")
    for act in each_act(BucketStore(bucket)):
        with pytest.raises(StoreUnavailable):
            act()
    assert "403" in caplog.text or "SignatureDoesNotMatch" in caplog.text


def test_a_full_disk_is_a_refusal_too_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreUnavailable, match="nothing was stored"):
        DiskStore(tmp_path).keep(address_of(WORDS), io.BytesIO(WORDS))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_site_uses_the_bucket_it_names_and_one_store_for_all_requests(bucket: str, settings: Any) -> None:
    settings.S3_BUCKET = bucket
    chosen = store()
    assert isinstance(chosen, BucketStore)
    assert chosen is store()
    assert chosen.keep(address_of(WORDS), io.BytesIO(WORDS)) is True
