"""Files of provisions: what is refused, and where the fault is."""

from __future__ import annotations

from pathlib import Path

import pytest

from chancery.foundations.rulebook import loading

GOOD = """\
[[provision]]
key = "test.limit.urgent"
name_en = "Limit"
name_zh = "时限"
unit = "WD"

[[provision.cn]]
value = 1
valid_from = 2012-07-01
valid_to = 2019-12-31
basis_en = "Rule"
basis_zh = "规定"

[[provision.cn]]
value = 2
valid_from = 2020-01-01
basis_en = "Rule"
basis_zh = "规定"
verified = true
"""


def read(tmp_path: Path, text: str) -> list[loading.Shipped]:
    path = tmp_path / "provisions.toml"
    path.write_text(text, encoding="utf-8")
    return loading.read_all([path])


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(loading.BadProvisions) as refused:
        read(tmp_path, text)
    return [fault[fault.index("provisions.toml") :] for fault in refused.value.faults]


def test_a_good_file_gives_its_periods(tmp_path: Path) -> None:
    first, second = read(tmp_path, GOOD)
    assert (first.profile, first.key, first.words["value"], first.words["unit"]) == (
        "cn",
        "test.limit.urgent",
        "1",
        "WD",
    )
    assert (str(first.valid_from), str(first.valid_to)) == ("2012-07-01", "2019-12-31")
    assert second.valid_to is None
    assert second.words["is_verified"] is True
    assert second.where.endswith("provisions.toml:14")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('"WD"', '"WEEKS"'), "provisions.toml:7: test.limit.urgent: “WEEKS” is not a unit"),
        (
            ("value = 1", 'value = "soon"'),
            "provisions.toml:7: test.limit.urgent: value 'soon' (WD): “soon” is not a number.",
        ),
        (("value = 1", "value = 1.5"), "provisions.toml:7: test.limit.urgent: value 1.5 (WD): This unit takes whole"),
        (("value = 1", "value = -1"), "provisions.toml:7: test.limit.urgent: value -1 (WD): The number must be zero"),
        (
            ("valid_from = 2012-07-01", 'valid_from = "2012"'),
            "provisions.toml:7: test.limit.urgent: “valid_from” must be a date",
        ),
        (
            ("valid_to = 2019-12-31", "valid_to = 2011-12-31"),
            "provisions.toml:7: test.limit.urgent: “valid_to” lies before",
        ),
        (
            ("valid_to = 2019-12-31", "valid_to = 2020-01-01"),
            "provisions.toml:14: test.limit.urgent: this period (cn) overlaps",
        ),
        (("valid_to = 2019-12-31\n", ""), "provisions.toml:13: test.limit.urgent: this period (cn) overlaps"),
        (
            ("verified = true", 'verified = "yes"'),
            "provisions.toml:14: test.limit.urgent: “verified” must be true or false",
        ),
        (("verified = true", "approved = true"), "provisions.toml:14: test.limit.urgent: unknown field “approved”"),
        (('name_zh = "时限"\n', ""), "provisions.toml:6: test.limit.urgent: “name_zh” is missing"),
        (('key = "test.limit.urgent"', 'key = "Urgent"'), "provisions.toml:1: “key” must be dotted lower-case words"),
        (("[[provision.cn]]", "[[provision.de]]"), "provisions.toml:1: test.limit.urgent: unknown field “de”"),
        (("value = 1", "value = "), "provisions.toml:8: not TOML"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    found = faults(tmp_path, GOOD.replace(*change, 1) if "de]]" not in change[1] else GOOD.replace(*change))
    assert any(line.startswith(fault) for line in found), found


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("value = 1", "value = -1").replace("verified = true", "approved = true")
    assert len(faults(tmp_path, text)) == 2


def test_a_file_may_be_empty_or_not_text(tmp_path: Path) -> None:
    assert read(tmp_path, "") == []
    path = tmp_path / "provisions.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(loading.BadProvisions, match="not UTF-8"):
        loading.read_all([path])


def test_the_shipped_files_are_in_order_and_speak_both_languages() -> None:
    shipped = loading.read_all()
    assert {line.profile for line in shipped} == {"cn", "neutral"}
    keys = {profile: {line.key for line in shipped if line.profile == profile} for profile in ("cn", "neutral")}
    assert keys["cn"] == keys["neutral"], "a key must hold in both profiles"
    for line in shipped:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in line.words["name_zh"]), line
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in line.words["name_en"]), line
