"""The editor of manuscripts in a real browser: at /styleguide/, where one of each kind stands."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

BODY = "#id_draft-body"
PAGE = "/styleguide/"


@pytest.fixture
def editor(page_as):
    """A page with the editor ready, its text emptied."""

    def enter(language="en", width=1366, *, field=BODY, keep=False):
        page = page_as("registrar", language=language, width=width)
        page.goto(PAGE)
        expect(page.locator(".manuscript[data-ready]")).to_have_count(3)
        if not keep:
            page.evaluate(
                "field => document.querySelector(field).manuscript.set({type:'doc',content:[{type:'paragraph'}]})",
                field,
            )
        sheet(page, field).click()
        return page

    return enter


def sheet(page, field=BODY):
    return page.locator(f".manuscript:has({field}) .manuscript-text")


def tool(page, name, field=BODY):
    return page.locator(f".manuscript:has({field})").get_by_role("button", name=name, exact=True)


def blocks(page, field=BODY):
    """[(type, attrs, words)] of the text as it would be sent."""
    doc = json.loads(
        page.evaluate(
            "field => { const a = document.querySelector(field); a.manuscript.flush(); return a.value; }", field
        )
    )

    def words(node):
        return node.get("text", "\n" if node["type"] == "hard_break" else "") + "".join(
            words(child) for child in node.get("content", [])
        )

    return [(node["type"], node.get("attrs", {}), words(node)) for node in doc["content"]]


def kinds(page, field=BODY):
    return [
        (kind if kind != "heading" else f"heading{attrs['level']}", words) for kind, attrs, words in blocks(page, field)
    ]


def paste(page, *, html="", text="", field=BODY):
    """As the clipboard would give it."""
    page.evaluate(
        """([field, html, text]) => {
            const data = new DataTransfer();
            if (html) data.setData("text/html", html);
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.querySelector(field).manuscript.view.dom.dispatchEvent(event);
        }""",
        [field, html, text],
    )


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_editor_is_sound_in_both_languages_and_widths(editor, axe, look, language, width):
    page = editor(language, width, keep=True)
    page.locator(".manuscript th").first.click()
    expect(tool(page, "Row below" if language == "en" else "下方插入行")).to_be_visible()
    assert axe(page) == []
    look(page, f"editor-{language}-{width}")


def test_what_is_typed_is_what_is_sent(editor):
    page = editor()
    page.keyboard.type("关于召开会议的通知 <b>&")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("=1+1")
    page.keyboard.press("Enter")
    page.keyboard.type("第二段")
    assert kinds(page) == [("paragraph", "关于召开会议的通知 <b>&\n=1+1"), ("paragraph", "第二段")]
    count = page.locator(f".manuscript:has({BODY}) [data-characters]")
    expect(count).to_have_text("20")


def test_headings_come_by_keys_by_typing_and_by_button_and_number_themselves(editor):
    page = editor()
    page.keyboard.type("# 总体要求")
    page.keyboard.press("Enter")
    page.keyboard.type("一、")
    page.keyboard.type("重点任务")
    page.keyboard.press("Enter")
    page.keyboard.type("（一）")
    page.keyboard.type("学术交流")
    page.keyboard.press("Enter")
    page.keyboard.type("第三级")
    page.keyboard.press("Control+Alt+3")
    page.keyboard.press("Enter")
    page.keyboard.type("第四级")
    tool(page, "Heading, level 4").click()
    page.keyboard.press("Enter")
    page.keyboard.type("正文")
    assert kinds(page) == [
        ("heading1", "总体要求"),
        ("heading1", "重点任务"),
        ("heading2", "学术交流"),
        ("heading3", "第三级"),
        ("heading4", "第四级"),
        ("paragraph", "正文"),
    ]
    printed = page.evaluate(
        """field => [...document.querySelectorAll(field + " h3, " + field + " h4")]
            .map(one => getComputedStyle(one, "::before").content)""",
        f".manuscript:has({BODY}) .manuscript-text",
    )
    assert "simp-chinese-informal" in printed[0]
    page.keyboard.press("Control+Alt+0")
    tool(page, "Heading, level 1").click()
    expect(tool(page, "Heading, level 1")).to_have_attribute("aria-pressed", "true")
    tool(page, "Ordinary text").click()
    expect(tool(page, "Heading, level 1")).to_have_attribute("aria-pressed", "false")


def test_marks_lists_and_alignment(editor):
    page = editor()
    page.keyboard.press("Control+b")
    page.keyboard.type("重要")
    page.keyboard.press("Control+b")
    page.keyboard.type("的事")
    tool(page, "To the right").click()
    page.keyboard.press("Enter")
    page.keyboard.type("- 一点")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("里面")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("之后")
    doc = json.loads(page.evaluate(f"JSON.stringify(document.querySelector('{BODY}').manuscript.json())"))
    first, points, after = doc["content"]
    assert first["attrs"] == {"align": "right"}
    assert [(run["text"], run.get("marks")) for run in first["content"]] == [
        ("重要", [{"type": "strong"}]),
        ("的事", None),
    ]
    assert points["type"] == "bullet_list"
    assert points["content"][0]["content"][1]["type"] == "bullet_list"
    assert after["type"] == "paragraph"


def test_a_table_is_made_walked_changed_merged_and_deleted(editor):
    page = editor()
    tool(page, "Insert a table").click()
    for word in ("甲", "乙", "丙", "丁"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    tool(page, "Row below").click()
    tool(page, "Column to the right").click()
    cells = sheet(page).locator("th, td")
    expect(cells).to_have_count(16)
    first, second = sheet(page).locator("th").nth(0), sheet(page).locator("th").nth(1)
    first.click()
    page.keyboard.down("Shift")
    second.click()
    page.keyboard.up("Shift")
    tool(page, "Merge the marked cells").click()
    expect(sheet(page).locator("th[colspan='2']")).to_have_text("甲乙")
    tool(page, "Split the cell").click()
    expect(cells).to_have_count(16)
    tool(page, "Delete the row").click()
    tool(page, "Delete the column").click()
    expect(tool(page, "Delete the table")).to_be_visible()
    tool(page, "Delete the table").click()
    assert kinds(page) == [("paragraph", "")]
    expect(tool(page, "Delete the table")).to_be_hidden()


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style>
<script>window.stolen = 1</script><!--[if gte mso 9]><xml><o:x/></xml><![endif]--></head><body lang=ZH-CN>
<h1>一、总体要求<o:p></o:p></h1>
<p class=MsoNormal style='text-align:center' onclick="window.stolen=2"><b>居中</b>的
<span style='font-weight:bold'>粗</span>
<img src=x onerror="window.stolen=3"><a href="javascript:window.stolen=4">链接</a></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span>1.<span>&nbsp; </span></span>
<!--[endif]-->第一</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><!--[if !supportLists]--><span>·</span><!--[endif]-->里面</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span>2.</span><!--[endif]-->第二</p>
<table><tr><td colspan=2><p>宽</p></td></tr><tr><td><p>左</p></td><td><ul><li>右</li></ul></td></tr></table>
<p class=MsoNormal>二、重点任务</p><p class=MsoNormal>最后。</p>
</body></html>"""


def test_what_word_puts_on_the_clipboard_is_cleaned(editor):
    page = editor()
    paste(page, html=WORD, text="")
    assert page.evaluate("window.stolen") is None
    found = kinds(page)
    assert found[0] == ("heading1", "总体要求")
    assert [kind for kind, _words in found] == [
        "heading1",
        "paragraph",
        "ordered_list",
        "table",
        "heading1",
        "paragraph",
    ]
    assert ("heading1", "重点任务") in found
    doc = page.evaluate(f"document.querySelector('{BODY}').manuscript.json()")
    centred = doc["content"][1]
    assert centred["attrs"] == {"align": "center"}
    assert [run["text"] for run in centred["content"] if run.get("marks") == [{"type": "strong"}]] == ["居中", "粗"]
    items = doc["content"][2]["content"]
    assert len(items) == 2
    assert items[0]["content"][1]["type"] == "bullet_list"
    assert doc["content"][3]["content"][0]["content"][0]["attrs"] == {"colspan": 2, "rowspan": 1}
    assert "javascript" not in json.dumps(doc)


def test_plain_lines_are_pasted_as_paragraphs_and_numbered_lines_as_headings(editor):
    page = editor()
    paste(page, text="一、要求\n\n（一）内容\n内容很多。\n1.第一项\n7.不按次序\n二、分工")
    assert kinds(page) == [
        ("heading1", "要求"),
        ("heading2", "内容"),
        ("paragraph", "内容很多。"),
        ("heading3", "第一项"),
        ("paragraph", "7.不按次序"),
        ("heading1", "分工"),
    ]


def test_one_pasted_line_keeps_its_number(editor):
    page = editor()
    page.keyboard.type("见")
    paste(page, text="一、要求")
    assert kinds(page) == [("paragraph", "见一、要求")]


def test_undo_and_redo(editor):
    page = editor()
    page.keyboard.type("甲")
    tool(page, "Heading, level 1").click()
    page.keyboard.press("Control+z")
    assert kinds(page) == [("paragraph", "甲")]
    tool(page, "Redo").click()
    assert kinds(page) == [("heading1", "甲")]
    tool(page, "Undo").click()
    assert kinds(page) == [("paragraph", "甲")]


def test_a_passage_is_anchored_highlighted_and_found_again_after_edits(editor):
    page = editor()
    paste(page, text="各学会应于12月15日前报送。\n各分会应于12月15日前报送。")
    area = f"document.querySelector('{BODY}').manuscript"
    page.evaluate(f"{area}.select({{exact: '12月15日', prefix: '各分会应于', suffix: '前报送', start: 0}})")
    anchor = page.evaluate(f"{area}.anchor()")
    assert anchor == {
        "exact": "12月15日",
        "prefix": "各学会应于12月15日前报送。\n各分会应于",
        "suffix": "前报送。",
        "start": 21,
    }
    assert page.evaluate(f"{area}.highlight([{{id: 7, anchor: {json.dumps(anchor)}, tone: 'red'}}])") == [7]
    mark = sheet(page).locator("[data-remark='7']")
    expect(mark).to_have_text("12月15日")
    page.evaluate(
        """field => document.querySelector(field).addEventListener("manuscript:remark", event => {
            window.pressed = event.detail.id;
        })""",
        BODY,
    )
    mark.click()
    assert page.evaluate("window.pressed") == "7"
    page.keyboard.press("Control+Home")
    page.keyboard.type("𠮷首先，")
    expect(mark).to_have_text("12月15日")
    page.evaluate(f"{area}.select({json.dumps(anchor)})")
    assert page.evaluate(f"{area}.anchor().start") == 25
    assert page.evaluate(f"{area}.select({{exact: '没有这话', prefix: '', suffix: '', start: 0}})") is False


def test_the_browser_and_the_server_count_alike(editor):
    """Anchors and sizes are counted in both places."""
    from chancery.foundations import manuscript

    page = editor(keep=True)
    area = f"document.querySelector('{BODY}').manuscript"
    doc = manuscript.check(page.evaluate(f"{area}.json()"))
    text = manuscript.plain(doc)
    assert page.evaluate(f"{area}.characters()") == manuscript.characters(doc)
    assert page.evaluate(f"new Manuscript.ManuscriptText({area}.view.state.doc).text") == text
    for words in ("120,000", "申报计划", "学会"):
        given = {"exact": words, "prefix": "", "suffix": "", "start": 0}
        page.evaluate(f"{area}.select({json.dumps(given)})")
        anchor = page.evaluate(f"{area}.anchor()")
        start, end = manuscript.find(text, anchor)
        assert text[start:end] == words
        assert start == anchor["start"]


def test_it_is_used_by_keyboard_alone(editor):
    page = editor()
    page.keyboard.type("甲乙")
    page.keyboard.press("Alt+F10")
    expect(tool(page, "Undo")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(tool(page, "Heading, level 1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(sheet(page)).to_be_focused()
    assert kinds(page) == [("heading1", "甲乙")]
    page.keyboard.press("Alt+F10")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    expect(tool(page, "Undo")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet(page)).not_to_be_focused()


def test_a_fixed_text_cannot_be_changed_but_shows_remarks(editor):
    page = editor()
    fixed = sheet(page, "#fixed")
    before = fixed.inner_text()
    fixed.click()
    page.keyboard.type("x")
    assert fixed.inner_text() == before
    expect(page.locator(".manuscript:has(#fixed) [role=toolbar]")).to_have_count(0)
    given = {"exact": "申报计划", "prefix": "", "suffix": "", "start": 0}
    page.evaluate(
        "given => document.querySelector('#fixed').manuscript.highlight([{id: 'a', anchor: given, tone: 'blue'}])",
        given,
    )
    expect(fixed.locator(".remark-blue")).to_have_text("申报计划")


def test_typing_marks_the_form_as_unsaved_and_tells_listeners(editor):
    page = editor()
    page.evaluate(
        """field => document.querySelector(field).addEventListener("manuscript:change", event => {
            document.body.dataset.told = JSON.parse(event.target.value).content[0].content[0].text;
        })""",
        BODY,
    )
    page.keyboard.type("改动")
    expect(page.locator("body")).to_have_attribute("data-told", "改动")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/help/")
    assert asked == ["beforeunload"]


def test_without_script_it_is_plain_lines(page_as):
    page = page_as("registrar", javascript=False)
    page.goto(PAGE)
    area = page.locator(BODY)
    expect(area).to_be_visible()
    assert "（一）组织学术交流\n1.申报计划" in area.input_value()
    for toolbar in page.locator(f".manuscript:has({BODY}) [role=toolbar]").all():
        expect(toolbar).to_be_hidden()


def test_side_by_side_is_stacked_on_a_phone(editor):
    page = editor(width=390, keep=True)
    row = page.locator(".compared tr.is-changed").first
    old, new = row.locator(".old").bounding_box(), row.locator(".new").bounding_box()
    assert new["y"] >= old["y"] + old["height"]
    expect(row.locator("del").first).to_contain_text("控制规模")
