"""Nothing of the public door is fetched from, sent to or told to anybody else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from chancery.departments.general_office.petitions.door.tests.visitor import Visitor, text, upload
from chancery.foundations.web.tests.error_outline import Outline

PLAIN = ("/", "/petitions/", "/petitions/write/appeal/", "/petitions/follow/", "/public-notices/", "/status/",
         "/verify/", "/help/", "/nothing-of-the-kind/")  # fmt: skip
OURS = {"'self'", "'none'", "data:", "'unsafe-inline'"}


def pages(visitor: Visitor) -> dict[str, Any]:
    """Every page that a petitioner comes by."""
    found = {path: visitor.get(path) for path in PLAIN}
    found["errors"] = visitor.post("/petitions/write/appeal/", {"kind": "APPEAL"})
    found["check"] = visitor.check()
    found["refused"] = visitor.send(files=[upload("a.exe", b"MZ\x90\x00")])
    found["receipt"] = visitor.send(files=[upload("letter.txt")])
    code = re.search(r'petition-code"[^>]*>([0-9A-Z-]+)<', found["receipt"].content.decode())
    assert code
    found["case"] = visitor.opens(code[1])
    return found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_address_on_every_page_is_the_sites_own(cast: Any, language: str) -> None:
    for name, page in pages(Visitor(language=language)).items():
        for address in Outline(page.content.decode()).addresses:
            assert not urlsplit(address).netloc or urlsplit(address).netloc == "testserver", f"{name}: {address}"
            assert urlsplit(address).scheme in ("", "http", "https", "tel", "mailto"), f"{name}: {address}"


def test_the_browser_is_told_to_fetch_from_here_alone_and_to_tell_nobody(cast: Any) -> None:
    for name, page in pages(Visitor()).items():
        policy = dict(part.strip().partition(" ")[::2] for part in page["Content-Security-Policy"].split(";"))
        assert {"default-src", "script-src", "connect-src", "form-action", "base-uri"} <= set(policy), name
        for directive, allowed in policy.items():
            said = set(allowed.split())
            assert said <= OURS, f"{name}: {directive} {allowed}"
            assert "'unsafe-inline'" not in said or directive == "style-src-attr"
        assert page["Referrer-Policy"] == "same-origin"
        assert page["X-Content-Type-Options"] == "nosniff"


def test_what_the_pages_load_loads_nothing_from_elsewhere(cast: Any) -> None:
    loaded = set()
    for page in pages(Visitor()).values():
        loaded |= {one for one in Outline(page.content.decode()).addresses if one.startswith("/static/")}
    sheets = [one for one in loaded if one.endswith(".css")]
    assert sheets and any(one.endswith("petitions-door.js") for one in loaded)
    for address in loaded:
        found = finders.find(address.removeprefix("/static/"))
        assert isinstance(found, str), f"{address} is not there"
        said = Path(found).read_text(encoding="utf-8", errors="replace")
        if address.endswith(".css"):
            assert not re.search(r"""(?:url\(|@import)\s*["']?\s*(?:https?:)?//""", said), address
        if "/vendor/" not in address and address.endswith(".js"):
            assert not re.search(r"""["'`](?:https?:)?//""", said), address


def test_the_names_of_attachments_are_neutral_in_the_readers_language(cast: Any) -> None:
    visitor = Visitor(language="zh-hans")
    said = text(visitor.opens(visitor.code(files=[upload("张三的信.txt")])))
    assert "附件1.txt" in said and "张三的信" not in said
