"""What no file of the repository says: package hosts, this machine's paths, exceptions without a reason."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from . import source

# In pieces, so that this file does not say them either.
HOSTS = [
    ".".join(parts.split())
    for parts in (
        *("pypi org", "pythonhosted org", "npmjs org", "npmjs com", "yarnpkg com", "unpkg com", "jsdelivr net"),
        *("cdnjs com", "crates io", "golang org", "goproxy cn", "npmmirror com", "tuna tsinghua edu cn"),
        *("mirrors aliyun com", "deb debian org", "ghcr io"),
    )
]
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|home|opt/pypi|tmp/plan)/[\w.]")
SUPPRESSED = re.compile(r"#\s*(?:noqa\b(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?)")
VENDORED = ("vendor/", "static/")


def _ours() -> Iterator[tuple[Path, str]]:
    for path in source.committed():
        name = path.relative_to(source.ROOT).as_posix()
        if not any(part in name for part in VENDORED):
            yield path, path.read_text(encoding="utf-8", errors="replace")


def test_no_package_host_is_named() -> None:
    found = [
        f"{path.relative_to(source.ROOT)}: {host}"
        for path in source.committed()
        for host in HOSTS
        if "vendor" not in path.parts and host in path.read_text(encoding="utf-8", errors="replace")
    ]
    source.assert_none(found, "a package host")


def test_no_path_of_a_developers_machine() -> None:
    found = [
        f"{path.relative_to(source.ROOT)}:{number}: {match.group(0)}"
        for path, text in _ours()
        for number, line in enumerate(text.splitlines(), 1)
        for match in MACHINE.finditer(line)
    ]
    source.assert_none(found, "a path of a developer machine")


def test_no_unfinished_business() -> None:
    marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
    found = [
        f"{path.relative_to(source.ROOT)}:{number}"
        for path, text in _ours()
        if path.suffix in {".py", ".html", ".sh", ".toml", ".sql"} or path.suffix == ""
        for number, line in enumerate(text.splitlines(), 1)
        if marks.search(line)
    ]
    source.assert_none(found, "unfinished business")


def test_every_suppression_says_why() -> None:
    found = []
    for path, text in _ours():
        if path.suffix != ".py":
            continue
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type != tokenize.COMMENT or not SUPPRESSED.search(token.string):
                continue
            reason = SUPPRESSED.sub("", token.string).strip(" #—–:-")
            if len(reason) < 8:
                found.append(f"{path.relative_to(source.ROOT)}:{token.start[0]}")
    source.assert_none(found, "a suppression without a reason in its line")


def test_every_trusted_piece_of_markup_says_why() -> None:
    found = [
        f"{path.relative_to(source.ROOT)}:{number}"
        for path, text in _ours()
        if path.suffix == ".py" and "tests" not in path.parts
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"\bmark_safe\(", line) and "#" not in line
    ]
    source.assert_none(found, "mark_safe without a reason in its line")
