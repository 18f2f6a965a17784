"""Bags: writing and reading zips in the layout of BagIt 1.0 (RFC 8493), the reading as if each came from an enemy."""
