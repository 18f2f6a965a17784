"""Sight 知悉范围 (function 6): who read what is restricted, and who may see what, for any person and any thing.

Users: confidential officers, classification authorities, auditors; heads see the readings of their unit, everyone their
own. Rule: Law on Guarding State Secrets 2024, art. 22, and its Regulations 2024, arts. 20–29 (readers are logged).
Asking about others is journalled; the answer names nothing that the asker may not see: counts and code names instead.
"""
