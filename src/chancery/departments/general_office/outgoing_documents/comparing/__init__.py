"""Two versions of a paper side by side, word by word, and what else of it changed. Users: whoever may see it."""
