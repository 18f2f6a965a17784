"""Every provision of the rulebook is asked by some code, and code asks only for provisions that exist."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

from . import source

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_{}]+)+\Z")
HOLE = re.compile(r"\\\{[^}]*\\\}")
ASKING = {"days", "period", "number", "text", "flag", "provision", "held", "due_by_rule", "key_for"}
QUOTED = re.compile(r"'([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)'")
RULE = re.compile(r"rule:([a-z0-9_.{}]+)")


def provisions() -> dict[str, str]:
    """Key → the file it stands in."""
    return {
        one["key"]: path.relative_to(source.PACKAGE).as_posix()
        for path in sorted(source.PACKAGE.rglob("provisions.toml"))
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["provision"]
    }


def written(node: ast.expr) -> str | None:
    """The key a piece of code spells; what is filled in later is {}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def spelled() -> Iterator[tuple[str, str]]:
    """Everything in code and drawings that looks like a key, with its place."""
    for path in source.modules():
        for node in ast.walk(source.tree(path)):
            text = written(node) if isinstance(node, ast.expr) else None
            if text and KEY.match(text):
                yield text, f"{source.name(path)}:{node.lineno}"
    for path in source.modules(with_migrations=True):
        for node in ast.walk(source.tree(path)):
            for quoted in QUOTED.findall(written(node) or "") if isinstance(node, ast.expr) else ():
                yield quoted, f"{source.name(path)}:{node.lineno}"  # asked in SQL
    for path in sorted(source.PACKAGE.rglob("*.bpmn")):
        if "tests" not in path.parts:
            for text in RULE.findall(path.read_text(encoding="utf-8")):
                yield text, source.name(path)


def asked() -> Iterator[tuple[str, str]]:
    """The keys that are certainly asked of the rulebook: arguments of its questions, limits of steps, drawn timers."""
    for path in source.modules():
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.Call):
                continue
            limits = [word.value for word in node.keywords if word.arg == "limit_key"]
            named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of_rulebook = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "rulebook"
            given = node.args[:1] if (of_rulebook and named in ASKING) or named == "due_by_rule" else []
            for one in [*limits, *given]:
                text = written(one)
                if text and "." in text:
                    yield text, f"{source.name(path)}:{node.lineno}"
    for path in sorted(source.PACKAGE.rglob("*.bpmn")):
        if "tests" not in path.parts:
            for text in RULE.findall(path.read_text(encoding="utf-8")):
                yield text, source.name(path)


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(HOLE.sub(r"[a-z0-9_]+", re.escape(text)) + r"\Z")


def test_every_provision_is_asked_by_code() -> None:
    patterns = [pattern(text) for text in {text for text, _place in spelled()}]
    unread = [f"{key} ({place})" for key, place in provisions().items() if not any(p.match(key) for p in patterns)]
    source.assert_none(unread, "a provision that no code reads: ask it, or take it out")


def test_every_provision_asked_exists() -> None:
    known = list(provisions())
    missing = [f"{text} at {place}" for text, place in asked() if not any(pattern(text).match(key) for key in known)]
    source.assert_none(missing, "code asks the rulebook for a provision no file holds")


def test_the_tests_of_provisions_see_something() -> None:
    assert len(list(asked())) > 20
    assert len(provisions()) > 40
