"""Manuscripts in forms and on pages."""

from __future__ import annotations

import json

import pytest
from django import forms
from django.template import engines
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from lxml import html

from chancery.foundations import manuscript
from chancery.foundations.manuscript import shape
from chancery.foundations.web import samples
from chancery.foundations.web.forms import ManuscriptField

EVIL = "<script>alert(1)</script> {{ x }} &amp; \" '"


class Draft(forms.Form):
    body = ManuscriptField(profile="cn", max_characters=300)
    note = ManuscriptField(profile="cn", required=False)


def sent(**data):
    return Draft(MultiValueDict({name: [value] for name, value in data.items()}), initial={"body": samples.notice()})


def printed(markup, **context):
    return engines["django"].from_string(markup).render(context)


def test_what_the_editor_sends_is_checked_and_kept():
    form = sent(body=json.dumps(samples.notice()))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["body"] == samples.notice()
    assert form.cleaned_data["note"] == manuscript.EMPTY
    assert form.changed_data == []


def test_lines_typed_without_script_become_a_text():
    form = sent(body="一、要求\r\n请报送。")
    assert form.is_valid()
    assert manuscript.outline(form.cleaned_data["body"], "cn") == [(1, "一、", "要求")]
    assert form.changed_data == ["body"]


def test_lines_that_nobody_changed_stand_for_the_whole_text():
    whole = samples.notice()
    shown = manuscript.numbered(whole, profile="cn").replace("\n", "\r\n")
    form = sent(body=shown, **{"body-was": json.dumps(whole)})
    assert form.is_valid()
    assert form.cleaned_data["body"] == whole  # tables and marks are still there


def test_lines_typed_into_a_text_leave_its_other_blocks_as_they_were():
    whole = samples.notice()
    shown = manuscript.numbered(whole, profile="cn").replace("12月15日", "12月20日") + "\n又一段。"
    form = sent(body=shown, **{"body-was": json.dumps(whole)})
    assert form.is_valid()
    found = form.cleaned_data["body"]
    assert [block["type"] for block in found["content"]] == [
        *(block["type"] for block in whole["content"]),
        "paragraph",
    ]
    assert manuscript.outline(found, "cn") == manuscript.outline(whole, "cn")
    rows = manuscript.compare(whole, found)
    assert [row.kind for row in rows if row.kind != "same" or row.was or row.is_restyled] == ["changed", "added"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "This field is required."),
        (json.dumps(manuscript.EMPTY), "This field is required."),
        ('{"type":"doc","content":[{"type":"image"}]}', "The text holds an unknown part, “image” (block 1)."),
        ('{"type":"doc","content":' + "[" * 3000, "The text has not the form that is kept here. Load the page again."),
        ("字" * 301, "The text has 301 characters; at most 300 may be kept here."),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field_and_stays_as_typed(body, said):
    with translation.override("en"):
        form = sent(body=body, note="另一段")
        assert not form.is_valid()
        assert form.errors["body"] == [said]
        area = html.fromstring(str(form["body"])).find(".//textarea")
        kept = area.get("data-manuscript")
        assert area.text.strip() == (body if not kept else manuscript.plain(json.loads(kept)))
        assert "另一段" in html.fromstring(str(form["note"])).find(".//textarea").get("data-manuscript")


def test_a_refusal_is_in_the_readers_language():
    with translation.override("zh-hans"):
        form = sent(body='{"type":"doc","content":[{"type":"image"}]}')
        assert form.errors["body"] == ["正文中有无法识别的内容“image”（第1段）。"]


def test_the_component_holds_the_text_as_data_only():
    doc = manuscript.check(shape.document(shape.paragraph(shape.text(EVIL))))
    form = Draft(initial={"body": doc})
    root = html.fromstring(str(form["body"]))
    area = root.find(".//textarea")
    assert area.text.strip() == EVIL.strip()
    assert json.loads(area.get("data-manuscript")) == doc
    assert root.find(".//script") is None
    names = {button.get("data-do"): button.get("aria-label") for button in root.findall(".//button")}
    assert all(names.values())
    assert {"heading1", "table", "merge", "undo"} <= set(names)


def test_a_text_is_shown_with_its_numbers_and_every_word_escaped():
    doc = shape.document(
        shape.heading(1, shape.text("要求")),
        shape.paragraph(shape.text(EVIL, strong=True), align="right"),
        {"type": "table", "content": [{"type": "table_row", "content": [shape.cell(is_header=True, colspan=2)]}]},
    )
    found = printed("{% manuscript_shown doc 'cn' %}", doc=doc)
    root = html.fromstring(found)
    assert root.find(".//script") is None
    assert root.find(".//h3").text_content() == "一、要求"
    assert root.find(".//p[@class='is-right']/strong").text_content() == EVIL
    assert root.find(".//th").get("colspan") == "2"


def test_two_texts_are_shown_side_by_side_with_marks_that_are_not_only_colours():
    old, new = samples.notice_before(), samples.notice()
    with translation.override("en"):
        found = printed("{% manuscript_compared rows old='V1' %}", rows=manuscript.compare(old, new))
    root = html.fromstring(found)
    assert [one.text_content() for one in root.iter("del")] == [
        "[removed: 控制规模]",
        "[removed: ，注重实效]",
        "[removed: 31]",
    ]
    assert root.find(".//p").text_content() == "3 lines changed · 1 line added"
    assert {one.text_content() for one in root.findall(".//td[@class='sign']/span[@aria-hidden]")} == {"≠", "≈", "+"}


def test_long_stretches_without_a_change_are_folded():
    lines = [shape.paragraph(shape.text(f"第{n}段，内容各不相同：{n * 7919}。")) for n in range(40)]
    changed = [*lines[:20], shape.paragraph(shape.text("全新的一段。")), *lines[20:]]
    rows = manuscript.compare(shape.document(*lines), shape.document(*changed))
    with translation.override("en"):
        root = html.fromstring(printed("{% manuscript_compared rows %}", rows=rows))
    assert [one.text_content() for one in root.iter("summary")] == ["17 lines without a change"] * 2
    with translation.override("en"):
        same = printed("{% manuscript_compared rows %}", rows=manuscript.compare(samples.letter(), samples.letter()))
    assert "The two texts are the same." in same


def test_words_that_look_like_markup_are_escaped_in_a_comparison():
    old, new = (shape.document(shape.paragraph(shape.text(text))) for text in ("<b>x</b>", "<i>x</i>"))
    root = html.fromstring(printed("{% manuscript_compared rows %}", rows=manuscript.compare(old, new)))
    assert root.find(".//tbody//b") is None
    assert root.find(".//i") is None
