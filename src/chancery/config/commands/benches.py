"""`bench`: the benchmarks of the checkout."""

from __future__ import annotations

import importlib
import sys

from chancery.config.commands import quality


def bench(arguments: list[str]) -> int:
    """Run all benchmarks, or those named."""
    root = quality.checkout()
    sys.path.insert(0, str(root))
    return int(importlib.import_module("bench.frame").main(arguments))
