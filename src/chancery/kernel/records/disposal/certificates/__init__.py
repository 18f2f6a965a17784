"""Certificates of destruction: the paper, set in both languages."""
