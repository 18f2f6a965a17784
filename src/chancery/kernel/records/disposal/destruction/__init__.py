"""Carrying an approved list out: longer periods are set, items are destroyed by two people, a certificate remains."""
