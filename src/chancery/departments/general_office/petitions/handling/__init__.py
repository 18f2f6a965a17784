"""Handling petitions: acceptance, assignment, mediation, hearing, opinion, answer; its clocks; who keeps out.

Users: officers, handlers of units, the head. Rules: Regulations on Letters and Visits Work 2022, arts. 19–34.
"""
