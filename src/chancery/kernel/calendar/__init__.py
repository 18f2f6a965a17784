"""Working days and deadlines.

For everyone who sets or keeps a limit. The plain rule is Monday to Friday; a dated table holds the days that differ
from it, as the State Council announces them for the coming year (Measures on Holidays for Annual Festivals and
Memorial Days, as amended for 2025). The day a period starts on is not counted; a last day that is a rest day rolls
forward. A deadline that reaches a year nobody has announced yet is *provisional*.
"""
