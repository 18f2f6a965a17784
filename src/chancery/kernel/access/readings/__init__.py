"""Readings: who opened what is restricted, when, under which hat, and what of it (function 6: log readers).

Users: every door that shows a restricted page or file writes here; heads and confidential officers read. Rule:
Regulations on Guarding State Secrets 2024, arts. 20–29, carried over to the house's own labels. Also here: which people
may see what a guard keeps, and why, told by the same law as the policy of guards.
"""
