"""Archival items: what was finished, filed under its class with a code that is never given twice.

Users: those who file, archivists, readers of the catalogue. Rules: DA/T 22-2015 (filing by item), DA/T 13-2022 (codes),
DA/T 46-2009 (metadata); ISO 15489-1:2016. Part of function 7 of DOMAIN.md.
"""
