"""From the signature to the released paper: sign, recheck, number, set and seal, check and release, cancel.

Part of outgoing documents (function 4). Keeps the numbering series. Nothing here edits a text.
"""
