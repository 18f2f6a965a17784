"""Absence and deputising: who stands in for a post, for what, from when to when."""
