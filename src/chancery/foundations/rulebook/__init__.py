"""Dated provisions with their legal basis."""
