"""Hats: which of their posts a person acts in."""
