"""A petition goes to other hands: whoever is concerned keeps out, who has left is replaced; what was done stays."""
