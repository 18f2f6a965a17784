"""The command line: what it lists, and that a failure is one line."""

from __future__ import annotations

import errno
import importlib
import os
import subprocess
import sys

import pytest

from chancery.config import cli
from chancery.config.commands import data, household
from chancery.foundations.postgres.embedded import ServerUnavailable


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_listed_command_exists(name: str) -> None:
    module, _, function = cli.COMMANDS[name].target.partition(":")
    assert callable(getattr(importlib.import_module(f"chancery.config.commands.{module}"), function))


def test_alone_it_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    listed = capsys.readouterr().out
    assert all(f"  {name}" in listed for name in cli.COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["demo", "--help"]])
def test_a_reader_that_goes_away_is_no_failure(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "chancery.config.cli", *arguments]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_slip_of_the_pen_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrat"]) == 2
    assert "did you mean migrate?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (cli.Halt("do this"), "do this"),
        (ServerUnavailable("free some space"), "free some space"),
        (OSError(errno.ENOSPC, "No space left on device", "/data/x"), "the disk that holds /data/x is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), "may not be written"),
        (OSError(errno.EROFS, "Read-only file system", "/data"), "read-only"),
        (FileExistsError(errno.EEXIST, "File exists", "/data"), "in the way"),
    ],
)
def test_a_known_failure_is_one_line(
    error: Exception, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHANCERY_DEBUG", raising=False)

    def failing(arguments: list[str]) -> int:
        raise error

    monkeypatch.setattr(data, "migrate", failing)
    assert cli.main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert said.startswith("chancery: ")


def test_an_unknown_failure_keeps_its_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHANCERY_DEBUG", raising=False)

    def failing(arguments: list[str]) -> int:
        raise ValueError("a programming mistake")

    monkeypatch.setattr(data, "migrate", failing)
    assert cli.main(["migrate"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_child_that_keeps_falling_ends_the_household() -> None:
    child = household.Child("job worker", [sys.executable, "-c", "raise SystemExit(3)"], dict(os.environ))
    with pytest.raises(cli.Halt, match="job worker ended"):
        household.Household([child], None).run()
