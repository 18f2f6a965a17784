"""Keeping: a closed petition becomes an archival item, is held while a stage is open, and is destroyed by two people.

Users: registrars and officers who file, archivists, appraisers. Rules: the file plan in force; Archives Law 2020;
ISO 15489-1:2016. What was sealed never leaves the vault by being filed: the item holds the office's letters and what
the register says; destruction takes the sealed texts, identity, files and the keys in their rows. Part of function 8.
"""
