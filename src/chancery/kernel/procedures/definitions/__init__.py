"""Definitions: each version of a drawing that was ever in force, kept by its hash."""
