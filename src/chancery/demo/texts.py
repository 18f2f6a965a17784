"""Real documents that nobody here wrote and that every machine with Chancery has: texts inside installed packages.

Descriptions and licences of the run-time dependencies, set as PDF, DOCX or e-mail on the way in. They keep their
wording; long ones are cut at a page or two and say so.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from importlib import metadata

import docx

from chancery.foundations import typeset

LONGEST = 6000  # characters: two or three pages
# Run-time dependencies only: a site that runs Chancery has them. The Chinese ones first.
DESCRIBED = (
    "chinesecalendar", "pypinyin", "segno", "polib", "icalendar", "django", "typst", "django-allauth", "puremagic",
    "pikepdf", "django-ninja", "procrastinate", "whitenoise", "structlog", "spiffworkflow", "rjieba", "argon2-cffi",
    "lxml",
)  # fmt: skip
LICENSED = ("django", "argon2-cffi", "lxml", "structlog", "pikepdf", "segno")

_PAGE = """
#set page(paper: "a4", margin: 25mm, numbering: "1")
#set text(font: ("Noto Serif SC", "Noto Sans SC"), size: 10.5pt)
#set par(justify: true)
#set document(title: sys.inputs.title)
#align(center, text(size: 15pt, weight: "bold", sys.inputs.title))
#v(6mm)
#for part in sys.inputs.text.split("\\n\\n") { par(part) }
"""


@dataclass(frozen=True, slots=True)
class Text:
    """A real text, set as a file."""

    title: str
    sender: str
    name: str
    content: bytes


def real_texts() -> Iterator[Text]:
    """The texts, one by one, in turn as PDF, DOCX and e-mail. What a machine lacks is left out."""
    makers: tuple[Callable[[str, str, str], tuple[str, bytes]], ...] = (_pdf, _docx, _pdf, _email)
    for place, (title, sender, text) in enumerate(_found()):
        name, content = makers[place % len(makers)](title, sender, text)
        yield Text(title, sender, name, content)


def _found() -> Iterator[tuple[str, str, str]]:
    for package in DESCRIBED:
        try:
            about = metadata.metadata(package)
        except metadata.PackageNotFoundError:
            continue
        body = str(about.json.get("description") or "")
        if len(body) > 300:
            yield f"{about['Name']} {about['Version']}: description", f"Project {about['Name']}", _plain(body)
    for package in LICENSED:
        text = _licence(package)
        if text:
            yield f"Licence of {package}", f"Project {package}", _plain(text)


def _licence(package: str) -> str:
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return ""
    for file in files:
        if re.fullmatch(r"(LICEN[CS]E|COPYING)(\.(txt|md|rst|APACHE|python))?", file.name):
            return file.read_text(encoding="utf-8")
    return ""


def _plain(text: str) -> str:
    """The wording without mark-up that would only clutter a page."""
    text = re.sub(
        r"!?\[([^\]]*)\]\([^)]*\)|<[^>]{1,300}>|^\.\. .*$|\|[\w -]+\|_?", r"\1", text.replace("\r", ""), flags=re.M
    )
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit("\n", 1)[0] + "\n\n[…]"


def _file_name(title: str) -> str:
    return re.sub(r"[^\w. -]", "", title).strip()[:80]


def _pdf(title: str, sender: str, text: str) -> tuple[str, bytes]:
    kept = text.translate(dict.fromkeys(map(ord, typeset.missing_in([title, text])), "?"))
    return f"{_file_name(title)}.pdf", typeset.pdf_of_source(_PAGE, {"title": title, "text": kept})


def _docx(title: str, sender: str, text: str) -> tuple[str, bytes]:
    paper = docx.Document()
    paper.add_heading(title, level=1)
    for part in text.split("\n\n"):
        paper.add_paragraph("".join(char for char in part if char.isprintable() or char in "\n\t"))
    out = io.BytesIO()
    paper.save(out)
    return f"{_file_name(title)}.docx", out.getvalue()


def _email(title: str, sender: str, text: str) -> tuple[str, bytes]:
    message = EmailMessage()
    message["From"] = f"{sender} <papers@example.org>"
    message["To"] = "General Office <office@example.org>"
    message["Subject"] = title
    message["Date"] = "Mon, 02 Nov 2026 09:00:00 +0800"
    message.set_content("The text is attached.\n")
    name, content = _pdf(title, sender, text)
    message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return f"{_file_name(title)}.eml", message.as_bytes()
