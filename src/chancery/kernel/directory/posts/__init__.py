"""Posts: opened, retitled, abolished (function 65)."""
