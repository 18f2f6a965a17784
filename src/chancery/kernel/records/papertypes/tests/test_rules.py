"""What types of paper demand: each rule at its field, with its basis."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.kernel.directory.terms import UnitKind
from chancery.kernel.records.papertypes import rules
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.papertypes.queries import read_shipped
from chancery.kernel.records.papertypes.rules import Paper
from chancery.kernel.records.papertypes.terms import RULES, Addressees, Shape, Way

SHIPPED = {
    (line.profile, line.code): PaperType(profile=line.profile, code=line.code, **line.words) for line in read_shipped()
}
CN = {code: one for (profile, code), one in SHIPPED.items() if profile == "cn"}
ALL = st.sampled_from(sorted(SHIPPED))


def good(of: PaperType, **more: Any) -> Paper:
    """A paper that its type allows."""
    way = (of.says("directions") or [Way.DOWNWARD])[0]
    facts: dict[str, Any] = {
        "title": "关于预算的" + (of.says("title_ends") or [""])[0],
        "text": "正文。",
        "direction": way,
        "format": (of.says("formats") or [""])[0],
        "issuer_kind": (of.says("issuers") or ["FEDERATION"])[0],
        "main": [] if of.says("addressees") in {Addressees.NONE, Addressees.ANY} else ["计划财务部"],
        "has_signer": True,
        "annexes": 1,
        "answered": list(of.says("answers") or []),
    }
    return Paper(**{**facts, **more})


def fields(of: PaperType, paper: Paper) -> list[str]:
    return [str(found.field) for found in rules.findings(of, paper)]


def test_there_are_fifteen_types_and_the_neutral_four() -> None:
    names = [one.name_zh for one in CN.values()]
    assert "、".join(names) == "决议、决定、命令、公报、公告、通告、意见、通知、通报、报告、请示、批复、议案、函、纪要"
    assert {code for profile, code in SHIPPED if profile == "neutral"} == {"MEMO", "LETTER", "NOTICE", "RESOLUTION"}


@given(ALL)
def test_a_paper_as_its_type_wants_it_passes_unless_nobody_may_issue_it(place: tuple[str, str]) -> None:
    of = SHIPPED[place]
    found = fields(of, good(of))
    assert found == ([] if of.says("issuers") else ["paper_type"])


@given(ALL, st.sampled_from(UnitKind.values))
def test_only_the_named_kinds_of_unit_issue(place: tuple[str, str], kind: str) -> None:
    of = SHIPPED[place]
    is_allowed = kind in of.says("issuers")
    assert (fields(of, good(of, issuer_kind=kind)) == []) is is_allowed


@given(ALL, st.sampled_from(Way.values))
def test_only_the_named_directions(place: tuple[str, str], way: str) -> None:
    of = SHIPPED[place]
    assert ("direction" in fields(of, good(of, direction=way))) is (way not in of.says("directions"))


@given(ALL, st.integers(0, 5))
def test_the_number_of_main_addressees(place: tuple[str, str], count: int) -> None:
    of = SHIPPED[place]
    wanted = {
        Addressees.ONE: count == 1,
        Addressees.SOME: count >= 1,
        Addressees.ANY: True,
        Addressees.NONE: count == 0,
    }[of.says("addressees")]
    assert ("main" not in fields(of, good(of, main=["甲"] * count))) is wanted


@given(ALL)
def test_every_finding_has_a_field_and_a_basis(place: tuple[str, str]) -> None:
    of = SHIPPED[place]
    worst = Paper(
        title="关于若干事项",
        text="请予批准。妥否，请批示。",
        direction=Way.PUBLIC,
        format="X",
        issuer_kind="X",
        joint_issuers=2,
        main=["甲", "乙"],
        main_below=["甲"],
        copies_below=["乙"],
    )
    found = rules.findings(of, worst)
    assert found
    assert all(one.field and one.basis and one.reason for one in found)


@pytest.mark.parametrize("phrase", ["妥否，请批示", "请予批准", "当否,请批示", "请 予 批 准", "请予\n批准"])
def test_a_report_carries_no_request(phrase: str) -> None:
    found = rules.findings(CN["REPORT"], good(CN["REPORT"], text=f"现将情况报告如下。{phrase}。"))
    assert [one.field for one in found] == ["body"]
    assert "请示事项" in found[0].basis or "第十五条" in found[0].basis or "art. 15" in found[0].basis


def test_a_request_has_one_superior_one_matter_a_signer_and_no_copies_below() -> None:
    of = CN["REQUEST"]
    assert fields(of, good(of, main=["甲", "乙"])) == ["main"]
    assert fields(of, good(of, has_signer=False)) == ["signer_post"]
    assert fields(of, good(of, copies_below=["丙"])) == ["copy_to"]
    assert fields(of, good(of, title="关于经费等事项的请示")) == ["title"]
    assert fields(of, good(of, text="一、妥否，请批示。二、当否，请批示。")) == ["body"]
    assert fields(of, good(of, text="妥否，请批示。")) == []
    assert fields(of, good(of, main_below=["丁"])) == ["main"]


def test_a_reply_answers_a_request() -> None:
    of = CN["REPLY"]
    assert fields(of, good(of, answered=[])) == ["relations"]
    assert fields(of, good(of, answered=["NOTICE"])) == ["relations"]
    assert fields(of, good(of, answered=[""])) == []  # known by its number alone


def test_an_order_or_a_motion_is_issued_by_nobody_here() -> None:
    for code in ("ORDER", "MOTION"):
        assert fields(CN[code], good(CN[code], issuer_kind="FEDERATION")) == ["paper_type"]


def test_the_title_ends_in_the_type() -> None:
    assert fields(CN["NOTICE"], good(CN["NOTICE"], title="关于预算的函")) == ["title"]


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=6), max_size=5))
def test_requests_are_found_in_the_order_of_the_text(text: str, phrases: list[str]) -> None:
    found = rules.requests_in(text, phrases)
    assert len(found) <= max(1, len(rules.folded(text)))
    assert all(one in phrases for one in found)


@given(ALL, st.sampled_from(sorted(RULES)), st.one_of(st.booleans(), st.integers(), st.text(), st.lists(st.text())))
def test_a_wrong_value_of_a_rule_is_told(place: tuple[str, str], rule: str, value: Any) -> None:
    fault = rules.fault_of(rule, value, issuers=UnitKind.values)
    is_flag = RULES[rule].shape == Shape.FLAG
    assert (fault == "") is (isinstance(value, bool)) if is_flag else isinstance(fault, str)


def test_an_unknown_rule_is_a_fault() -> None:
    assert rules.fault_of("colour", True, issuers=[])
