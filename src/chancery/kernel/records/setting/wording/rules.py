"""From a Paper to its template's data, and the characters that each font will have to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chancery.kernel.records.setting.rules import broken, pieces, table
from chancery.kernel.records.setting.terms import Annex, Format, Language, Paper, Role

SUFFIX = {Format.DOCUMENT: "文件", Format.MINUTES: "纪要", Format.ORDER: "令"}
TITLE_MOST = 19  # 二号 characters on a line of 156 mm, one less than fit
TITLE_MOST_NEUTRAL = {Format.LETTERHEAD: 34, Format.MEMO: 34, Format.NOTICE: 25, Format.RESOLUTION: 25}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
#: words that neutral papers print
NEUTRAL = {
    "zh": {
        "memo": "备忘录", "notice": "通知", "resolution": "决议", "to": "致", "from": "自", "date": "日期",
        "ref": "编号", "subject": "事由", "enclosures": "附件", "enclosure": "附件", "cc": "抄送",
        "annex": "附件", "page": "第 {n} 页，共 {all} 页", "printed": "印发", "issued": "发布", "adopted": "通过日期",
        "draft": "草稿", "colon": "：",
    },
    "en": {
        "memo": "Memorandum", "notice": "Notice", "resolution": "Resolution", "to": "To", "from": "From",
        "date": "Date", "ref": "Reference", "subject": "Subject", "enclosures": "Enclosures",
        "enclosure": "Enclosure", "cc": "Copy to", "annex": "Annex", "page": "Page {n} of {all}",
        "printed": "Issued by", "issued": "Issued", "adopted": "Adopted", "draft": "DRAFT", "colon": ":",
    },
}  # fmt: skip
FIRST_CJK = 0x2E80  # from here on neutral papers are set in the Song face
VERIFY = {"zh": "扫码核验真伪", "en": "Scan to verify"}
NO_DATE = {"zh": "　　年　月　日", "en": ""}


def day(value: dt.date | None, language: Language) -> str:
    """The date as papers of the language print it."""
    if value is None:
        return ""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def name_of(paper: Paper) -> str:
    """The title in one line; of an order, which has none, its mark and number."""
    title = " ".join(paper.title.split())
    if title and not (paper.language == "zh" and "\n" in paper.title):
        return title
    if title:
        return "".join(piece.strip() for piece in paper.title.split("\n"))
    marks, suffix = _mark(paper)
    return " ".join(filter(None, ["".join(marks) + suffix, paper.number]))


def _mark(paper: Paper) -> tuple[list[str], str]:
    """Names in the mark and what stands beside them."""
    marks = [mark for mark in paper.issuer_marks if mark.strip()] or [""]
    if paper.format == Format.LETTER:  # a joint letter carries the lead's mark (10.1)
        return marks[:1], ""
    suffix = SUFFIX.get(paper.format, "")
    if paper.is_mark_bare or marks[-1].endswith(suffix):
        suffix = ""
    return marks, suffix


def data(paper: Paper) -> dict[str, Any]:
    """What the paper's template is given, apart from fonts and the verification code."""
    annexes = [annex if isinstance(annex, Annex) else Annex(annex) for annex in paper.annexes]
    most = TITLE_MOST_NEUTRAL.get(paper.format, TITLE_MOST)
    return {
        "format": str(paper.format),
        "language": paper.language,
        "name": name_of(paper),
        "authors": list(paper.signers or paper.issuer_marks),
        "copy_no": paper.copy_no,
        "marking": paper.marking,
        "urgency": paper.urgency,
        "number": paper.number,
        "signatories": list(paper.signatories),
        "signatory_title": paper.signatory_title,
        "title": broken(paper.title, most=most),
        "blocks": blocks(paper.blocks),
        "attendance": [{"word": line.word, "names": line.names} for line in paper.attendance],
        "annex_names": [annex.title for annex in annexes],
        "annexes": _set_annexes(annexes, paper.language, most),
        "draft": paper.draft_mark,
        "duplex": paper.is_duplex,
        **(_standard(paper) if paper.format.is_standard else _neutral(paper)),
    }


def _standard(paper: Paper) -> dict[str, Any]:
    marks, suffix = _mark(paper)
    date = day(paper.dated_on, "zh") or NO_DATE["zh"]
    head_line: list[str] = []
    signers = list(paper.signers)
    if paper.format == Format.MINUTES:  # issuing office and date stand under the mark; minutes carry no seal
        if signers or paper.dated_on:
            head_line, signers, date = ["　".join(signers), date], [], ""
    elif not signers and paper.format != Format.ORDER and paper.dated_on is None:
        date = ""
    copies = [["抄送：", _stopped(paper.cc)]] if paper.cc.strip() else []
    is_letter = paper.format == Format.LETTER
    return {
        "marks": marks,
        "suffix": suffix,
        "head_line": head_line,
        "addressees": _with_colon(paper.addressees),
        "signers": signers,
        "date": date,
        "sealed": min(len(paper.seals), len(signers) or 1) if paper.format != Format.MINUTES else 0,
        "note": _bracketed(paper.note),
        "copies": copies,
        "printed": []
        if is_letter or not (paper.printed_by or paper.printed_on)
        else [paper.printed_by, f"{day(paper.printed_on, 'zh')}印发" if paper.printed_on else ""],
        "mark_scale": 1.0,
        "lines": 22,
    }


def _neutral(paper: Paper) -> dict[str, Any]:
    words = NEUTRAL[paper.language]
    return {
        "words": words,
        "spacing": 1.0,
        "marks": [mark for mark in paper.issuer_marks if mark.strip()],
        "heading": words.get(paper.format.lower(), ""),
        "addressees": [line.strip() for line in paper.addressees.split("\n") if line.strip()],
        "signers": list(paper.signers),
        "date": day(paper.dated_on, paper.language),
        "sealed": min(len(paper.seals), max(1, len(paper.signers))),
        "note": paper.note,
        "cc": [line.strip() for line in paper.cc.split("\n") if line.strip()],
        "printed_by": paper.printed_by,
        "printed_on": day(paper.printed_on, paper.language),
    }


def _set_annexes(annexes: Sequence[Annex], language: Language, most: int) -> list[dict[str, Any]]:
    """Those with a text of their own, with the number that the annex note gives them."""
    word = NEUTRAL[language]["annex"]
    gap = "" if language == "zh" else " "
    return [
        {
            "word": word if len(annexes) == 1 else f"{word}{gap}{number}",
            "title": broken(annex.title, most=most),
            "blocks": blocks(annex.blocks),
        }
        for number, annex in enumerate(annexes, 1)
        if annex.blocks
    ]


def blocks(given: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Blocks for the template: tables laid out, the rest as it is."""
    return [_block(block) for block in given]


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    match block["kind"]:
        case "table":
            laid = table(block)
            for cell in (*laid["head"], *laid["body"]):
                cell["blocks"] = blocks(cell["blocks"])
            return laid
        case "list":
            return {**block, "items": [blocks(item) for item in block["items"]]}
    return {**block, "runs": [piece for run in block["runs"] for piece in _run(run)]}


def _run(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    if run.get("break"):
        return [{"break": True}]
    marks = {"strong": bool(run.get("strong")), "em": bool(run.get("em"))}
    first, *others = pieces(run["text"].replace("\n", " "))
    found: list[dict[str, Any]] = [{"text": first, **marks}]
    for text in others:
        found += [{"soft": True}, {"text": text, **marks}]
    return found


def _with_colon(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text.endswith(("：", ":")) else f"{text}："


def _stopped(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith(("。", ".")) else f"{text}。"


def _bracketed(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text.startswith(("（", "(")) else f"（{text}）"


# --- Which font prints what -------------------------------------------------------------------------------------------
_STANDARD_ROLES = {
    Role.HEITI: ("marking", "urgency"),
    Role.KAITI: ("signatories",),
    Role.XIAOBIAOSONG: ("marks", "suffix", "title"),
    Role.FANGSONG: (
        "copy_no", "number", "addressees", "annex_names", "signers", "signatory_title", "date", "note", "copies",
        "printed", "head_line",
    ),
}  # fmt: skip


def characters(given: Mapping[str, Any], *, is_standard: bool) -> dict[str, set[str]]:
    """The characters of a template's data by the role of the font that is to print them."""
    if not is_standard:
        printed = _all({key: value for key, value in given.items() if key not in {"format", "language", "authors"}})
        return {
            Role.LATIN: {character for character in printed if ord(character) < FIRST_CJK},
            Role.SONG: {character for character in printed if ord(character) >= FIRST_CJK},
        }
    used: dict[str, set[str]] = {role: set() for role in Role if role not in {Role.LATIN, Role.SONG}}
    for role, keys in _STANDARD_ROLES.items():
        for key in keys:
            used[role] |= _all(given[key])
    for annex in given["annexes"]:
        used[Role.HEITI] |= set(annex["word"])
        used[Role.XIAOBIAOSONG] |= _all(annex["title"])
        _sort_blocks(annex["blocks"], used)
    for line in given["attendance"]:
        used[Role.HEITI] |= set(line["word"])
        used[Role.FANGSONG] |= set(line["names"])
    _sort_blocks(given["blocks"], used)
    return used


def _sort_blocks(given: Iterable[Mapping[str, Any]], used: dict[str, set[str]], plain: Role = Role.FANGSONG) -> None:
    for block in given:
        match block["kind"]:
            case "table":
                for cell in (*block["head"], *block["body"]):
                    _sort_blocks(cell["blocks"], used, Role.HEITI if cell["header"] else Role.FANGSONG)
            case "list":
                for item in block["items"]:
                    _sort_blocks(item, used, plain)
            case kind:
                level = block.get("level") if kind == "heading" else None
                role = {1: Role.HEITI, 2: Role.KAITI}.get(level or 0, plain)
                used[role] |= set(str(block.get("number", "")))
                for run in block["runs"]:
                    used[Role.KAITI if run.get("em") else role] |= set(run.get("text", ""))


def _all(value: object) -> set[str]:
    if isinstance(value, str):
        return set(value)
    if isinstance(value, Mapping):
        return set().union(*(_all(inner) for inner in value.values()))
    if isinstance(value, list | tuple):
        return set().union(*(_all(inner) for inner in value))
    return set()
