"""An official paper set: `set_paper` against the bare typst call on the very same template and data.

Row `typeset`: a document of two pages with mark, seal place, imprint and verification code, another text each time, so
that nothing is answered from typst's memory. The floor is `typst.compile` alone, with the inputs that ours made for it;
ours adds the words, the judgement of characters, the code's square, the metadata and the places of seals.

Row `typeset_100`: a document of 100 pages; `rows` holds the pages a second, `ratio` is again to the bare call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.frame import Row, Timing, empty_home, summed, timed

TIMES = 60
SENTENCE = "统计部负责制定统计调查制度、核定指标口径，各会员学会负责组织实施；信息中心负责平台运行和数据安全。"


def run() -> Iterator[Row]:
    """Two rows."""
    with empty_home() as home:
        _settings(home)
        ours, floor = _both(TIMES, 8)
        yield Row.of("typeset", ours, floor, target=1.3, rows=2)
        ours, floor = _both(4, 1040)
        pages = _set(_paper(0, 1040)).pages
        yield Row(
            "typeset_100", ours.p50, ours.p95, floor.p50, ours.p50 / floor.p50, 1.3, round(pages / ours.p50 * 1000)
        )


def _settings(home: Path) -> None:
    from django.conf import settings

    settings.configure(CHANCERY_HOME=home, CHANCERY_FONTS="", USE_I18N=False)


def _paper(number: int, sentences: int) -> Any:
    from chancery.kernel.records.setting import Format, Paper

    def runs(text: str) -> list[dict[str, Any]]:
        return [{"text": text, "strong": False, "em": False}]

    heading = {"kind": "heading", "level": 1, "number": "一、", "runs": runs("要求")}
    paragraphs = [
        {"kind": "paragraph", "align": None, "runs": runs(f"第{number}次第{n}项。" + SENTENCE * 4)}
        for n in range(sentences // 4)
    ]
    return Paper(
        format=Format.DOCUMENT,
        issuer_marks=["示例学会联合会"],
        number=f"示联发〔2026〕{number}号",
        title=f"示例学会联合会关于印发《统计工作管理办法》第{number}版的通知",
        addressees="各会员学会",
        blocks=[heading, *paragraphs],
        annexes=["统计工作管理办法"],
        signers=["示例学会联合会"],
        dated_on=dt.date(2026, 11, 23),
        cc="各理事",
        printed_by="示例学会联合会办公厅",
        printed_on=dt.date(2026, 11, 24),
        seals=[1],
        verify_url=f"https://lianhe.example/verify/ABCDEFGHJKLMNPQR{number}/",
        verify_code="ABCD-EFGH-JKLM-NPQR",
    )


def _set(paper: Any) -> Any:
    from chancery.kernel.records.setting import set_paper

    return set_paper(paper)


def _both(times: int, sentences: int) -> tuple[Timing, Timing]:
    """Ours and the floor in turns, so that the machine's moods meet both."""
    import typst

    from chancery.foundations import typeset
    from chancery.kernel.records.setting.queries import TEMPLATES

    seen: list[str] = []

    def remembering(template: Path, inputs: dict[str, str], *, dated: dt.datetime) -> bytes:
        seen.append(inputs["data"])
        return bare(template, inputs, dated=dated)

    bare = typeset.pdf_of_inputs
    typeset.pdf_of_inputs = remembering  # type: ignore[assignment]  # listens to what ours hands to typst
    try:
        for number in range(times):
            _set(_paper(10_000 + number, sentences))
    finally:
        typeset.pdf_of_inputs = bare
    assert len(seen) == times, "a paper was set twice: the floor would be of one setting"
    # The same data under another number, or typst would answer from memory.
    inputs = iter([_renumbered(data) for data in seen])
    papers = iter([_paper(30_000 + number, sentences) for number in range(times)])
    template = TEMPLATES / "standard.typ"

    def floor() -> None:
        typst.compile(
            str(template), root=str(template.parent), font_paths=typeset._font_book(),
            sys_inputs={"data": next(inputs)}, pdf_standards=["a-2b"], timestamp=0,
        )  # fmt: skip

    ours_taken, floor_taken = [], []
    for _ in range(times):
        floor_taken.append(timed(floor, 1, warm=0).p50)
        ours_taken.append(timed(lambda: _set(next(papers)), 1, warm=0).p50)
    return summed(ours_taken), summed(floor_taken)


def _renumbered(data: str) -> str:
    return data.replace("第100", "第200").replace("〔2026〕100", "〔2026〕200")
