"""The second and third stage: review and re-review by other people than before, each with a clock of its own.

Users: the sender (asks with the receipt code), reviewers, re-reviewers. Rules: Regulations on Letters and Visits Work
2022, arts. 35–36: after re-review the same facts are closed for good.
"""
