"""A Chromium for the journeys: named, found, or installed the way the machine allows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from chancery.config.commands import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")  # without the fonts Chinese is drawn as boxes
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300")  # another installation may be running
MISSING = "no browser: install chromium, or name one in CHANCERY_CHROMIUM"


def find_browser(*, install: bool = True) -> str | None:
    """The path of a browser that starts, or None. With `install`, one is fetched when there is none."""
    named = os.environ.get("CHANCERY_CHROMIUM")
    if named:
        if _starts(named):
            return named
        say(f"CHANCERY_CHROMIUM names {named}, which does not start")
        return None
    found = _on_path() or _playwrights_own()
    if found or not install:
        return found
    return _from_apt() or _from_playwright()


def _from_apt() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("installing Chromium and Chinese fonts with apt-get")
    _quietly([*APT, "update"])  # where it fails, the lists that are there may still do
    _quietly([*APT, "install", "-y", "--no-install-recommends", *PACKAGES])
    return _on_path()


def _from_playwright() -> str | None:
    say("fetching playwright's Chromium")
    command = [sys.executable, "-m", "playwright", "install"]
    if os.geteuid() == 0:
        _quietly([*command, "--with-deps", "chromium"])
        if found := _playwrights_own():
            return found  # where the libraries could not be had, the browser alone may still start
    _quietly([*command, "chromium"])
    return _playwrights_own()


def _on_path() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path and _starts(path)), None)


def _playwrights_own() -> str | None:
    path = _playwrights_path()
    return path if Path(path).exists() and _starts(path) else None


def _playwrights_path() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return str(playwright.chromium.executable_path)


def _starts(path: str) -> bool:
    """Not every file of that name is a browser: Ubuntu's is a note to install a snap."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _quietly(command: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        say(f"  {' '.join(Path(word).name for word in command[:4])} … did not succeed: {''.join(last)}")
