"""The launcher is a POSIX shell script that says what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from . import source

LAUNCHER = source.ROOT / "chancery"


@pytest.fixture
def bare_path(tmp_path: Path) -> str:
    """A PATH with what POSIX has, and no python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "readlink", "cat", "cksum"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return str(folder)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("shell", ["sh", "dash", "bash", "busybox"])
def test_every_shell_here_reads_it(shell: str) -> None:
    program = shutil.which(shell)
    if program:
        options = ["sh"] if shell == "busybox" else []
        assert subprocess.run([program, *options, "-n", str(LAUNCHER)], check=False).returncode == 0


def test_without_python_it_says_what_to_install(bare_path: str, tmp_path: Path) -> None:
    done = run(str(LAUNCHER), "demo", PATH=bare_path, CHANCERY_VENV=str(tmp_path / "none"), CHANCERY_PYTHON="")
    assert done.returncode == 1
    assert "python3, version 3.11 or newer" in done.stderr
    assert done.stderr.count("\n") == 1


def test_alone_it_lists_the_commands_without_an_environment(tmp_path: Path) -> None:
    done = run(str(LAUNCHER), CHANCERY_VENV=str(tmp_path / "none"))
    assert done.returncode == 0
    assert "chancery COMMAND" in done.stdout
    assert not (tmp_path / "none").exists()


def test_it_is_found_through_a_link_and_in_a_path_with_chinese_and_spaces(tmp_path: Path) -> None:
    folder = tmp_path / "中文 目录"
    folder.mkdir()
    (folder / "link").symlink_to(LAUNCHER)
    (folder / "again").symlink_to("link")
    assert "chancery COMMAND" in run(str(folder / "again"), CHANCERY_VENV=str(tmp_path / "none")).stdout


def test_a_python_that_is_too_old_is_passed_over(tmp_path: Path, bare_path: str) -> None:
    old = Path(bare_path) / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = run(str(LAUNCHER), "demo", PATH=bare_path, CHANCERY_VENV=str(tmp_path / "none"), CHANCERY_PYTHON="")
    assert "found none" in done.stderr
