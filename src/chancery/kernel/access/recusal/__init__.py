"""Recusal: a person keeps out of a matter."""
