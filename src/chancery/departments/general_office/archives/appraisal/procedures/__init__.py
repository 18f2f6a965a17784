"""Drawings and their bindings."""
