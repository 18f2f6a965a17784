"""Likeness: the same sender, the same matter, the same text from many; merged, linked, split, joined as a campaign.

Users: registrars and officers (find, merge, link, split, join), whoever reads a petition (what is like it, as far as
they may see it). Rules: Regulations on Letters and Visits Work 2022, art. 19 (what is under way already is not accepted
again), arts. 34–36. No text lies here: a petition's words become keyed hashes, of which the smallest are kept. Part of
function 8.
"""
