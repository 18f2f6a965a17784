"""Confidential work (function 6): labels and their grounds, clearances, carriers of what never enters, breaches.

Users: confidential officers, classification authorities, whoever holds a carrier, everyone who leaves. Rules: Law on
Guarding State Secrets 2024, arts. 16–24, 31, 46, and its Regulations 2024, arts. 20–29. State secrets themselves are
refused everywhere: this function keeps a register of carriers under neutral aliases, and labels of the house's own.
"""
