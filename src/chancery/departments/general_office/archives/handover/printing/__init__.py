"""The list and its receipt as PDF (移交清册, 交接文据).

Users: the department that hands over, the archive. Rules: DA/T 22-2015, annexes; both papers bear both signatures.
"""
