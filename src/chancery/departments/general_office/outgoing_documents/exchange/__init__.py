"""Packages for another system, with text, source, metadata and hashes; and taking such a package in."""
