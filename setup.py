"""What pyproject.toml cannot say: a wheel carries the words compiled, so that an installed package writes nothing."""

from __future__ import annotations

from pathlib import Path

import polib
from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithWords(build_py):
    """Copies the package, then compiles each catalogue beside its source."""

    def run(self) -> None:
        """Build."""
        super().run()
        for words in Path(self.build_lib).glob("chancery/**/locale/*/LC_MESSAGES/*.po"):
            polib.pofile(str(words)).save_as_mofile(str(words.with_suffix(".mo")))


setup(cmdclass={"build_py": BuildWithWords})
