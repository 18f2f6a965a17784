"""The public door: petitioning without an account, and following it by a receipt code.

Users: everybody, on a phone first, with or without JavaScript, in either language. Rules: Regulations on Letters and
Visits Work 2022, arts. 17–19 (ways to petition, what a petition tells), 36 (rating); function 8. What is sent is sealed
by the core; this folder keeps nothing. A computation before sending (`foundations.web.proof`) and published figures per
place keep floods out; who has no JavaScript waits a little instead.
"""
