"""Domain-free nouns. Nothing here knows what a headquarters is."""
