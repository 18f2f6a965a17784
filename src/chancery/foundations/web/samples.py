"""Texts to look at in the styleguide."""

from __future__ import annotations

from typing import Any

from chancery.foundations import manuscript
from chancery.foundations.manuscript import shape
from chancery.foundations.manuscript.shape import Node


def _row(*words: str, is_header: bool = False) -> Node:
    cells = [shape.cell(shape.paragraph(shape.text(one)), is_header=is_header) for one in words]
    return {"type": "table_row", "content": cells}


def _list(kind: str, *words: str) -> Node:
    items = [{"type": "list_item", "content": [shape.paragraph(shape.text(one))]} for one in words]
    return {"type": kind, "content": items}


def notice() -> Node:
    """A notice as the `cn` profile numbers it."""
    return manuscript.check(
        shape.document(
            shape.paragraph(
                shape.text("为深入学习贯彻全国科技大会精神，进一步加强学会学术建设，现就做好"),
                shape.text("2026年度学术年会", strong=True),
                shape.text("有关工作通知如下。"),
            ),
            shape.heading(1, shape.text("总体要求")),
            shape.paragraph(shape.text("坚持服务科技工作者，突出学术引领，严控规模和经费。")),
            shape.heading(1, shape.text("重点任务")),
            shape.heading(2, shape.text("组织学术交流")),
            shape.heading(3, shape.text("申报计划")),
            shape.paragraph(shape.text("各学会应于12月15日前报送年会计划，一会一表。")),
            shape.heading(4, shape.text("计划内容")),
            _list("ordered_list", "会议名称、时间、地点；", "预计规模和经费来源；", "安全预案。"),
            shape.heading(2, shape.text("经费安排")),
            {
                "type": "table",
                "content": [
                    _row("项目", "金额（元）", "说明", is_header=True),
                    _row("场地", "120,000", "含同声传译"),
                    _row("材料", "8,500", "=SUM(B2:B3) 按原样显示"),
                ],
            },
            shape.paragraph(shape.text("联系人：林舒")),
            shape.paragraph(shape.text("（此件公开发布）"), align="right"),
        )
    )


def notice_before() -> Node:
    """The same notice a version earlier."""
    doc: dict[str, Any] = {"type": "doc", "content": [dict(block) for block in notice()["content"]]}
    blocks = doc["content"]
    blocks[2] = shape.paragraph(shape.text("坚持服务科技工作者，突出学术引领，控制规模和经费，注重实效。"))
    blocks[6] = shape.paragraph(shape.text("各学会应于12月31日前报送年会计划。"))
    blocks[5] = shape.paragraph(shape.text("申报计划"))
    del blocks[11]
    return manuscript.check(doc)


def letter() -> Node:
    """A letter as the `neutral` profile numbers it."""
    return manuscript.check(
        shape.document(
            shape.paragraph(shape.text("Thank you for your letter of 3 November. We answer its questions in order.")),
            shape.heading(1, shape.text("The annual meeting")),
            shape.heading(2, shape.text("Date and place")),
            shape.paragraph(
                shape.text("The meeting is held on "),
                shape.text("12 May 2027", strong=True),
                shape.text(" in the lecture hall; "),
                shape.text("see the plan", em=True),
                shape.text("."),
            ),
            _list("bullet_list", "Doors open at nine.", "Papers are sent a week ahead."),
            shape.heading(3, shape.text("Getting there")),
            shape.heading(4, shape.text("By train")),
            shape.paragraph(shape.text("Ten minutes on foot from the station.")),
        )
    )
