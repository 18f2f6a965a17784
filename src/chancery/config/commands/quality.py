"""`test` and `lint`: everything CI runs, on the checkout this package is in."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chancery.config.cli import Halt
from chancery.config.commands import browser as browsers
from chancery.config.commands import say, words

if TYPE_CHECKING:
    from collections.abc import Iterator

NOWHERE = "postgresql://nobody@127.0.0.1:9/none"  # makemigrations asks for a database it does not need
QUICK = "not journey and not crash and not slow"
TOGETHER = ("-n", "2", "--dist", "worksteal")  # the last long tests are shared out
NEUTRAL = ("departments", "kernel/calendar", "kernel/procedures", "kernel/records")  # where rules and words differ
LINT = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
    (
        "import contracts",
        ["-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"],
    ),
)


@dataclass
class Step:
    """One part of the run and how it went."""

    name: str
    passed: bool
    seconds: float
    note: str = ""


def checkout() -> Path:
    """The root of the checkout; the installed package alone has no tests to run."""
    root = Path(__file__).resolve().parents[4]
    if not (root / "pyproject.toml").exists() or not (root / "conftest.py").exists():
        raise Halt("this is an installed package: test and lint run in a checkout of the sources")
    return root


@contextlib.contextmanager
def _surroundings() -> Iterator[dict[str, str]]:
    """An environment with a data directory that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="chancery-quality-") as home:
        environment = {**os.environ, "CHANCERY_HOME": home, "PYTHONUNBUFFERED": "1"}
        for name in ("DATABASE_URL", "DATABASE_WEB_URL", "CHANCERY_DEMO", "CHANCERY_PROFILE"):
            environment.pop(name, None)
        yield environment


def _run(name: str, arguments: list[str], environment: dict[str, str], root: Path) -> Step:
    say(f"── {name}")
    began = time.monotonic()
    done = subprocess.run([sys.executable, *arguments], cwd=root, env=environment, check=False)
    return Step(name, done.returncode == 0, time.monotonic() - began)


def lint(arguments: list[str]) -> int:
    """Ruff, mypy and the import contracts."""
    if arguments:
        raise Halt("lint takes no arguments")
    root = checkout()
    with _surroundings() as environment:
        return _sum_up([_run(name, command, environment, root) for name, command in LINT])


def test(arguments: list[str]) -> int:
    """Everything; with arguments, pytest alone with these."""
    root = checkout()
    with _surroundings() as environment:
        browser = browsers.find_browser(install=not arguments or _asks_for_journeys(arguments))
        if browser:
            environment["CHANCERY_CHROMIUM"] = browser
        if arguments:
            words.compile_stale()
            return subprocess.run(
                [sys.executable, "-m", "pytest", *arguments], cwd=root, env=environment, check=False
            ).returncode
        steps = [_run(name, command, environment, root) for name, command in LINT]
        steps += [
            _run(
                "missing migrations",
                [
                    "-W",
                    "ignore::RuntimeWarning",
                    "-m",
                    "chancery.config.manage",
                    "makemigrations",
                    "--check",
                    "--dry-run",
                ],
                {**environment, "DATABASE_URL": NOWHERE},
                root,
            ),
            _run("translations", ["-m", "chancery.config.cli", "words", "check"], environment, root),
            _run("compiled words", ["-m", "chancery.config.cli", "words", "compile"], environment, root),
            _run("tests", ["-m", "pytest", "-q", *TOGETHER, "-m", "not journey"], environment, root),
            _run(
                "tests under the neutral profile",
                ["-m", "pytest", "-q", *TOGETHER, "-m", QUICK, *(f"src/chancery/{folder}" for folder in NEUTRAL)],
                {**environment, "CHANCERY_TEST_PROFILE": "neutral"},
                root,
            ),
            _journeys(environment, root, browser),
        ]
        return _sum_up(steps)


def _asks_for_journeys(arguments: list[str]) -> bool:
    """Whether these tests need a browser, and so may have one installed."""
    return any("journey" in word and "not journey" not in word for word in arguments)


def _journeys(environment: dict[str, str], root: Path, browser: str | None) -> Step:
    if browser is None:
        return Step("journeys", False, 0, browsers.MISSING)
    step = _run("journeys", ["-m", "pytest", "-q", "-m", "journey", "tests/journeys"], environment, root)
    step.note = browser
    return step


def _sum_up(steps: list[Step]) -> int:
    say("")
    for step in steps:
        say(f"  {'passed' if step.passed else 'FAILED'}  {step.name}  ({step.seconds:.0f} s) {step.note}".rstrip())
    failed = [step.name for step in steps if not step.passed]
    say(f"\n{len(failed)} of {len(steps)} failed: {', '.join(failed)}" if failed else f"\nall {len(steps)} passed")
    return 1 if failed else 0
