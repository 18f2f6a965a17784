"""Types of official paper 文种, as dated data: what each is for, and the rules it goes by, each with its legal basis.

Users: whoever drafts (asks which type fits, and is told what the type demands), the keeper of the rulebook (edits).
Governed by the rules on handling official documents (2012), art. 8 (types) and 14–17 (to whom and how), in the profile
`cn`; by the house's own rules in `neutral`. Serves function 4.
"""
