"""Archives (function 7): departments file and hand over, archivists take over, keep, lend, appraise and transfer.

Users: clerks who file, archivists, readers, appraisers, supervisors of destruction. Rules: Archives Law 2020 and its
Regulations 2024; order no. 8 of the State Archives Administration; DA/T 22-2015, 13-2022, 46-2009 and 70-2018.
The nouns and their law are the kernel's (`records.fileplan`, `records.archive`, `records.holds`, `records.disposal`).
"""
