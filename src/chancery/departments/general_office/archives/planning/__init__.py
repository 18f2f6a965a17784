"""Approval of a version of the file plan.

Users: an archivist drafts and submits, the head of the archive checks, a leader approves with the number under which
the archives authority agreed. Rules: order no. 8 of the State Archives Administration (the schedule is approved by the
archives authority); Regulations for the Archives Law 2024, arts. 19–20. Part of function 7.
"""
