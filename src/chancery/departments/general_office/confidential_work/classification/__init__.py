"""Classification 定密 (function 6): the grounds on which a thing bears a label, or a carrier a level, and for how long.

Users: whoever drafts proposes, the classification authority decides. Rules: Law on Guarding State Secrets 2024, arts.
16–24, carried over to the house's own labels; levels TOP_SECRET to CONFIDENTIAL exist for carriers under a neutral
alias only, what they carry never enters. A decision names its basis, its level, a period within the cap and who may
know; what is derived inherits level and period; when the period is over the label falls by itself.
"""
