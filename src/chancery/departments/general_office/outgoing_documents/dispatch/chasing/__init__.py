"""Receipts that are not in: the list, urging, receipts noted by hand, explanations, recall. Part of function 4."""
