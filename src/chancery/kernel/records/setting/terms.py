"""Nouns of setting: the paper as data, what comes out, formats, roles of fonts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

from chancery.foundations.xmp import Schema

Language = Literal["zh", "en"]


class Format(models.TextChoices):
    """How a paper looks. The first four after GB/T 9704-2012, the others neutral."""

    DOCUMENT = "DOCUMENT", _("Document format")
    LETTER = "LETTER", _("Letter format")
    MINUTES = "MINUTES", _("Minutes format")
    ORDER = "ORDER", _("Order format")
    LETTERHEAD = "LETTERHEAD", _("Letterhead")
    MEMO = "MEMO", _("Memorandum")
    NOTICE = "NOTICE", _("Notice")
    RESOLUTION = "RESOLUTION", _("Resolution")

    @property
    def is_standard(self) -> bool:
        """Whether GB/T 9704-2012 says how it looks."""
        return self in {Format.DOCUMENT, Format.LETTER, Format.MINUTES, Format.ORDER}


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex; without blocks it is only named in the annex note, and travels as a file of its own."""

    title: str
    blocks: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """A line of minutes: `word` is 出席, 请假, 列席 (present, apologies, in attendance)."""

    word: str
    names: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Everything that stands on a paper. All text is inert; a line break in `title` is where it breaks."""

    format: Format
    language: Language = "zh"
    #: whose name stands in red at the head; the first is the lead of a joint paper
    issuer_marks: Sequence[str]
    #: the mark as it is given, without 文件, 令, 纪要 after it
    is_mark_bare: bool = False
    copy_no: str = ""
    #: house label, secrecy
    marking: str = ""
    urgency: str = ""
    #: empty before issue
    number: str = ""
    #: 签发人: of an upward paper; of an order, the person who signs; of a neutral paper, who signs
    signatories: Sequence[str] = ()
    #: post of the first signatory, before the signature of an order and under that of a neutral paper
    signatory_title: str = ""
    title: str
    addressees: str = ""
    #: `manuscript.for_typst(...)`
    blocks: Sequence[Mapping[str, Any]] = ()
    annexes: Sequence[Annex | str] = ()
    attendance: Sequence[Attendance] = ()
    #: issuing bodies at the end
    signers: Sequence[str] = ()
    dated_on: dt.date | None = None
    #: 附注, without its brackets
    note: str = ""
    cc: str = ""
    printed_by: str = ""
    printed_on: dt.date | None = None
    #: "draft" across every page
    draft_mark: bool = False
    verify_url: str = ""
    verify_code: str = ""
    #: elements of GB/T 33480-2016 by the names of `ELEMENTS`, beside those that follow from the paper
    metadata: Mapping[str, str] = field(default_factory=dict)
    #: ids of the seats of seals: room is left for a seal over each signer; of an order without a printed name, for the
    #: stamp of the signatory's name
    seals: Sequence[int] = ()
    #: the imprint on the last even page, as for printing on both sides
    is_duplex: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a seal goes: page from 0, millimetres from the page's top left corner."""

    page: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class SetPaper:
    """A set paper and what is to be known of it."""

    pdf: bytes
    pages: int
    #: one for each signer that is to be sealed, in the signers' order
    seal_places: list[Place]
    #: characters that no font has: printed as 〓, or left out where they are invisible
    missing: list[str]
    #: characters that the font of their role lacks and another one lent
    fallbacks: list[str]


class Role(models.TextChoices):
    """What a font is for in GB/T 9704-2012."""

    FANGSONG = "fangsong", _("FangSong: text")
    HEITI = "heiti", _("HeiTi: first-level headings, markings")
    KAITI = "kaiti", _("KaiTi: second-level headings, names of signatories")
    XIAOBIAOSONG = "xiaobiaosong", _("XiaoBiaoSong: issuer mark, title")
    SONG = "song", _("Song: page numbers")
    LATIN = "latin", _("Latin: text of neutral papers")


#: The fonts that come with the program.
HOUSE_FONTS: Mapping[str, str] = {
    Role.FANGSONG: "FandolFang R",
    Role.HEITI: "Noto Sans SC",
    Role.KAITI: "LXGW WenKai",
    Role.XIAOBIAOSONG: "Noto Serif SC",
    Role.SONG: "Noto Serif SC",
    Role.LATIN: "Source Serif 4",
}
#: Where a character that the role's font lacks comes from, in this order; after these, any other font.
LENDERS = ("Noto Serif SC", "Noto Sans SC", "LXGW WenKai")

#: GB/T 33480-2016: the elements written into the file, and what each is.
ELEMENTS: Mapping[str, str] = {
    "DocumentIdentifier": "公文标识 identifier of the document",
    "DocumentType": "公文种类 type of the document",
    "CopyNumber": "份号 copy number",
    "SecurityClassification": "密级和保密期限 marking",
    "Urgency": "紧急程度 urgency",
    "IssuerMark": "发文机关标志 issuer mark",
    "DocumentNumber": "发文字号 document number",
    "Signatory": "签发人 signatory",
    "Title": "标题 title",
    "MainRecipients": "主送机关 main addressees",
    "AnnexNote": "附件说明 list of annexes",
    "IssuerSignature": "发文机关署名 issuing bodies",
    "DateOfDocument": "成文日期 date of the document",
    "Note": "附注 note",
    "CopiedTo": "抄送机关 copied to",
    "PrintingOrgan": "印发机关 printing organ",
    "DateOfPrinting": "印发日期 date of printing",
    "Format": "格式 layout format",
    "Language": "语种 language",
    "SubjectHeadings": "主题词 subject headings",
    "Abstract": "摘要 abstract",
    "Drafter": "起草人 drafter",
    "DraftingUnit": "起草单位 drafting unit",
    "DisclosureAttribute": "公开属性 whether it may be published",
    "VerificationAddress": "核验地址 address at which the document is verified",
    "VerificationCode": "核验码 verification code",
    "TextDigest": "正文摘要值 digest of the signed text",
}
#: the same by the standard's own Chinese names, and as incoming documents call two of them
CHINESE_ELEMENTS: Mapping[str, str] = {
    **{meaning.split()[0]: name for name, meaning in ELEMENTS.items()},
    "文种": "DocumentType",
    "发文机关": "IssuerMark",
}
SCHEMA = Schema("GB/T 33480-2016 metadata of official documents", "urn:gbt:33480-2016:", "gw", ELEMENTS)
