"""Files of a site that keeps them in a bucket, on a real S3 server: stored, handed out, and what happens without it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import transaction
from django.urls import reverse

from chancery.foundations import content_store
from chancery.foundations.actor import SYSTEM
from chancery.foundations.content_store import StoreUnavailable
from chancery.foundations.journal import queries as journal
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.rulebook import services as rulebook
from chancery.foundations.tests.s3_server import S3, free_ports
from chancery.kernel.records.files.rules import FileRefused
from chancery.kernel.records.models import StoredFile
from chancery.kernel.records.queries import open_file
from chancery.kernel.records.rules import SecretMarking
from chancery.kernel.records.services import store_file
from chancery.kernel.records.tests import papers
from chancery.kernel.records.tests.world import AT, World


@pytest.fixture
def in_bucket(world: World, bucket: str, settings: Any) -> World:
    """The world, its files in a bucket."""
    settings.S3_BUCKET = bucket
    rulebook.load_all(by=SYSTEM, at=AT)
    return world


@pytest.fixture
def goes_down(monkeypatch: pytest.MonkeyPatch, s3: S3) -> Callable[[bool], None]:
    """Point the site at a port on which nobody listens, or back at the server."""
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}"

    def go(down: bool) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", nobody if down else s3.address)
        content_store._bucket.cache_clear()

    return go


def keep(world: World, name: str, content: bytes) -> StoredFile:
    return store_file(guard_id=world.guard_id, name=name, content=io.BytesIO(content), by=world.clerk, at=AT)


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_file_goes_into_the_bucket_and_comes_out_on_its_page(
    in_bucket: World, s3: S3, bucket: str, client_as: Any
) -> None:
    content = papers.pdf(pages=2)
    stored = keep(in_bucket, "letter.pdf", content)
    assert s3.keys(bucket) == [f"{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}"]
    assert not Path(site_settings.FILE_STORE).exists()
    with acting_as(in_bucket.clerk), open_file(stored) as opened:
        assert opened.read() == content
    client, address = client_as(in_bucket.clerk), reverse("records:file", args=[stored.pk])
    assert read(client.get(address)) == content
    part = client.get(address, headers={"Range": "bytes=5-9"})
    assert (part.status_code, read(part)) == (206, content[5:10])
    picture = client.get(reverse("records:page_image", args=[stored.pk, 2]))
    assert (picture.status_code, picture.content[:4]) == (200, b"\x89PNG")
    assert client_as(in_bucket.outsider).get(address).status_code == 404


def test_the_same_content_lies_there_once(in_bucket: World, s3: S3, bucket: str) -> None:
    assert keep(in_bucket, "a.txt", b"the same words").pk != keep(in_bucket, "b.txt", b"the same words").pk
    assert len(s3.keys(bucket)) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_never_reaches_the_bucket(bucket: str, s3: S3, settings: Any) -> None:
    from chancery.kernel.records.tests.world import build

    settings.S3_BUCKET = bucket
    world = build()
    with pytest.raises(SecretMarking), transaction.atomic():
        keep(world, "a.docx", papers.word("机密★20年"))
    with pytest.raises(FileRefused), transaction.atomic():
        keep(world, "a.exe", b"MZ")
    assert s3.keys(bucket) == []


def test_without_its_server_a_file_is_not_stored_at_all_and_later_it_is(
    in_bucket: World, goes_down: Callable[[bool], None], s3: S3, bucket: str
) -> None:
    goes_down(True)
    with pytest.raises(StoreUnavailable, match="nothing was stored") as refusal:
        keep(in_bucket, "a.txt", b"words")
    assert refusal.value.field == "file"
    with acting_as(in_bucket.clerk):
        assert not StoredFile.objects.exists()
    with acting_as(SYSTEM):
        assert "file.stored" not in {line["act"] for line in journal.history("records.storedfile:1")}
    goes_down(False)
    assert s3.keys(bucket) == []
    assert keep(in_bucket, "a.txt", b"words").pk
    assert len(s3.keys(bucket)) == 1


def test_without_its_server_a_page_says_not_now_and_not_that_the_file_is_lost(
    in_bucket: World, goes_down: Callable[[bool], None], client_as: Any
) -> None:
    stored = keep(in_bucket, "letter.pdf", papers.pdf())
    goes_down(True)
    client = client_as(in_bucket.clerk)
    for address in (reverse("records:file", args=[stored.pk]), reverse("records:page_image", args=[stored.pk, 1])):
        page = client.get(address)
        assert page.status_code == 503
        assert "Not just now" in page.content.decode()
        assert "The file store does not answer" in page.content.decode()
    goes_down(False)
    assert client.get(reverse("records:file", args=[stored.pk])).status_code == 200
