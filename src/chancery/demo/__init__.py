"""A living federation, built by calling services."""
