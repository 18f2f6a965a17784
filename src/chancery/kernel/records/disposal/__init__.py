"""Appraisal and disposal: what becomes of items whose period has run out, and destruction with its certificate.

Users: archivists draw lists up, appraisers judge, the archive's head and a leader decide, an archivist and a supervisor
destroy. Rules: Archives Law 2020 and its Regulations 2024, art. 19–20 (destruction by list, under supervision, the list
kept); ISO 15489-1:2016, 9.9. Part of function 7 of DOMAIN.md. The database keeps the law (migration `disposal_law`):
nothing held, unexpired, unapproved ends, nobody destroys alone, a period grows or goes through its procedure.
"""
