"""Appraisal and disposal of archives by procedure: list, two appraisers, head, leader, execution.

Users: archivists, appraisers, the archive's head, leaders, supervisors of destruction. Rules: Archives Law 2020 and its
Regulations 2024, art. 19–20; ISO 15489-1:2016, 9.9. Part of function 7 of DOMAIN.md. What is done, and its law in the
database, is `kernel.records.disposal`; here are its way through the house and its pages.
"""
