"""Chancery: the headquarters of a federation of learned societies, run in software."""

__version__ = "0.1.0"
