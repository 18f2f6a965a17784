"""Drafting a version of a file plan and bringing it into force: the same services for pages, workbooks and procedure.

Users: archivists (draft, submit), the head of the archive (opens fonds, checks), a leader (approves). Function 7.
"""
