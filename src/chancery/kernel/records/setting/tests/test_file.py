"""The file: PDF/A-2b, its metadata, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pikepdf
import pytest

from chancery.foundations import xmp
from chancery.kernel.records.setting import Format, set_paper
from chancery.kernel.records.setting.terms import ELEMENTS, SCHEMA

from .samples import english, paper

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"


@pytest.fixture(scope="module")
def content() -> bytes:
    return set_paper(paper(metadata={"公文种类": "通知", "DraftingUnit": "办公厅 <&> 秘书处"})).pdf


@pytest.fixture
def document(content: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def test_it_says_pdf_a_2b_and_has_its_output_intent(document: pikepdf.Pdf) -> None:
    assert document.open_metadata().pdfa_status == "2B"
    intent = document.Root.OutputIntents[0]
    assert intent.S == "/GTS_PDFA1"
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"  # an ICC profile
    assert not document.is_encrypted
    assert "/AcroForm" not in document.Root
    assert "/OpenAction" not in document.Root


def test_its_structure_is_sound(document: pikepdf.Pdf) -> None:
    assert document.check_pdf_syntax() == []


@pytest.mark.parametrize("kind", list(Format))
def test_every_font_is_embedded(kind: Format) -> None:
    with pikepdf.open(io.BytesIO(set_paper(paper(format=kind)).pdf)) as opened:
        seen = 0
        for page in opened.pages:
            for font in page.Resources.get("/Font", {}).values():
                for descendant in font.get("/DescendantFonts", [font]):
                    facts = descendant.FontDescriptor
                    assert any(key in facts for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                    assert "/ToUnicode" in font
                    seen += 1
        assert seen


def test_the_information_dictionary_and_the_packet_agree(document: pikepdf.Pdf) -> None:
    title = "示例学会联合会关于印发《统计工作管理办法（试行）》的通知"
    assert document.docinfo.Title == title
    assert document.docinfo.Author == "示例学会联合会"
    assert document.docinfo.CreationDate == "D:20261123000000Z"
    assert document.docinfo.Keywords == "示联发〔2026〕12号"
    packet = document.open_metadata()
    assert packet["dc:title"] == title
    assert packet["dc:creator"] == ["示例学会联合会"]
    assert packet["dc:language"] == {"zh-CN"}
    assert document.Root.Lang == "zh-CN"
    assert packet["xmp:CreateDate"] == "2026-11-23T00:00:00+00:00"
    assert packet["{http://ns.adobe.com/xap/1.0/t/pg/}NPages"] == str(len(document.pages))


def test_the_elements_of_gb_t_33480_stand_in_a_namespace_that_is_described(document: pikepdf.Pdf) -> None:
    packet = document.open_metadata()
    assert packet[f"{{{SCHEMA.uri}}}DocumentNumber"] == "示联发〔2026〕12号"
    assert packet[f"{{{SCHEMA.uri}}}DocumentType"] == "通知"
    assert packet[f"{{{SCHEMA.uri}}}DraftingUnit"] == "办公厅 <&> 秘书处"
    assert packet[f"{{{SCHEMA.uri}}}DateOfDocument"] == "2026-11-23"
    root = ET.fromstring(document.Root.Metadata.read_bytes().decode())
    used = {element.tag.split("}")[1] for element in root.iter() if element.tag.startswith(f"{{{SCHEMA.uri}}}")}
    described = {element.text for element in root.iter(f"{PROPERTY}name")}
    assert used == described
    assert used <= set(ELEMENTS)


def test_an_element_that_the_standard_does_not_know_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError):
        set_paper(paper(metadata={"杜撰": "x"}))


def test_the_same_paper_gives_the_same_bytes_in_another_process(content: bytes) -> None:
    assert set_paper(paper(metadata={"公文种类": "通知", "DraftingUnit": "办公厅 <&> 秘书处"})).pdf == content
    program = (
        "import hashlib, pathlib, sys\n"
        "from django.conf import settings\n"
        "settings.configure(CHANCERY_HOME=pathlib.Path(sys.argv[1]), USE_I18N=False)\n"
        "from chancery.kernel.records.setting import set_paper\n"
        "from chancery.kernel.records.setting.tests.samples import paper\n"
        "print(hashlib.sha256(set_paper(paper()).pdf).hexdigest())\n"
    )
    here = [
        subprocess.run([sys.executable, "-c", program, "/nowhere"], capture_output=True, text=True, check=True)
        for _ in "ab"
    ]
    assert here[0].stdout == here[1].stdout != ""


def test_another_date_or_another_element_gives_another_file(content: bytes) -> None:
    assert set_paper(paper(dated_on=dt.date(2026, 11, 24))).pdf != content
    assert set_paper(paper(metadata={"公文种类": "决定"})).pdf != content


def test_a_paper_without_a_date_carries_none() -> None:
    with pikepdf.open(io.BytesIO(set_paper(paper(dated_on=None, number="", draft_mark=True)).pdf)) as opened:
        assert "/CreationDate" not in opened.docinfo
        assert "/Keywords" not in opened.docinfo


def test_an_english_paper_says_so() -> None:
    with pikepdf.open(io.BytesIO(set_paper(english()).pdf)) as opened:
        assert opened.Root.Lang == "en-GB"
        assert opened.open_metadata()["dc:language"] == {"en"}


def test_a_pdf_laid_out_otherwise_is_a_clear_error() -> None:
    with pytest.raises(xmp.StrangePdf):
        xmp.TypstPdf(b"%PDF-1.7\nnothing of the kind")


def test_a_property_name_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="not a name"):
        xmp.Schema("x", "urn:x:", "x", {"1<": "y"})
