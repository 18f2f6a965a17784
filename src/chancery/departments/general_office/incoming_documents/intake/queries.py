"""What a file proposes for the register, read from an e-mail or from a page. Only ever a proposal."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field, fields
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

from chancery.departments.general_office.incoming_documents.terms import Kind, Urgency

MOST_ATTACHMENTS = 50
HEAD_OF_TEXT = 4000  # characters of a text in which the first page's elements are sought


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside an e-mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Proposal:
    """Fields a file suggests; empty where it says nothing."""

    title: str = ""
    sender: str = ""
    sender_number: str = ""
    dated_on: dt.date | None = None
    kind: str = ""
    urgency: str = ""
    copy_no: str = ""
    addressees: str = ""
    summary: str = ""

    def as_fields(self) -> dict[str, str]:
        """Field name → text, without the empty ones."""
        found = {
            "title": self.title,
            "sender": self.sender,
            "sender_number": self.sender_number,
            "dated_on": self.dated_on.isoformat() if self.dated_on else "",
            "kind": self.kind,
            "urgency": self.urgency,
            "copy_no": self.copy_no,
            "addressees": self.addressees,
            "summary": self.summary,
        }
        return {name: text for name, text in found.items() if text}


@dataclass(frozen=True, slots=True)
class Letter:
    """A parsed e-mail."""

    proposal: Proposal
    attachments: list[Attachment] = field(default_factory=list)
    text: str = ""


class NotAnEmail(ValueError):
    """The file has no e-mail header."""


def read_email(content: bytes) -> Letter:
    """Parse an .eml file: sender, subject, date, text, attachments. Raises `NotAnEmail`."""
    message = message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage) or not (message["from"] or message["subject"]):
        raise NotAnEmail
    name, address = parseaddr(str(message["from"] or ""))
    try:
        dated_on = parsedate_to_datetime(str(message["date"])).date()
    except (TypeError, ValueError):
        dated_on = None
    body = message.get_body(preferencelist=("plain", "html"))
    text = _text_of(body) if body is not None else ""
    subject = _one_line(str(message["subject"] or ""))
    read = read_text(f"{subject}\n{text}")
    to = ", ".join(
        part
        for part in (parseaddr(item)[0] or parseaddr(item)[1] for item in str(message["to"] or "").split(","))
        if part
    )
    attachments: list[Attachment] = []
    for number, part in enumerate(message.iter_attachments(), 1):
        if number > MOST_ATTACHMENTS:
            break
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes) and raw:
            attachments.append(Attachment(_one_line(part.get_filename() or f"attachment-{number}")[:180], raw))
    proposal = Proposal(
        title=subject[:300],
        sender=_one_line(name or address)[:200],
        sender_number=read.sender_number,
        dated_on=dated_on,
        kind=read.kind,
        urgency=read.urgency,
        addressees=to[:300],
        summary=" ".join(text.split())[:500],
    )
    return Letter(proposal, attachments, text)


def _text_of(part: MIMEPart) -> str:
    try:
        content = part.get_content()
    except (LookupError, UnicodeError):
        raw = part.get_payload(decode=True)
        content = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    text = content if isinstance(content, str) else ""
    if part.get_content_type() == "text/html":
        text = re.sub(r"(?s)<(script|style)\b.*?</\1\s*>|<[^>]{0,2000}>", " ", text)
    return text.strip()


def _one_line(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def merged(first: Proposal, then: Proposal) -> Proposal:
    """`first`, with what it leaves empty taken from `then`."""
    return Proposal(**{slot.name: getattr(first, slot.name) or getattr(then, slot.name) for slot in fields(Proposal)})


_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,16}\s?[〔\[［(（【]\s?(?:19|20)\d\d\s?[〕\]］)）】]\s?第?\s?\d{1,5}\s?号"
)
_TITLE = re.compile(
    r"(关于[^\n]{2,120}?的(?:通知|通报|报告|请示|批复|意见|决定|决议|公告|通告|函|复函|邀请函|纪要|命令|议案|公报|简报))"
)
_HEAD = re.compile(r"(?m)^\s*([\u4e00-\u9fff]{4,30}?)\s*(?:文\s*件|（函）)\s*$")
_DATE = re.compile(r"((?:19|20)\d\d)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_COPY = re.compile(r"(?m)^\s*(\d{6})\s*$")
_ADDRESSEES = re.compile(r"(?m)^\s*([\u4e00-\u9fff][^\n。；]{1,118})[：:]\s*$")

_KINDS = (
    ("邀请函", Kind.INVITATION),
    ("通知", Kind.NOTICE),
    ("请示", Kind.REQUEST),
    ("报告", Kind.REPORT),
    ("批复", Kind.REPLY),
    ("意见", Kind.OPINION),
    ("决定", Kind.DECISION),
    ("决议", Kind.RESOLUTION),
    ("通报", Kind.CIRCULAR),
    ("公告", Kind.ANNOUNCEMENT),
    ("通告", Kind.PUBLIC_NOTICE),
    ("纪要", Kind.MINUTES),
    ("公报", Kind.COMMUNIQUE),
    ("命令", Kind.ORDER),
    ("议案", Kind.MOTION),
    ("简报", Kind.BRIEF),
    ("函", Kind.LETTER),
    ("invitation", Kind.INVITATION),
    ("minutes", Kind.MINUTES),
    ("report", Kind.REPORT),
    ("notice", Kind.NOTICE),
    ("request", Kind.REQUEST),
    ("letter", Kind.LETTER),
)
_URGENCIES = (
    ("特提", Urgency.TELEGRAM_FLASH),
    ("特急", Urgency.URGENT),
    ("加急", Urgency.EXPEDITED),
    ("平急", Urgency.TELEGRAM_ORDINARY),
)


def kind_of(title: str) -> str:
    """The document type a title ends in, or ""."""
    plain = title.strip().lower()
    for word, kind in _KINDS:
        if plain.endswith(word):
            return kind.value
    return next((kind.value for word, kind in _KINDS if word.isascii() and word in plain), "")


def read_text(text: str) -> Proposal:
    """What the elements on a first page say: number, title, urgency, copy number, date, addressees, issuer."""
    head = unicodedata.normalize("NFC", text[:HEAD_OF_TEXT])
    first_line = next((line.strip() for line in head.splitlines() if line.strip()), "")
    number = _NUMBER.search(head)
    title = _TITLE.search(head)
    issuer = _HEAD.search(head)
    copy = _COPY.search(head[:200])
    addressees = _ADDRESSEES.search(head)
    dates = _DATE.findall(text[:HEAD_OF_TEXT] if len(text) < HEAD_OF_TEXT else head + text[-600:])
    found_title = _one_line(title.group(1)) if title else first_line[:200]
    return Proposal(
        title=found_title,
        sender=issuer.group(1) if issuer else "",
        sender_number=re.sub(r"\s", "", number.group(0)) if number else "",
        dated_on=_date(dates[-1]) if dates else None,
        kind=kind_of(found_title),
        urgency=next((urgency.value for word, urgency in _URGENCIES if word in head[:300]), ""),
        copy_no=copy.group(1) if copy else "",
        addressees=_one_line(addressees.group(1)) if addressees else "",
    )


def _date(parts: tuple[str, str, str]) -> dt.date | None:
    try:
        return dt.date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
