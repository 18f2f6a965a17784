"""`check`: what it asks of a production site."""

from __future__ import annotations

from typing import Any

import pytest

from chancery.config.commands import checks
from chancery.foundations.tests.s3_server import S3, free_ports


@pytest.fixture
def behind_tls(settings: Any, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A site at an https address with everything else about its address in order."""
    settings.SECURE_SITE = True
    settings.ALLOWED_HOSTS = ["office.example.org"]
    for name in ("TRUSTED_PROXIES", "HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SITE_URL", "https://office.example.org")
    monkeypatch.setenv("ALLOWED_HOSTS", "office.example.org")
    return monkeypatch


def said(found: Any) -> list[tuple[str, bool]]:
    return [(lack.says.split(":")[0], lack.grave) for lack in found]


@pytest.mark.parametrize("given", [None, "", "0"])
def test_an_https_site_must_say_how_many_proxies_stand_in_front(
    behind_tls: pytest.MonkeyPatch, given: str | None
) -> None:
    if given is not None:
        behind_tls.setenv("TRUSTED_PROXIES", given)
    (lack,) = checks._address()
    assert lack.grave
    assert "TRUSTED_PROXIES is not set" in lack.says
    assert lack.do.startswith("TRUSTED_PROXIES=1")


def test_once_it_says_so_nothing_is_lacking(behind_tls: pytest.MonkeyPatch) -> None:
    behind_tls.setenv("TRUSTED_PROXIES", "1")
    assert list(checks._address()) == []


def test_a_port_that_others_than_the_proxy_can_reach_is_warned_of(behind_tls: pytest.MonkeyPatch) -> None:
    behind_tls.setenv("TRUSTED_PROXIES", "2")
    behind_tls.setenv("HOST", "0.0.0.0")
    assert said(checks._address()) == [("HOST is 0.0.0.0 and 2 proxies are believed", False)]


def test_a_site_without_tls_is_not_asked_for_proxies(behind_tls: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SECURE_SITE = False
    assert "TRUSTED_PROXIES" not in str(list(checks._address()))


# --- Files in a bucket -----------------------------------------------------------------------------------------------
@pytest.fixture
def backed_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("BACKUP_PATH", str(tmp_path))


def test_a_bucket_that_works_lacks_nothing_and_keeps_no_trace(
    backed_up: None, bucket: str, s3: S3, settings: Any
) -> None:
    settings.S3_BUCKET = bucket
    assert [lack for lack in checks._files() if lack.grave] == []
    assert s3.keys(bucket) == []


def test_a_bucket_that_anyone_may_read_is_found_out(backed_up: None, bucket: str, s3: S3, settings: Any) -> None:
    settings.S3_BUCKET = bucket
    s3.client().put_bucket_policy(
        Bucket=bucket,
        Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",'
        f' "Resource": "arn:aws:s3:::{bucket}/*"}}]}}',
    )
    grave = [line for line in said(checks._files()) if line[1]]
    assert grave == [(f"anyone may read the bucket {bucket}, past every rule of visibility", True)]
    assert s3.keys(bucket) == []


def test_a_bucket_that_cannot_be_used_is_named_with_its_fault(
    backed_up: None, bucket: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.S3_BUCKET = bucket
    port = free_ports(1)[0]
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{port}")
    (lack,) = [lack for lack in checks._files() if lack.grave]
    assert lack.grave
    assert f"127.0.0.1:{port}" in lack.says
    assert "AWS_ENDPOINT_URL_S3" in lack.do


# --- Fonts of official papers ----------------------------------------------------------------------------------------
def test_the_fonts_of_the_house_lack_nothing(settings: Any) -> None:
    settings.CHANCERY_FONTS = ""
    assert list(checks._fonts()) == []


@pytest.mark.parametrize("mapped", ["fangsong=FangSong_GB2312", "fangsong", "songti=Noto Serif SC"])
def test_a_font_that_is_not_there_or_a_mapping_that_says_nothing_is_grave(settings: Any, mapped: str) -> None:
    settings.CHANCERY_FONTS = mapped
    (lack,) = checks._fonts()
    assert lack.grave
    assert mapped.split("=")[-1] in lack.says
