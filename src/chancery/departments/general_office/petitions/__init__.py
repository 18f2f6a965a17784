"""Letters and visits (function 8): suggestions, accusations and appeals, from receipt to the last review.

Users: the public (send, follow, answer), registrars (register, black out, clear files), officers (accept, transfer,
assign), handlers of any unit, the head (opinions, extensions), custodians of identity, reviewers of both stages.
Rules: Regulations on Letters and Visits Work 2022 (信访工作条例); neutral sites: ISO 10002:2018. Who petitions is kept
apart from what is petitioned: `custody` seals identity and originals, those who handle read a blackened copy, and the
guard of each petition is narrow: readers only, and never those who are complained of.
"""
