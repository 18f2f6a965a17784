"""Somebody at the public door: fills the form, computes, sends, follows."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chancery.foundations.web import proof

WORDS = {
    "kind": "APPEAL",
    "request": "请复核评审结果。",
    "facts": "某年评审未公示。",
    "reasons": "",
    "subject_unit": "",
    "field": "awards",
    "region": "北京",
    "group_size": "1",
    "who": "named",
    "name": "欧阳晓明",
    "phone": "",
    "email": "",
    "address": "",
    "id_number": "",
}


class Visitor:
    """One browser at one address."""

    def __init__(self, address: str = "192.0.2.7", language: str = "en") -> None:
        self.client = Client(REMOTE_ADDR=address, headers={"accept-language": language})

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, data: dict[str, Any]) -> Any:
        return self.client.post(path, data)

    def check(self, **words: Any) -> Any:
        """The page that reads back what was written."""
        return self.post("/petitions/write/appeal/", {**WORDS, **words, "step": "check"})

    def answered(self, page: Any) -> dict[str, str]:
        """The challenge of a page, computed as the browser does."""
        return {"proof": field(page, "proof"), "proof_answer": solved(page)}

    def send(
        self, *, files: list[SimpleUploadedFile] | None = None, proved: dict[str, str] | None = None, **words: Any
    ) -> Any:
        """Write, read through, compute, send."""
        page = self.check(**{key: value for key, value in words.items() if key != "send_token"})
        assert page.status_code == 200, text(page)
        data = {**WORDS, "send_token": field(page, "send_token"), **words}
        data |= self.answered(page) if proved is None else proved
        return self.post("/petitions/send/", {**data, "files": files or []})

    def code(self, **more: Any) -> str:
        """Send, and the receipt's code."""
        return code_in(self.send(**more))

    def opens(self, code: str) -> Any:
        """Enter a code; the page behind it."""
        entered = self.post("/petitions/follow/", {"code": code})
        return self.get(entered["Location"]) if entered.status_code == 302 else entered


def solved(page: Any) -> str:
    said = page.content.decode()
    nonce = re.search(r'data-nonce="([^"]+)"', said)
    bits = re.search(r'data-bits="(\d+)"', said)
    assert nonce and bits
    found = []
    for part in range(proof.PARTS):
        counter = 0
        while proof._zero_bits(f"{nonce[1]}:{part}:{counter}") < int(bits[1]):
            counter += 1
        found.append(str(counter))
    return ",".join(found)


def field(page: Any, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, text(page)
    return html.unescape(found[1])


def code_in(page: Any) -> str:
    found = re.search(r'class="petition-code"[^>]*>([0-9A-Z-]+)<', page.content.decode())
    assert found, text(page)
    return found[1]


def text(page: Any) -> str:
    """What a page says, without tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def upload(name: str, content: bytes = b"a line of text") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def token() -> str:
    return uuid.uuid4().hex
