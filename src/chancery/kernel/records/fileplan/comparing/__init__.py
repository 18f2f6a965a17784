"""Two versions of a file plan side by side, and what the later one changes. Read by all who draft, check, approve."""
