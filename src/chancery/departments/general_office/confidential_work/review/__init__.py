"""Reviewing levels 定密审核 (function 6): what expires, the yearly review of each unit, and what is unclear.

Users: units, confidential officers, the classification authority. Rules: Law on Guarding State Secrets 2024, arts. 19,
23, 24 (yearly review, declassification); Regulations 2024, art. 19 (undefined matters: report within ten working days).
"""
