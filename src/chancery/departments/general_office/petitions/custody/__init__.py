"""Identity held apart: sealed at the door, blacked out of what handlers read, opened by a custodian for a reason.

Users: handlers and officers (ask), custodians (open or refuse, clear files), registrars (black out more). Rules:
Regulations on Letters and Visits Work 2022, arts. 28 and 30; Personal Information Protection Law 2021, arts. 6 and 51.
Part of function 8.
"""
