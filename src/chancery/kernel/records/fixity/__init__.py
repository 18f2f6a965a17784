"""Storage check: what was stored is read again, hashed and compared; what is broken is named, and restored from a copy.

Users: archivists and the head of the archive read the reports; the check itself runs by the clock.
Rules: GB/T 18894-2016 (regular check of electronic archives), ISO 14721 (fixity), DA/T 70-2018. Part of function 7 of
DOMAIN.md.
"""
