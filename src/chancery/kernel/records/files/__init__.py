"""Stored files: examined before they are kept, kept once under their hash, shown to whom their guard admits."""
