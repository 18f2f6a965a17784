"""Receipts: a code that whoever wrote to the house follows their writing by, without an account.

Users: functions that take something from the public (`issue_receipt`, once, in the transaction that keeps it) and their
public pages (`subject_of`, `must_wait`, `note_wrong_try`). The code is shown once and kept only as a keyed hash; it has
95 random bits and a check character, so that a slip of the hand is told from a wrong code. Whoever guesses gets one
answer for everything, waits longer each time, and is noticed.
"""
