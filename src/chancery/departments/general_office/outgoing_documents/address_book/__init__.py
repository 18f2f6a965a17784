"""Whom papers go to: addressees from the directory and outside it, and groups of them."""
