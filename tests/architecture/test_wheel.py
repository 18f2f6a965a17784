"""The wheel: all that the package needs, nothing that only a checkout needs."""

from __future__ import annotations

import email
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import polib
import pytest

from . import source

pytestmark = pytest.mark.slow
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
ROOT_FILES = ("pyproject.toml", "setup.py", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built from a copy, as building writes beside its sources."""
    copy, made = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in ROOT_FILES:
        shutil.copy(source.ROOT / name, copy / name)
    shutil.copytree(
        source.ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.mo", ".*", "*.egg-info")
    )
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(made)], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (path,) = made.glob("*.whl")
    return zipfile.ZipFile(path)


def shipped(root: Path) -> set[str]:
    """What the package is made of: every file below it but tests."""
    return {
        path.relative_to(root).as_posix()
        for path in (root / "chancery").rglob("*")
        if path.is_file()
        and path.suffix not in {".pyc", ".mo"}
        and not {"tests", "__pycache__"} & set(path.relative_to(root).parts)
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
    }


def test_every_file_of_the_package_is_in_it(wheel: zipfile.ZipFile) -> None:
    missing = shipped(source.ROOT / "src") - set(wheel.namelist())
    source.assert_none(sorted(missing), "a file that pyproject.toml's package-data forgets")


@pytest.mark.parametrize(
    "kind",
    [".html", ".bpmn", ".toml", ".typ", ".po", ".css", ".js", ".ttf", ".txt", "seed.toml", "py.typed", "LICENSE"],
)
def test_each_kind_of_file_is_there(wheel: zipfile.ZipFile, kind: str) -> None:
    assert [name for name in wheel.namelist() if name.endswith(kind) and name.startswith("chancery/")]


def test_it_speaks_chinese_without_writing_anything(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    names = set(wheel.namelist())
    sources = [name for name in names if name.endswith(".po")]
    assert sources
    for name in sources:
        compiled = name.removesuffix("po") + "mo"
        assert compiled in names, name
        wheel.extractall(tmp_path, [name, compiled])
        said = {(entry.msgctxt, entry.msgid) for entry in polib.mofile(str(tmp_path / compiled))}
        wanted = {(e.msgctxt, e.msgid) for e in polib.pofile(str(tmp_path / name)) if e.translated() and not e.obsolete}
        assert said == wanted, name


def test_tests_requirements_and_tools_stay_in_the_checkout(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert not [name for name in names if "/tests/" in name or "requirements" in name or "__pycache__" in name]
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"chancery"}


def test_it_offers_the_command_and_asks_for_what_it_imports(wheel: zipfile.ZipFile) -> None:
    (entry,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "chancery = chancery.config.cli:main" in wheel.read(entry).decode()
    (about,) = (name for name in wheel.namelist() if name.endswith("METADATA"))
    told = email.message_from_bytes(wheel.read(about))
    assert told["Requires-Python"] == ">=3.11"
    needed = [line for line in told.get_all("Requires-Dist") or [] if "extra ==" not in line]
    assert any(line.startswith(("django<", "django>")) for line in needed)
    assert not any(line.startswith(("pytest", "playwright", "ruff", "seaweedfs")) for line in needed)
