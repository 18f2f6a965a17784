"""What the public sees: the administrative departments of any day, a unit, a person, the find box (function 65).

Users: anybody. Only what is marked public is shown here, to members of staff as well.
"""
