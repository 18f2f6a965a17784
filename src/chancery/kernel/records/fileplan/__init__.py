"""The file plan and the retention schedule: fonds, classes, periods, as dated versions.

Users: archivists keep it, the archives' head approves a version once the authority agreed; every function asks it what
a thing is filed under and how long it is kept. Rules: Archives Law 2020 and its Regulations 2024, arts. 19–20; order
no. 8 of the State Archives Administration; ISO 15489-1:2016 for the neutral profile. Part of function 7 of DOMAIN.md.
"""
