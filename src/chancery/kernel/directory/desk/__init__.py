"""The staff desk of the directory: look, change, appoint, correct, and see what was before (function 65).

Users: every member of staff reads; directory editors change. Each form carries the state it was opened on (`seen`),
so that a change made meanwhile is noticed and told, and what was typed is kept.
"""
