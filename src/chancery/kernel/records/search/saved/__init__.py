"""Saved searches: a question kept by who asked it, and a notice when something new answers it that they may see."""
