"""The web server's process: `python -m chancery.config.commands.web_process TARGET …`, a child of `serve` and `demo`.

The arguments are granian's own. The site is loaded here, before granian forks its workers: they share its memory, are
up at once when one must be replaced, and the start pays for the imports once.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import sys


def main() -> None:
    """Load the site, then serve until SIGTERM."""
    target = next(word for word in sys.argv[1:] if ":" in word and not word.startswith("-"))
    if "fork" in multiprocessing.get_all_start_methods():
        # Python 3.14 would no longer fork unasked; granian follows this setting.
        multiprocessing.set_start_method("fork")
        importlib.import_module(target.partition(":")[0])
        _check_nothing_is_open()
        gc.collect()
        gc.freeze()  # the collector would write into the shared pages
    from granian.cli import entrypoint

    entrypoint()  # type: ignore[no-untyped-call]  # granian does not say its type


def _check_nothing_is_open() -> None:
    """A connection shared by two workers would mix their answers."""
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    main()
