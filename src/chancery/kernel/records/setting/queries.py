"""Paper in, PDF/A-2b out: one call of typst, whose metadata are then exchanged for ours in the bytes."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from chancery.foundations import typeset, xmp
from chancery.kernel.records.setting import rules
from chancery.kernel.records.setting.terms import (
    CHINESE_ELEMENTS,
    ELEMENTS,
    SCHEMA,
    Annex,
    Paper,
    Place,
    SetPaper,
)
from chancery.kernel.records.setting.wording import rules as wording

TEMPLATES = Path(__file__).resolve().parents[1] / "templates/records/setting"
PRODUCER = "Chancery"


def set_paper(paper: Paper, *, strict: bool = False) -> SetPaper:
    """The paper as PDF/A-2b, with the places of its seals; the same paper gives the same bytes.

    Characters that no font has are printed as 〓 and told in `missing`; with `strict` they refuse the paper
    (`MissingGlyphs`), as issuing must. A font mapped to a role that is not there raises `UnknownFont`.
    """
    mapped, fonts = fonts_in_use(), typeset.families()
    data = wording.data(paper)
    used = wording.characters(data, is_standard=paper.format.is_standard)
    missing, fallbacks, table = rules.judge(used, mapped, fonts, typeset.covered())
    if missing and strict:
        raise rules.MissingGlyphs(
            _("No font has these characters: %(characters)s. Replace them, or have a font that has them installed.")
            % {"characters": ", ".join(f"{character} (U+{ord(character):04X})" for character in missing)},
            field="body",
        )
    if table:
        data = typeset.replaced(data, table)
    data["fonts"] = {str(role): rules.chain(family, fonts) for role, family in mapped.items()}
    data["verify"] = _verification(paper)
    made = _made(paper, data)
    return SetPaper(_described(paper, data, made), made.pages, made.seal_places, missing, fallbacks)


def _made(paper: Paper, data: dict[str, Any]) -> _Made:
    """Set once; again with a smaller mark or other spacing, as the standard says, only when the page asks for it.

    When nothing helps wholly, the way with the least fault is taken.
    """
    template = TEMPLATES / ("standard.typ" if paper.format.is_standard else "neutral.typ")
    dated = _moment(paper.dated_on) or dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    heads, feet = iter(HEAD_REMEDIES), iter(FOOT_REMEDIES if paper.format.is_standard else FOOT_REMEDIES_NEUTRAL)
    best: _Made | None = None
    while True:
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        made = _Made(typeset.pdf_of_inputs(template, inputs, dated=dated))
        if best is None or made.faults < best.faults:
            best = made
        remedy = next(heads if made.lacks_text_on_first_page else feet, None) if best.faults else None
        if remedy is None:
            return best
        data = remedy(data)


def _smaller_mark(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "mark_scale": 0.7} if "mark_scale" in data else data


def _addressees_in_imprint(data: dict[str, Any]) -> dict[str, Any]:
    """Too many addressees for text on the first page: they move above those who get copies (7.3.2)."""
    main = data["addressees"].rstrip("：:") if "copies" in data else ""
    if not main:
        return data
    return {**data, "addressees": "", "copies": [["主送：", f"{main}。"], *data["copies"]]}


def _lines(count: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Other spacing, so that signers and date share a page with text (7.3.5.5)."""
    return lambda data: {**data, "lines": count}


HEAD_REMEDIES = (_smaller_mark, _addressees_in_imprint)


def _spacing(share: float) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda data: {**data, "spacing": share}


FOOT_REMEDIES_NEUTRAL = (_spacing(0.9), _spacing(0.8), _spacing(1.15), _spacing(1.3))
FOOT_REMEDIES = tuple(_lines(count) for count in (21, 23, 20, 24, 19, 25, 18))


@functools.cache
def _fonts_in_use(setting: str) -> Mapping[str, str]:
    mapped = rules.mapping(setting)
    for role, family in rules.lacking(mapped, typeset.families()):
        raise rules.UnknownFont(
            _("The font family %(family)s, mapped to %(role)s by CHANCERY_FONTS, is not installed.")
            % {"family": family, "role": role}
        )
    return mapped


def fonts_in_use() -> Mapping[str, str]:
    """Family by role: the house's, or what CHANCERY_FONTS says; a family that is not there is an error."""
    return _fonts_in_use(getattr(settings, "CHANCERY_FONTS", ""))


# --- What came out ----------------------------------------------------------------------------------------------------
class _Made:
    """A PDF as typst made it, and where the template's marks came to stand."""

    def __init__(self, content: bytes) -> None:
        self.pdf = xmp.TypstPdf(content)
        told = json.loads(self.pdf.keywords())
        self.pages: int = told["pages"]
        self._at: list[dict[str, Any]] = told["at"]

    def _page(self, name: str) -> int | None:
        return next((mark["page"] for mark in self._at if mark["name"] == name), None)

    @property
    def lacks_text_on_first_page(self) -> bool:
        """GB/T 9704-2012, 7.3.3: the first page must show text."""
        return (self._page("start") or 1) > 1

    @property
    def faults(self) -> int:
        """No text on the first page; signers and date on a page without text; copies alone on a page."""
        end = self._page("end")
        sign, tail = self._page("sign") or end, self._page("tail") or end
        return 4 * self.lacks_text_on_first_page + 2 * (sign != end) + (tail != end)

    @property
    def seal_places(self) -> list[Place]:
        """In the order of the signers."""
        seals = sorted((mark for mark in self._at if mark["name"] == "seal"), key=lambda mark: int(mark["data"]["n"]))
        return [Place(m["page"] - 1, m["x"], m["y"], m["data"]["w"], m["data"]["h"]) for m in seals]


def _moment(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), dt.UTC) if day else None


def _verification(paper: Paper) -> dict[str, str] | None:
    if not paper.verify_url:
        return None
    return {
        "qr": square(paper.verify_url),
        "url": paper.verify_url,
        "code": paper.verify_code,
        "words": wording.VERIFY[paper.language],
    }


def square(address: str) -> str:
    """The address as a QR square in SVG: one path, a stroke for each run of dark modules.

    One mask for all: trying the eight of them costs as much as setting a page, and every reader takes any.
    """
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False, mask=2).matrix]
    strokes = "".join(
        f"M{run.start() + 2} {y + 2.5}h{run.end() - run.start()}"
        for y, row in enumerate(rows)
        for run in re.finditer(b"\x01+", row)
    )
    side = len(rows) + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
        f'<path d="{strokes}" stroke="#000" fill="none"/></svg>'
    )


# --- What the file says of itself -------------------------------------------------------------------------------------
def _described(paper: Paper, data: Mapping[str, Any], made: _Made) -> bytes:
    digest = hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode())
    elements = elements_of(paper)
    digest.update(json.dumps(elements, ensure_ascii=False).encode())
    about = xmp.About(
        title=_writable(wording.name_of(paper)),
        language="zh-CN" if paper.language == "zh" else "en",
        authors=[_writable(name) for name in paper.signers or paper.issuer_marks],
        publisher=_writable(paper.printed_by),
        keywords=[_writable(paper.number)] if paper.number else [],
        dated=_moment(paper.dated_on),
        pages=made.pages,
        document_id=f"sha256:{digest.hexdigest()}",
        producer=PRODUCER,
        schema=SCHEMA if elements else None,
        elements=elements,
    )
    fresh = {made.pdf.info: xmp.info(about), made.pdf.metadata: xmp.stream(xmp.packet(about))}
    return made.pdf.with_objects(fresh)


def elements_of(paper: Paper) -> dict[str, str]:
    """The elements of GB/T 33480-2016: what follows from the paper, and over it what `metadata` says."""
    listed = "；" if paper.language == "zh" else "; "
    annexes = listed.join(annex.title if isinstance(annex, Annex) else annex for annex in paper.annexes)
    found = {
        "Title": wording.name_of(paper),
        "IssuerMark": listed.join(paper.issuer_marks),
        "DocumentNumber": paper.number,
        "DateOfDocument": paper.dated_on.isoformat() if paper.dated_on else "",
        "CopyNumber": paper.copy_no,
        "SecurityClassification": paper.marking,
        "Urgency": paper.urgency,
        "Signatory": listed.join(paper.signatories),
        "MainRecipients": paper.addressees,
        "AnnexNote": annexes,
        "IssuerSignature": listed.join(paper.signers),
        "Note": paper.note,
        "CopiedTo": paper.cc,
        "PrintingOrgan": paper.printed_by,
        "DateOfPrinting": paper.printed_on.isoformat() if paper.printed_on else "",
        "Format": str(paper.format),
        "Language": paper.language,
        "VerificationAddress": paper.verify_url,
        "VerificationCode": paper.verify_code,
    }
    for name, value in paper.metadata.items():
        found[name if name in ELEMENTS else CHINESE_ELEMENTS[name]] = value
    clean = {name: _writable(text) for name, text in found.items()}
    return {name: clean[name] for name in ELEMENTS if clean.get(name)}


def _writable(text: str) -> str:
    """In one line, without what XML 1.0 cannot hold."""
    return "".join(
        c for c in " ".join(text.split()) if c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in _NOT_XML
    )


_NOT_XML = "\ufffe\uffff"
