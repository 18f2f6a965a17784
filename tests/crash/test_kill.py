"""kill −9 of web, worker or database at random, during a load of registrations and completions.

Afterwards: every acknowledged act is there once, numbers have neither gap nor double, nothing is half done, the journal
verifies.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.crash.visitor import Unsure, Visitor

HERE = Path(__file__).parent
SECONDS = float(os.environ.get("CHANCERY_CRASH_SECONDS", "30"))
MOST_SECONDS = 300

pytestmark = [pytest.mark.crash, pytest.mark.slow]


def _free_port() -> int:
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class House:
    """`chancery serve` and `chancery worker` on a data directory of their own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, _free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("CHANCERY_", "DATABASE_", "DJANGO_", "PYTEST"))
        }
        self.environment = {**kept, "CHANCERY_HOME": str(home), "PORT": str(self.port), "CHANCERY_DEMO": "1"}
        self.log = (home.parent / "house.log").open("ab")
        self.parts: list[subprocess.Popen[bytes]] = []

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "chancery.config.cli", *words]

    def run(self, *command: str) -> None:
        subprocess.run(command, env=self.environment, check=True, stdout=self.log, stderr=self.log)

    def start(self) -> None:
        for part in ("serve", "worker"):
            self.parts.append(
                subprocess.Popen(
                    self.command(part), env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
                )
            )

    def keep_up(self) -> None:
        """A supervisor, as a site has one: starts again what was killed."""
        for number, part in enumerate(("serve", "worker")):
            if self.parts[number].poll() is not None:
                self.parts[number] = subprocess.Popen(
                    self.command(part), env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
                )

    def wait_until_answering(self, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.keep_up()
            with suppress(Unsure):
                if Visitor(self.base, "").get("/healthz").status_code == 200:
                    return
            time.sleep(0.3)
        raise AssertionError(f"not answering after {seconds} s: {(self.home.parent / 'house.log').read_text()[-3000:]}")

    def victims(self) -> dict[str, list[psutil.Process]]:
        """Who can be killed: web, worker, database. The holders too."""
        found: dict[str, list[psutil.Process]] = {"web": [], "worker": [], "database": []}
        for kind, part in zip(("web", "worker"), self.parts, strict=True):
            with suppress(psutil.NoSuchProcess):
                holder = psutil.Process(part.pid)
                found[kind] += [holder, *holder.children(recursive=True)]
        with suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
            postmaster = psutil.Process(int((self.home / "postgres/data/postmaster.pid").read_text().split()[0]))
            found["database"] += [postmaster, *postmaster.children()]
            family = {process.pid for process in found["database"]}
            for kind in ("web", "worker"):
                found[kind] = [process for process in found[kind] if process.pid not in family]
        return found

    def stop(self) -> None:
        for part in self.parts:
            part.terminate()
        for part in self.parts:
            try:
                part.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(part.pid, signal.SIGKILL)
        self.log.close()


@pytest.fixture
def house() -> Iterator[House]:
    # Not pytest's own: as root the database runs under another account, which could not enter that.
    place = Path(tempfile.mkdtemp(prefix="chancery-crash-"))
    place.chmod(0o755)
    made = House(place / "house")
    made.run(*made.command("migrate"))
    made.run(sys.executable, str(HERE / "prepare.py"))
    made.start()
    try:
        made.wait_until_answering()
        yield made
    finally:
        made.stop()
        shutil.rmtree(place, ignore_errors=True)


class Load(threading.Thread):
    """Presses one kind of button until told to stop; remembers what was acknowledged."""

    def __init__(self, house: House, name: str, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.visitor, self.over = Visitor(house.base, name), over
        self.acknowledged: list[str] = []
        self.unsure = 0
        self.strange: list[str] = []

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self.press_once()
            except Unsure:
                self.unsure += 1
                time.sleep(0.2)
            except Exception as error:  # a thread's surprise belongs in the test's verdict
                self.strange.append(repr(error))
                time.sleep(0.5)

    def press_once(self) -> None:
        raise NotImplementedError


class Registrations(Load):
    """Registers a letter; when no answer came, presses the same form again, as people do."""

    def press_once(self) -> None:
        path, title = "/general-office/incoming/new/", f"Crash {uuid.uuid4()}"
        page = self.visitor.page(path)
        button = page.xpath('//button[@name="act"][@value="register"]')[0]
        form = next(button.iterancestors("form"))
        for _try in range(20):
            try:
                answer = self.visitor.press(
                    form,
                    path,
                    button,
                    title=title,
                    sender="Sample Society of Crashes",
                    sender_number=f"S/{uuid.uuid4()}",
                    dated_on="2026-01-05",
                    received_on="2026-01-06",
                )
            except Unsure:
                self.unsure += 1
                if self.over.is_set():
                    return
                time.sleep(0.3)
                continue
            if answer.status_code in (302, 303):
                self.acknowledged.append(title)
            else:
                self.strange.append(f"{answer.status_code} {answer.text[:200]}")
            return


class FirstChecks(Load):
    """Passes the first check of whatever waits."""

    def press_once(self) -> None:
        page = self.visitor.page("/inbox/")
        links = [a.get("href") for a in page.xpath('//a[contains(@href, "/matters/")]')]
        if not links:
            time.sleep(0.2)
            return
        path = random.choice(links)
        page = self.visitor.page(path)
        buttons = page.xpath('//button[@name="outcome"][@value="ACCEPT"]')
        if not buttons:
            return
        answer = self.visitor.press(next(buttons[0].iterancestors("form")), path, buttons[0], opinion="Complete.")
        if answer.status_code in (302, 303):
            self.acknowledged.append(path.rstrip("/").rsplit("/", 1)[-1].split("?")[0])


def _killer(house: House, over: threading.Event, killed: list[str], loads: list[Load]) -> None:
    """Kills one after the other. On a busy machine nothing would be done between two kills a second apart: the next
    one waits until something was acknowledged, or for twenty seconds."""
    chance = random.Random(20261123)
    while not over.wait(chance.uniform(1.0, 3.0)):
        before, waited = sum(len(load.acknowledged) for load in loads), time.monotonic() + 20
        while killed and time.monotonic() < waited and sum(len(load.acknowledged) for load in loads) == before:
            if over.wait(0.2):
                return
            house.keep_up()
        kind = chance.choice(["web", "web", "worker", "database"])
        victims = house.victims()[kind]
        if victims:
            victim = chance.choice(victims)
            with suppress(psutil.NoSuchProcess):
                victim.send_signal(signal.SIGKILL)
                killed.append(kind)
        house.keep_up()


def _done(loads: list[Load]) -> tuple[list[str], list[str]]:
    """What was acknowledged: registrations and first checks."""
    return [title for load in loads[:2] for title in load.acknowledged], list(loads[2].acknowledged)


def _enough(loads: list[Load], killed: list[str]) -> bool:
    """Whether each was killed, and enough was done meanwhile to say something of it. A busy machine takes longer."""
    registered, checked = _done(loads)
    return {"web", "worker", "database"} <= set(killed) and len(registered) >= 5 and len(checked) >= 3


def test_no_kill_loses_or_doubles_an_acknowledged_act(house: House) -> None:
    over, killed = threading.Event(), []
    loads: list[Load] = [
        Registrations(house, "Lin Shu", over),
        Registrations(house, "Lin Shu", over),
        FirstChecks(house, "Zhao Heng", over),
    ]
    killer = threading.Thread(target=_killer, args=(house, over, killed, loads), daemon=True)
    for thread in (*loads, killer):
        thread.start()
    began = time.monotonic()
    while (passed := time.monotonic() - began) < SECONDS or (passed < MOST_SECONDS and not _enough(loads, killed)):
        time.sleep(0.5)
    over.set()
    for thread in (*loads, killer):
        thread.join(60)
    house.wait_until_answering()

    registered, checked = _done(loads)
    assert [strange for load in loads for strange in load.strange] == []
    assert _enough(loads, killed), (killed, len(registered), len(checked))

    socket_directory = (house.home / "postgres/data/postmaster.pid").read_text().splitlines()[4]
    with psycopg.connect(host=socket_directory, port=5432, user="postgres", dbname="chancery") as owner:
        kept = dict(
            owner.execute(
                "select title, count(*) from general_office_incomingdocument where number <> '' group by title"
            ).fetchall()
        )
        assert {title: kept.get(title, 0) for title in registered} == dict.fromkeys(registered, 1)
        doubles = owner.execute(
            "select matter_id from procedures_opinion where step = 'first_check' group by 1 having count(*) > 1"
        ).fetchall()
        assert doubles == []
        done = {
            str(row[0])
            for row in owner.execute(
                "select matter_id from procedures_task where step = 'first_check' and state = 'DONE'"
            ).fetchall()
        }
        assert set(checked) <= done
        half_done = owner.execute(
            "select id from general_office_incomingdocument where (number <> '') <> (matter_id is not null)"
        ).fetchall()
        assert half_done == []
        values = [
            row[0]
            for row in owner.execute(
                "select value from records_issuednumber where series = 'incoming' order by value"
            ).fetchall()
        ]
        assert values == list(range(1, len(values) + 1))
        assert len(values) == sum(kept.values())
    house.run(*house.command("journal", "verify"))
