"""Word and OpenDocument files: what goes out comes back, what is odd is said, what is hostile is refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx
import odfdo
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from hypothesis import HealthCheck, given, settings

from chancery.foundations import manuscript
from chancery.foundations.manuscript import PaperHead
from chancery.foundations.verdict import Refused

from .texts import DOCUMENT, PROFILES, doc, head, items, para, table, words

HEAD = PaperHead(
    issuer_mark="科学技术联合会文件",
    number="联发〔2026〕8号",
    signatories=("王建国",),
    title="关于做好2026年度学术年会工作的通知",
    addressees="各学会",
    signers=("科学技术联合会",),
    dated_on=dt.date(2026, 11, 23),
    annexes=("年会计划表", "经费表"),
    note="此件公开发布",
    cc="各省科协",
)
WHOLE = manuscript.check(
    doc(
        head(1, "总体要求"),
        head(2, "目标"),
        para(
            "=SUM(A1) <b>&amp; ${x}",
            {"type": "hard_break"},
            words("粗", "strong"),
            words("斜", "em"),
            words("两", "strong", "em"),
        ),
        head(3, "分工"),
        head(4, "具体"),
        para("一、这不是标题"),
        items("ordered_list", [para("一个"), para("还是一个"), items("bullet_list", [para("里面")])], [para("二个")]),
        items("ordered_list", [para("另一列")]),
        table([("宽", 2, 1), ("高", 1, 2)], ["左", "右"], ["甲", "乙", "丙"]),
        para("署名", align="right"),
        head(1, "保障"),
    )
)


def headings(text, profile):
    return [(level, "".join(said.split())) for level, _number, said in manuscript.outline(text, profile)]


def read(data, profile="cn"):
    return manuscript.from_docx(io.BytesIO(data), profile=profile)


def made(fill, profile="cn"):
    """A Word file made by someone else, read."""
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return read(out.getvalue(), profile)


def lines(found):
    return [
        (block["type"] if block["type"] != "heading" else block["attrs"]["level"], manuscript.plain(doc(block)))
        for block in found.doc["content"]
    ]


# --- Out and in again ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("profile", PROFILES)
def test_what_goes_out_to_word_comes_back(profile):
    found = read(manuscript.to_docx(WHOLE, heads=HEAD, profile=profile), profile)
    assert found.title == HEAD.title
    assert not manuscript.is_changed(manuscript.compare(WHOLE, found.doc))
    assert manuscript.outline(found.doc, profile) == manuscript.outline(WHOLE, profile)
    assert len(found.warnings) == 1  # head and foot are kept apart


@pytest.mark.parametrize("profile", PROFILES)
@given(given_doc=DOCUMENT)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_text_keeps_its_words_and_levels(profile, given_doc):
    before = manuscript.check(given_doc)
    after = read(manuscript.to_docx(before, heads=PaperHead(), profile=profile), profile).doc

    def bare(text):
        return ["".join(line.split()) for line in manuscript.plain(text).split("\n") if line.strip()]

    assert bare(after) == bare(before)
    assert headings(after, profile) == headings(before, profile)


def test_the_word_file_is_laid_out_after_the_standard():
    document = docx.Document(io.BytesIO(manuscript.to_docx(WHOLE, heads=HEAD, profile="cn")))
    section = document.sections[0]
    sides = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 28, 35, 26]
    sides = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 28, 35, 26]
    body, first = document.styles["Body Text"], document.styles["Heading 1"]
    assert body.font.size == Pt(16)
    assert body.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert first.element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    printed = [line.text for line in document.paragraphs]
    assert printed[:4] == ["科学技术联合会文件", "联发〔2026〕8号　　　　签发人：王建国", HEAD.title, "各学会："]
    assert "一、总体要求" in printed
    assert printed[-7:] == [
        "二、保障",
        "附件：1.年会计划表",
        "　　　2.经费表",
        "科学技术联合会",
        "2026年11月23日",
        "（此件公开发布）",
        "抄送：各省科协",
    ]
    assert document.core_properties.title == HEAD.title
    assert "python" not in document.core_properties.author
    letterhead = PaperHead(title="Notice", cc="All", dated_on=dt.date(2026, 11, 3), language="en")
    english = docx.Document(io.BytesIO(manuscript.to_docx(WHOLE, heads=letterhead, profile="neutral")))
    assert [line.text for line in english.paragraphs][:2] == ["3 November 2026", "Notice"]
    assert round(english.sections[0].left_margin.mm) == 28


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_text_gives_the_same_words(profile):
    one, other = (
        zipfile.ZipFile(io.BytesIO(manuscript.to_docx(WHOLE, heads=HEAD, profile=profile))).read("word/document.xml")
        for _n in range(2)
    )
    assert one == other


@pytest.mark.parametrize("profile", PROFILES)
def test_the_opendocument_file_holds_every_word_as_a_word(profile):
    data = manuscript.to_odt(WHOLE, heads=HEAD, profile=profile)
    document = odfdo.Document(io.BytesIO(data))
    body = document.body
    headings = [
        (int(h.get_attribute("text:outline-level")), h.text_recursive) for h in body.get_elements("descendant::text:h")
    ]
    gap = " " if profile == "neutral" else ""
    assert headings == [(level, f"{number}{gap}{said}") for level, number, said in manuscript.outline(WHOLE, profile)]
    said = "\n".join(p.text_recursive for p in body.get_elements("descendant::text:p"))
    for expected in ("=SUM(A1) <b>&amp; ${x}", HEAD.title, "里面", "丙", "署名"):
        assert expected in said
    spans = [
        (cell.get_attribute("table:number-columns-spanned"), cell.get_attribute("table:number-rows-spanned"))
        for cell in body.get_elements("descendant::table:table-cell")
    ]
    assert ("2", "1") in spans
    assert ("1", "2") in spans
    assert len(body.get_elements("descendant::table:covered-table-cell")) == 2
    page = document.styles.get_element("//style:page-layout-properties")
    assert page.get_attribute("fo:margin-top") == ("37mm" if profile == "cn" else "25mm")
    assert document.meta.title == HEAD.title


def test_nothing_in_the_head_is_markup():
    evil = PaperHead(title="</w:t><script>&\x00\ud800", cc="<text:p/>", issuer_mark="=cmd()", signers=("a\nb",))
    back = read(manuscript.to_docx(WHOLE, heads=evil, profile="cn"))
    assert back.title == "</w:t><script>&"
    assert (
        "<text:p/>"
        in odfdo.Document(io.BytesIO(manuscript.to_odt(WHOLE, heads=evil, profile="cn"))).get_formatted_text()
    )


# --- Files of other people -------------------------------------------------------------------------------------------
def test_headings_are_known_by_style_and_lose_their_typed_numbers():
    def fill(document):
        document.add_paragraph("关于工作的通知", style="Title")
        document.add_heading("一、总体要求", 1)
        document.add_heading("（一）目标", 2)
        document.add_paragraph("正文。")
        document.add_heading("五、保障", 1)

    found = made(fill)
    assert found.title == "关于工作的通知"
    assert lines(found) == [(1, "总体要求"), (2, "目标"), ("paragraph", "正文。"), (1, "保障")]
    assert len(found.warnings) == 1  # 五 becomes 二


def test_headings_are_known_by_typed_numbers_in_plain_paragraphs():
    def fill(document):
        title = document.add_paragraph()
        title.alignment = 1
        title.add_run("关于工作的通知").font.size = Pt(22)
        for text in ("各学会：", "一、总体要求", "　　正文很长。", "（一）目标", "1.加强领导", "二、保障"):
            document.add_paragraph(text)

    found = made(fill)
    assert found.title == "关于工作的通知"
    assert lines(found) == [
        ("paragraph", "各学会："),
        (1, "总体要求"),
        ("paragraph", "正文很长。"),
        (2, "目标"),
        (3, "加强领导"),
        (1, "保障"),
    ]
    assert found.warnings == []


def test_a_single_first_heading_is_the_title():
    def fill(document):
        document.add_heading("Annual meeting", 1)
        document.add_heading("Place", 2)
        document.add_heading("Date", 2)

    found = made(fill, "neutral")
    assert found.title == "Annual meeting"
    assert lines(found) == [(1, "Place"), (1, "Date")]


def test_lists_marks_and_merged_cells_come_over():
    def fill(document):
        document.add_paragraph("一点", style="List Bullet")
        document.add_paragraph("里面", style="List Bullet")
        document.add_paragraph("第一", style="List Number")
        line = document.add_paragraph("前")
        line.add_run("粗").bold = True
        line.add_run("斜").italic = True
        line.add_run("\n后")
        grid = document.add_table(3, 3)
        grid.cell(0, 0).merge(grid.cell(0, 1)).text = "宽"
        grid.cell(1, 0).merge(grid.cell(2, 0)).text = "高"
        grid.cell(2, 2).text = "角"

    found = made(fill).doc["content"]
    assert [block["type"] for block in found] == ["bullet_list", "ordered_list", "paragraph", "table"]
    assert len(found[0]["content"]) == 2
    assert [run.get("marks") for run in found[2]["content"]] == [
        None,
        [{"type": "strong"}],
        [{"type": "em"}],
        None,
        None,
    ]
    spans = [[tuple(cell["attrs"].values()) for cell in row["content"]] for row in found[3]["content"]]
    assert spans == [[(2, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)], [(1, 1), (1, 1)]]


def test_what_cannot_be_carried_over_is_said():
    def fill(document):
        line = document.add_paragraph("看得见的")
        body = line._p
        body.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="x"><w:r><w:t>加的</w:t></w:r></w:ins>'))
        body.append(
            parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author="x"><w:r><w:delText>删的</w:delText></w:r></w:del>')
        )
        hidden = line.add_run("藏的")
        hidden.font.hidden = True
        box = '<w:pict {}><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>框里的</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>'  # noqa: E501 - one sample
        line.add_run()._r.append(parse_xml(box.format(nsdecls("w"))))
        line.add_run()._r.append(OxmlElement("w:drawing"))
        line.add_run()._r.append(OxmlElement("w:object"))
        line.add_run()._r.append(OxmlElement("w:footnoteReference"))
        line.add_run()._r.append(OxmlElement("w:commentReference"))
        math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
        body.append(parse_xml(f'<m:oMath xmlns:m="{math}"><m:r><m:t>E=mc</m:t></m:r></m:oMath>'))
        document.sections[0].header.paragraphs[0].text = "内部资料"

    found = made(fill)
    assert lines(found) == [("paragraph", "看得见的加的E=mc")]
    assert len(found.warnings) == 9


def test_text_that_looks_like_markup_stays_text():
    found = made(lambda document: document.add_paragraph("=1+1 <script>alert(1)</script> {{ x }} #eval"))
    assert lines(found) == [("paragraph", "=1+1 <script>alert(1)</script> {{ x }} #eval")]


def test_chinese_automatic_numbers_are_headings():
    def fill(document):
        numbering = document.part.numbering_part.element
        kind = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:lvl w:ilvl="0">'
            '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        )
        numbering.insert(0, kind)
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        line = document.add_paragraph("总体要求")
        mark = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>'
        line._p.get_or_add_pPr().append(parse_xml(mark))

    assert lines(made(fill)) == [(1, "总体要求")]


# --- Hostile files ---------------------------------------------------------------------------------------------------
def package(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made_of:
        for name, content in parts.items():
            made_of.writestr(name, content)
    return out.getvalue()


def changed(name, change):
    """An honest file with one part changed."""
    out = io.BytesIO()
    honest = io.BytesIO(manuscript.to_docx(WHOLE, heads=HEAD, profile="cn"))
    with zipfile.ZipFile(honest) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.namelist():
            after.writestr(entry, change(before.read(entry)) if entry == name else before.read(entry))
        if name not in before.namelist():
            after.writestr(name, change(b""))
    return out.getvalue()


DOCUMENT_XML = "word/document.xml"
ENTITY = b'<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document'
DEEP = b"<w:body>" + b"<w:sdt><w:sdtContent>" * 3000
SPAN = b'w:gridSpan w:val="2"'

HOSTILE = {
    "nothing": lambda: b"",
    "a text": lambda: b"hello",
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
    "a PDF": lambda: b"%PDF-1.7\n",
    "an old Word file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "a bare archive": lambda: package(**{"a.txt": "x"}),
    "a spreadsheet": lambda: package(**{"[Content_Types].xml": "spreadsheetml.sheet.main", "xl/workbook.xml": "<x/>"}),
    "half a file": lambda: manuscript.to_docx(WHOLE, heads=HEAD, profile="cn")[:3000],
    "broken XML": lambda: changed("word/document.xml", lambda part: part[:-40]),
    "another root": lambda: changed("word/document.xml", lambda part: b"<x/>"),
    "no body": lambda: changed(
        "word/document.xml",
        lambda part: b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>',
    ),
    "an entity": lambda: changed(DOCUMENT_XML, lambda part: part.replace(b"<w:document", ENTITY, 1)),
    "macros": lambda: changed("word/vbaProject.bin", lambda part: b"\0" * 100),
    "a bomb": lambda: changed("word/media/image1.png", lambda part: b"\0" * 300_000_000),
    "deep XML": lambda: changed(DOCUMENT_XML, lambda part: part.replace(b"<w:body>", DEEP, 1)),
    "a span that is a word": lambda: changed(DOCUMENT_XML, lambda part: part.replace(SPAN, b'w:gridSpan w:val="x"')),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_is_no_sound_word_file_is_refused(case):
    with pytest.raises(Refused) as refusal:
        read(HOSTILE[case]())
    assert refusal.value.field == "file"
    assert str(refusal.value)


def test_a_table_that_would_grow_without_end_is_cut_or_refused():
    data = changed(
        "word/document.xml", lambda part: part.replace(b'w:gridSpan w:val="2"', b'w:gridSpan w:val="99999999"')
    )
    try:
        found = read(data)
    except Refused:
        return
    assert manuscript.check(found.doc) == found.doc
