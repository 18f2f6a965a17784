"""Units: created, renamed, moved, led, described, dissolved, confirmed (function 65)."""
