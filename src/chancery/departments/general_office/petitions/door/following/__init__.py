"""Following a petition by its receipt code, and what its sender does there: answer, add, rate, ask for review,
withdraw.

Users: whoever holds the receipt. Who sent the petition is never asked or shown; a wrong code gets one answer.
"""
