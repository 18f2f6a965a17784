"""Carriers: the register of paper, discs and devices whose content must never enter this system.

Only a neutral alias stands here, with level, period, copy numbers, holders and custody. For the confidential officer
and the classification authority; a holder sees what they hold. Law on Guarding State Secrets (2024), art. 31, and its
implementing rules, art. 20-29. Function 6.
"""
