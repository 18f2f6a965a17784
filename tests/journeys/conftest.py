"""Journeys: the real server (granian, two workers), a real browser, the demo's people.

    def test_registering(page_as, axe):
        page = page_as("registrar", language="zh-hans", width=390)
        page.goto("/inbox/")
        assert axe(page) == []

| fixture | gives |
|---|---|
| `site` | the running site: `.address`, `.sessions`; one a test session, filled with the demo |
| `site_with(**environment)` | one more site on the same data, for a test of settings |
| `browser_with(*flags)` | one more browser, with more flags: a make-believe camera |
| `page_as(member, language="en", width=1366)` | a page signed in as a member of the cast, or `None` for the public |
| `axe(page)` | what axe-core finds (WCAG 2.2 A and AA, best practice), [] when nothing |
| `look(page, name)` | nothing is wider than the screen; a picture if CHANCERY_SHOTS names a folder |

A page that breaks its policy, throws in its script, asks for a file that is not there, or makes the server log an
error fails its test at the end.
CHANCERY_CHROMIUM names the browser; otherwise the machine's Chromium is looked for.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql

HERE = Path(__file__).parent
AXE = HERE.parent / "vendor/axe/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BARE = ["--bare"] if os.environ.get("CHANCERY_JOURNEYS_BARE") else []  # the cast alone, without the demo's story
SIZES = {1366: 768, 390: 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


def chromium_path() -> str | None:
    """The browser: CHANCERY_CHROMIUM, or the machine's."""
    return os.environ.get("CHANCERY_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


# --- The site -------------------------------------------------------------------------------------------------------
@dataclass
class Site:
    """A running site and the sessions of the cast."""

    address: str
    sessions: dict[str, str]
    log: Path
    environment: dict[str, str] = field(repr=False, default_factory=dict)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the site did not come up:\n{log.read_text()[-3000:]}")


@contextlib.contextmanager
def _running(port: int, environment: dict[str, str], log: Path, *, workers: int) -> Iterator[None]:
    command = [
        *(sys.executable, "-m", "chancery.config.commands.web_process", "chancery.config.wsgi:application"),
        *("--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", "2"),
        *("--no-ws", "--log-level", "warning"),
    ]
    with log.open("wb") as out:
        server = subprocess.Popen(command, env={**environment, "CHANCERY_DB_POOL": "1"}, stdout=out, stderr=out)
    try:
        _wait(f"http://127.0.0.1:{port}", server, log)
        yield
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


@pytest.fixture(scope="session")
def site(test_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Granian with two workers on a database of its own, cloned from the migrated template and filled."""
    from django.conf import settings

    name = test_database.beside("journey")
    home = tmp_path_factory.mktemp("site")
    owner = {key: str(value) for key, value in test_database.owner.items()}
    user, password = owner.pop("user", "postgres"), owner.pop("password", "")
    port = _free_port()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
        "CHANCERY_HOME": str(home),
        "CHANCERY_DEMO": "1",
        "CHANCERY_DB_AS": "web",
        "DATABASE_URL": f"postgresql://{user}{':' + password if password else ''}@/{name}?{urlencode(owner)}",
        "SECRET_KEY": settings.SECRET_KEY,
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "chancery.config.settings",
    }
    log = home / "site.log"
    address = f"http://127.0.0.1:{port}"
    try:
        made = subprocess.run(
            [sys.executable, str(HERE / "site_data.py"), *BARE],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise AssertionError(f"the demo could not be loaded:\n{made.stderr[-4000:]}")
        sessions = json.loads(made.stdout.strip().splitlines()[-1])
        subprocess.run([sys.executable, "-m", "chancery.config.cli", "words", "compile"], env=environment, check=True)
        with _running(port, environment, log, workers=2):
            yield Site(address, sessions, log, environment)
    finally:
        test_database.admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def site_with(site: Site, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """One more site on the same data, with more in its environment: `site_with(OIDC_ISSUER=…)`."""
    with contextlib.ExitStack() as stack:

        def start(**more: str) -> Site:
            port = _free_port()
            environment = {**site.environment, "PORT": str(port), **more}
            log = tmp_path / f"site-{port}.log"
            stack.enter_context(_running(port, environment, log, workers=1))
            return Site(f"http://127.0.0.1:{port}", site.sessions, log, environment)

        yield start


# --- The browser ----------------------------------------------------------------------------------------------------
def _flags() -> list[str]:
    return FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium_path()
    flags = _flags()
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium here: install it, or name one in CHANCERY_CHROMIUM")
        running = playwright.chromium.launch(executable_path=path, args=flags)
        yield running
        running.close()


@pytest.fixture
def browser_with(browser: Browser) -> Iterator[Callable[..., Browser]]:
    """One more Chromium, with more flags: `browser_with("--use-fake-device-for-media-stream")`."""
    with contextlib.ExitStack() as stack:

        def start(*more: str) -> Browser:
            kind = browser.browser_type
            return stack.enter_context(kind.launch(executable_path=chromium_path(), args=[*_flags(), *more]))

        yield start


def _watch(page: Page, faults: list[str]) -> None:
    page.on("pageerror", lambda error: faults.append(f"{page.url}: script: {error}"))
    page.on(
        "console",
        lambda said: "Content Security Policy" in said.text and faults.append(f"{page.url}: policy: {said.text[:300]}"),
    )
    page.on(
        "response",
        lambda got: (
            got.status >= 400
            and got.request.resource_type in {"script", "stylesheet", "image", "font"}
            and faults.append(f"{page.url}: {got.status} for {got.url}")
        ),
    )


@pytest.fixture
def page_as(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Pages signed in as members of the cast; each has its own cookies."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []
    said_before = len(site.log.read_text())

    def enter(member: str | None = None, *, language: str = "en", width: int = 1366, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.address,
            viewport={"width": width, "height": SIZES.get(width, 800)},
            locale="en-GB" if language == "en" else "zh-CN",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        cookies = {"chancery_language": language}
        if member is not None:
            cookies["sessionid"] = site.sessions[member]
        context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        _watch(page, faults)
        return page

    yield enter
    for context in contexts:
        context.close()
    said = site.log.read_text()[said_before:]
    if "Traceback" in said:
        faults.append(f"the server's log:\n{said[-6000:]}")
    assert not faults, "\n".join(faults)


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """What axe-core finds on a page, one line each."""
    source = AXE.read_text()

    def run(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
        page.evaluate(source)  # through the debugger: the page's own policy would refuse it
        options = {"runOnly": RULES, "rules": {rule: {"enabled": False} for rule in without}}
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{fault['id']} ({fault['impact']}) {node['html'][:160]}"
            for fault in found["violations"]
            for node in fault["nodes"][:5]
        ]

    return run


@pytest.fixture
def look() -> Callable[[Page, str], None]:
    """Nothing is wider than the screen; keeps a picture where CHANCERY_SHOTS names a folder."""

    def check(page: Page, name: str) -> None:
        size = page.viewport_size or {"width": 1366, "height": 768}
        wide = page.evaluate("document.documentElement.scrollWidth")
        if folder := os.environ.get("CHANCERY_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            # Sticky heads repeat in stitched pictures: make the window as high as the page instead.
            high = min(page.evaluate("document.documentElement.scrollHeight"), 8000)
            page.set_viewport_size({"width": size["width"], "height": max(high, size["height"])})
            page.screenshot(path=f"{folder}/{name}.png", caret="initial")  # hiding it would insert a style
            page.set_viewport_size(size)
        assert wide <= size["width"], f"{name}: {wide} px on a screen of {size['width']}"

    return check
