"""The procedures by kind, of renewed handling, and of more time."""
