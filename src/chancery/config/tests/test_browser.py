"""How `chancery test` comes by a browser, on machines made of a few fake programs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from chancery.config.commands import browser, quality

RUNS = "#!/bin/sh\necho Chromium 1\n"
SNAP_NOTE = "#!/bin/sh\necho 'install the snap' >&2\nexit 1\n"


class Machine:
    """A PATH with nothing on it but what a test puts there; every call of a fake is noted."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bin, self.log, self.own = folder / "bin", folder / "calls", folder / "playwright" / "chrome"
        self.bin.mkdir()
        self.own.parent.mkdir()
        for name in ("sh", "cat", "chmod", "dirname", "mkdir"):
            (self.bin / name).symlink_to(next(p for d in os.defpath.split(":") if (p := Path(d) / name).exists()))
        self.patch = monkeypatch
        monkeypatch.setenv("PATH", str(self.bin))
        monkeypatch.delenv("CHANCERY_CHROMIUM", raising=False)
        monkeypatch.setattr(browser, "_playwrights_path", lambda: str(self.own))
        self.be(1000)
        self.put("python", self._noting("exit 1"))
        monkeypatch.setattr(sys, "executable", str(self.bin / "python"))

    def be(self, user: int) -> None:
        self.patch.setattr(os, "geteuid", lambda: user)

    def put(self, name: str, script: str) -> str:
        path = self.bin / name
        path.write_text(script)
        path.chmod(0o755)
        return str(path)

    def _noting(self, then: str) -> str:
        return f'#!/bin/sh\necho "$(basename "$0" 2>/dev/null || echo "${{0##*/}}") $*" >> {self.log}\n{then}\n'

    def makes(self, name: str, place: Path, *, when: str = "install") -> None:
        """A program that notes its call and, called with `when`, makes a browser at `place`."""
        does = f'case "$*" in *{when}*) printf "#!/bin/sh\\necho Chromium 1\\n" > {place}; chmod 755 {place};; esac'
        self.put(name, self._noting(does))

    def fails(self, name: str, words: str) -> None:
        self.put(name, self._noting(f"echo '{words}' >&2; exit 100"))

    @property
    def calls(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


APT_CALLS = [
    "apt-get -o DPkg::Lock::Timeout=300 update",
    "apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends chromium fonts-noto-cjk",
]


@pytest.mark.parametrize("name", browser.NAMES)
def test_a_browser_on_the_machine_is_taken_and_nothing_installed(machine: Machine, name: str) -> None:
    path = machine.put(name, RUNS)
    machine.be(0)
    machine.makes("apt-get", machine.bin / "chromium")
    assert browser.find_browser() == path
    assert machine.calls == []


def test_playwrights_own_is_taken_when_it_was_fetched_before(machine: Machine) -> None:
    machine.own.write_text(RUNS)
    machine.own.chmod(0o755)
    assert browser.find_browser() == str(machine.own)
    assert machine.calls == []


def test_a_named_one_is_taken_and_one_that_does_not_start_is_said_to_be_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.put("chromium", RUNS)
    monkeypatch.setenv("CHANCERY_CHROMIUM", machine.put("mine", RUNS))
    assert browser.find_browser() == str(machine.bin / "mine")
    monkeypatch.setenv("CHANCERY_CHROMIUM", machine.put("mine", SNAP_NOTE))
    assert browser.find_browser() is None
    assert "mine, which does not start" in capsys.readouterr().err
    assert machine.calls == []


def test_root_installs_it_with_apt(machine: Machine) -> None:
    machine.be(0)
    machine.makes("apt-get", machine.bin / "chromium")
    assert browser.find_browser() == str(machine.bin / "chromium")
    assert machine.calls == APT_CALLS


def test_a_note_in_place_of_a_browser_is_passed_over(machine: Machine) -> None:
    """Ubuntu's `chromium-browser` tells to install a snap; with a real one beside it that one is taken."""
    machine.put("chromium-browser", SNAP_NOTE)
    machine.put("google-chrome", RUNS)
    assert browser.find_browser() == str(machine.bin / "google-chrome")


def test_where_apt_brings_a_note_or_fails_playwright_is_asked(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.be(0)
    machine.fails("apt-get", "E: Unable to locate package chromium")
    machine.makes("python", machine.own)
    assert browser.find_browser() == str(machine.own)
    assert machine.calls == [*APT_CALLS, "python -m playwright install --with-deps chromium"]
    assert "did not succeed: E: Unable to locate package chromium" in capsys.readouterr().err


def test_where_its_libraries_cannot_be_had_the_browser_alone_is_tried(machine: Machine) -> None:
    machine.be(0)
    machine.put(
        "python",
        f'#!/bin/sh\necho "python $*" >> {machine.log}\n'
        f'case "$*" in *--with-deps*) exit 1;; esac\nprintf "#!/bin/sh\\necho 1\\n" > {machine.own}\n'
        f"chmod 755 {machine.own}\n",
    )
    assert browser.find_browser() == str(machine.own)
    assert [call.removeprefix("python -m playwright install ") for call in machine.calls] == [
        "--with-deps chromium",
        "chromium",
    ]


def test_who_is_not_root_leaves_apt_alone(machine: Machine) -> None:
    machine.makes("apt-get", machine.bin / "chromium")
    machine.makes("python", machine.own)
    assert browser.find_browser() == str(machine.own)
    assert machine.calls == ["python -m playwright install chromium"]


def test_where_nothing_helps_one_line_says_what_to_do_and_the_run_fails(
    machine: Machine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    machine.fails("python", "the network is down")
    found = browser.find_browser()
    assert found is None
    assert "did not succeed: the network is down" in capsys.readouterr().err
    step = quality._journeys({}, tmp_path, found)
    assert (step.passed, step.note) == (False, browser.MISSING)


@pytest.mark.parametrize(
    ("arguments", "may"),
    [
        (["tests/journeys"], True),
        (["-m", "journey"], True),
        (["-q", "-m", "not journey and not crash", "src"], False),
        (["src/chancery/config"], False),
    ],
)
def test_only_a_run_with_journeys_in_it_installs_anything(machine: Machine, arguments: list[str], may: bool) -> None:
    assert quality._asks_for_journeys(arguments) is may
    machine.makes("python", machine.own)
    browser.find_browser(install=False)
    assert machine.calls == []
