"""Receipts: a carrier changes hands by a counted, numbered receipt that both sides confirm. Function 6."""
