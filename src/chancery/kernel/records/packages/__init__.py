"""Packages of the archive: items with their files, history, rights and finding aid, as other archives read them.

Users: archivists, through the transfers of the General Office. A package is a zip in the layout of BagIt 1.0 (RFC 8493)
with PREMIS 3 and EAD3 beside the files. What comes in is checked whole before anything is kept. Rules: DA/T 48-2009 and
GB/T 18894-2016 (packages of electronic records), ISO 14721. Part of function 7 of DOMAIN.md.
"""
