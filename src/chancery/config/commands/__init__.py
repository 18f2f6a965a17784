"""The commands behind `chancery`: each module a few of them, each function one, taking the arguments."""

from __future__ import annotations

import sys
import time


def say(words: str) -> None:
    """A line to whoever watches. Standard output is for results."""
    print(words, file=sys.stderr, flush=True)


class Progress:
    """A long step told as it goes: on a terminal one line that changes, elsewhere a line every few seconds."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._began = self._told = time.monotonic()
        self._on_terminal = sys.stderr.isatty()
        self._wrote = False
        if not self._on_terminal:
            say(f"{title} …")

    def __call__(self, done: int, total: int, words: str = "") -> None:
        """`done` of `total`; `words` name what is being done."""
        now = time.monotonic()
        if now - self._told < (0.1 if self._on_terminal else 5.0) and done < total:
            return
        self._told = now
        share = f"{100 * done // total:3d} %" if total else "…"
        if self._on_terminal:
            print(f"\r\033[K{self.title} {share} {words}"[:110], end="", file=sys.stderr, flush=True)
            self._wrote = True
        elif done < total:
            say(f"  {share} {words}")

    def finish(self, words: str = "") -> None:
        """Close the line with the time it took."""
        took = f"{time.monotonic() - self._began:.1f} s"
        start = "\r\033[K" if self._on_terminal else ""
        print(f"{start}{self.title}: {words + ', ' if words else ''}{took}", file=sys.stderr, flush=True)
