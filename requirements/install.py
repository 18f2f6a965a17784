"""Make the environment: `install.py base|dev VENV STAMP`. Called by the launcher; standard library only.

A virtual environment, uv inside it (pinned and hashed in bootstrap.txt), then exactly the hashed requirements. Where
uv cannot be had, pip installs the same files. A mirror configured for pip is used by uv too. The stamp is written
last, so that an interrupted installation is done again.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
NO_VENV = (
    "python3 -m venv does not work here: install it (Debian, Ubuntu: apt-get install python3-venv) and run again, "
    "or name another python in CHANCERY_PYTHON"
)


class CannotInstall(Exception):
    """One line that says what to do."""


def say(words: str) -> None:
    """Tell what is going on; standard output stays the command's own."""
    print(f"chancery: {words}", file=sys.stderr, flush=True)


def make_venv(venv: Path) -> Path:
    """An environment with pip; an existing one of the same Python is kept."""
    python = venv / "bin" / "python"
    wanted = ".".join(map(str, sys.version_info[:2]))
    if python.exists() and (venv / "pyvenv.cfg").exists():
        ask = "import sys, pip; print('.'.join(map(str, sys.version_info[:2])))"
        done = subprocess.run([python, "-I", "-c", ask], check=False, capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.strip() == wanted:
            return python
    say(f"making the environment {venv} (Python {wanted})")
    for name in ("bin", "lib", "lib64", "include", "uv", "pyvenv.cfg", "chancery.stamp"):
        path = venv / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    done = subprocess.run([sys.executable, "-m", "venv", venv], check=False, capture_output=True, text=True)
    if done.returncode:
        said = done.stdout + done.stderr
        if "No space left" in said:
            raise CannotInstall(f"the disk that holds {venv} is full: free about 700 MB and run again")
        raise CannotInstall(NO_VENV)
    return python


def pip_settings(python: Path) -> dict[str, str]:
    """What pip is configured with, in uv's variables; what is set for uv already stays."""
    done = subprocess.run([python, "-m", "pip", "config", "list"], check=False, capture_output=True, text=True)
    found: dict[str, str] = {}
    for line in done.stdout.splitlines():
        key, _, value = line.partition("=")
        # Later lines win: pip lists environment variables as ":env:", above its files in rank but not in order.
        name = key.rpartition(".")[2]
        if name not in found or key.startswith(":env:"):
            found[name] = value.strip().strip("'\"")
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    return {
        names[key]: value for key, value in found.items() if key in names and value and names[key] not in os.environ
    }


def have_uv(python: Path, venv: Path) -> Path | None:
    """uv in a corner of the environment, where `uv pip sync` does not remove it; None where it cannot be had."""
    folder = venv / "uv"
    program = folder / "bin" / "uv"
    pinned = (HERE / "bootstrap.txt").read_text()
    if program.exists() and (folder / "pinned.txt").exists() and (folder / "pinned.txt").read_text() == pinned:
        return program
    shutil.rmtree(folder, ignore_errors=True)
    say("fetching the installer (uv)")
    command = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--only-binary",
        ":all:",
    ]
    command += ["--require-hashes", "--no-deps", "--target", folder, "-r", HERE / "bootstrap.txt"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode or not program.exists():
        if "No space left" in done.stderr:
            raise CannotInstall(f"the disk that holds {venv} is full: free about 700 MB and run again")
        return None
    (folder / "pinned.txt").write_text(pinned)
    return program


def sync(python: Path, venv: Path, requirements: Path) -> None:
    """Exactly the packages of `requirements`, each checked against its hash."""
    count = sum(1 for line in requirements.read_text().splitlines() if "==" in line)
    program = have_uv(python, venv)
    say(f"installing {count} packages" + ("" if program else " with pip, because uv could not be had: a few minutes"))
    if program:
        environment = {**os.environ, **pip_settings(python), "VIRTUAL_ENV": str(venv)}
        environment.pop("PYTHONPATH", None)
        if not os.access(Path(os.environ.get("XDG_CACHE_HOME") or "~").expanduser(), os.W_OK):
            environment["UV_NO_CACHE"] = "1"  # an account without a home
        environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # hashes are checked, so any index may serve
        quiet = [] if sys.stderr.isatty() else ["--quiet"]  # bars on a terminal, no list of packages in a log
        command = [program, *quiet, "pip", "sync", "--python", python, "--require-hashes", requirements]
        done = subprocess.run(command, check=False, env=environment, stdout=sys.stderr)
        if done.returncode == 0:
            return
        say("uv did not manage; trying pip")
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    command += ["--require-hashes", "--no-deps", "-r", requirements]
    done = subprocess.run(command, check=False, stdout=sys.stderr)
    if done.returncode:
        free = shutil.disk_usage(venv).free
        if free < 20_000_000:
            raise CannotInstall(f"the disk that holds {venv} is full: free about 700 MB and run again")
        raise CannotInstall(
            "the packages could not be installed (see above): is the network, or pip's mirror, reachable?"
        )


def main() -> int:
    """Install under a lock, so that commands started together wait for one another."""
    which, venv, stamp = sys.argv[1], Path(sys.argv[2]).absolute(), sys.argv[3]
    began = time.monotonic()
    try:
        venv.mkdir(parents=True, exist_ok=True)
        with (venv / "chancery.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("another command is making the environment; waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            done = venv / "chancery.stamp"
            if done.exists() and done.read_text() == stamp:
                return 0
            done.unlink(missing_ok=True)
            python = make_venv(venv)
            sync(python, venv, HERE / f"{which}.txt")
            done.write_text(stamp)
    except CannotInstall as error:
        say(str(error))
        return 1
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            say(f"the disk that holds {venv} is full: free about 700 MB and run again")
        elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            say(f"{error.filename} cannot be written: use a checkout of your own, or name a directory in CHANCERY_VENV")
        else:
            say(f"{error.filename or venv}: {error.strerror}")
        return 1
    except KeyboardInterrupt:
        say("interrupted; the next command goes on from here")
        return 130
    say(f"the environment is ready after {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
