"""Benchmarks: `./chancery bench [NAME …]`. Each module has a `run()` that yields rows; see `frame.py`."""
