"""The finished paper: set as it was signed, sealed, released, put on the record.

Part of issuing (function 4).
"""
