"""Handing over (移交, function 7): what a department owes the archive, the list it hands over, the four checks.

Users: clerks and heads of departments, archivists. Rules: Archives Law 2020, art. 14 and 15; Regulations 2024; order
no. 8 of the State Archives Administration (filed by the end of June of the next year); DA/T 70-2018 (authentic,
complete, usable, safe).
"""
