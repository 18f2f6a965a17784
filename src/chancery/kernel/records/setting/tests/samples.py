"""Papers of a sample house: every name is invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chancery.kernel.records.setting import Format, Paper

SENTENCE = "统计部负责制定统计调查制度、核定指标口径，各会员学会负责组织实施；信息中心负责平台运行和数据安全。"
HOUSE = "示例学会联合会"
FIVE = [HOUSE, "示例市教育委员会", "示例市人力资源和社会保障局", "示例大学", "示例科学研究院"]
CODE = "ABCD-EFGH-JKLM-NPQR"


def paragraph(text: str, *, align: str | None = None) -> dict[str, Any]:
    return {"kind": "paragraph", "align": align, "runs": [{"text": text, "strong": False, "em": False}]}


def heading(level: int, number: str, text: str) -> dict[str, Any]:
    return {"kind": "heading", "level": level, "number": number, "runs": [{"text": text, "strong": False, "em": False}]}


def cell(text: str, *, header: bool = False, colspan: int = 1, rowspan: int = 1) -> dict[str, Any]:
    return {"header": header, "colspan": colspan, "rowspan": rowspan, "blocks": [paragraph(text)]}


def table(rows: int, *, columns: int = 3) -> dict[str, Any]:
    head = [cell(f"栏目{n}", header=True) for n in range(columns)]
    body = [[cell(f"第{row}行第{n}栏") for n in range(columns)] for row in range(rows)]
    return {"kind": "table", "columns": columns, "rows": [head, *body]}


BODY = [
    paragraph("为规范联合会统计工作，保障统计资料的真实性、准确性、完整性，现就有关事项通知如下。"),
    heading(1, "一、", "总体要求"),
    paragraph(SENTENCE),
    heading(2, "（一）", "明确职责分工"),
    paragraph(SENTENCE),
    heading(3, "1.", "责任到人"),
    heading(4, "（1）", "逐级核对"),
    paragraph(SENTENCE),
]


def paper(**changes: Any) -> Paper:
    """A sealed notice of one issuer, on two pages, with everything that a notice can have."""
    given: dict[str, Any] = {
        "format": Format.DOCUMENT,
        "issuer_marks": [HOUSE],
        "copy_no": "000001",
        "marking": "内部",
        "urgency": "特急",
        "number": "示联发〔2026〕12号",
        "title": "示例学会联合会关于印发《统计工作管理办法（试行）》的通知",
        "addressees": "各会员学会，各省、自治区、直辖市联合会，总部各部门",
        "blocks": BODY,
        "annexes": ["统计工作管理办法（试行）", "统计负责人备案表"],
        "signers": [HOUSE],
        "dated_on": dt.date(2026, 11, 23),
        "note": "此件公开发布",
        "cc": "各理事，监事会，各专门委员会，示例大学科研处，示例研究院办公室，示例出版社，示例科技馆",
        "printed_by": "示例学会联合会办公厅",
        "printed_on": dt.date(2026, 11, 24),
        "seals": [1],
        "verify_url": f"https://lianhe.example/verify/{CODE}/",
        "verify_code": CODE,
    }
    return Paper(**{**given, **changes})


def english(**changes: Any) -> Paper:
    """A letter of the neutral set."""
    given: dict[str, Any] = {
        "format": Format.LETTERHEAD,
        "language": "en",
        "issuer_marks": ["Sample Federation of Learned Societies"],
        "number": "SF/2026/12",
        "title": "Rules on statistical work and the naming of responsible officers",
        "addressees": "The Secretary General\nSample Society of Chemistry\n12 Example Street\nLianhe",
        "blocks": [
            paragraph("The Council adopted the Rules on Statistical Work. They take effect on 1 January 2027."),
            heading(1, "1", "What is asked"),
            paragraph("Member societies name one officer responsible for statistics. " * 4),
        ],
        "annexes": ["Rules on Statistical Work", "Form of return"],
        "signers": ["Sample Federation of Learned Societies"],
        "signatories": ["Wei Tang"],
        "signatory_title": "Secretary General",
        "dated_on": dt.date(2026, 11, 23),
        "cc": "Council members\nAudit Committee",
        "printed_by": "General Office",
        "marking": "Internal",
        "verify_url": f"https://lianhe.example/verify/{CODE}/",
        "verify_code": CODE,
    }
    return Paper(**{**given, **changes})
