"""Stored e-mail (RFC 5322): its words and its attachments."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import IO

from lxml import html
from lxml.etree import LxmlError

from chancery.foundations.papers import text
from chancery.foundations.papers.faults import Fault, Unacceptable

_HEADER = re.compile(
    rb"^(from|to|cc|subject|date|received|message-id|mime-version|return-path|x-[a-z-]+):", re.IGNORECASE | re.MULTILINE
)
SHOWN_HEADERS = ("From", "To", "Cc", "Date", "Subject")

Nested = Callable[[str, bytes], None]


def looks_like_mail(head: bytes) -> bool:
    """Whether a file begins with the headers of a message."""
    block = re.split(rb"\r?\n\r?\n", head.lstrip(b"\xef\xbb\xbf"), maxsplit=1)[0]
    return len({name.lower() for name in _HEADER.findall(block)}) >= 2


def read(content: IO[bytes], *, nested: Nested) -> str:
    """The words of a message. `nested` is called with the name and content of each attachment."""
    content.seek(0)
    message = BytesParser(policy=policy.default).parse(content)
    if not isinstance(message, EmailMessage):
        raise Unacceptable(Fault.DAMAGED)
    texts = [f"{name}: {value}" for name in SHOWN_HEADERS if (value := _header(message, name))]
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        name = _filename(part)
        kind = part.get_content_type()
        if name is None and kind.startswith("text/"):
            words = text.decode(data, part.get_content_charset()) if data.strip() else ""
            texts.append(_words_of_html(words) if kind == "text/html" else words)
        elif data:
            nested(name or kind, data)
    return "\n".join(texts)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, LookupError):  # the parser gives up on some malformed headers
        return ""


def _filename(part: EmailMessage) -> str | None:
    try:
        return part.get_filename()
    except (ValueError, IndexError, AttributeError, LookupError):
        return "attachment"


def _words_of_html(markup: str) -> str:
    try:
        root = html.document_fromstring(markup.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError):
        return markup
    for element in root.iter("br", "p", "div", "tr", "li"):
        element.tail = "\n" + (element.tail or "")
    return str(root.text_content())
