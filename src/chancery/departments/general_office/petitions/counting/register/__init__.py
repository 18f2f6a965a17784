"""Recommendations and warnings as lists."""
