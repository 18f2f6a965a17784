"""Boxes: items on paper lie in them in the order of their codes."""
