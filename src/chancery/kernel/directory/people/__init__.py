"""People: added, renamed, found by name, pinyin and initials (function 65)."""
