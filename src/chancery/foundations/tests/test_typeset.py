"""Setting papers."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from chancery.foundations import typeset
from chancery.foundations.papers import pdf as reader

TEMPLATE = """
#let d = json(bytes(sys.inputs.at("data")))
#set page(paper: "a4")
#set text(font: ("Noto Serif SC", "Noto Sans SC"), lang: sys.inputs.language, cjk-latin-spacing: none)
#d.title

#for line in d.lines [#line #linebreak()]
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "slip.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def text_of(content: bytes) -> str:
    return reader.read(io.BytesIO(content))[1]


def test_a_template_filled_with_data_becomes_a_pdf_a(template: Path) -> None:
    made = typeset.pdf(template, {"title": "文件处理单 Slip", "lines": ["收〔2026〕8号", "同意。"]})
    assert "文件处理单 Slip" in text_of(made)
    assert "收〔2026〕8号" in text_of(made)
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.open_metadata().pdfa_status == "2B"


def test_what_people_type_is_never_markup(template: Path) -> None:
    typed = '#panic("x") *bold* $x$ `code` @ref <label> \\ #read("/etc/passwd") "quoted"'
    assert typed in text_of(typeset.pdf(template, {"title": typed, "lines": []})).replace("\n", " ")


def test_a_template_reads_no_file_outside_its_folder(tmp_path: Path) -> None:
    bad = tmp_path / "bad.typ"
    bad.write_text('#read("../../../../etc/passwd")')
    with pytest.raises(typeset.BadTemplate):
        typeset.pdf(bad, {})


def test_a_character_in_no_font_is_named_and_set_as_the_printers_mark(
    template: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = {"title": "人名𱍐🎉", "lines": ["普通"]}
    assert typeset.missing_in(data) == ["🎉", "\U00031350"]
    assert "人名〓〓" in text_of(typeset.pdf(template, data))
    assert "U+31350" in caplog.text
    assert typeset.missing_in({"title": "赵衡 薛 〔〕 ★ ○ é ½ — “”"}) == []


def test_a_broken_template_says_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.typ"
    bad.write_text("#let d = \n#d.title")
    with pytest.raises(typeset.BadTemplate):
        typeset.pdf(bad, {"title": "x"})


def test_what_a_family_covers_is_known_by_code_point() -> None:
    families = typeset.families()
    assert {"FandolFang R", "LXGW WenKai", "Noto Sans SC", "Noto Serif SC", "Source Serif 4"} <= set(families)
    assert ord("国") in families["FandolFang R"]
    assert ord("镕") not in families["FandolFang R"]  # a name that GB 2312 does not know
    assert ord("镕") in families["Noto Serif SC"]
    assert 0x10FFFF not in typeset.covered()
    both = typeset.Coverage.of([1, 9]) | typeset.Coverage.of([0x10FFFF])
    assert [code for code in (0, 1, 8, 9, 0x10FFFF) if code in both] == [1, 9, 0x10FFFF]
