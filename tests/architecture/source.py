"""What the architecture tests read: source files, their syntax trees, committed files."""

from __future__ import annotations

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "chancery"
INSTRUMENTS = ("directory", "access", "records", "calendar", "procedures", "publishing")


@functools.cache
def modules(*, with_tests: bool = False, with_migrations: bool = False) -> tuple[Path, ...]:
    """Python files of the package."""
    return tuple(
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if (with_tests or "tests" not in path.parts) and (with_migrations or "migrations" not in path.parts)
    )


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """`kernel/directory/services.py`."""
    return path.relative_to(PACKAGE).as_posix()


@functools.cache
def committed() -> tuple[Path, ...]:
    """Text files that are in the repository, or would be: what git does not ignore; without git, all but the usual."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")
        paths = [ROOT / line for line in listed if line]
    except (OSError, subprocess.CalledProcessError):
        hidden = {".git", ".venv", "__pycache__", "build", "dist"}
        paths = [path for path in ROOT.rglob("*") if not hidden & set(path.parts)]
    return tuple(path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096])


def assert_none(found: list[str], rule: str) -> None:
    """Fail with every finding on a line of its own (pytest would shorten the list)."""
    assert not found, f"{rule}\n  " + "\n  ".join(sorted(found))
