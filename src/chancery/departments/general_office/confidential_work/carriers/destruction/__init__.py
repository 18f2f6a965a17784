"""Destruction: listed, approved, carried out by two people, certified. Function 6."""
