"""Carrying an approved list out, certificates, and the period of one item: the pages."""
